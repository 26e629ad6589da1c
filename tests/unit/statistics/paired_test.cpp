#include "engine/statistics/paired.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

Sample exact(const std::vector<double>& values) {
  Sample sample;
  for (const double value : values) sample.push_back(Reading::exact(value));
  return sample;
}

Difference difference(const Sample& a, const Sample& b, Nature nature = Nature::amount) {
  Resamples resamples;
  return difference_of(a, b, nature, resamples);
}

// Ten patients' additional hours of sleep under two drugs: "Student", The Probable Error of a Mean, Biometrika 6
// (1908). Mean 1.58, t = 4.0621 on 9 degrees of freedom, two-sided p = 0.002833.
TEST_CASE("Student's own example comes out as published") {
  const Sample second = exact({1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4});
  const Sample first = exact({.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2});

  const Difference hours = difference(second, first);

  CHECK(hours.mean.value() == Approx(1.58));
  CHECK(hours.p_value == Approx(.002833).epsilon(1e-3));
  CHECK(hours.b_better == 9);
  CHECK(hours.tie == 1);
  CHECK(hours.a_better == 0);
  CHECK(hours.excludes_zero());
}

TEST_CASE("the same days met in the same way differ by exactly nothing") {
  const Sample sample = exact({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5});

  const Difference nothing = difference(sample, sample);

  CHECK(nothing.mean == 0.0);
  CHECK(nothing.ci95 == Bounds{0, 0});
  CHECK(nothing.tie == nothing.n);
  CHECK(nothing.p_value == 1);
  CHECK_FALSE(nothing.excludes_zero());
}

TEST_CASE("a difference that is the same every day is certain") {
  const Difference always = difference(exact(std::vector<double>(20, 7)), exact(std::vector<double>(20, 4)));

  CHECK(always.mean == 3.0);
  CHECK(always.p_value == 0);
  CHECK(always.b_better == 20);
  CHECK(always.excludes_zero());
}

TEST_CASE("nine days are too few for an interval or a verdict") {
  const Difference few = difference(exact({9, 8, 9, 8, 9, 8, 9, 8, 9}), exact(std::vector<double>(9, 1)));

  CHECK(few.mean.has_value());
  CHECK_FALSE(few.ci95);
  CHECK(few.p_value == 1);
}

TEST_CASE("a date that came beats one that did not, and two that did not are tied") {
  const Sample a{Reading::exact(90), Reading::censored(360), Reading::exact(80), Reading::censored(360)};
  const Sample b{Reading::censored(360), Reading::exact(355), Reading::exact(80), Reading::censored(360)};

  const Difference restored = difference(a, b, Nature::date);

  CHECK(restored.a_better == 1);
  CHECK(restored.b_better == 1);
  CHECK(restored.tie == 2);
  CHECK_FALSE(restored.mean);
  CHECK(restored.p_value == 1);
}

// The run on another horizon ended earlier, and has not come either: nothing says which would have come first.
TEST_CASE("two dates beyond different horizons are tied") {
  const Difference restored = difference({Reading::censored(100)}, {Reading::censored(360)}, Nature::date);

  CHECK(restored.tie == 1);
}

TEST_CASE("of amounts that the horizon cut off, what they had come to counts") {
  const Difference lost =
      difference({Reading::censored(360), Reading::exact(90)}, {Reading::exact(300), Reading::exact(100)});

  CHECK(lost.mean == 25.0);
  CHECK(lost.b_better == 1);
  CHECK(lost.a_better == 1);
}

TEST_CASE("a day on which one says nothing is no pair") {
  const Difference announced =
      difference({Reading{}, Reading::exact(10)}, {Reading::exact(5), Reading::exact(30)}, Nature::date);

  CHECK(announced.n == 1);
  CHECK(announced.mean == -20.0);
}

TEST_CASE("without a pair there is no difference, and no share of nothing") {
  const Difference none = difference({}, {});

  CHECK(none.n == 0);
  CHECK_FALSE(none.mean);
  CHECK(none.share_of(none.tie).value() == 0);
}

TEST_CASE("samples of different days are refused") {
  CHECK_THROWS_AS(difference(exact({1, 2}), exact({1})), quantity::ContractError);
}

}  // namespace
}  // namespace knockon::statistics
