#include "engine/statistics/statistic.hpp"

#include <catch2/catch.hpp>

namespace knockon::statistics {
namespace {

Sample counting_to(int last) {
  Sample sample;
  for (int value = 1; value <= last; ++value) sample.push_back(Reading::exact(value));
  return sample;
}

TEST_CASE("the median of an even number of runs is the lower one, so that it is one of them") {
  Estimator estimator;

  const Statistic statistic = estimator.summary(counting_to(200), Nature::amount);

  CHECK(statistic.p05 == Quantile{10, false});
  CHECK(statistic.p50 == Quantile{100, false});
  CHECK(statistic.p95 == Quantile{190, false});
  CHECK(statistic.mean == Approx(100.5));
}

TEST_CASE("an app that was not hit has no date and does not pull the dates of the others") {
  Estimator estimator;
  Sample sample = counting_to(30);
  sample.resize(40);

  const Statistic statistic = estimator.summary(sample, Nature::date);

  CHECK(statistic.n == 40);
  CHECK(statistic.undefined_share.value() == Approx(.25));
  CHECK(statistic.p50 == Quantile{15, false});
  CHECK(statistic.mean == Approx(15.5));
}

TEST_CASE("dates have no mean when one run is censored, and its date orders last") {
  Estimator estimator;
  Sample sample = counting_to(99);
  sample.insert(sample.begin(), Reading::censored(5));

  const Statistic statistic = estimator.summary(sample, Nature::date);

  CHECK_FALSE(statistic.mean);
  CHECK_FALSE(statistic.ci95);
  CHECK(statistic.p50 == Quantile{50, false});
  CHECK(statistic.censored_share.value() == Approx(.01));
}

TEST_CASE("a quantile among censored dates is only known to be later, and its interval is open") {
  Estimator estimator;
  Sample sample = counting_to(100);
  for (int i = 0; i < 20; ++i) sample.push_back(Reading::censored(420));

  const Statistic statistic = estimator.summary(sample, Nature::date);

  CHECK(statistic.p95 == Quantile{420, true});
  REQUIRE(statistic.p95_ci95);
  CHECK(statistic.p95_ci95->low == 420.0);
  CHECK_FALSE(statistic.p95_ci95->high);
}

TEST_CASE("minutes are restricted to the horizon: censored runs count with what they had lost by then") {
  Estimator estimator;
  Sample sample = counting_to(10);
  sample.push_back(Reading::censored(40));

  const Statistic statistic = estimator.summary(sample, Nature::amount);

  CHECK(statistic.mean == Approx(95.0 / 11));
  CHECK(statistic.p95 == Quantile{40, true});
  CHECK(statistic.censored_share.value() == Approx(1.0 / 11));
}

TEST_CASE("nothing measured gives nothing rather than zero") {
  Estimator estimator;

  const Statistic statistic = estimator.summary(Sample(7), Nature::amount);

  CHECK(statistic.n == 7);
  CHECK(statistic.undefined_share.value() == 1);
  CHECK_FALSE(statistic.mean);
  CHECK_FALSE(statistic.p50);
  CHECK_FALSE(statistic.p50_ci95);
  CHECK_FALSE(estimator.summary({}, Nature::amount).p50);
}

}  // namespace
}  // namespace knockon::statistics
