// How often intervals hold the truth: many samples of one known distribution, each with its intervals. What the model
// card of intervals reports, and what its property tests hold.
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <random>

#include "engine/statistics/paired.hpp"
#include "engine/statistics/statistic.hpp"

namespace knockon::tests {

class Uniforms {
 public:
  double operator()() { return (static_cast<double>(bits_() >> 11) + .5) * 0x1p-53; }

 private:
  std::mt19937_64 bits_{20240305};
};

using Draw = std::function<double(Uniforms&)>;

inline double exponential(Uniforms& uniform) { return -std::log(uniform()); }
inline double standard_normal(Uniforms& uniform) {
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return radius * std::cos(2 * std::acos(-1) * uniform());
}
inline double normal(Uniforms& uniform) { return 100 + 15 * standard_normal(uniform); }

struct Truth {
  double mean, p05, p50, p95;
};
// Shares of the samples whose interval held the truth.
struct Coverage {
  double mean = 0, p05 = 0, p50 = 0, p95 = 0, paired = 0;
};

inline bool holds(const std::optional<statistics::Bounds>& bounds, double truth) {
  return bounds && bounds->low.value_or(-INFINITY) <= truth && truth <= bounds->high.value_or(INFINITY);
}

// `repetitions` samples of `n` values. Pairs: what a day brings to both entries, and to each a draw of its own, so that
// the true difference is zero.
inline Coverage coverage_of(const Draw& draw, const Truth& truth, std::size_t n, int repetitions) {
  using statistics::Nature;
  using statistics::Reading;
  Uniforms uniform;
  statistics::Estimator estimator;
  statistics::Resamples resamples;
  Coverage coverage;
  const double one = 1. / repetitions;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    statistics::Sample sample, first, second;
    for (std::size_t i = 0; i < n; ++i) {
      const double value = draw(uniform), shared = 1000 * uniform();
      sample.push_back(Reading::exact(value));
      first.push_back(Reading::exact(shared + value));
      second.push_back(Reading::exact(shared + draw(uniform)));
    }
    const statistics::Statistic statistic = estimator.summary(sample, Nature::amount);
    coverage.mean += holds(statistic.ci95, truth.mean) ? one : 0;
    coverage.p05 += holds(statistic.p05_ci95, truth.p05) ? one : 0;
    coverage.p50 += holds(statistic.p50_ci95, truth.p50) ? one : 0;
    coverage.p95 += holds(statistic.p95_ci95, truth.p95) ? one : 0;
    const auto difference = statistics::difference_of(first, second, Nature::amount, resamples);
    coverage.paired += holds(difference.ci95, 0) ? one : 0;
  }
  return coverage;
}

}  // namespace knockon::tests
