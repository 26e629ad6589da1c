// A scenario as large as the largest call graphs that were ever published, made from a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace knockon::bench {

// Who calls whom; a caller always has the smaller index, so there are no circles.
struct CallGraph {
  std::vector<std::vector<std::uint32_t>> callees;  // by caller

  [[nodiscard]] std::size_t calls() const;
  [[nodiscard]] std::vector<std::size_t> fan_outs() const;
  [[nodiscard]] std::vector<std::size_t> fan_ins() const;
};

// 18,571 services and 202,286 calls, with fan-out (median 4, p90 13, p99 93, at most 5,865) and fan-in (2, 12, 70,
// 14,084) as in a graph of Meta's (Huye, Shkuro and Sambasivan, USENIX ATC 2023).
[[nodiscard]] CallGraph big_call_graph(std::uint64_t seed);

// A scenario in one file of about 9 MB in which these services call each other as people would write it.
[[nodiscard]] std::string big_scenario(std::uint64_t seed);

// The first services of that graph, all well until one is struck, as far as anything can be measured by it: nobody's
// answer is ever late, nobody tries again at once, and demand is the same at every hour.
[[nodiscard]] std::string even_scenario(const CallGraph& graph, std::size_t services, std::size_t struck);
// Those of the first services that fail with it, itself among them: whoever cannot do without one of them.
[[nodiscard]] std::vector<bool> blast_of(const CallGraph& graph, std::size_t services, std::size_t struck);

// The value that a share of the values, sorted, does not exceed.
[[nodiscard]] std::size_t quantile_of(std::vector<std::size_t> values, double share);

}  // namespace knockon::bench
