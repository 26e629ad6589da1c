#include "engine/random/distribution.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "engine/quantity/contract.hpp"

using namespace knockon::random;
using knockon::quantity::ContractError;
using knockon::quantity::Duration;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Moments {
  double mean = 0;
  double deviation = 0;
};

constexpr int draw_count = 200'000;

Moments drawn_moments(const Distribution& distribution) {
  Stream stream{{.seed = 1, .index = 0}, "moments"};
  double sum = 0;
  double sum_of_squares = 0;
  for (int i = 0; i < draw_count; ++i) {
    const double x = distribution.draw(stream);
    sum += x;
    sum_of_squares += x * x;
  }
  const double mean = sum / draw_count;
  return {.mean = mean, .deviation = std::sqrt(sum_of_squares / draw_count - mean * mean)};
}

}  // namespace

TEST_CASE("quantiles equal their closed forms") {
  struct Known {
    Distribution::Shape shape;
    double probability;
    double quantile;
  };
  const double e = std::exp(1.0);
  const Known known[] = {
      {Constant{7}, 0.9, 7},
      {Uniform{2, 6}, 0.25, 3},
      {Exponential{10}, 1 - 1 / e, 10},
      {Exponential{10}, 0.5, 10 * std::log(2.0)},
      {Lognormal{0, 1}, 0.5, 1},
      {Lognormal{2, 0}, 0.99, std::exp(2.0)},
      // The standard normal quantiles of 0.9, 0.975 and 1e-9, to fifteen digits (Abramowitz and Stegun, table 26.1).
      {Lognormal{0, 1}, 0.9, std::exp(1.2815515655446004)},
      {Lognormal{0, 1}, 0.975, std::exp(1.959963984540054)},
      {Lognormal{0, 1}, 1e-9, std::exp(-5.997807015007686)},
      {Triangular{0, 1, 3}, 1.0 / 3, 1},
      {Triangular{0, 1, 3}, 1.0 / 12, 0.5},
      {Triangular{0, 1, 3}, 1 - 1.0 / 6, 2},
      {Triangular{0, 0, 1}, 0.75, 0.5},
      {Triangular{0, 1, 1}, 0.25, 0.5},
      {Triangular{5, 5, 5}, 0.3, 5},
      {Weibull{3, 1}, 0.5, 3 * std::log(2.0)},
      {Weibull{3, 2}, 1 - 1 / e, 3},
      {Empirical{{4, 9, 31}}, 0.33, 4},
      {Empirical{{4, 9, 31}}, 0.34, 9},
      {Empirical{{4, 9, 31}}, 0.999, 31},
  };

  for (const auto& [shape, probability, quantile] : known) {
    CAPTURE(shape.index(), probability);
    CHECK(Distribution{shape}.quantile(probability) == Approx(quantile).epsilon(1e-13));
  }
}

TEST_CASE("draws have the mean and the deviation of their distribution") {
  struct Known {
    Distribution::Shape shape;
    double mean;
    double deviation;
    double kurtosis;  // the fourth central moment over the squared variance: it sets the error of the deviation
  };
  const double lognormal_variance = (std::exp(0.25) - 1) * std::exp(0.25);
  const double weibull_mean = std::tgamma(1.5);
  const Known known[] = {
      {Uniform{2, 6}, 4, std::sqrt(16.0 / 12), 1.8},
      {Exponential{10}, 10, 10, 9},
      {Lognormal{0, 0.5}, std::exp(0.125), std::sqrt(lognormal_variance), 8.9},
      {Triangular{0, 1, 3}, 4.0 / 3, std::sqrt(7.0 / 18), 2.4},
      {Weibull{1, 2}, weibull_mean, std::sqrt(1 - weibull_mean * weibull_mean), 3.25},
      {Empirical{{4, 9, 31}}, 44.0 / 3, std::sqrt((16 + 81 + 961) / 3.0 - 44.0 * 44 / 9), 1.5},
  };

  for (const auto& [shape, mean, deviation, kurtosis] : known) {
    const Distribution distribution{shape};
    const auto drawn = drawn_moments(distribution);

    CAPTURE(shape.index());
    CHECK(distribution.mean() == Approx(mean).epsilon(1e-12));
    // Four standard errors at this fixed seed.
    CHECK(drawn.mean == Approx(mean).margin(4 * deviation / std::sqrt(draw_count)));
    CHECK(drawn.deviation == Approx(deviation).margin(4 * deviation * std::sqrt((kurtosis - 1) / (4.0 * draw_count))));
  }
}

