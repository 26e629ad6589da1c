#include "engine/statistics/holm.hpp"

#include <algorithm>
#include <numeric>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {

// The smallest of m is multiplied by m, the next by m - 1 and so on; none becomes smaller than the one before it.
std::vector<double> holm_adjusted(std::span<const double> p_values) {
  std::vector<std::size_t> ascending(p_values.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::stable_sort(ascending.begin(), ascending.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double before = 0;
  for (std::size_t rank = 0; rank < ascending.size(); ++rank) {
    const double p_value = p_values[ascending[rank]];
    quantity::require(p_value >= 0 && p_value <= 1, "a p-value is a probability");
    before = std::max(before, std::min(1.0, p_value * static_cast<double>(ascending.size() - rank)));
    adjusted[ascending[rank]] = before;
  }
  return adjusted;
}

}  // namespace knockon::statistics
