#include "engine/statistics/resamples.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "engine/statistics/statistic.hpp"

namespace knockon::statistics {
namespace {

std::vector<double> one_event_in(std::size_t n) {
  std::vector<double> values(n);
  values[n / 2] = 60;
  return values;
}

TEST_CASE("the interval of a mean is a function of the values, not of what was asked before") {
  const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  Resamples fresh, used;
  (void)used.mean_bounds(std::vector<double>{2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4});

  CHECK(fresh.mean_bounds(values) == used.mean_bounds(values));
}

TEST_CASE("values that are all alike leave no doubt about their mean") {
  Resamples resamples;

  CHECK(resamples.mean_bounds(std::vector<double>(20, 7.5)) == Bounds{7.5, 7.5});
}

TEST_CASE("nine values are too few to estimate their own spread") {
  Resamples resamples;

  CHECK_FALSE(resamples.mean_bounds(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_CASE("an app that is down in one run of two hundred has a finite interval that does not go below zero") {
  Sample sample;
  for (const double minutes : one_event_in(200)) sample.push_back(Reading::exact(minutes));

  const auto bounds = Estimator{}.summary(sample, Nature::amount).ci95;

  REQUIRE(bounds);
  CHECK(*bounds->low >= 0);
  CHECK(*bounds->low < .3);
  CHECK(*bounds->high > .3);
  CHECK(*bounds->high < 60);
}

}  // namespace
}  // namespace knockon::statistics
