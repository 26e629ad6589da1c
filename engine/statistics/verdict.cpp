#include "engine/statistics/verdict.hpp"

#include <algorithm>
#include <cmath>

namespace knockon::statistics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Whether the edge of what is allowed cuts the interval, and if so how often the interval must be shortened to be clear
// of it.
double shortening(double estimate, double end, double edge) {
  const bool between = (edge - estimate) * (edge - end) <= 0;
  if (!between || end == estimate) return 1;
  return std::abs(end - estimate) / std::abs(edge - estimate);
}

std::uint64_t rounded_up(double count) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(count)) - 1));
  return static_cast<std::uint64_t>(std::ceil(count / unit - 1e-9) * unit);  // 880.0000000001 is 880
}

}  // namespace

const char* text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kept:
      return "kept";
    case Verdict::broken:
      return "broken";
    case Verdict::undecided:
      return "undecided";
  }
  return "";
}

bool Allowed::holds(double value) const {
  return (without_low ? value > low : value >= low) && (without_high ? value < high : value <= high);
}

Verdict judged(const Bounds& bounds, const Allowed& allowed) {
  const double low = bounds.low.value_or(-infinity), high = bounds.high.value_or(infinity);
  const bool below = high < allowed.low || (high == allowed.low && allowed.without_low);
  const bool above = low > allowed.high || (low == allowed.high && allowed.without_high);
  if (below || above) return Verdict::broken;
  return allowed.holds(low) && allowed.holds(high) ? Verdict::kept : Verdict::undecided;
}

std::optional<std::uint64_t> replications_needed(std::uint64_t n, double estimate, const Bounds& bounds,
                                                 const Allowed& allowed) {
  if (!bounds.low || !bounds.high) return std::nullopt;
  double factor = 1;
  for (const double edge : {allowed.low, allowed.high}) {
    if (std::isinf(edge)) continue;
    factor = std::max({factor, shortening(estimate, *bounds.low, edge), shortening(estimate, *bounds.high, edge)});
  }
  const double needed =
      static_cast<double>(n) * factor * factor * 1.1;  // a little more: the interval itself is an estimate
  if (!std::isfinite(needed) || needed > 1e9) return std::nullopt;
  return rounded_up(needed);
}

}  // namespace knockon::statistics