TEST_CASE("a lognormal goes through the median and the quantile it was made from") {
  const Distribution by_p90{lognormal_by(25, 0.9, 60)};
  const Distribution by_p99{lognormal_by(2, 0.99, 15)};

  CHECK(by_p90.median() == Approx(25).epsilon(1e-13));
  CHECK(by_p90.quantile(0.9) == Approx(60).epsilon(1e-13));
  CHECK(by_p99.quantile(0.99) == Approx(15).epsilon(1e-13));
}

TEST_CASE("draws beyond a bound are moved to the bound") {
  const Distribution bounded{Exponential{10}, 5, 20};

  CHECK(bounded.quantile(0.01) == 5);
  CHECK(bounded.quantile(0.5) == Approx(10 * std::log(2.0)));
  CHECK(bounded.quantile(0.99) == 20);
  CHECK(bounded.mean() == 10);
}

TEST_CASE("one uniform number draws alike under two settings") {
  Stream quick{{.seed = 1, .index = 0}, "step/undo/takes/0"};
  Stream slow{{.seed = 1, .index = 0}, "step/undo/takes/0"};
  const Distribution quick_step{lognormal_by(10, 0.9, 30)};
  const Distribution slow_step{lognormal_by(20, 0.9, 60)};

  for (int i = 0; i < 100; ++i) CHECK(slow_step.draw(slow) == Approx(2 * quick_step.draw(quick)).epsilon(1e-12));
}

TEST_CASE("what cannot vary is constant, however it is written") {
  CHECK(Distribution{}.is_constant());
  CHECK(Distribution{Uniform{3, 3}}.is_constant());
  CHECK(Distribution{Exponential{0}}.is_constant());
  CHECK(Distribution{Empirical{{2, 2}}}.is_constant());
  CHECK(Distribution{Exponential{10}, 4, 4}.is_constant());
  CHECK_FALSE(Distribution{Uniform{3, 4}}.is_constant());
  CHECK_FALSE(Distribution{lognormal_by(1, 0.9, 1.001)}.is_constant());
}

TEST_CASE("parameters outside a shape's domain break the contract") {
  CHECK_THROWS_AS(Distribution{Constant{infinity}}, ContractError);
  CHECK_THROWS_AS((Distribution{Uniform{2, 1}}), ContractError);
  CHECK_THROWS_AS(Distribution{Exponential{-1}}, ContractError);
  CHECK_THROWS_AS((Distribution{Lognormal{0, -1}}), ContractError);
  CHECK_THROWS_AS((Distribution{Triangular{0, 4, 3}}), ContractError);
  CHECK_THROWS_AS((Distribution{Weibull{1, 0}}), ContractError);
  CHECK_THROWS_AS(Distribution{Empirical{}}, ContractError);
  CHECK_THROWS_AS((Distribution{Empirical{{2, 1}}}), ContractError);
  CHECK_THROWS_AS((Distribution{Constant{1}, 3, 2}), ContractError);
}

TEST_CASE("a lognormal is refused a median of zero and a quantile below it") {
  CHECK_THROWS_AS(lognormal_by(0, 0.9, 1), ContractError);
  CHECK_THROWS_AS(lognormal_by(5, 0.9, 4), ContractError);
  CHECK_THROWS_AS(lognormal_by(5, 0.5, 6), ContractError);
  CHECK_THROWS_AS(lognormal_by(5, 1, 6), ContractError);
}

TEST_CASE("a quantile exists between 0 and 1 only") {
  CHECK_THROWS_AS(Distribution{Exponential{1}}.quantile(1), ContractError);
  CHECK_THROWS_AS(Distribution{Exponential{1}}.quantile(0), ContractError);
}

TEST_CASE("the far ends of every distribution are finite") {
  Distribution heavy{Lognormal{10, 3}};

  CHECK(std::isfinite(heavy.quantile(0x1p-53)));
  CHECK(std::isfinite(heavy.quantile(1 - 0x1p-53)));
  CHECK(std::isfinite(Distribution{Exponential{10}}.quantile(1 - 0x1p-53)));
}

TEST_CASE("durations are drawn on the time grid") {
  Stream stream{{.seed = 1, .index = 0}, "x"};
  const DurationDistribution exactly{DurationDistribution::constant(Duration::minutes(6))};
  const DurationDistribution varied{Distribution{lognormal_by(240, 0.9, 720)}};

  CHECK(exactly.draw(stream) == Duration::minutes(6));
  CHECK(varied.median() == Duration::minutes(4));
  CHECK(varied.quantile(0.9) == Duration::minutes(12));
}
