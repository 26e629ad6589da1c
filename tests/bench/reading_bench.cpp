#include "tests/bench/reading_bench.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/bench/apart.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/promise.hpp"
#include "tests/hostile.hpp"

namespace knockon::bench {
namespace {

struct ReadingCost {
  double cpu_s = 0, memory_mib = 0;  // memory: the process at its largest, the text included
  bool is_accepted = false;
};

template <class Text>
ReadingCost reading_cost(const Text& text) {
  return apart([&] {
    const std::string written = text();
    const double before = cpu_ms();
    const auto read = scenario::read_text(written);
    const double after = cpu_ms();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return ReadingCost{.cpu_s = (after - before) / 1e3,
                       .memory_mib = static_cast<double>(usage.ru_maxrss) / 1024,
                       .is_accepted = read.has_value()};
  });
}

ReadingCost median_of_three(std::vector<ReadingCost> costs) {
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
  const ReadingCost cost = median_of_three({reading_cost(text), reading_cost(text), reading_cost(text)});
  if (!cost.is_accepted) fmt::print("  it was refused\n");
  const bool is_fast = is_met({"read, checked and merged, on one core", cost.cpu_s, 2, "s"});
  return is_met({"memory", cost.memory_mib, 1024, "MiB"}) && is_fast && cost.is_accepted;
}

bool measure_hostile() {
  fmt::print("reading five megabytes that were made to hurt\n");
  ReadingCost slowest, largest;
  std::string name_of_slowest, name_of_largest;
  for (const tests::HostileText& hostile : tests::hostile_texts()) {
    const ReadingCost cost = reading_cost(hostile.text);
    if (cost.cpu_s > slowest.cpu_s) {
      slowest = cost;
      name_of_slowest = "the slowest, " + hostile.name;
    }
    if (cost.memory_mib > largest.memory_mib) {
      largest = cost;
      name_of_largest = "the largest, " + hostile.name;
    }
  }
  const bool is_fast = is_met({name_of_slowest.c_str(), slowest.cpu_s, 1, "s"});
  return is_met({name_of_largest.c_str(), largest.memory_mib, 200, "MiB"}) && is_fast;
}

}  // namespace

bool measure_reading() {
  const bool is_big_met = measure_big();
  return measure_hostile() && is_big_met;
}

}  // namespace knockon::bench
