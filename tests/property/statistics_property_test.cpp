// How often the intervals hold the truth, over a thousand samples of 200 at a fixed seed.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "engine/statistics/quantile.hpp"
#include "engine/statistics/share.hpp"
#include "engine/statistics/statistic.hpp"

namespace knockon::statistics {
namespace {

constexpr int repetitions = 1000;
constexpr std::size_t n = 200;

class Uniforms {
 public:
  double operator()() { return (static_cast<double>(bits_() >> 11) + .5) * 0x1p-53; }

 private:
  std::mt19937_64 bits_{20240305};
};

using Draw = std::function<double(Uniforms&)>;

double exponential(Uniforms& uniform) { return -std::log(uniform()); }
double normal(Uniforms& uniform) {
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return 100 + 15 * radius * std::cos(2 * std::acos(-1) * uniform());
}

bool holds(const std::optional<Bounds>& bounds, double truth) {
  return bounds && bounds->low.value_or(-INFINITY) <= truth && truth <= bounds->high.value_or(INFINITY);
}

struct Truth {
  double mean, p50, p95;
};
struct Coverage {
  double mean = 0, p50 = 0, p95 = 0;
};

Coverage coverage_of(const Draw& draw, const Truth& truth) {
  Uniforms uniform;
  Estimator estimator;
  Coverage coverage;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    Sample sample;
    for (std::size_t i = 0; i < n; ++i) sample.push_back(Reading::exact(draw(uniform)));
    const Statistic statistic = estimator.summary(sample, Nature::amount);
    coverage.mean += holds(statistic.ci95, truth.mean) ? 1. / repetitions : 0;
    coverage.p50 += holds(statistic.p50_ci95, truth.p50) ? 1. / repetitions : 0;
    coverage.p95 += holds(statistic.p95_ci95, truth.p95) ? 1. / repetitions : 0;
  }
  return coverage;
}

// A thousand repetitions at 95 % have a standard error of 0.7 %; the tolerances are the issue's own.
TEST_CASE("intervals hold the truth as often as they say, on exponential data") {
  const Coverage coverage = coverage_of(exponential, {.mean = 1, .p50 = std::log(2), .p95 = std::log(20)});

  CHECK(coverage.mean >= .93);
  CHECK(coverage.mean <= .97);
  CHECK(coverage.p50 >= .94);
  CHECK(coverage.p95 >= .94);
}

TEST_CASE("intervals hold the truth as often as they say, on normal data") {
  const Coverage coverage = coverage_of(normal, {.mean = 100, .p50 = 100, .p95 = 100 + 15 * 1.6448536269514722});

  CHECK(coverage.mean >= .93);
  CHECK(coverage.mean <= .97);
  CHECK(coverage.p50 >= .94);
  CHECK(coverage.p95 >= .94);
}

TEST_CASE("ties do not cost coverage: an interval's ends belong to it") {
  const Draw in_fives = [](Uniforms& uniform) { return 5 * std::ceil(4 * exponential(uniform)); };

  const Coverage coverage = coverage_of(in_fives, {.mean = 5 / (1 - std::exp(-.25)), .p50 = 15, .p95 = 60});

  CHECK(coverage.p50 >= .94);
  CHECK(coverage.p95 >= .94);
}

TEST_CASE("Wilson's interval holds a share of 2 % as often as it says") {
  Uniforms uniform;
  double covered = 0;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) count += uniform() < .02 ? 1 : 0;
    const ShareEstimate share = share_of(count, n);
    covered += share.low.value() <= .02 && .02 <= share.high.value() ? 1 : 0;
  }

  CHECK(covered / repetitions >= .93);
}

TEST_CASE("ranks move apart and never back as replications are added") {
  for (const int percent : {5, 50, 95}) {
    std::size_t before = 0;
    for (std::size_t size = 1; size <= 2000; ++size) {
      const Ranks ranks = quantile_bounds_ranks(size, percent);
      const std::size_t rank = quantile_rank(size, percent);
      REQUIRE((!ranks.low || *ranks.low <= rank));
      REQUIRE((!ranks.high || (*ranks.high >= rank && *ranks.high <= size)));
      REQUIRE(ranks.low.value_or(0) >= before);
      before = ranks.low.value_or(0);
    }
  }
}

}  // namespace
}  // namespace knockon::statistics
