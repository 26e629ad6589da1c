// In which order and how fast replicas are started anew.
#include "engine/simulation/restart.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using simulation::RestartStage;
using tests::minutes;
using tests::Planned;

namespace {

struct Restarting : Planned {
  Restarting() { restart.targets = {{service("front"), {}}}; }
  world::Service& front() { return (*this)["front"]; }
  [[nodiscard]] std::vector<RestartStage> stages() const { return simulation::restart_of(world, restart); }
  world::Effect restart{.verb = world::Verb::restart, .targets = {}};
};

}  // namespace

TEST_CASE("without a rate all replicas are started at once") {
  const Restarting incident;

  const auto stages = incident.stages();

  REQUIRE(stages.size() == 1);
  CHECK(stages[0].after == Duration{});
  CHECK(stages[0].share == Share{1});
  CHECK(stages[0].restarted == 1);
}

TEST_CASE("a restart at a rate takes the replicas divided by the rate, in equal parts") {
  Restarting incident;
  incident.front().replicas = {300};
  incident.front().restart_rate = Rate::per_hour(300);

  const auto stages = incident.stages();

  REQUIRE(stages.size() == 10);
  CHECK(stages.front().after.in_minutes() == Approx(6));
  CHECK(stages.back().after.in_minutes() == Approx(60));
  CHECK(stages[3].restarted == Approx(0.4));
  CHECK(stages.back().restarted == 1);
}

TEST_CASE("the step's rate goes before the service's, and a share of the replicas takes a share of the time") {
  Restarting incident;
  incident.front().replicas = {300};
  incident.front().restart_rate = Rate::per_hour(300);
  incident.restart.restart_rate = Rate::per_hour(600);
  incident.restart.share = Share{0.5};

  const auto stages = incident.stages();

  CHECK(stages.back().after.in_minutes() == Approx(15));
  CHECK(stages.back().restarted == Approx(0.5));
}

TEST_CASE("three replicas are started one by one, not by tenths of them") {
  Restarting incident;
  incident.front().replicas = {3};
  incident.restart.restart_rate = Rate::per_hour(60);

  const auto stages = incident.stages();

  REQUIRE(stages.size() == 3);
  CHECK(stages[1].after.in_minutes() == Approx(2));
}

TEST_CASE("places in an order follow each other, the rest comes last and together") {
  Restarting incident;
  const auto second = incident.add_site("second"), third = incident.add_site("third");
  incident.front().replicas = {10, 20, 30};
  incident.front().restart_order = {third};
  incident.restart.restart_rate = Rate::per_hour(60);

  const auto stages = incident.stages();

  REQUIRE(stages.size() == 20);
  CHECK(stages[9].instances == std::vector{simulation::Instance{incident.service("front"), third}});
  CHECK(stages[9].after.in_minutes() == Approx(30));
  CHECK(stages[9].restarted == Approx(0.5));
  CHECK(stages[10].instances == std::vector{simulation::Instance{incident.service("front"), Planned::site},
                                            simulation::Instance{incident.service("front"), second}});
  CHECK(stages[19].after.in_minutes() == Approx(60));
}

TEST_CASE("a restart at a rate mends what it mends replica by replica", "[simgrid]") {
  Restarting incident;
  incident.fault(incident.trouble).effect.verb = world::Verb::errors;
  incident.front().replicas = {100};
  const auto again = incident.add_step("again", world::Verb::restart, minutes(10), incident.people_on_call);
  incident.step(again).effect = incident.restart;
  incident.step(again).effect.restart_rate = Rate::per_hour(100);
  incident.step(again).ends = {incident.trouble};

  const Outcome outcome = tests::outcome_of(incident.world);

  const double began = tests::minute_of(outcome, EventKind::step_done, again);
  CHECK(tests::minute_of(outcome, EventKind::fault_ended) == Approx(began + 60));
  CHECK(outcome.apps[0].down.back().to.in_minutes() == Approx(began + 30).margin(0.1));  // half of them answer: 50 %
}

TEST_CASE("a restart of half the replicas leaves the other half as it was", "[simgrid]") {
  Restarting incident;
  incident.fault(incident.trouble).effect.verb = world::Verb::errors;
  const auto again = incident.add_step("again", world::Verb::restart, minutes(10), incident.people_on_call);
  incident.step(again).effect = incident.restart;
  incident.step(again).effect.share = Share{0.6};
  incident.step(again).ends = {incident.trouble};

  const Outcome outcome = tests::outcome_of(incident.world);

  const double half = tests::minute_of(outcome, EventKind::step_done, again);
  CHECK(tests::events_of(outcome, EventKind::fault_ended).empty());
  CHECK(outcome.apps[0].down.back().to.in_minutes() == Approx(half).margin(0.1));
  const double horizon = (incident.world.horizon - outcome.onset).in_minutes();
  CHECK(outcome.incident.user_minutes_lost == Approx(1e6 * (half + 0.4 * (horizon - half))).epsilon(1e-3));
}
