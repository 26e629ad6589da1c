#include "engine/statistics/share.hpp"

#include <algorithm>
#include <cmath>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {

ShareEstimate share_of(std::size_t count, std::size_t of) {
  quantity::require(count <= of, "a share counts some of all");
  using quantity::Share;
  if (of == 0) return {.count = 0, .of = 0, .value = Share{0}, .low = Share{0}, .high = Share{1}};

  constexpr double z = 1.959963984540054;  // 97.5 % of the normal distribution
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(count) / n;
  const double centre = share + z * z / (2 * n);
  const double reach = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // At the edges the formula gives 0 and 1 up to rounding; say them exactly.
  const double low = count == 0 ? 0 : (centre - reach) / scale;
  const double high = count == of ? 1 : (centre + reach) / scale;
  return {.count = count,
          .of = of,
          .value = Share{share},
          .low = Share{std::max(low, 0.0)},
          .high = Share{std::min(high, 1.0)}};
}

}  // namespace knockon::statistics
