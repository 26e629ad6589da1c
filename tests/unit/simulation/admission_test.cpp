// People are let in again by stages.
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

world::StepId ramp(Planned& incident) {
  const auto id = incident.add_step("ramp", world::Verb::admit, Duration{}, incident.people_on_call);
  incident.step(id).effect.targets = {{Planned::app, {}}};
  incident.step(id).effect.admission =
      world::Admission{.from = Share{0.25}, .by = Share{0.25}, .to = Share{1}, .every = minutes(10), .guard = {}};
  return id;
}

}  // namespace

TEST_CASE("the door opens stage by stage up to everybody", "[simgrid]") {
  Planned incident;
  incident.repair(10);
  ramp(incident);

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto admitted = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(admitted.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(admitted[i].value == Approx(0.25 * static_cast<double>(i + 1)));
    CHECK((admitted[i].at - admitted[0].at).in_minutes() == Approx(10.0 * static_cast<double>(i)));
  }
}

TEST_CASE("a guard that does not hold keeps the door where it is", "[simgrid]") {
  Planned incident;
  incident.lose("side", 0, 120);
  incident.repair(10);
  const auto door = ramp(incident);
  incident.step(door).effect.admission->guard = tests::state_of(world::State::usable, incident.service("side"));

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto admitted = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(admitted.size() == 4);
  CHECK((admitted[1].at - outcome.onset).in_minutes() == Approx(120).margin(0.2));
}
