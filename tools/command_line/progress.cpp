#include "tools/command_line/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "engine/quantity/text.hpp"
#include "engine/report/page.hpp"

namespace knockon::command_line {
namespace {

using namespace std::chrono_literals;

// Short runs end before a bar could be read; redrawing more often than this only flickers.
constexpr auto shown_after = 300ms, redrawn_after = 100ms;

}  // namespace

void Progress::show(std::uint64_t done, std::uint64_t requested) {
  const auto now = Clock::now();
  if (!is_shown_ || requested == 0 || now - begin_ < shown_after || (is_drawn_ && now - drawn_at_ < redrawn_after))
    return;
  constexpr std::uint64_t blocks = 30;
  const std::uint64_t full = done * blocks / requested;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double left =
      done == 0 ? 0 : std::ceil(seconds * static_cast<double>(requested - done) / static_cast<double>(done));
  fmt::print(stderr, "\r{}{}  {} of {}, {} left\033[K", report::repeated("█", full),
             report::repeated("░", blocks - full), done, requested,
             done == 0 ? "some time" : quantity::rounded_text_of(quantity::Duration::of_seconds(left)));
  std::fflush(stderr);
  is_drawn_ = true;
  drawn_at_ = now;
}

void Progress::clear() {
  if (!is_drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  is_drawn_ = false;
}

}  // namespace knockon::command_line
