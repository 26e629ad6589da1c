#include "engine/statistics/paired.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

// Below zero: a is better on this day.
double order_of(const Reading& a, const Reading& b, Nature nature) {
  const bool a_is_open = nature == Nature::date && a.is_censored();
  const bool b_is_open = nature == Nature::date && b.is_censored();
  if (a_is_open || b_is_open) return a_is_open == b_is_open ? 0 : a_is_open ? 1 : -1;
  return a.value() - b.value();
}

// Student's test on the differences: their mean over its standard error.
double p_value_of(const std::vector<double>& differences, double mean) {
  if (differences.size() < Resamples::values_min) return 1;
  double squares = 0;
  for (const double difference : differences) squares += (difference - mean) * (difference - mean);
  if (squares == 0) return mean == 0 ? 1 : 0;
  const auto n = static_cast<double>(differences.size());
  const double ratio = std::abs(mean) / std::sqrt(squares / (n - 1) / n);
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t{n - 1}, ratio));
}

}  // namespace

bool Difference::excludes_zero() const {
  return ci95 && ((ci95->low && *ci95->low > 0) || (ci95->high && *ci95->high < 0));
}

Difference difference_of(const Sample& a, const Sample& b, Nature nature, Resamples& resamples) {
  quantity::require(a.size() == b.size(), "pairs are of the same days");
  Difference difference;
  bool is_open = false;
  std::vector<double> values;
  values.reserve(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].is_undefined() || b[i].is_undefined()) continue;
    const double order = order_of(a[i], b[i], nature);
    ++(order < 0 ? difference.a_better : order > 0 ? difference.b_better : difference.tie);
    is_open = is_open || (nature == Nature::date && (a[i].is_censored() || b[i].is_censored()));
    values.push_back(a[i].value() - b[i].value());
  }
  difference.n = values.size();
  if (values.empty() || is_open) return difference;
  double sum = 0;
  for (const double value : values) sum += value;
  difference.mean = sum / static_cast<double>(values.size());
  difference.ci95 = resamples.mean_bounds(values);
  difference.p_value = p_value_of(values, *difference.mean);
  return difference;
}

}  // namespace knockon::statistics
