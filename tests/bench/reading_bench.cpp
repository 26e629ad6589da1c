#include "tests/bench/reading_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/cost.hpp"
#include "tests/hostile.hpp"

namespace knockon::bench {
namespace {

template <class Text>
Cost reading_cost(const Text& text) {
  return cost_of(text, [](const std::string& written) { return scenario::read_text(written).has_value(); });
}

Cost median_of_three(std::vector<Cost> costs) {
  std::sort(costs.begin(), costs.end(), [](const auto& a, const auto& b) { return a.cpu_s < b.cpu_s; });
  return costs[costs.size() / 2];
}

bool measure_big() {
  const auto text = [] { return big_scenario(1); };
  const CallGraph graph = big_call_graph(1);
  const auto quantiles = [](const std::vector<std::size_t>& degrees) {
    return fmt::format("median {}, p90 {}, p99 {}, at most {}", quantile_of(degrees, .5), quantile_of(degrees, .9),
                       quantile_of(degrees, .99), quantile_of(degrees, 1));
  };
  fmt::print("reading {} services with {} calls from {:.1f} MB (fan-out {}; fan-in {})\n", graph.callees.size(),
             graph.calls(), static_cast<double>(text().size()) / 1e6, quantiles(graph.fan_outs()),
             quantiles(graph.fan_ins()));
  const Cost cost = median_of_three({reading_cost(text), reading_cost(text), reading_cost(text)});
  if (!cost.is_accepted) fmt::print("  it was refused\n");
  const bool is_fast = is_met({"read, checked and merged, on one core", cost.cpu_s, 2, "s"});
  return is_met({"memory", cost.memory_mib, 1024, "MiB"}) && is_fast && cost.is_accepted;
}

bool measure_hostile() {
  fmt::print("reading five megabytes that were made to hurt\n");
  std::vector<NamedCost> costs;
  for (const tests::HostileText& hostile : tests::hostile_texts()) {
    costs.push_back({hostile.name, reading_cost(hostile.text)});
  }
  return are_met(costs);
}

}  // namespace

bool measure_reading() {
  const bool is_big_met = measure_big();
  return measure_hostile() && is_big_met;
}

}  // namespace knockon::bench
