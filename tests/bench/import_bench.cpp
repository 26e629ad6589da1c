#include "tests/bench/import_bench.hpp"

#include <fmt/format.h>

#include <string>

#include "engine/foreign/import.hpp"
#include "engine/scenario/scenario.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/cost.hpp"
#include "tests/hostile_files.hpp"

namespace knockon::bench {
namespace {

template <class Text>
Cost import_cost(const std::string& format, const Text& text) {
  return cost_of(
      [&] {
        return std::vector<foreign::File>{{"file", text()}};
      },
      [&](const std::vector<foreign::File>& files) { return foreign::imported(format, files).has_value(); });
}

// The largest call graph, as Jaeger would tell it; it has a few more calls than an import takes.
std::string big_dependencies() {
  const CallGraph graph = big_call_graph(1);
  std::string text = "[";
  std::size_t calls = 0;
  for (std::size_t s = 0; s < graph.callees.size(); ++s) {
    for (const std::uint32_t callee : graph.callees[s]) {
      if (++calls > 199'000) break;
      text += fmt::format("{{\"parent\":\"s{}\",\"child\":\"s{}\",\"callCount\":{}}},\n", s, callee, 1 + calls % 1000);
    }
  }
  return text.substr(0, text.size() - 2) + "]";
}

bool measure_hostile() {
  std::vector<NamedCost> costs;
  for (const tests::HostileFile& hostile : tests::hostile_files()) {
    costs.push_back({hostile.name + ", " + hostile.format, import_cost(hostile.format, hostile.text)});
  }
  return are_met(costs);
}

}  // namespace

bool measure_import() {
  fmt::print("importing what other tools wrote\n");
  const Cost big = import_cost("jaeger-dependencies", big_dependencies);
  if (!big.is_accepted) fmt::print("  the big one was refused\n");
  const bool is_big_met = is_met({"18,000 services with 199,000 calls", big.cpu_s, 2, "s"}) && big.is_accepted;
  fmt::print("  what was made to hurt\n");
  return measure_hostile() && is_big_met;
}

}  // namespace knockon::bench
