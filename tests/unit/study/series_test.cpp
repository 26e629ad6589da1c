// Courses of many replications, folded into medians and spreads.
#include "engine/study/series.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;
using simulation::Outcome;

// Of one app in one region: success falls to `least` and stays there for `points` points.
Outcome fallen_to(float least, std::size_t points) {
  Outcome outcome;
  outcome.course.step = Duration::minutes(1);
  outcome.course.points = points;
  for (std::size_t i = 0; i < points; ++i) {
    outcome.course.success.push_back(i == 0 ? 1.F : least);
    outcome.course.tries_per_s.push_back(100);
    outcome.course.user_minutes_lost.push_back(static_cast<double>(i));
    outcome.course.money_lost.push_back(0);
  }
  return outcome;
}

world::World one_app() {
  world::World world = invented::two_apps();
  world.apps.resize(1);
  world.regions.resize(1);
  return world;
}

TEST_CASE("the median and the spread are order statistics at each point") {
  std::vector<Outcome> outcomes;
  for (int i = 100; i > 0; --i) outcomes.push_back(fallen_to(static_cast<float>(i) / 100, 3));

  const Series series = series_of(one_app(), outcomes);

  REQUIRE(series.points == 3);
  CHECK(series.replications == 100);
  CHECK(series.success[0].p50[0] == 1);
  // Of 0.01, 0.02 … 1: the 5th, the 50th and the 95th value.
  CHECK(series.success[0].p05[1] == Approx(.05));
  CHECK(series.success[0].p50[1] == Approx(.50));
  CHECK(series.success[0].p95[1] == Approx(.95));
  CHECK(series.user_minutes_lost.p50[2] == 2);
}

TEST_CASE("courses of different length are folded as far as all of them go") {
  const Series series = series_of(one_app(), {fallen_to(0, 5), fallen_to(0, 3)});

  CHECK(series.points == 3);
  CHECK(series.success[0].p50.size() == 3);
}

TEST_CASE("replications without a course count for nothing") {
  const Series some = series_of(one_app(), {Outcome{}, fallen_to(.5F, 2)});
  const Series none = series_of(one_app(), {Outcome{}});

  CHECK(some.replications == 1);
  CHECK(some.success[0].p50[1] == .5);
  CHECK(none.points == 0);
  CHECK(none.success.empty());
}

TEST_CASE("the step is round and gives a few hundred points, whatever the horizon") {
  world::World world = one_app();
  for (const std::int64_t minutes : {5, 60, 360, 960, 1440, 43200, 5256000}) {
    world.horizon = Duration::minutes(minutes);

    const double points = world.horizon / course_step(world);

    CAPTURE(minutes);
    CHECK(points >= 240);
    CHECK(points <= 600);
  }
  world.horizon = Duration::hours(6);
  CHECK(course_step(world) == Duration::minutes(1));
}

TEST_CASE("the more there is to a course, the fewer are kept") {
  world::World small = one_app(), large = one_app();
  large.apps.resize(500);
  large.regions.resize(20);

  CHECK(courses_max(small) == 1000);
  CHECK(courses_max(large) == 20);
}

}  // namespace
}  // namespace knockon::study
