#include "engine/statistics/verdict.hpp"

#include <catch2/catch.hpp>

namespace knockon::statistics {
namespace {

const Allowed under_three{
    .low = -std::numeric_limits<double>::infinity(), .high = 3, .without_low = false, .without_high = true};

TEST_CASE("a promise is kept, broken or undecided by where its interval lies") {
  CHECK(judged({1, 2.9}, under_three) == Verdict::kept);
  CHECK(judged({3, 4}, under_three) == Verdict::broken);
  CHECK(judged({2, 3}, under_three) == Verdict::undecided);
  CHECK(judged({2.5, 3.5}, under_three) == Verdict::undecided);
}

TEST_CASE("an open end reaches for ever: it can break a promise but never keep it") {
  CHECK(judged({1, {}}, under_three) == Verdict::undecided);
  CHECK(judged({5, {}}, under_three) == Verdict::broken);
  CHECK(judged({{}, 2}, under_three) == Verdict::kept);
}

TEST_CASE("the end itself counts when the promise says at most") {
  CHECK(judged({1, 3}, {.low = 0, .high = 3, .without_low = false, .without_high = false}) == Verdict::kept);
  CHECK(judged({3, 3}, {.low = 3, .high = 3, .without_low = false, .without_high = false}) == Verdict::kept);
}

TEST_CASE("twice as far from the bound needs a quarter of the replications") {
  // Half-width 1, bound 0.5 away: the interval must halve, so four times as many, and a tenth more.
  CHECK(replications_needed(200, 2.5, {1.5, 3.5}, under_three) == 880u);
  CHECK(replications_needed(200, 2.0, {1.0, 3.0}, under_three) == 220u);
}

TEST_CASE("no number of replications decides what lies on the bound") {
  CHECK_FALSE(replications_needed(200, 3, {2.5, 3.5}, under_three));
  CHECK_FALSE(replications_needed(200, 2, {1, {}}, under_three));
}

}  // namespace
}  // namespace knockon::statistics
