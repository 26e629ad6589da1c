// Quantiles as order statistics, with intervals that assume nothing about the distribution: how many of n values fall
// below the true quantile is binomial. H. David and H. Nagaraja, Order Statistics (2003), section 7.1.
#pragma once

#include <cstddef>
#include <optional>

namespace knockon::statistics {

// The 1-based rank of the sample quantile among n > 0 ascending values: the smallest value with at least this share at
// or below it. For 50 % the lower median.
[[nodiscard]] std::size_t quantile_rank(std::size_t n, int percent);

// Ranks between which the true quantile lies at least 95 times in 100, at most 2.5 % on either side; an end that so few
// values cannot give is absent.
struct Ranks {
  std::optional<std::size_t> low, high;
  friend constexpr bool operator==(const Ranks&, const Ranks&) = default;
};
[[nodiscard]] Ranks quantile_bounds_ranks(std::size_t n, int percent);

}  // namespace knockon::statistics
