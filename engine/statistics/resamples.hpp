// Intervals for means by the studentised bootstrap: (mean - true mean) / standard error is taken to be distributed as
// it is among resamples of the sample itself. B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993),
// section 12.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/statistics/bounds.hpp"

namespace knockon::statistics {

// The resamples are the same for every sample of one size: drawn from a fixed stream of their own, so an interval is a
// function of the values alone, and measures that belong together (gross = lost + deferred) are resampled together.
class Resamples {
 public:
  // 600 = 599 + 1 divides into the tails without interpolation: 2.5 % are the 15 smallest.
  static constexpr std::size_t count = 599;
  // Fewer values than this carry no usable estimate of their own spread.
  static constexpr std::size_t values_min = 10;

  // None below `values_min` values. Values that are all alike give that one value twice. The interval of the values
  // with their signs turned is this one turned over.
  [[nodiscard]] std::optional<Bounds> mean_bounds(std::span<const double> values);

 private:
  void make_room(std::size_t size);
  void take(std::size_t size);

  std::size_t row_ = 0;
  std::vector<std::uint32_t> draws_;  // `count` rows of `row_` uniform numbers, the same however long the rows are
  std::size_t taken_of_ = 0;          // the size of sample for which was last counted,
  std::vector<float> taken_;          // resample x value: how often it is taken
};

}  // namespace knockon::statistics
