// What people do step by step: which way they go, what holds them up, and what follows a failure.
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

TEST_CASE("people take the second way at once when only its needs are met", "[simgrid]") {
  Planned incident;
  incident.lose("side", 0, 300);
  const auto repair = incident.repair(10);
  auto& ways = incident.step(repair).ways;
  ways.push_back(ways[0]);
  ways[0].needs = {Planned::need(incident.service("side"))};
  ways[1].needs = {Planned::need(incident.service("door"))};

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(tests::events_of(outcome, EventKind::step_began).size() == 1);
  CHECK(tests::events_of(outcome, EventKind::step_began)[0].value == 1);
  CHECK(tests::events_of(outcome, EventKind::step_waits).empty());
}

TEST_CASE("a way is waited for as long as patience lasts, the last way for ever", "[simgrid]") {
  Planned incident;
  incident.lose("side", 0, 299);
  incident.lose("door", 0, 200);
  const auto repair = incident.repair(10);
  auto& ways = incident.step(repair).ways;
  ways.push_back(ways[0]);
  ways[0].needs = {Planned::need(incident.service("side"))};
  ways[0].patience = minutes(20);
  ways[1].needs = {Planned::need(incident.service("door"))};

  const Outcome outcome = tests::outcome_of(incident.world);

  const double waits = tests::minute_of(outcome, EventKind::step_waits);
  CHECK(tests::minute_of(outcome, EventKind::way_given_up) == Approx(waits + 20));
  CHECK(tests::minute_of(outcome, EventKind::step_began) == Approx(200).margin(0.1));
}

TEST_CASE("work pauses while what it needs is lost, and goes on where it was", "[simgrid]") {
  Planned incident;
  incident.lose("side", 20, 40);
  incident.step(incident.repair(30)).ways[0].needs = {Planned::need(incident.service("side"))};

  const Outcome outcome = tests::outcome_of(incident.world);

  const double took =
      tests::minute_of(outcome, EventKind::step_done) - tests::minute_of(outcome, EventKind::step_began);
  CHECK(took == Approx(70).margin(0.2));
}

TEST_CASE("work that restarts on a loss begins anew when its need is back", "[simgrid]") {
  Planned incident;
  incident.lose("side", 20, 40);
  const auto repair = incident.repair(30);
  incident.step(repair).ways[0].needs = {Planned::need(incident.service("side"))};
  incident.step(repair).on_loss = world::OnLoss::restart;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::step_done) == Approx(90).margin(0.2));
}

TEST_CASE("work may take its next way when what it needs is lost", "[simgrid]") {
  Planned incident;
  incident.lose("side", 20, 40);
  const auto repair = incident.repair(30);
  auto& ways = incident.step(repair).ways;
  ways.push_back(ways[0]);
  ways[0].needs = {Planned::need(incident.service("side"))};
  incident.step(repair).on_loss = world::OnLoss::next_way;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::step_done) == Approx(50).margin(0.2));
}

TEST_CASE("a step that fails is repeated, passed over, or the end of the plan", "[simgrid]") {
  struct Case {
    world::Otherwise otherwise;
    bool fails_again, goes_on;
  };
  for (const Case& one : {Case{world::Otherwise::repeat, true, false}, Case{world::Otherwise::next, false, true},
                          Case{world::Otherwise::stop, false, false}}) {
    Planned incident;
    const auto attempt = incident.add_step("attempt", world::Verb::wait, minutes(10), incident.people_on_call);
    incident.step(attempt).ways[0].succeeds = Share{0};
    incident.step(attempt).otherwise = one.otherwise;
    incident.repair(10);

    const Outcome outcome = tests::outcome_of(incident.world);

    CHECK((tests::events_of(outcome, EventKind::step_failed).size() > 1) == one.fails_again);
    CHECK(outcome.incident.restored.has_value() == one.goes_on);
  }
}

TEST_CASE("a step whose if is false is skipped, and what comes after it goes on", "[simgrid]") {
  Planned incident;
  const auto never = incident.add_step("never", world::Verb::wait, minutes(60), incident.people_on_call);
  incident.step(never).only_if = tests::negated(tests::state_of(world::State::usable, incident.service("door")));
  incident.repair(10);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::step_skipped).size() == 1);
  CHECK(outcome.incident.restored.value_or(Duration{}).in_minutes() == Approx(17.25).margin(0.5));
}

TEST_CASE("one person does two steps one after the other, two people do them at once", "[simgrid]") {
  for (const int members : {1, 2}) {
    Planned incident{members};
    incident.add_step("look", world::Verb::wait, minutes(30), incident.people_on_call);
    const auto repair = incident.repair(30);
    incident.step(repair).after.clear();

    const Outcome outcome = tests::outcome_of(incident.world);

    const auto done = tests::events_of(outcome, EventKind::step_done);
    REQUIRE(done.size() == 2);
    CHECK((done[1].at - done[0].at).in_minutes() == Approx(members == 1 ? 30 : 0).margin(1e-6));
  }
}
