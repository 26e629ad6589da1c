// A plan from its first page to its last step: who is called, what follows what, what each verb brings about, and what
// it costs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using tests::always;
using tests::Incident;
using tests::minute_of;
using tests::minutes;

namespace {

// Front is down from minute 60 on; the alert comes between two and two and a half minutes later. `tool` serves the
// people who repair, and is no part of the app.
struct Repair : Incident {
  Repair() : Incident{"shop -> front; other -> tool"}, trouble{break_down(service("front"), minutes(60))} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    watch_success();
    team = add_team("ops", minutes(5));
  }
  world::StepId fix(Duration takes = minutes(20)) {
    const world::StepId id = add_step("fix", world::Verb::repair, takes, team);
    step(id).ends = {trouble};
    return id;
  }
  // The tool is down from so many minutes after the trouble began, for so long.
  void lose_tool(double after, double lasts) {
    fault(break_down(service("tool"), minutes(60 + after))).lasts = always(minutes(lasts));
  }
  world::Way way(Duration takes, bool with_tool) {
    world::Way one{.needs = {}, .takes = always(takes), .team = team};
    if (with_tool) one.needs = {need(service("tool"))};
    return one;
  }
  world::FaultId trouble;
  world::TeamId team;
};

double alert_of(const Outcome& outcome) { return outcome.incident.detected.value().in_minutes(); }

// Minutes from the alert to the step's event.
double after_alert(const Outcome& outcome, EventKind kind, world::StepId step) {
  return minute_of(outcome, kind, step) - alert_of(outcome);
}

}  // namespace

TEST_CASE("people are paged by the alert, acknowledge once, and work step by step", "[simgrid]") {
  Repair incident;
  const auto find_out = incident.add_step("find-out", world::Verb::diagnose, minutes(10), incident.team);
  const auto fix = incident.fix();

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(alert_of(outcome) >= 2);
  CHECK(alert_of(outcome) <= 2.5);
  CHECK(tests::events_of(outcome, EventKind::acknowledged).size() == 1);
  CHECK(after_alert(outcome, EventKind::step_began, find_out) == Approx(5));
  CHECK(after_alert(outcome, EventKind::step_done, find_out) == Approx(15));
  CHECK(after_alert(outcome, EventKind::step_done, fix) == Approx(35));
  CHECK(outcome.incident.diagnosed->in_minutes() == Approx(alert_of(outcome) + 15));
  CHECK(outcome.incident.restored->in_minutes() == Approx(alert_of(outcome) + 35).margin(0.1));
}

TEST_CASE("staff is paid from acknowledging until its step ends", "[simgrid]") {
  Repair incident;
  incident.world.teams[0].people = 3;
  incident.world.teams[0].cost = quantity::MoneyRate::per_hour(120);
  incident.step(incident.fix(minutes(30))).people = 2;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.staff_hours == Approx(1));
  CHECK(outcome.incident.staff_cost.amount() == Approx(120));
}

TEST_CASE("off hours a team takes its time", "[simgrid]") {
  Repair incident;
  incident.world.teams[0].hours_from = Duration::hours(9);
  incident.world.teams[0].hours_to = Duration::hours(17);
  incident.world.teams[0].off_hours = always(minutes(45));
  const auto fix = incident.fix();
  const auto waited = [&](int hour) {
    incident.world.starts = hour * 3600;
    return after_alert(tests::outcome_of(incident.world), EventKind::step_began, fix);
  };

  CHECK(waited(10) == Approx(5));
  CHECK(waited(20) == Approx(45));
}

TEST_CASE("a step whose last way has run out of patience has failed", "[simgrid]") {
  Repair incident;
  incident.lose_tool(-10, 300);
  const auto try_tool = incident.add_step("try-tool", world::Verb::break_glass, minutes(5), incident.team);
  incident.step(try_tool).ways = {incident.way(minutes(5), true)};
  incident.step(try_tool).ways[0].has_patience = true;
  incident.step(try_tool).otherwise = world::Otherwise::next;
  const auto drive = incident.add_step("drive", world::Verb::travel, minutes(30), incident.team);
  incident.step(drive).only_if = tests::state_of(world::State::failed, try_tool);
  const auto fix = incident.fix();

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(after_alert(outcome, EventKind::step_failed, try_tool) == Approx(15));
  CHECK(after_alert(outcome, EventKind::step_done, drive) == Approx(45));
  CHECK(after_alert(outcome, EventKind::step_done, fix) == Approx(65));
}

TEST_CASE("a step that is skipped counts as done for what comes after it, and for nothing else", "[simgrid]") {
  Repair incident;
  const auto tool = incident.add_step("try-tool", world::Verb::break_glass, minutes(5), incident.team);
  const auto drive = incident.add_step("drive", world::Verb::travel, minutes(30), incident.team);
  incident.step(drive).only_if = tests::state_of(world::State::failed, tool);
  const auto door = incident.add_step("door", world::Verb::open_door, minutes(30), incident.team);
  incident.step(door).only_if = tests::state_of(world::State::done, drive);
  const auto fix = incident.fix();

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::step_skipped).size() == 2);
  CHECK(after_alert(outcome, EventKind::step_done, fix) == Approx(30));
}

