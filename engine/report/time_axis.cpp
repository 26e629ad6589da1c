#include "engine/report/time_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {

Scale scale_for(double minutes, std::size_t blocks) {
  constexpr std::array<Scale, 16> scales{{{.25, 8},
                                          {.5, 10},
                                          {1, 10},
                                          {1.5, 10},
                                          {2, 10},
                                          {2.5, 12},
                                          {3, 10},
                                          {4, 15},
                                          {5, 12},
                                          {6, 10},
                                          {7.5, 8},
                                          {10, 12},
                                          {12, 10},
                                          {15, 12},
                                          {20, 12},
                                          {30, 12}}};
  for (const Scale& scale : scales) {
    if (scale.minutes_per_block * static_cast<double>(blocks) >= minutes) return scale;
  }
  double minutes_per_block = 60;
  while (minutes_per_block * static_cast<double>(blocks) < minutes) minutes_per_block *= 2;
  return {minutes_per_block, 12};
}

std::string axis_of(std::size_t indent, std::size_t blocks, const Scale& scale) {
  std::string line(indent, ' '), labels(indent, ' ');
  for (std::size_t block = 0; block < blocks; block += scale.blocks_per_mark) {
    const std::size_t length = std::min(scale.blocks_per_mark, blocks - block);
    line += "┴" + repeated("─", length - 1);
    const std::string label = block == 0 ? "0" : minutes_text(static_cast<double>(block) * scale.minutes_per_block);
    if (width_of(label) <= length) labels += left(label, length);
  }
  labels.erase(labels.find_last_not_of(' ') + 1);
  return line + "\n" + labels + "\n";
}

std::vector<double> round_times(double minutes, std::size_t most) {
  constexpr std::array<double, 16> steps{1. / 6, .5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 10080};
  double step = steps.back();
  for (const double candidate : steps) {
    if (minutes / candidate > static_cast<double>(most)) continue;
    step = candidate;
    break;
  }
  while (minutes / step > static_cast<double>(most)) step *= 2;
  std::vector<double> times;
  for (std::size_t i = 0; static_cast<double>(i) * step <= minutes + 1e-9; ++i)
    times.push_back(static_cast<double>(i) * step);
  return times;
}

std::vector<double> round_amounts(double amount, std::size_t most) {
  if (!(amount > 0) || !std::isfinite(amount)) return {0, 1};
  const double power = std::pow(10, std::floor(std::log10(amount / static_cast<double>(most))));
  double step = power * 10;
  for (const double factor : {1., 2., 5.}) {
    if (power * factor * static_cast<double>(most) < amount) continue;
    step = power * factor;
    break;
  }
  std::vector<double> amounts;
  for (std::size_t i = 0; amounts.empty() || amounts.back() < amount; ++i)
    amounts.push_back(static_cast<double>(i) * step);
  return amounts;
}

}  // namespace knockon::report
