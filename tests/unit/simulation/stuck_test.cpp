// A step that waits for what it must mend itself is stuck; one that had too little time is not.
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

TEST_CASE("a repair that needs what it must repair is stuck", "[simgrid]") {
  Planned incident;
  const auto repair = incident.repair(10);
  incident.step(repair).ways[0].needs = {Planned::need(incident.service("front"))};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.stuck == std::vector{repair});
  CHECK(outcome.incident.unfinished.empty());
}

TEST_CASE("a repair that waits for something else, or merely has no time left, is unfinished", "[simgrid]") {
  for (const bool waits : {true, false}) {
    Planned incident;
    incident.break_down(incident.service("door"), minutes(60));
    const auto repair = incident.repair(waits ? 10 : 1000);
    if (waits) incident.step(repair).ways[0].needs = {Planned::need(incident.service("door"))};

    const Outcome outcome = tests::outcome_of(incident.world);

    CHECK(outcome.incident.stuck.empty());
    CHECK(outcome.incident.unfinished == std::vector{repair});
  }
}
