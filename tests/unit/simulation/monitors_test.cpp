// What monitors see, when, and what people tell when they are blind.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using simulation::EventKind;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

struct Watched : Incident {
  Watched() : Incident{"shop -> front; other -> telemetry"}, monitor{watch_success()} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    trouble = break_down(service("front"), minutes(60));
  }
  world::Monitor& the_monitor() { return world.monitors[monitor.index()]; }
  world::MonitorId monitor;
  world::FaultId trouble;
};

}  // namespace

TEST_CASE("an alert comes with the first reading after its hold, on the monitor's own grid of dates", "[simgrid]") {
  Watched incident;
  incident.the_monitor().every = minutes(7);

  const auto outcomes = tests::outcomes_of(incident.world, {0, 1, 2, 3});

  std::vector<double> phases;
  for (const auto& outcome : outcomes) {
    const double alert = tests::minute_of(outcome, EventKind::alert_on, incident.monitor);
    CHECK(alert >= 2);
    CHECK(alert < 9);
    CHECK(outcome.incident.detected->in_minutes() == Approx(alert));
    phases.push_back(alert);
  }
  CHECK(phases[0] != phases[1]);
}

TEST_CASE("a monitor whose needs are gone is blind, and its alert comes a hold after it sees again", "[simgrid]") {
  Watched incident;
  incident.the_monitor().needs = {Incident::need(incident.service("telemetry"))};
  incident.fault(incident.break_down(incident.service("telemetry"), minutes(50))).lasts = always(minutes(40));

  const auto outcome = tests::outcome_of(incident.world);

  const double blind = tests::minute_of(outcome, EventKind::monitor_blind, incident.monitor);
  const double sees = tests::minute_of(outcome, EventKind::monitor_seeing, incident.monitor);
  const double alert = tests::minute_of(outcome, EventKind::alert_on, incident.monitor);
  CHECK(blind >= 0);
  CHECK(blind <= 0.5);
  CHECK(sees >= 40);
  CHECK(sees <= 40.5);
  CHECK(alert == Approx(sees + 2).margin(0.01));
}

TEST_CASE("people report what a blind monitor does not see", "[simgrid]") {
  Watched incident;
  incident.the_monitor().needs = {Incident::need(incident.service("telemetry"))};
  incident.break_down(incident.service("telemetry"), minutes(50));
  incident.world.populations[0].reports = Rate::per_hour(0.01);
  world::Monitor reports;
  reports.name = "user-reports";
  reports.alert =
      tests::condition_of(world::Metric::reports, world::Itself{}, world::Comparison::greater, 0.01, minutes(5));
  reports.needs = incident.the_monitor().needs;  // people need no telemetry
  incident.world.monitors.push_back(reports);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::alert_on) == -1);
  const double told = tests::minute_of(outcome, EventKind::reports_on);
  CHECK(told > 5);
  REQUIRE(outcome.incident.detected);
  CHECK(outcome.incident.detected->in_minutes() == Approx(told));
}

TEST_CASE("an alert that a machine answers at once stands until the next reading, and calls people", "[simgrid]") {
  Watched incident;
  incident.the_monitor().alert =
      tests::condition_of(world::Metric::success, Incident::app, world::Comparison::less, 0.9, Duration{});
  const auto alerted = tests::state_of(world::State::alerted, incident.monitor);
  const world::ReactionId repairs = incident.react("repairs", alerted, world::Verb::repair, incident.service("front"));
  incident.reaction(repairs).ends = {{.faults = {incident.trouble}, .reactions = {}}};
  incident.add_step("look", world::Verb::diagnose, minutes(10));

  const auto outcome = tests::outcome_of(incident.world);

  const double alert = tests::minute_of(outcome, EventKind::alert_on);
  REQUIRE(alert >= 0);
  CHECK(tests::minute_of(outcome, EventKind::reaction_began, repairs) == alert);
  CHECK(tests::minute_of(outcome, EventKind::fault_ended, incident.trouble) == alert);
  CHECK(tests::minute_of(outcome, EventKind::strategy_began) == alert);
  CHECK(tests::minute_of(outcome, EventKind::alert_off) == Approx(alert + 0.5));
}

