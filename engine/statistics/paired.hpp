// Two ways to meet the same days: how far apart they are on average, and on how many days which is better.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/quantity/amount.hpp"
#include "engine/statistics/bounds.hpp"
#include "engine/statistics/reading.hpp"
#include "engine/statistics/resamples.hpp"
#include "engine/statistics/statistic.hpp"

namespace knockon::statistics {

// Of a minus b, day by day; below zero a is better, for less is better in every measure there is.
struct Difference {
  std::size_t n = 0;           // days on which both say something
  std::optional<double> mean;  // none without such a day, or when some date lies beyond the horizon
  std::optional<Bounds> ci95;  // of the mean; none below ten days
  std::size_t a_better = 0, tie = 0, b_better = 0;  // days; they add up to n
  // Two-sided, that the true mean is zero. One where nothing can be said; zero when every day says the same.
  double p_value = 1;

  [[nodiscard]] quantity::Share share_of(std::size_t days) const {
    return quantity::Share{n == 0 ? 0 : static_cast<double>(days) / static_cast<double>(n)};
  }
  // The interval lies on one side of zero.
  [[nodiscard]] bool excludes_zero() const;
};

// The samples are parallel: position i is the same day in both. Of amounts that the horizon cut off, what they had come
// to by then counts; of dates that did not come, a is better on a day on which its own came and b's did not, and the
// two are tied when neither came. REQUIRES: samples of one size.
[[nodiscard]] Difference difference_of(const Sample& a, const Sample& b, Nature nature, Resamples& resamples);

}  // namespace knockon::statistics
