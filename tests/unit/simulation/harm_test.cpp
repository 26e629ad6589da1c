// Steps that break something when they fail, or when they follow a wrong diagnosis.
#include <catch2/catch.hpp>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using tests::always;
using tests::minutes;
using tests::Planned;

namespace {

world::Effect breaking(world::Verb verb, world::Subject target, double share = 1) {
  world::Effect harm;
  harm.verb = verb;
  harm.targets = {{target, {}}};
  harm.share = Share{share};
  return harm;
}

}  // namespace

TEST_CASE("a step that fails breaks what its harm says, for good and once", "[simgrid]") {
  Planned incident;
  incident.fault(incident.trouble).effect.verb = world::Verb::errors;
  incident.fault(incident.trouble).effect.share = Share{0.2};
  const auto attempt = incident.add_step("attempt", world::Verb::restart, minutes(10), incident.people_on_call);
  incident.step(attempt).ways[0].succeeds = Share{0};
  incident.step(attempt).harm = breaking(world::Verb::errors, incident.service("front"), 0.5);

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto failures = tests::events_of(outcome, EventKind::step_failed);
  REQUIRE(failures.size() > 2);
  CHECK(failures[0].value == 1);
  // 80 % before the first failure, 40 % after it and after all others: 0.2 and 0.6 lost of everybody's minutes.
  const double failed = (failures[0].at - outcome.onset).in_minutes();
  const double horizon = (incident.world.horizon - outcome.onset).in_minutes();
  const double expected = 1e6 * (0.2 * failed + 0.6 * (horizon - failed));
  CHECK(outcome.incident.user_minutes_lost == Approx(expected).epsilon(1e-3));
}

TEST_CASE("a step that succeeds at once does no harm", "[simgrid]") {
  Planned incident;
  const auto repair = incident.repair(10);
  incident.step(repair).harm = breaking(world::Verb::down, incident.service("front"));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.restored);
}

TEST_CASE("a repair on a wrong diagnosis does its harm, and its cause leads back to the fault", "[simgrid]") {
  Planned incident;
  const auto look = incident.add_step("look", world::Verb::diagnose, minutes(10), incident.people_on_call);
  incident.step(look).wrong = Share{1};
  const auto repair = incident.repair(10);
  incident.step(repair).harm = breaking(world::Verb::down, incident.service("side"));

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto missed = tests::events_of(outcome, EventKind::step_missed);
  REQUIRE(!missed.empty());
  CHECK(missed[0].value == 1);
  simulation::EventNumber number = missed[0].cause;
  while (outcome.events[number - 1].cause != 0) number = outcome.events[number - 1].cause;
  CHECK(outcome.events[number - 1].kind == EventKind::fault_began);
}