TEST_CASE("a monitor reads once a date: an alert that hangs on itself turns with every reading", "[simgrid]") {
  Watched incident;
  const auto fails =
      tests::condition_of(world::Metric::success, Incident::app, world::Comparison::less, 0.9, Duration{});
  incident.the_monitor().alert =
      tests::both(fails, tests::negated(tests::state_of(world::State::alerted, incident.monitor)));
  incident.the_monitor().every = minutes(10);

  const auto outcome = tests::outcome_of(incident.world);

  const auto on = tests::events_of(outcome, EventKind::alert_on), off = tests::events_of(outcome, EventKind::alert_off);
  REQUIRE(on.size() >= 2);
  REQUIRE(off.size() >= 2);
  CHECK(off[0].at - on[0].at == minutes(10));
  CHECK(on[1].at - off[0].at == minutes(10));
}

TEST_CASE("what a monitor reads at a date is so before people do anything then", "[simgrid]") {
  Watched incident;
  incident.the_monitor().alert =
      tests::condition_of(world::Metric::success, Incident::app, world::Comparison::less, 0.9, Duration{});
  incident.the_monitor().every = minutes(10);
  // Both begin with the alert. One mends halfway between two readings, the other is done on the date of the second.
  const world::StepId mends = incident.add_step("mends", world::Verb::repair, minutes(15));
  incident.step(mends).ends = {incident.trouble};
  const world::StepId looks = incident.add_step("looks", world::Verb::announce, minutes(20));
  incident.step(looks).after = {};

  const auto outcome = tests::outcome_of(incident.world);

  const auto quiet = tests::events_of(outcome, EventKind::alert_off);
  REQUIRE(quiet.size() == 1);
  const auto at = [&](EventKind kind, world::Subject about) {
    return std::find_if(outcome.events.begin(), outcome.events.end(), [&](const simulation::Event& event) {
      return event.kind == kind && event.about.subject == about;
    });
  };
  const auto read = at(EventKind::alert_off, incident.monitor), done = at(EventKind::step_done, looks);
  REQUIRE(done != outcome.events.end());
  CHECK(done->at == read->at);
  CHECK(read < done);
}

TEST_CASE("an alert that already fires at onset detects nothing", "[simgrid]") {
  Watched incident;
  incident.the_monitor().alert =
      tests::condition_of(world::Metric::success, Incident::app, world::Comparison::at_most, 1, minutes(2));
  incident.add_step("look", world::Verb::diagnose, minutes(10));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK_FALSE(outcome.incident.detected);
  CHECK(tests::events_of(outcome, EventKind::strategy_began).empty());
}

TEST_CASE("a monitor may alert for want of data, and is quiet again when it sees that all is well", "[simgrid]") {
  Watched incident;
  incident.fault(incident.trouble).effect.verb = world::Verb::load;  // changes nothing
  incident.the_monitor().needs = {Incident::need(incident.service("telemetry"))};
  incident.the_monitor().no_data = minutes(10);
  incident.fault(incident.break_down(incident.service("telemetry"), minutes(70))).lasts = always(minutes(30));

  const auto outcome = tests::outcome_of(incident.world);

  const double blind = tests::minute_of(outcome, EventKind::monitor_blind);
  const double sees = tests::minute_of(outcome, EventKind::monitor_seeing);
  const auto alerts = tests::events_of(outcome, EventKind::alert_on);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].value == 1);
  CHECK((alerts[0].at - outcome.onset).in_minutes() == Approx(blind + 10).margin(0.51));
  CHECK(outcome.events[alerts[0].cause - 1].kind == EventKind::monitor_blind);
  CHECK(tests::minute_of(outcome, EventKind::alert_off) == Approx(sees + 2).margin(0.51));
}

TEST_CASE("blind for less than its time without data, a monitor says nothing", "[simgrid]") {
  Watched incident;
  incident.fault(incident.trouble).effect.verb = world::Verb::load;
  incident.the_monitor().needs = {Incident::need(incident.service("telemetry"))};
  incident.the_monitor().no_data = minutes(10);
  incident.fault(incident.break_down(incident.service("telemetry"), minutes(70))).lasts = always(minutes(9));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::alert_on).empty());
}
