// Plans that would go on for ever at one date: every run comes to its horizon.
#include <catch2/catch.hpp>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using tests::minutes;
using tests::Planned;

namespace {

// A step that takes no time and fails at once: what it needs is never there, and it has no patience.
world::StepId failing_at_once(Planned& incident, const std::string& name) {
  incident.break_down(incident.service("door"), minutes(60));
  const auto id = incident.add_step(name, world::Verb::break_glass, {}, incident.people_on_call);
  world::Way& way = incident.step(id).ways[0];
  way.needs = {Planned::need(incident.service("door"))};
  way.patience = {};
  way.has_patience = true;
  return id;
}

}  // namespace

TEST_CASE("a plan that goes back in no time at all does so once a minute", "[simgrid]") {
  Planned incident;
  const auto look = incident.add_step("look", world::Verb::wait, {}, incident.people_on_call);
  const auto door = failing_at_once(incident, "enter");
  incident.step(door).otherwise = world::Otherwise::step;
  incident.step(door).otherwise_step = look;

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto failures = tests::events_of(outcome, EventKind::step_failed);
  const double minutes_left = (incident.world.horizon - outcome.onset).in_minutes();
  CHECK(failures.size() > 100);
  CHECK(static_cast<double>(failures.size()) <= minutes_left);
}

TEST_CASE("two steps that send the plan to each other come to the horizon", "[simgrid]") {
  Planned incident{2};
  const auto first = failing_at_once(incident, "first");
  const auto second = failing_at_once(incident, "second");
  incident.step(first).otherwise = incident.step(second).otherwise = world::Otherwise::step;
  incident.step(first).otherwise_step = second;
  incident.step(second).otherwise_step = first;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::step_failed).size() > 100);
}

TEST_CASE("a ramp that backs off swings around what its guard allows, and ends no sooner than that", "[simgrid]") {
  Planned incident;
  incident.repair(10);
  const auto door = incident.add_step("let-in", world::Verb::admit, {}, incident.people_on_call);
  incident.step(door).effect.targets = {{Planned::app, {}}};
  incident.step(door).effect.admission =
      world::Admission{.from = Share{0.2}, .by = Share{0.2}, .to = Share{1}, .every = minutes(5), .guard = {}};
  // Holds up to 60 %.
  incident.step(door).effect.admission->guard =
      tests::condition_of(world::Metric::rate, incident.service("front"), world::Comparison::less, 700);
  incident.step(door).effect.admission->broken = world::OnBroken::back_off;

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto admitted = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(admitted.size() > 20);
  bool has_backed_off = false;
  for (std::size_t i = 1; i < admitted.size(); ++i) {
    CHECK((admitted[i].at - admitted[i - 1].at).in_minutes() >= 5 - 1e-6);
    CHECK(std::abs(admitted[i].value - admitted[i - 1].value) == Approx(0.2));
    has_backed_off = has_backed_off || admitted[i].value < admitted[i - 1].value;
  }
  CHECK(has_backed_off);
  CHECK(outcome.incident.unfinished == std::vector{door});
}

TEST_CASE("a broken guard takes the door back stage by stage, but not below its first", "[simgrid]") {
  Planned incident;
  incident.repair(10);
  const auto door = incident.add_step("let-in", world::Verb::admit, {}, incident.people_on_call);
  incident.step(door).effect.targets = {{Planned::app, {}}};
  incident.step(door).effect.admission =
      world::Admission{.from = Share{0.25}, .by = Share{0.25}, .to = Share{1}, .every = minutes(10), .guard = {}};
  incident.step(door).effect.admission->guard = tests::state_of(world::State::usable, incident.service("side"));
  incident.step(door).effect.admission->broken = world::OnBroken::back_off;
  const Outcome smooth = tests::outcome_of(incident.world);
  const double opened = tests::minute_of(smooth, EventKind::admitted);
  incident.lose("side", opened + 15, 40);  // stages at 0 and 10; broken at 20, 30, 40 and 50; whole at 60, 70 and 80

  const Outcome outcome = tests::outcome_of(incident.world);

  std::vector<double> shares, dates;
  for (const auto& event : tests::events_of(outcome, EventKind::admitted)) {
    shares.push_back(event.value);
    dates.push_back((event.at - outcome.onset).in_minutes() - opened);
  }
  CHECK(shares == std::vector{0.25, 0.5, 0.25, 0.5, 0.75, 1.0});
  REQUIRE(dates.size() == 6);
  CHECK(dates[2] == Approx(20));
  CHECK(dates[3] == Approx(60));
  CHECK(dates[5] == Approx(80));
}
