// Distributions drawn by inverse transform, so that one uniform number gives comparable draws under two settings.
// Values are plain numbers in the unit of whoever holds the distribution (DurationDistribution: seconds).
#pragma once

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/random/stream.hpp"

namespace knockon::random {

struct Constant {
  double value = 0;
  friend bool operator==(const Constant&, const Constant&) = default;
};
struct Uniform {
  double low = 0, high = 1;
  friend bool operator==(const Uniform&, const Uniform&) = default;
};
struct Exponential {
  double mean = 1;
  friend bool operator==(const Exponential&, const Exponential&) = default;
};
// ln X is normal with mean `mu` and deviation `sigma`.
struct Lognormal {
  double mu = 0, sigma = 1;
  friend bool operator==(const Lognormal&, const Lognormal&) = default;
};
struct Triangular {
  double low = 0, mode = 0.5, high = 1;
  friend bool operator==(const Triangular&, const Triangular&) = default;
};
struct Weibull {
  double scale = 1, shape = 1;
  friend bool operator==(const Weibull&, const Weibull&) = default;
};
// Each of the (sorted, non-empty) values is as likely as another.
struct Empirical {
  std::vector<double> sorted_values;
  friend bool operator==(const Empirical&, const Empirical&) = default;
};

// The lognormal with this median whose `probability` quantile is `quantile`; requires median > 0, quantile >= median,
// probability in (0.5, 1).
[[nodiscard]] Lognormal lognormal_by(double median, double probability, double quantile);

class Distribution {
 public:
  using Shape = std::variant<Constant, Uniform, Exponential, Lognormal, Triangular, Weibull, Empirical>;
  Distribution() = default;  // the constant 0
  // Draws outside [min, max] are moved to the bound. Requires parameters in the shape's domain and min <= max.
  explicit Distribution(Shape shape, std::optional<double> min = {}, std::optional<double> max = {});
  static Distribution constant(double value) { return Distribution{Constant{value}}; }

  [[nodiscard]] double quantile(double probability) const;  // probability in (0, 1)
  [[nodiscard]] double draw(Stream& stream) const { return quantile(stream.uniform()); }
  [[nodiscard]] double median() const { return quantile(0.5); }
  // Of the shape, before `min` and `max`.
  [[nodiscard]] double mean() const;
  [[nodiscard]] bool is_constant() const;
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::optional<double> min() const { return min_; }
  [[nodiscard]] std::optional<double> max() const { return max_; }
  friend bool operator==(const Distribution&, const Distribution&) = default;

 private:
  Shape shape_ = Constant{};
  std::optional<double> min_, max_;
};

// A distribution of durations: its values are seconds.
class DurationDistribution {
 public:
  DurationDistribution() = default;  // always zero
  explicit DurationDistribution(Distribution seconds) : seconds_{std::move(seconds)} {}
  static DurationDistribution constant(quantity::Duration d) {
    return DurationDistribution{Distribution::constant(d.in_seconds())};
  }
  [[nodiscard]] quantity::Duration draw(Stream& stream) const {
    return quantity::Duration::of_seconds(seconds_.draw(stream));
  }
  [[nodiscard]] quantity::Duration quantile(double probability) const {
    return quantity::Duration::of_seconds(seconds_.quantile(probability));
  }
  [[nodiscard]] quantity::Duration median() const { return quantile(0.5); }
  [[nodiscard]] const Distribution& seconds() const { return seconds_; }
  friend bool operator==(const DurationDistribution&, const DurationDistribution&) = default;

 private:
  Distribution seconds_;
};

}  // namespace knockon::random
