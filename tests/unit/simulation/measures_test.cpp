// Minutes, budgets, credits and milestones, on the simplest outages there are.
#include <catch2/catch.hpp>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Money;
using quantity::Rate;
using quantity::Share;
using simulation::Outcome;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

// Errors of this share of tries, from minute 60 on, for 100 minutes.
struct Errors : Incident {
  explicit Errors(double share) : Incident{"shop -> front"} {
    (*this)["front"].per_replica = Rate::per_second(1e6);
    const auto errors = add_fault(world::Verb::errors, service("front"), minutes(60));
    fault(errors).effect.share = Share{share};
    fault(errors).lasts = always(minutes(100));
  }
  world::App& the_app() { return world.apps[0]; }
};

}  // namespace

TEST_CASE("user-minutes are users by time by lost success", "[simgrid]") {
  const Outcome outcome = tests::outcome_of(Errors{0.3}.world);

  CHECK(outcome.apps[0].user_minutes_lost == Approx(1e6 * 100 * 0.3).epsilon(1e-3));
  CHECK(outcome.apps_in_regions[0].user_minutes_lost == outcome.apps[0].user_minutes_lost);
  CHECK(outcome.incident.user_minutes_lost == Approx(outcome.apps[0].user_minutes_lost));
}

TEST_CASE("success that was never there is not lost", "[simgrid]") {
  Errors incident{0.3};
  incident.world.faults.insert(incident.world.faults.begin(), incident.world.faults[0]);
  incident.world.faults[0].lasts.reset();
  incident.world.faults[0].at = always({});
  incident.world.faults[1].at = always(minutes(1));
  incident.world.causes[0].faults = {world::FaultId{0}, world::FaultId{1}};

  const Outcome outcome = tests::outcome_of(incident.world);

  // Onset is the first fault's: q0 is 1 there, and both count.
  CHECK(outcome.onset == Duration{});
  CHECK(outcome.apps[0].user_minutes_lost == Approx(1e6 * (0.3 * 360 + 0.21 * 100)).epsilon(1e-3));
}

TEST_CASE("an objective's budget is spent by what failed", "[simgrid]") {
  Errors incident{0.3};
  incident.the_app().slo_target = Share{0.999};
  incident.the_app().slo_window = Duration::hours(30 * 24);

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].slo_budget_spent);
  CHECK(outcome.apps[0].slo_budget_spent->value() == Approx(30.0 / (0.001 * 30 * 24 * 60)).epsilon(1e-3));
}

TEST_CASE("the highest tier of credit that one outage has passed is owed", "[simgrid]") {
  const auto owed = [](double share, double first, double second) {
    Errors incident{share};
    incident.the_app().credits = {{.after = minutes(first), .pays = Money{100}},
                                  {.after = minutes(second), .pays = Money{900}}};
    return tests::outcome_of(incident.world).apps[0].credits.amount();
  };

  CHECK(owed(0.9, 30, 60) == 900);
  CHECK(owed(0.9, 30, 600) == 100);
  CHECK(owed(0.9, 300, 600) == 0);
  CHECK(owed(0.2, 30, 60) == 0);  // degraded is not down
}

TEST_CASE("a milestone is reached when it first holds after having been false", "[simgrid]") {
  Errors incident{0.3};
  world::Observed restored;
  restored.text = "generally restored";
  restored.milestone =
      tests::condition_of(world::Metric::success, Incident::app, world::Comparison::at_least, 0.95, minutes(10));
  world::Observed never;
  never.text = "broken";
  never.milestone = tests::condition_of(world::Metric::success, Incident::app, world::Comparison::less, 0.1);
  incident.world.observed = {restored, never};

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.milestones[0]);
  CHECK(outcome.milestones[0]->in_minutes() == Approx(100).margin(0.1));  // dated back to when the ten minutes began
  CHECK_FALSE(outcome.milestones[1]);
}

TEST_CASE("people whose service is degraded have lost nothing", "[simgrid]") {
  Errors incident{1};
  incident.world.operations[0].fallback = world::Fallback{.stale = {}, .share = Share{1}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].user_minutes_lost == Approx(0).margin(1));
  CHECK(outcome.apps[0].down.empty());
}

TEST_CASE("a critical journey that is down makes its app at least degraded", "[simgrid]") {
  Incident incident{"shop -> front; shop -> side"};
  for (world::Service& one : incident.world.services) one.per_replica = Rate::per_second(1e6);
  world::Journey rare = incident.world.journeys[0];
  rare.name = "shop.rare";
  rare.calls = {incident.call("shop", "side")};
  incident.world.journeys[0].calls = {incident.call("shop", "front")};
  incident.world.journeys.push_back(rare);
  incident.world.apps[0].journeys.emplace_back(1);
  incident.world.populations[0].does.push_back({world::JourneyId{1}, Rate::per_second(1e-6)});  // a thousandth
  incident.fault(incident.break_down(incident.service("side"), minutes(60))).lasts = always(minutes(50));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].down.empty());
  CHECK(outcome.apps[0].degraded_time().in_minutes() == Approx(50).margin(0.1));
}
