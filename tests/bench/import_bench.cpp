#include "tests/bench/import_bench.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <string>

#include "engine/foreign/import.hpp"
#include "engine/scenario/scenario.hpp"
#include "tests/bench/apart.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/promise.hpp"
#include "tests/hostile_files.hpp"

namespace knockon::bench {
namespace {

struct ImportCost {
  double cpu_s = 0, memory_mib = 0;  // memory: the process at its largest, the text included
  bool is_accepted = false;
};

template <class Text>
ImportCost import_cost(const std::string& format, const Text& text) {
  return apart([&] {
    const std::vector<foreign::File> files{{"file", text()}};
    const double before = cpu_ms();
    const auto imported = foreign::imported(format, files);
    const double after = cpu_ms();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return ImportCost{.cpu_s = (after - before) / 1e3,
                      .memory_mib = static_cast<double>(usage.ru_maxrss) / 1024,
                      .is_accepted = imported.has_value()};
  });
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
  ImportCost slowest, largest;
  std::string name_of_slowest, name_of_largest;
  for (const tests::HostileFile& hostile : tests::hostile_files()) {
    const ImportCost cost = import_cost(hostile.format, hostile.text);
    const std::string name = hostile.name + ", " + hostile.format;
    if (cost.cpu_s > slowest.cpu_s) {
      slowest = cost;
      name_of_slowest = "the slowest, " + name;
    }
    if (cost.memory_mib > largest.memory_mib) {
      largest = cost;
      name_of_largest = "the largest, " + name;
    }
  }
  const bool is_fast = is_met({name_of_slowest.c_str(), slowest.cpu_s, 1, "s"});
  return is_met({name_of_largest.c_str(), largest.memory_mib, 200, "MiB"}) && is_fast;
}

}  // namespace

bool measure_import() {
  fmt::print("importing what other tools wrote\n");
  const ImportCost big = import_cost("jaeger-dependencies", big_dependencies);
  if (!big.is_accepted) fmt::print("  the big one was refused\n");
  const bool is_big_met = is_met({"18,000 services with 199,000 calls", big.cpu_s, 2, "s"}) && big.is_accepted;
  fmt::print("  what was made to hurt\n");
  return measure_hostile() && is_big_met;
}

}  // namespace knockon::bench
