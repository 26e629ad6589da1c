#include "engine/quantity/time.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace knockon::quantity;

TEST_CASE("a duration made from seconds is the nearest tick") {
  CHECK(Duration::of_seconds(1).ticks() == 1 << 20);
  CHECK(Duration::of_seconds(0x1p-21).ticks() == 1);
  CHECK(Duration::of_seconds(0x1.fffp-22).ticks() == 0);
  CHECK(Duration::of_seconds(-0x1p-20).ticks() == -1);
}

TEST_CASE("seconds beyond the range of time become its ends, and no number becomes zero") {
  CHECK(Duration::of_seconds(1e300) == Duration::infinite());
  CHECK(Duration::of_seconds(std::numeric_limits<double>::infinity()).is_infinite());
  CHECK(Duration::of_seconds(-1e300) == -Duration::infinite());
  CHECK(Duration::of_seconds(std::nan("")) == Duration{});
}

TEST_CASE("sums saturate instead of wrapping around") {
  const Duration nearly = Duration::infinite() - Duration::of_ticks(0);

  CHECK(Duration::infinite() + Duration::hours(1) == Duration::infinite());
  CHECK(Duration::of_ticks(std::numeric_limits<std::int64_t>::max() - 1) + Duration::hours(1) == Duration::infinite());
  CHECK(-Duration::infinite() - Duration::hours(1) == -Duration::infinite());
  CHECK(nearly.is_infinite());
}

TEST_CASE("never stays never, whatever is added") {
  CHECK((SimTime::never() + Duration::hours(1)).is_never());
  CHECK(SimTime::at(Duration::hours(1)) < SimTime::never());
}

TEST_CASE("dates on the grid are exact in the kernel's double seconds for 270 years") {
  const Duration late = Duration::hours(270L * 365 * 24) + Duration::of_ticks(1);

  CHECK(Duration::of_seconds(late.in_seconds()) == late);
  CHECK((SimTime::at(late) - SimTime::at(Duration::hours(270L * 365 * 24))) == Duration::of_ticks(1));
}
