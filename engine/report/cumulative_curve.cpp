#include "engine/report/cumulative_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/report/time_axis.hpp"

namespace knockon::report {
namespace {

constexpr std::size_t rows = 4, indent = 9;
constexpr std::size_t eighths = 8;

// Of a row: none, one eighth … all of it.
const char* block_of(std::size_t eighth) {
  constexpr std::array<const char*, eighths + 1> blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  return blocks[eighth];
}

// In minutes, ascending, of the runs that hit somebody and were over by the horizon.
std::vector<double> ends_of(const study::Results& results) {
  std::vector<double> ends;
  for (const simulation::Outcome& outcome : results.outcomes) {
    if (outcome.incident.restored) ends.push_back(outcome.incident.restored->in_minutes());
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

}  // namespace

std::string cumulative_curve_of(const study::Results& results, std::size_t width, const Paint& paint) {
  const auto hit = static_cast<double>(std::count_if(results.outcomes.begin(), results.outcomes.end(),
                                                     [](const auto& outcome) { return outcome.incident.hit; }));
  const std::vector<double> ends = ends_of(results);
  if (hit == 0 || ends.empty()) return {};
  const std::size_t room = width > indent + 20 ? width - indent : 20;
  const Scale scale = scale_for(ends.back(), room);
  const auto blocks =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(ends.back() / scale.minutes_per_block)), 1, room);

  std::array<std::string, rows> lines;
  for (std::size_t block = 0; block < blocks; ++block) {
    const double minute = static_cast<double>(block + 1) * scale.minutes_per_block;
    const auto over = static_cast<double>(std::upper_bound(ends.begin(), ends.end(), minute) - ends.begin());
    const auto height = static_cast<std::size_t>(std::floor(over / hit * rows * eighths));
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t below = (rows - 1 - row) * eighths;
      lines[row] += block_of(height > below ? std::min(eighths, height - below) : 0);
    }
  }
  std::string text =
      section("how soon it is over",
              fmt::format("share of the {} runs in which all is ok again by then", results.finished), paint);
  const std::array<const char*, rows> labels{"100 %", "", "50 %", ""};
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line = "  " + right(labels[row], 5) + "  " + lines[row];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + axis_of(indent, blocks, scale);
}

}  // namespace knockon::report
