// How intervals and dates follow from when the conditions held.
#include "engine/simulation/statuses.hpp"

#include <catch2/catch.hpp>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::SimTime;
using simulation::AppOutcome;
using simulation::Held;
using tests::Incident;
using tests::minutes;

namespace {

SimTime at(double minute) { return SimTime::at(minutes(minute)); }
Held held(double from, double to) { return {.from = at(from), .to = at(to)}; }

// Intervals between onset at minute 0 and the horizon at minute 100.
AppOutcome judged(const std::vector<Held>& down, const std::vector<Held>& degraded) {
  AppOutcome outcome;
  set_intervals(outcome, down, degraded, at(0), at(100));
  set_dates(outcome, minutes(100));
  return outcome;
}

}  // namespace

TEST_CASE("down goes before degraded, and the two never overlap") {
  const AppOutcome outcome = judged({held(20, 40)}, {held(10, 60)});

  REQUIRE(outcome.degraded.size() == 2);
  CHECK(outcome.down_time() == minutes(20));
  CHECK(outcome.degraded_time() == minutes(30));
  CHECK(outcome.first_impact == minutes(10));
  CHECK(outcome.mitigated == minutes(40));
  CHECK(outcome.restored == minutes(60));
  CHECK(outcome.dips == 0);
}

TEST_CASE("a moment of degraded on the way down and up is ignored: the state before it goes on") {
  const AppOutcome outcome = judged({held(20, 40)}, {held(19.5, 40.4)});

  CHECK(outcome.degraded.empty());
  REQUIRE(outcome.down.size() == 1);
  CHECK(outcome.first_impact == minutes(20));
  CHECK(outcome.restored == minutes(40.4));
}

TEST_CASE("a moment of ok between down and degraded is ignored, a minute of it is not") {
  const AppOutcome close = judged({held(20, 40)}, {held(40.5, 60)});
  const AppOutcome apart = judged({held(20, 40)}, {held(41.5, 60)});

  CHECK(close.dips == 0);
  CHECK(close.down_time() == minutes(20.5));
  CHECK(apart.dips == 1);
  CHECK(apart.down_time() == minutes(20));
}

TEST_CASE("ok has to hold for fifteen minutes within the horizon to be called restored") {
  const AppOutcome in_time = judged({held(20, 85)}, {});
  const AppOutcome too_late = judged({held(20, 85.1)}, {});

  CHECK(in_time.restored == minutes(85));
  CHECK_FALSE(too_late.restored);
  CHECK(too_late.restored_is_censored());
  CHECK(too_late.mitigated == minutes(85.1));
}

TEST_CASE("what is down at the horizon is neither mitigated nor restored") {
  const AppOutcome outcome = judged({{.from = at(20), .to = SimTime::never()}}, {});

  CHECK(outcome.down_time() == minutes(80));
  CHECK(outcome.mitigated_is_censored());
  CHECK(outcome.restored_is_censored());
}

TEST_CASE("what was so before onset counts from onset on") {
  AppOutcome outcome;
  set_intervals(outcome, {}, {held(10, 50)}, at(30), at(100));

  REQUIRE(outcome.degraded.size() == 1);
  CHECK(outcome.degraded[0].from == Duration{});
  CHECK(outcome.degraded[0].to == minutes(20));
}

TEST_CASE("later dips move both dates, and are counted") {
  const AppOutcome outcome = judged({held(10, 20), held(50, 55)}, {});

  CHECK(outcome.dips == 1);
  CHECK(outcome.mitigated == minutes(55));
  CHECK(outcome.restored == minutes(55));
  CHECK(outcome.first_impact == minutes(10));
}

TEST_CASE("an app that goes down at a stroke is down from that moment, though its condition must hold two minutes",
          "[simgrid]") {
  Incident incident{"shop -> front"};
  const auto fault = incident.break_down(incident.service("front"), minutes(30));
  incident.fault(fault).lasts = tests::always(minutes(20));
  incident["front"].per_replica = quantity::Rate::per_second(1e6);

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.onset == minutes(30));
  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from == Duration{});
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(20).margin(0.1));
  CHECK(outcome.apps[0].hit);
  CHECK(outcome.apps_in_regions[0].down_time() == outcome.apps[0].down_time());
}

TEST_CASE("an outage shorter than the hold is not counted", "[simgrid]") {
  Incident incident{"shop -> front"};
  const auto fault = incident.break_down(incident.service("front"), minutes(30));
  incident.fault(fault).lasts = tests::always(Duration::seconds(40));
  incident["front"].per_replica = quantity::Rate::per_second(1e6);

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].down.empty());
  CHECK(outcome.apps[0].user_minutes_lost > 0);
}

TEST_CASE("an app is not judged where nobody uses it", "[simgrid]") {
  Incident incident{"shop -> front"};
  incident.add_region("empty", 0);
  incident.break_down(incident.service("front"), minutes(30));

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.of(Incident::app, world::RegionId{0}, 2).hit);
  CHECK_FALSE(outcome.of(Incident::app, world::RegionId{1}, 2).hit);
}

// Demand rises all morning, and three quarters of the capacity are no longer enough from six o'clock on: slowly fewer
// are answered, until all of it is there again.
TEST_CASE("an app that went down on the way to the very repair was down, however far flows step", "[simgrid]") {
  const auto down_when_mended_at = [](double minute) {
    Incident incident{"shop -> front"};
    incident["front"].per_replica = quantity::Rate::per_second(100);
    incident.world.curves[0].points = {{Duration::hours(0), 0.5}, {Duration::hours(12), 1}};
    incident.world.horizon = Duration::hours(12);
    incident.world.apps[0].down.metric_tests[0].low = 0.9;
    const auto weak = incident.add_fault(world::Verb::lose_capacity, incident.service("front"), Duration{});
    incident.fault(weak).effect.share = quantity::Share{0.25};
    incident.fault(weak).lasts = tests::always(minutes(minute));
    return tests::outcome_of(incident.world).apps[0].down;
  };
  const auto never = down_when_mended_at(12 * 60);
  REQUIRE(never.size() == 1);
  const double began = never[0].from.in_minutes();

  for (double later = 2.5; later < 20; later += 1.7) {
    INFO("mended " << later << " minutes after it went down at minute " << began);
    const auto down = down_when_mended_at(began + later);
    REQUIRE(down.size() == 1);
    CHECK(down[0].from.in_minutes() == Approx(began).margin(4));  // on a straight line through a bent curve
    CHECK(down[0].to.in_minutes() == Approx(began + later).margin(3));
  }
}
