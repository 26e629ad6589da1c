#include "tests/bench/pairing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "engine/simulation/engine.hpp"
#include "engine/study/entry.hpp"
#include "tests/bench/scenario.hpp"

namespace knockon::bench {
namespace {

constexpr std::uint64_t days = 500;
constexpr double least_ratio = 0.95;

using Lost = std::vector<double>;  // people's minutes, day by day

std::vector<study::Entry> strategies_of(const scenario::Read& scenario) {
  std::vector<study::Entry> entries;
  for (std::size_t i = 0; i < scenario.world.strategies.size(); ++i) {
    study::Entry entry{.name = scenario.world.strategies[i].name, .world = &scenario.world, .base = &scenario.world};
    entry.subject.cause = *scenario.world.cause;
    entry.subject.strategy = world::StrategyId{i};
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<Lost> lost_under(const std::vector<study::Entry>& entries) {
  std::fflush(stdout);  // else what waits to be printed would be printed by the workers too
  study::EntryEngines engines{entries};
  const auto replications = study::replicated_entries(
      engines.request(0, days, 2), entries.size(),
      [&](std::size_t entry, std::uint64_t index) { return engines.replicate(entry, index); });
  std::vector<Lost> lost;
  for (const study::Replications& entry : replications) {
    if (entry.outcomes.size() != days) throw std::runtime_error{"a replication died: " + entry.died.front().error};
    lost.emplace_back();
    for (const simulation::Outcome& outcome : entry.outcomes) lost.back().push_back(outcome.incident.user_minutes_lost);
  }
  return lost;
}

// Sums from which variances follow, with or without one day.
struct Sums {
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, d = 0, dd = 0;
  void add(double x, double y, double sign = 1) {
    n += sign;
    a += sign * x;
    b += sign * y;
    aa += sign * x * x;
    bb += sign * y * y;
    d += sign * (x - y);
    dd += sign * (x - y) * (x - y);
  }
  [[nodiscard]] double ratio() const {
    const auto variance = [this](double sum, double squares) { return squares / n - sum / n * (sum / n); };
    const double paired = variance(d, dd);
    return paired <= 0 ? INFINITY : std::sqrt((variance(a, aa) + variance(b, bb)) / paired);
  }
};

struct Ratio {
  double value = 0, error = 0;
};

// The error by the jackknife: each day left out in turn. Days are centred and scaled first: squares of 10^11 people's
// minutes would leave few digits.
Ratio ratio_of(const Lost& a, const Lost& b) {
  double centre = 0, scale = 0;
  for (std::size_t i = 0; i < a.size(); ++i) centre += (a[i] + b[i]) / (2 * static_cast<double>(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i)
    scale = std::max({scale, std::abs(a[i] - centre), std::abs(b[i] - centre)});
  if (scale == 0) return {.value = 1};
  Sums sums;
  for (std::size_t i = 0; i < a.size(); ++i) sums.add((a[i] - centre) / scale, (b[i] - centre) / scale);
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    Sums without = sums;
    without.add((a[i] - centre) / scale, (b[i] - centre) / scale, -1);
    mean += without.ratio() / sums.n;
    squares += without.ratio() * without.ratio() / sums.n;
  }
  return {.value = sums.ratio(), .error = std::sqrt(std::max(0.0, squares - mean * mean) * (sums.n - 1))};
}

}  // namespace

bool measure_pairing(const std::string& name) {
  const scenario::Read scenario = read_scenario(name);
  const std::vector<study::Entry> entries = strategies_of(scenario);
  const std::vector<Lost> lost = lost_under(entries);
  fmt::print("{}: on the same {} days, the interval of a difference is narrower by a factor of\n", name, days);
  bool all_met = true;
  for (std::size_t a = 0; a < entries.size(); ++a) {
    for (std::size_t b = a + 1; b < entries.size(); ++b) {
      const Ratio ratio = ratio_of(lost[a], lost[b]);
      const bool met = ratio.value + 2 * ratio.error >= least_ratio;
      all_met = all_met && met;
      fmt::print("  {:<52}{:>9.2f} ± {:.2f}{}\n", entries[a].name + " – " + entries[b].name, ratio.value, ratio.error,
                 met ? "" : fmt::format("  below {}", least_ratio));
    }
  }
  return all_met;
}

double worth_of_pairing(const std::string& name, const std::string& a, const std::string& b) {
  const scenario::Read scenario = read_scenario(name);
  std::vector<study::Entry> entries = strategies_of(scenario);
  std::erase_if(entries, [&](const study::Entry& entry) { return entry.name != a && entry.name != b; });
  const std::vector<Lost> lost = lost_under(entries);
  return ratio_of(lost.at(0), lost.at(1)).value;
}

}  // namespace knockon::bench