TEST_CASE("a wrong diagnosis makes the repair miss; both are done again", "[simgrid]") {
  Repair incident;
  const auto find_out = incident.add_step("find-out", world::Verb::diagnose, minutes(10), incident.team);
  const auto fix = incident.fix();
  incident.step(find_out).wrong = Share{0.5};

  const auto outcomes = tests::outcomes_of(incident.world, {0, 1, 2, 3, 4, 5, 6, 7});

  int wrong_runs = 0;
  for (const Outcome& outcome : outcomes) {
    const auto missed = static_cast<double>(tests::events_of(outcome, EventKind::step_missed).size());
    wrong_runs += missed > 0 ? 1 : 0;
    CHECK(outcome.incident.restored->in_minutes() == Approx(alert_of(outcome) + 35 + 30 * missed).margin(0.1));
    CHECK(outcome.incident.diagnosed->in_minutes() == Approx(alert_of(outcome) + 15 + 30 * missed));
    CHECK(outcome.phases[static_cast<std::size_t>(simulation::Phase::misdiagnose)].in_minutes() == Approx(30 * missed));
    CHECK(tests::events_of(outcome, EventKind::step_done).back().about.subject == world::Subject{fix});
  }
  CHECK(wrong_runs > 0);
  CHECK(wrong_runs < 8);
}

TEST_CASE("a step that fails is repeated, passed over, the end of the plan, or a way back", "[simgrid]") {
  const auto minute_fixed = [](world::Otherwise otherwise) {
    Repair incident;
    const auto look = incident.add_step("look", world::Verb::wait, minutes(1), incident.team);
    const auto risky = incident.add_step("risky", world::Verb::restart, minutes(10), incident.team);
    incident.step(risky).ways[0].succeeds = Share{0.4};
    incident.step(risky).otherwise = otherwise;
    incident.step(risky).otherwise_step = look;
    incident.fix();
    std::vector<double> found;
    for (const Outcome& outcome : tests::outcomes_of(incident.world, {0, 1, 2, 3})) {
      const auto failures = tests::events_of(outcome, EventKind::step_failed).size();
      const double fixed = outcome.incident.restored ? outcome.incident.restored->in_minutes() - alert_of(outcome) : -1;
      found.push_back(failures == 0 ? 0 : (fixed < 0 ? -1 : fixed - 36 - 10 * static_cast<double>(failures)));
    }
    return *std::max_element(found.begin(), found.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  };

  CHECK(minute_fixed(world::Otherwise::repeat) == Approx(0).margin(0.1));
  CHECK(minute_fixed(world::Otherwise::next) == Approx(-10).margin(0.1));
  CHECK(minute_fixed(world::Otherwise::stop) == -1);
  CHECK(minute_fixed(world::Otherwise::step) >= 1);
}

TEST_CASE("steps follow when all they come after are over, and when their own condition holds", "[simgrid]") {
  Repair incident;
  incident.world.teams[0].people = 3;
  const auto short_one = incident.add_step("short", world::Verb::wait, minutes(10), incident.team);
  const auto long_one = incident.add_step("long", world::Verb::wait, minutes(25), incident.team);
  incident.step(long_one).after.clear();
  const auto join = incident.add_step("join", world::Verb::wait, minutes(1), incident.team);
  incident.step(join).after = {short_one, long_one};
  const auto late = incident.add_step("late", world::Verb::wait, minutes(1), incident.team);
  incident.step(late).after.clear();
  incident.step(late).when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 2 * 3600);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(after_alert(outcome, EventKind::step_began, join) == Approx(30));
  CHECK(minute_of(outcome, EventKind::step_began, late) == Approx(60));
}

TEST_CASE("a roll-back by stages takes a fault back part by part", "[simgrid]") {
  Repair incident;
  const auto errors = incident.add_fault(world::Verb::errors, incident.service("front"), minutes(60));
  incident.fault(incident.trouble).effect.verb = world::Verb::load;  // changes nothing
  incident.fault(errors).effect.share = Share{0.8};
  const auto undo = incident.add_step("undo", world::Verb::roll_back, minutes(20), incident.team);
  incident.step(undo).ends = {errors};
  incident.step(undo).effect.stages = 4;
  incident.step(undo).effect.staged_every = minutes(10);
  const auto after = incident.add_step("after", world::Verb::wait, minutes(1));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(after_alert(outcome, EventKind::step_done, undo) == Approx(25));
  CHECK(after_alert(outcome, EventKind::fault_ended, {}) == Approx(0).margin(1e9));
  CHECK(minute_of(outcome, EventKind::fault_ended, errors) - alert_of(outcome) == Approx(55));
  CHECK(after_alert(outcome, EventKind::step_began, after) == Approx(55));
  CHECK(outcome.apps[0].down_time().in_minutes() == Approx(alert_of(outcome) + 35).margin(0.5));  // 80, 60, 40, 20 %
  CHECK(outcome.phases[static_cast<std::size_t>(simulation::Phase::propagate)].in_minutes() == Approx(30).margin(0.1));
}

