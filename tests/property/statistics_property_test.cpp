// How often the intervals hold the truth, over a thousand samples of 200 and of 1,000 values at a fixed seed.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/statistics/quantile.hpp"
#include "engine/statistics/share.hpp"
#include "tests/coverage.hpp"

namespace knockon::statistics {
namespace {

constexpr int repetitions = 1000;
constexpr std::size_t n = 200;

using tests::Coverage;
using tests::coverage_of;
using tests::Draw;
using tests::exponential;
using tests::Uniforms;

// A thousand repetitions at 95 % have a standard error of 0.7 %; the tolerances are the issue's own.
void check(const Coverage& coverage) {
  CHECK(coverage.mean >= .93);
  CHECK(coverage.mean <= .97);
  CHECK(coverage.paired >= .93);
  CHECK(coverage.paired <= .97);
  CHECK(coverage.p05 >= .94);
  CHECK(coverage.p50 >= .94);
  CHECK(coverage.p95 >= .94);
}

constexpr tests::Truth of_exponential{
    .mean = 1, .p05 = 0.051293294387550533, .p50 = 0.69314718055994531, .p95 = 2.9957322735539909};
constexpr tests::Truth of_normal{
    .mean = 100, .p05 = 100 - 15 * 1.6448536269514722, .p50 = 100, .p95 = 100 + 15 * 1.6448536269514722};

TEST_CASE("intervals hold the truth as often as they say, on 200 exponential values") {
  check(coverage_of(exponential, of_exponential, 200, repetitions));
}

TEST_CASE("intervals hold the truth as often as they say, on 200 normal values") {
  check(coverage_of(tests::normal, of_normal, 200, repetitions));
}

TEST_CASE("intervals hold the truth as often as they say, on 1,000 exponential values") {
  check(coverage_of(exponential, of_exponential, 1000, repetitions));
}

TEST_CASE("intervals hold the truth as often as they say, on 1,000 normal values") {
  check(coverage_of(tests::normal, of_normal, 1000, repetitions));
}

TEST_CASE("ties do not cost coverage: an interval's ends belong to it") {
  const Draw in_fives = [](Uniforms& uniform) { return 5 * std::ceil(4 * exponential(uniform)); };

  const Coverage coverage =
      coverage_of(in_fives, {.mean = 5 / (1 - std::exp(-.25)), .p05 = 5, .p50 = 15, .p95 = 60}, n, repetitions);

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
