// Slow, empty, set to something else, let in at a rate: as faults, as reactions and as steps.
#include <catch2/catch.hpp>

#include "engine/world/parameters.hpp"
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
using world::Verb;

namespace {

// A shop that waits a second for a stock whose answers take 5 ms.
struct Shop : Incident {
  Shop() : Incident{"app -> shop -> stock; app ~> side"} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
  }
  // From minute 60 on, for an hour.
  world::Effect& fault_for_an_hour(Verb verb, world::Subject target) {
    const auto id = add_fault(verb, target, minutes(60));
    fault(id).lasts = always(minutes(60));
    return fault(id).effect;
  }
  world::Effect& as_fault(Verb verb, world::Subject target) { return fault_for_an_hour(verb, target); }
  // A reaction to trouble that nobody feels.
  world::Effect& as_reaction(Verb verb, world::Subject target) {
    const auto sign = break_down(service("side"), minutes(60));
    fault(sign).lasts = always(minutes(60));
    return reaction(react("reacts", tests::state_of(world::State::active, sign), verb, target)).effect;
  }
  // A step at minute 60 that is undone an hour later.
  world::Effect& as_step(Verb verb, world::Subject target) {
    const auto sign = break_down(service("side"), minutes(60));
    fault(sign).lasts = always(minutes(60));
    world.strategies[0].when = tests::state_of(world::State::active, sign);
    const auto id = add_step("sets", verb, Duration{});
    step(id).effect.targets = {{target, {}}};
    step(id).lasts = always(minutes(60));
    return step(id).effect;
  }
};

void is_down_for_that_hour(const Outcome& outcome) {
  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(0).margin(0.1));
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(60).margin(0.1));
}

using Bring = world::Effect& (Shop::*)(Verb, world::Subject);

}  // namespace

TEST_CASE("a latency that is set is that for as long as the fault, reaction or step lasts", "[simgrid]") {
  for (const Bring bring : {&Shop::as_fault, &Shop::as_reaction, &Shop::as_step}) {
    Shop incident;
    (incident.*bring)(Verb::set, incident.service("stock")).values = {{"latency", 3}};

    is_down_for_that_hour(tests::outcome_of(incident.world));
  }
}

TEST_CASE("a step without an end sets a parameter for good", "[simgrid]") {
  Shop incident;
  incident.as_step(Verb::set, incident.service("stock")).values = {{"latency", 3}};
  incident.world.steps[0].lasts.reset();

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK_FALSE(outcome.apps[0].mitigated);
}

TEST_CASE("of two settings the later holds, and the earlier again when that is over", "[simgrid]") {
  Shop incident;
  incident.fault_for_an_hour(Verb::set, incident.service("stock")).values = {{"latency", 3}};
  incident.fault_for_an_hour(Verb::set, incident.service("stock")).values = {{"latency", 0.001}};
  incident.world.faults[1].at = always(minutes(80));
  incident.world.faults[1].lasts = always(minutes(20));

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 2);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(20).margin(0.1));
  CHECK(outcome.apps[0].down[1].from.in_minutes() == Approx(40).margin(0.1));
}

TEST_CASE("capacity that is set by a fault is back when it is over", "[simgrid]") {
  Shop incident;
  incident["stock"].per_replica = Rate::per_second(200);
  incident.world.populations[0].retry.gives_up = Rate::per_second(1);  // so that nobody stays to come back at once
  incident.fault_for_an_hour(Verb::set, incident.service("stock")).values = {{"per_replica", 10}};

  is_down_for_that_hour(tests::outcome_of(incident.world));
}

TEST_CASE("a restart goes at the rate that was set", "[simgrid]") {
  Shop incident;
  incident["stock"].restart_rate = Rate::per_hour(1);
  const auto broken = incident.break_down(incident.service("stock"), minutes(60));
  incident.watch_success();
  const auto faster = incident.add_step("faster", Verb::set, Duration{});
  incident.step(faster).effect.targets = {{incident.service("stock"), {}}};
  incident.step(faster).effect.values = {{"restart.rate", 10.0 / 600}};  // ten replicas in ten minutes
  const auto restart = incident.add_step("restart", Verb::restart, Duration{});
  incident.step(restart).effect.targets = {{incident.service("stock"), {}}};
  incident.step(restart).ends = {broken};

  const Outcome outcome = tests::outcome_of(incident.world);

  const double began = minute_of(outcome, EventKind::step_done, restart);
  CHECK(minute_of(outcome, EventKind::fault_ended, broken) == Approx(began + 10).margin(0.1));
}

TEST_CASE("what is slow fails those who wait for it, as a fault and as a reaction", "[simgrid]") {
  for (const Bring bring : {&Shop::as_fault, &Shop::as_reaction}) {
    for (const double times : {1.0, 1000.0}) {
      Shop incident;
      world::Effect& slow = (incident.*bring)(Verb::slow, incident.service("stock"));
      slow.times = times;
      if (times == 1) slow.slower = always(Duration::seconds(5));

      is_down_for_that_hour(tests::outcome_of(incident.world));
    }
  }
}

