#include "tools/command_line/examination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/traffic/network.hpp"

namespace knockon::command_line {
namespace {

scenario::Doubt doubt_about(const world::World& world, const traffic::Network::Shortfall& shortfall) {
  const world::Service& service = world[shortfall.service];
  const auto rounded = [](quantity::Rate rate) { return fmt::format("{:.3g}/s", rate.per_second()); };
  return {.keys = {"services", service.name, "per_replica"},
          .code = "too-small-at-peak",
          .message = fmt::format("before anything breaks, {} is asked for {} at {} in the busiest hour, and can do {}",
                                 scenario::quoted(service.name), rounded(shortfall.asked), world[shortfall.site].name,
                                 rounded(shortfall.capacity)),
          .hint = "give it more, or leave `per_replica` out to have it sized by `busy_at_peak`"};
}

}  // namespace

std::vector<scenario::Doubt> doubts_about(const scenario::Read& read) {
  const traffic::Network network{read.world, read.base ? *read.base : read.world};
  std::vector<scenario::Doubt> doubts;
  for (const auto& shortfall : network.shortfalls()) doubts.push_back(doubt_about(read.world, shortfall));
  return doubts;
}

}  // namespace knockon::command_line
