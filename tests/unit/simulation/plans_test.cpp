// Several plans at once, carried out by the same people.
#include <catch2/catch.hpp>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using simulation::EventKind;
using simulation::Outcome;
using tests::minute_of;
using tests::minutes;
using tests::Planned;

namespace {

// The plan mends in half an hour; another tells the public, which takes the same people ten minutes.
struct Two : Planned {
  explicit Two(int members) : Planned{members}, fix{repair(30)} {
    world.strategies.push_back({.name = "tell", .when = {}, .steps = {}});
    tell = add_step("tell", world::Verb::announce, minutes(10), people_on_call);
    world.strategies[0].beside = {world::StrategyId{1}};
  }
  world::StepId fix, tell;
};

}  // namespace

TEST_CASE("one person does two plans one after the other, two people do them at once", "[simgrid]") {
  const Outcome one = tests::outcome_of(Two{1}.world);
  const Outcome two = tests::outcome_of(Two{2}.world);

  const Two incident{1};
  const double page = one.incident.detected->in_minutes() + 5;
  CHECK(minute_of(one, EventKind::step_done, incident.fix) == Approx(page + 30));
  CHECK(minute_of(one, EventKind::step_done, incident.tell) == Approx(page + 40));
  CHECK(minute_of(two, EventKind::step_done, incident.fix) == Approx(page + 30));
  CHECK(minute_of(two, EventKind::step_done, incident.tell) == Approx(page + 10));
}

TEST_CASE("each plan begins when its own condition holds", "[simgrid]") {
  Two incident{2};
  incident.world.strategies[1].when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 7200);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::step_began, incident.tell) == Approx(60));  // two hours after the start
  CHECK(tests::events_of(outcome, EventKind::strategy_began).size() == 2);
}

TEST_CASE("a plan that stops leaves the plans beside it alone", "[simgrid]") {
  Two incident{2};
  const auto doomed = incident.add_step("doomed", world::Verb::wait, minutes(5), incident.people_on_call);
  incident.step(doomed).ways[0].succeeds = quantity::Share{0};
  incident.step(doomed).otherwise = world::Otherwise::stop;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::step_failed, doomed) > 0);
  CHECK(outcome.incident.restored);
}

TEST_CASE("plans that name each other are carried out once", "[simgrid]") {
  Two incident{2};
  incident.world.strategies[1].beside = {world::StrategyId{0}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::step_done).size() == 2);
}

TEST_CASE("a step that a plan beside never came to is unfinished", "[simgrid]") {
  Two incident{2};
  incident.step(incident.tell).ways[0].takes = tests::always(Duration::hours(24));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.unfinished == std::vector{incident.tell});
}
