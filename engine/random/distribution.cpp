#include "engine/random/distribution.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numeric>

#include "engine/quantity/contract.hpp"

namespace knockon::random {
namespace {

using quantity::require;

// Boost.Math would compute in long double otherwise: slower, and not the same on every platform.
using PlainDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// The standard normal quantile; erfc keeps its digits in the lower tail, where erf would lose them.
double normal_quantile(double probability) {
  return -std::sqrt(2.0) * boost::math::erfc_inv(2 * probability, PlainDouble{});
}

double quantile_of(const Constant& shape, double) { return shape.value; }
double quantile_of(const Uniform& shape, double p) { return shape.low + (shape.high - shape.low) * p; }
double quantile_of(const Exponential& shape, double p) { return -shape.mean * std::log1p(-p); }
double quantile_of(const Lognormal& shape, double p) { return std::exp(shape.mu + shape.sigma * normal_quantile(p)); }
double quantile_of(const Triangular& shape, double p) {
  const double width = shape.high - shape.low;
  const double rise = shape.mode - shape.low;
  if (p * width < rise) return shape.low + std::sqrt(p * width * rise);
  return shape.high - std::sqrt((1 - p) * width * (shape.high - shape.mode));
}
double quantile_of(const Weibull& shape, double p) { return shape.scale * std::pow(-std::log1p(-p), 1 / shape.shape); }
double quantile_of(const Empirical& shape, double p) {
  const std::size_t count = shape.sorted_values.size();
  const auto position = static_cast<std::size_t>(p * static_cast<double>(count));
  return shape.sorted_values[std::min(position, count - 1)];
}

double mean_of(const Constant& shape) { return shape.value; }
double mean_of(const Uniform& shape) { return (shape.low + shape.high) / 2; }
double mean_of(const Exponential& shape) { return shape.mean; }
double mean_of(const Lognormal& shape) { return std::exp(shape.mu + shape.sigma * shape.sigma / 2); }
double mean_of(const Triangular& shape) { return (shape.low + shape.mode + shape.high) / 3; }
double mean_of(const Weibull& shape) { return shape.scale * std::tgamma(1 + 1 / shape.shape); }
double mean_of(const Empirical& shape) {
  return std::accumulate(shape.sorted_values.begin(), shape.sorted_values.end(), 0.0) /
         static_cast<double>(shape.sorted_values.size());
}

void check(const Constant& shape) { require(std::isfinite(shape.value), "a constant is finite"); }
void check(const Uniform& shape) {
  require(std::isfinite(shape.low) && std::isfinite(shape.high) && shape.low <= shape.high,
          "a uniform distribution has low <= high, both finite");
}
void check(const Exponential& shape) {
  require(shape.mean >= 0 && std::isfinite(shape.mean), "an exponential mean is finite and not negative");
}
void check(const Lognormal& shape) {
  require(std::isfinite(shape.mu) && std::isfinite(shape.sigma) && shape.sigma >= 0,
          "a lognormal has a finite mu and a finite sigma that is not negative");
}
void check(const Triangular& shape) {
  require(std::isfinite(shape.low) && std::isfinite(shape.high) && shape.low <= shape.mode && shape.mode <= shape.high,
          "a triangle has low <= mode <= high, all finite");
}
void check(const Weibull& shape) {
  require(shape.scale >= 0 && std::isfinite(shape.scale) && shape.shape > 0 && std::isfinite(shape.shape),
          "a Weibull scale is finite and not negative, its shape finite and above zero");
}
void check(const Empirical& shape) {
  const auto& values = shape.sorted_values;
  require(!values.empty() && std::is_sorted(values.begin(), values.end()) &&
              std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }),
          "an empirical distribution has sorted, finite values");
}

}  // namespace

Lognormal lognormal_by(double median, double probability, double quantile) {
  require(median > 0 && std::isfinite(median), "a lognormal median is above zero and finite");
  require(quantile >= median && std::isfinite(quantile), "an upper quantile is at least the median, and finite");
  require(probability > 0.5 && probability < 1, "an upper quantile lies above the median and below 100 %");
  return {.mu = std::log(median), .sigma = std::log(quantile / median) / normal_quantile(probability)};
}

Distribution::Distribution(Shape shape, std::optional<double> min, std::optional<double> max)
    : shape_{std::move(shape)}, min_{min}, max_{max} {
  std::visit([](const auto& s) { check(s); }, shape_);
  require(!min_ || !max_ || *min_ <= *max_, "the least draw is not above the greatest");
}

double Distribution::quantile(double probability) const {
  require(probability > 0 && probability < 1, "a quantile's probability lies between 0 and 1");
  double value = std::visit([=](const auto& shape) { return quantile_of(shape, probability); }, shape_);
  if (min_) value = std::max(value, *min_);
  if (max_) value = std::min(value, *max_);
  return value;
}

double Distribution::mean() const {
  return std::visit([](const auto& shape) { return mean_of(shape); }, shape_);
}

bool Distribution::is_constant() const {
  // A quantile never falls as its probability rises, so equal ends leave no room between them.
  return quantile(0x1p-53) == quantile(1 - 0x1p-53);
}

}  // namespace knockon::random
