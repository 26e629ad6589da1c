// A wrong diagnosis sends people to mend the wrong thing, until somebody looks again.
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

TEST_CASE("whoever never finds the cause mends nothing", "[simgrid]") {
  Planned incident;
  const auto look = incident.add_step("look", world::Verb::diagnose, minutes(10), incident.people_on_call);
  incident.step(look).wrong = Share{1};
  incident.repair(10);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK_FALSE(tests::events_of(outcome, EventKind::step_missed).empty());
  CHECK_FALSE(outcome.incident.diagnosed);
  CHECK_FALSE(outcome.incident.restored);
}

TEST_CASE("a step misses once for every wrong diagnosis, and mends once it is right", "[simgrid]") {
  Planned incident;
  const auto look = incident.add_step("look", world::Verb::diagnose, minutes(10), incident.people_on_call);
  incident.step(look).wrong = Share{0.5};
  incident.repair(10);

  const auto outcomes = tests::outcomes_of(incident.world, {0, 1, 2, 3, 4, 5, 6, 7});

  std::size_t missed = 0;
  for (const Outcome& outcome : outcomes) {
    std::size_t wrong = 0;
    for (const auto& done : tests::events_of(outcome, EventKind::step_done)) wrong += done.value == 1;
    CHECK(tests::events_of(outcome, EventKind::step_missed).size() == wrong);
    CHECK(outcome.incident.diagnosed.has_value() == outcome.incident.restored.has_value());
    missed += wrong;
  }
  CHECK(missed > 0);
}
