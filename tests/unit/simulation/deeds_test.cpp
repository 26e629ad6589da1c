// What steps do beside ending faults: led away, added, purged, warmed.
#include <catch2/catch.hpp>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using tests::always;
using tests::minute_of;
using tests::minutes;
using tests::Planned;

TEST_CASE("writes that fail-overs lose add up", "[simgrid]") {
  Planned incident;
  incident.add_site("far");
  for (const double lost : {2.0, 3.0}) {
    const auto move = incident.add_step("move", world::Verb::fail_over, minutes(10), incident.people_on_call);
    incident.step(move).effect.targets = {{incident.service("front"), Planned::site}};
    incident.step(move).effect.loses = minutes(lost);
  }

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.data_lost.in_minutes() == Approx(5));
}

TEST_CASE("a fail-over that is never reached loses nothing", "[simgrid]") {
  Planned incident;
  const auto move = incident.add_step("move", world::Verb::fail_over, Duration::hours(24), incident.people_on_call);
  incident.step(move).effect.targets = {{incident.service("front"), Planned::site}};
  incident.step(move).effect.loses = minutes(2);

  CHECK(tests::outcome_of(incident.world).incident.data_lost == Duration{});
}

// 1,000 a second for a capacity of 2,000 of which three quarters are lost: half of them fail until ten more replicas
// are there, and again when those are taken away.
TEST_CASE("replicas that are added for a time answer for that time", "[simgrid]") {
  Planned incident;
  incident["front"].per_replica = Rate::per_second(200);
  incident.fault(incident.trouble).effect.verb = world::Verb::lose_capacity;
  incident.fault(incident.trouble).effect.share = Share{0.75};
  const auto more = incident.add_step("more", world::Verb::add_capacity, minutes(10), incident.people_on_call);
  incident.step(more).effect.targets = {{incident.service("front"), {}}};
  incident.step(more).effect.replicas = 20;  // three times what is left of ten
  incident.step(more).lasts = always(minutes(60));
  incident.world.apps[0].down.metric_tests[0].low = 0.9;

  const Outcome outcome = tests::outcome_of(incident.world);

  const double added = minute_of(outcome, EventKind::step_done, more);
  CHECK(minute_of(outcome, EventKind::step_undone, more) == Approx(added + 60));
  REQUIRE(outcome.apps[0].down.size() == 2);
  CHECK(outcome.apps[0].down[0].to.in_minutes() >= added - 0.01);
  CHECK(outcome.apps[0].down[0].to.in_minutes() < added + 15);  // those who tried again meanwhile come first
  CHECK(outcome.apps[0].down[1].from.in_minutes() == Approx(added + 60).margin(0.1));
}

TEST_CASE("a service that is drained and led back answers again", "[simgrid]") {
  Planned incident;
  const auto out = incident.add_step("out", world::Verb::drain, minutes(10), incident.people_on_call);
  const auto in = incident.add_step("in", world::Verb::undrain, minutes(30), incident.people_on_call);
  incident.step(out).effect.targets = incident.step(in).effect.targets = {{incident.service("front"), {}}};
  incident.fault(incident.trouble).effect.verb = world::Verb::load;  // changes nothing but the begin
  incident.world.strategies[0].when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 3600);

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(minute_of(outcome, EventKind::step_done, out)).margin(0.1));
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(minute_of(outcome, EventKind::step_done, in)).margin(0.1));
}

// 10^6 entries, 40 % of which are missing, at 400 a second: 1,000 seconds, in which the store reads 400 a second more.
TEST_CASE("warming a cache at a rate takes its entries divided by it, at the store's expense", "[simgrid]") {
  Planned incident;
  incident["front"].cache =
      world::Cache{.behind = incident.operation("side"), .hit = Share{0.9}, .entries = 1e6, .cold = Share{0.5}};
  incident.world.operations[incident.operation("front").index()].calls.clear();
  incident["side"].per_replica = Rate::per_second(1e6);
  incident.world.populations[0].does[0].per_user = Rate::per_second(1e-12);  // nobody fills it by asking
  incident.fault(incident.trouble).effect.verb = world::Verb::lose_cache;
  incident.fault(incident.trouble).effect.share = Share{0.5};
  incident.fault(incident.trouble).lasts = always(Duration::seconds(30));
  incident.world.strategies[0].when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 4000);
  const auto fill = incident.add_step("fill", world::Verb::warm, {}, incident.people_on_call);
  incident.step(fill).effect.targets = {{incident.service("front"), {}}};
  incident.step(fill).effect.restart_rate = Rate::per_second(400);
  incident.step(fill).effect.share = Share{0.65};  // a quarter is left after two halvings
  const auto next = incident.add_step("next", world::Verb::wait, {});
  incident.world.monitors.push_back(incident.world.monitors[0]);
  incident.world.monitors.back().name = "reads";
  incident.world.monitors.back().every = Duration::seconds(1);
  incident.world.monitors.back().alert =
      tests::condition_of(world::Metric::rate, incident.service("side"), world::Comparison::within, 399, {});
  incident.world.monitors.back().alert.metric_tests[0].high = 401;

  const Outcome outcome = tests::outcome_of(incident.world);

  const double began = minute_of(outcome, EventKind::step_done, fill);
  const double ended = minute_of(outcome, EventKind::step_done, next);
  CHECK((ended - began) * 60 == Approx(1000).epsilon(0.01));
  CHECK(minute_of(outcome, EventKind::alert_on, world::MonitorId{1}) == Approx(began).margin(0.02));
  CHECK(minute_of(outcome, EventKind::alert_off, world::MonitorId{1}) == Approx(ended).margin(0.02));
}

TEST_CASE("a backlog that is purged at a rate takes its requests divided by it", "[simgrid]") {
  Planned incident;
  incident["front"].per_replica = Rate::per_second(200);
  incident["front"].overload = world::Queue{.limit = Duration::minutes(20)};
  incident.call("shop", "front").timeout = incident.world.journeys[0].timeout = Duration::minutes(30);
  incident.fault(incident.trouble).effect.verb = world::Verb::lose_capacity;
  incident.fault(incident.trouble).effect.share = Share{0.9};
  const auto drop = incident.add_step("drop", world::Verb::purge, {}, incident.people_on_call);
  incident.step(drop).effect.targets = {{incident.service("front"), {}}};
  incident.step(drop).effect.restart_rate = Rate::per_second(1000);
  const auto next = incident.add_step("next", world::Verb::wait, {});

  const Outcome outcome = tests::outcome_of(incident.world);

  // At 200 a second the queue holds 20 minutes: 240,000 requests, full long before anybody has come.
  const double began = minute_of(outcome, EventKind::step_done, drop);
  const double ended = minute_of(outcome, EventKind::step_done, next);
  REQUIRE(began > 5);  // 800 a second fill it in five minutes
  CHECK((ended - began) * 60 == Approx(240).epsilon(0.001));
}
