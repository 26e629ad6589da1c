#include "engine/quantity/time.hpp"

#include <cmath>

namespace knockon::quantity {

Duration Duration::of_seconds(double seconds) {
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  // 2^63 is the first double beyond the range; the largest double below it still converts.
  constexpr double beyond = 0x1p63;
  if (std::isnan(seconds)) return Duration{};
  const double ticks = std::round(seconds * static_cast<double>(ticks_per_second));
  if (ticks >= beyond) return Duration{max};
  if (ticks <= -beyond) return Duration{-max};
  return Duration{static_cast<std::int64_t>(ticks)};
}

}  // namespace knockon::quantity