TEST_CASE("what two faults slow is as slow as both make it, and as one when the other is over", "[simgrid]") {
  Shop incident;
  for (const double lasts : {60.0, 20.0}) {
    incident.fault_for_an_hour(Verb::slow, incident.service("stock")).times = 15;  // 75 ms, and 1.1 s with both
    incident.world.faults.back().lasts = always(minutes(lasts));
  }

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(20).margin(0.1));
}

TEST_CASE("a record that is empty is believed to be until it has aged out", "[simgrid]") {
  for (const Bring bring : {&Shop::as_fault, &Shop::as_reaction}) {
    Shop incident;
    incident["stock"].resolve =
        world::Resolve{.through = incident.operation("side"), .ttl = minutes(2), .negative_ttl = minutes(30)};
    incident["side"].per_replica = Rate::per_second(1e9);
    (incident.*bring)(Verb::empty_record, incident.service("stock"));
    if (bring == &Shop::as_reaction) incident.world.faults[0].effect.verb = Verb::stale;  // so that it still answers

    const Outcome outcome = tests::outcome_of(incident.world);

    REQUIRE(outcome.apps[0].down.size() == 1);
    CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(1).margin(0.2));      // half of the answers have aged out
    CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(60 + 15).margin(1.5));  // half of the emptiness has
  }
}

TEST_CASE("errors of a quarter of ten replicas are errors of three", "[simgrid]") {
  Shop incident;
  world::Effect& errors = incident.fault_for_an_hour(Verb::errors, incident.service("stock"));
  errors.of = world::Of::replicas;
  errors.share = Share{0.25};
  incident.world.apps[0].down.metric_tests[0].low = 0.71;

  is_down_for_that_hour(tests::outcome_of(incident.world));
}

TEST_CASE("a replica that fails is missed by another try", "[simgrid]") {
  Shop incident;
  world::Effect& errors = incident.fault_for_an_hour(Verb::errors, incident.service("stock"));
  errors.of = world::Of::replicas;
  errors.share = Share{0.3};
  incident.call("shop", "stock").tries = 3;
  incident.world.apps[0].down.metric_tests[0].low = 0.95;  // 1 - 0.3^3 is more

  CHECK(tests::outcome_of(incident.world).apps[0].down.empty());
}

TEST_CASE("at most as many as are admitted a second get in, as a reaction and as a step", "[simgrid]") {
  for (const Bring bring : {&Shop::as_reaction, &Shop::as_step}) {
    Shop incident;
    incident.world.populations[0].retry.gives_up = Rate::per_second(1);
    world::Effect& door = (incident.*bring)(Verb::admit, Incident::app);
    world::Admission rate;
    rate.rates = world::Admission::Rates{
        .from = Rate::per_second(200), .by = Rate::per_second(200), .to = Rate::per_second(200)};
    door.admission = rate;
    incident.world.apps[0].down.metric_tests[0].low = 0.25;  // a fifth of a thousand a second

    const Outcome outcome = tests::outcome_of(incident.world);

    const auto let_in = tests::events_of(outcome, EventKind::admitted);
    REQUIRE(let_in.size() == 1);
    CHECK(let_in[0].value == Approx(200));
    if (bring == &Shop::as_reaction) is_down_for_that_hour(outcome);
    if (bring == &Shop::as_step) CHECK_FALSE(outcome.apps[0].mitigated);  // for good
  }
}

TEST_CASE("a ramp of rates lets in more and more a second", "[simgrid]") {
  Shop incident;
  incident.world.populations[0].retry.gives_up = Rate::per_second(1);
  world::Effect& door = incident.as_step(Verb::admit, Incident::app);
  world::Admission ramp;
  ramp.rates =
      world::Admission::Rates{.from = Rate::per_second(100), .by = Rate::per_second(300), .to = Rate::per_second(1000)};
  ramp.every = minutes(10);
  door.admission = ramp;

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto let_in = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(let_in.size() == 4);
  CHECK(let_in[1].value == Approx(400));
  CHECK(let_in[3].value == Approx(1000));
  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(20).margin(0.5));
}

TEST_CASE("a step that admits a share after a rate has the last word", "[simgrid]") {
  Shop incident;
  world::Admission rate;
  rate.rates =
      world::Admission::Rates{.from = Rate::per_second(10), .by = Rate::per_second(10), .to = Rate::per_second(10)};
  incident.as_step(Verb::admit, Incident::app).admission = rate;
  const auto wait = incident.add_step("wait", Verb::wait, minutes(30));
  const auto open = incident.add_step("open", Verb::admit, Duration{});
  incident.step(wait).lasts.reset();
  incident.step(open).effect.targets = {{Incident::app, {}}};
  incident.step(open).effect.admission = world::Admission{};

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(30).margin(0.5));
}

TEST_CASE("who is refused at an operation fails there, and does not count against it", "[simgrid]") {
  Shop incident;
  world::Effect& gate = incident.as_reaction(Verb::admit, incident.service("stock"));
  world::Admission share;
  share.from = share.to = Share{0.3};
  gate.admission = share;
  const auto witness = incident.react(
      "witness", tests::condition_of(world::Metric::success, incident.service("stock"), world::Comparison::less, 0.9),
      Verb::down, incident.service("side"));

  const Outcome outcome = tests::outcome_of(incident.world);

  is_down_for_that_hour(outcome);
  CHECK(minute_of(outcome, EventKind::reaction_began, witness) == -1);
}