TEST_CASE("a ramp shuts the door when it begins, opens it by stages, and holds while its guard is broken",
          "[simgrid]") {
  Repair incident;
  incident.fix();
  const auto let_in = incident.add_step("let-in", world::Verb::admit, {});
  incident.step(let_in).effect.targets = {{Incident::app, {}}};
  incident.step(let_in).effect.admission =
      world::Admission{.from = Share{0.1}, .by = Share{0.3}, .to = Share{1}, .every = minutes(5), .guard = {}};
  incident.step(let_in).effect.admission->guard = tests::state_of(world::State::up, incident.service("tool"));
  incident.lose_tool(41, 30);

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto admitted = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(admitted.size() == 4);
  const auto minute = [&](std::size_t stage) { return (admitted[stage].at - outcome.onset).in_minutes(); };
  const double fixed = alert_of(outcome) + 25;
  CHECK(minute(0) == Approx(fixed));
  CHECK(minute(1) == Approx(fixed + 5));
  CHECK(minute(2) == Approx(fixed + 10));
  CHECK(admitted[2].value == Approx(0.7));
  CHECK(minute(3) == Approx(71));  // the guard held it from fixed + 15 on
  CHECK(admitted[3].value == 1);
  CHECK(outcome.apps[0].down.back().to.in_minutes() == Approx(fixed + 10).margin(0.1));  // 40 % let in is below 50 %
  CHECK(outcome.apps[0].restored->in_minutes() >= 71);
}

TEST_CASE("traffic that fails over from a site is served by the others", "[simgrid]") {
  Repair incident;
  const auto far = incident.add_site("far");
  incident.fault(incident.trouble).effect.verb = world::Verb::errors;
  incident.fault(incident.trouble).effect.targets[0].place = Incident::site;
  incident["front"].balance = world::Balance::nearest;
  const auto move = incident.add_step("move", world::Verb::fail_over, minutes(10), incident.team);
  incident.step(move).effect.targets = {{incident.service("front"), Incident::site}};
  (void)far;

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.incident.restored);
  CHECK(outcome.incident.restored->in_minutes() == Approx(alert_of(outcome) + 15).margin(0.1));
}

TEST_CASE("switching off ends a fault it can end, and takes the service with it until it is switched on", "[simgrid]") {
  Repair incident;
  const auto off = incident.add_step("off", world::Verb::switch_off, minutes(10), incident.team);
  incident.step(off).effect.targets = {{incident.service("front"), {}}};
  incident.step(off).ends = {incident.trouble};
  const auto on = incident.add_step("on", world::Verb::switch_on, minutes(10), incident.team);
  incident.step(on).effect.targets = {{incident.service("front"), {}}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::fault_ended) - alert_of(outcome) == Approx(15));
  CHECK(outcome.incident.restored->in_minutes() == Approx(alert_of(outcome) + 25).margin(0.1));
}

TEST_CASE("steps that are over as soon as they begin end nobody else's work", "[simgrid]") {
  Repair incident;
  incident.world.teams[0].people = 3;
  const auto first = incident.add_step("first", world::Verb::wait, minutes(10), incident.team);
  const auto nothing = incident.add_step("nothing", world::Verb::wait, {});
  const auto beside = incident.add_step("beside", world::Verb::wait, minutes(30), incident.team);
  incident.step(beside).after = {first};
  const auto fix = incident.fix();
  incident.step(fix).after = {nothing};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(after_alert(outcome, EventKind::step_done, nothing) == Approx(15));
  CHECK(after_alert(outcome, EventKind::step_done, beside) == Approx(45));
  CHECK(after_alert(outcome, EventKind::step_done, fix) == Approx(35));
}

TEST_CASE("a plan whose condition holds already is begun at onset", "[simgrid]") {
  Repair incident;
  incident.world.strategies[0].when = tests::state_of(world::State::up, incident.service("tool"));
  incident.fix();

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::strategy_began) == 0);
}

TEST_CASE("the first public statement is the announcement", "[simgrid]") {
  Repair incident;
  const auto tell = incident.add_step("tell", world::Verb::announce, minutes(3), incident.team);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.announced->in_minutes() == Approx(alert_of(outcome) + 8));
  CHECK(minute_of(outcome, EventKind::announced, tell) == Approx(alert_of(outcome) + 8));
}
