#include "tests/bench/cost.hpp"

#include <algorithm>

namespace knockon::bench {

bool are_met(const std::vector<NamedCost>& hostile) {
  const auto slowest = std::max_element(hostile.begin(), hostile.end(), [](const NamedCost& a, const NamedCost& b) {
    return a.cost.cpu_s < b.cost.cpu_s;
  });
  const auto largest = std::max_element(hostile.begin(), hostile.end(), [](const NamedCost& a, const NamedCost& b) {
    return a.cost.memory_mib < b.cost.memory_mib;
  });
  if (slowest == hostile.end()) return false;
  const bool is_fast = is_met({("the slowest, " + slowest->name).c_str(), slowest->cost.cpu_s, 1, "s"});
  return is_met({("the largest, " + largest->name).c_str(), largest->cost.memory_mib, 200, "MiB"}) && is_fast;
}

}  // namespace knockon::bench
