// Automation: when it acts, where, and how it is undone.
#include <catch2/catch.hpp>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using simulation::EventKind;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

// The side service goes down from minute 60 on for half an hour; front goes down by what a test makes of it.
struct WithTrouble : Incident {
  WithTrouble() : Incident{"shop -> front; other -> side"}, trouble{break_down(service("side"), minutes(60))} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    fault(trouble).lasts = always(minutes(30));
  }
  world::ReactionId take_front_down() {
    return react("takes-front-down", tests::state_of(world::State::active, trouble), world::Verb::down,
                 service("front"));
  }
  world::FaultId trouble;
};

}  // namespace

TEST_CASE("a reaction acts after its delay and takes it back when its condition no longer holds", "[simgrid]") {
  WithTrouble incident;
  const auto reaction = incident.take_front_down();
  incident.reaction(reaction).delay = always(minutes(4));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::reaction_began, reaction) == Approx(4));
  CHECK(tests::minute_of(outcome, EventKind::reaction_ended, reaction) == Approx(30));
  CHECK(outcome.apps[0].down_time().in_minutes() == Approx(26).margin(0.1));
}

TEST_CASE("a reaction whose reason is gone before its delay is over does not act", "[simgrid]") {
  WithTrouble incident;
  const auto reaction = incident.take_front_down();
  incident.reaction(reaction).delay = always(minutes(31));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::reaction_began, reaction) == -1);
}

TEST_CASE("a reaction with an end of its own stays until then", "[simgrid]") {
  WithTrouble incident;
  const auto reaction = incident.take_front_down();
  incident.reaction(reaction).until =
      tests::held(tests::negated(tests::state_of(world::State::active, incident.trouble)), minutes(15));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::reaction_ended, reaction) == Approx(45));
}

TEST_CASE("a reaction that never ends is there until a step ends it", "[simgrid]") {
  WithTrouble incident;
  const auto reaction = incident.take_front_down();
  incident.reaction(reaction).never_ends = true;
  incident.watch_success();
  const auto step = incident.add_step("wake-up", world::Verb::restart, minutes(90));
  incident.step(step).ends_reactions = {reaction};

  const auto outcome = tests::outcome_of(incident.world);

  const double woken = tests::minute_of(outcome, EventKind::step_done, step);
  CHECK(woken > 90);
  CHECK(tests::minute_of(outcome, EventKind::reaction_ended, reaction) == Approx(woken));
}

TEST_CASE("a reaction that is switched off undoes what it did", "[simgrid]") {
  WithTrouble incident;
  const auto reaction = incident.take_front_down();
  incident.watch_success();
  const auto step = incident.add_step("let-be", world::Verb::disable, minutes(10));
  incident.step(step).effect.targets = {{reaction, {}}};

  const auto outcome = tests::outcome_of(incident.world);

  const double disabled = tests::minute_of(outcome, EventKind::step_done, step);
  CHECK(disabled < 20);
  CHECK(outcome.apps[0].down_time().in_minutes() == Approx(disabled).margin(0.1));
}

TEST_CASE("a disabled reaction does nothing", "[simgrid]") {
  WithTrouble incident;
  incident.reaction(incident.take_front_down()).enabled = false;

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].down.empty());
}

TEST_CASE("a reaction stands at each of its places by itself", "[simgrid]") {
  WithTrouble incident;
  const auto far = incident.add_site("far");
  const auto reaction = incident.take_front_down();
  incident.reaction(reaction).per = {Incident::site, far};
  incident.reaction(reaction).effect.targets[0].place = world::Here{};
  world::Condition side_down = tests::negated(tests::state_of(world::State::up, incident.service("side")));
  side_down.state_tests[0].target.place = world::Here{};
  incident.reaction(reaction).when = side_down;
  incident.fault(incident.trouble).effect.targets[0].place = far;

  const auto outcome = tests::outcome_of(incident.world);

  const auto began = tests::events_of(outcome, EventKind::reaction_began);
  REQUIRE(began.size() == 1);
  CHECK(std::get<world::SiteId>(*began[0].about.place) == far);
  CHECK(outcome.apps[0].down.empty());  // front is still there at the other site
}

TEST_CASE("automation that undoes its own reason acts once a second, and the run comes to its end", "[simgrid]") {
  Incident incident{"shop -> front"};
  incident.world.horizon = minutes(2);
  const auto reaction = incident.react("nervous", tests::state_of(world::State::up, incident.service("front")),
                                       world::Verb::down, incident.service("front"));
  incident.add_fault(world::Verb::load, Incident::people, {});

  const auto outcome = tests::outcome_of(incident.world);

  const auto began = tests::events_of(outcome, EventKind::reaction_began);
  CHECK(began.size() >= 30);
  CHECK(began.size() <= 120);
  CHECK(tests::minute_of(outcome, EventKind::reaction_began, reaction) >= 0);
}

TEST_CASE("what creeps over its bound is acted upon within a second once it has held, however far flows step",
          "[simgrid]") {
  for (const Duration hold : {Duration{}, Duration::seconds(30), minutes(2), minutes(10), minutes(40)}) {
    Incident incident{"shop -> front"};
    incident["front"].per_replica = Rate::per_second(200);
    incident["front"].overload = world::Queue{.limit = Duration::hours(5)};
    incident.call("shop", "front").timeout = incident.world.journeys[0].timeout = Duration::hours(6);
    const auto weak = incident.add_fault(world::Verb::lose_capacity, incident.service("front"), minutes(60));
    incident.fault(weak).effect.share = quantity::Share{0.9};
    const auto acting = incident.react("acts",
                                       tests::condition_of(world::Metric::backlog, incident.service("front"),
                                                           world::Comparison::greater, 720'000, hold),
                                       world::Verb::slow, incident.service("front"));

    const auto outcome = tests::outcome_of(incident.world);

    // 800 a second are more than it can do. After quarter of an hour exactly so many wait: one more is one too many.
    INFO("held for " << hold.in_minutes() << " minutes");
    const double acts = tests::minute_of(outcome, EventKind::reaction_began, acting);
    CHECK(acts >= 15 + hold.in_minutes());
    CHECK(acts < 15 + hold.in_minutes() + 1.1 / 60);
  }
}

TEST_CASE("answers that fade are acted upon within a second once they have been too few for long enough", "[simgrid]") {
  const int broken = GENERATE(1, 61);
  const auto acts_after = [broken](Duration hold) {
    Incident incident{"shop -> front; shop -> gate"};
    for (world::Service& one : incident.world.services) one.per_replica = Rate::per_second(1e9);
    incident.log_in_at("gate", quantity::Share{1});
    incident.world.populations[0].does[0].per_user = Rate::per_second(10);  // everyone finds out within seconds
    incident.world.sessions[0].lifetime = always(minutes(60));
    incident.break_down(incident.service("gate"), minutes(broken));
    const auto acting = incident.react(
        "acts", tests::condition_of(world::Metric::success, world::AppId{0}, world::Comparison::less, 0.9, hold),
        world::Verb::slow, incident.service("front"));
    return tests::minute_of(tests::outcome_of(incident.world), EventKind::reaction_began, acting);
  };

  const double at_once = acts_after({});
  CHECK(at_once == Approx(6).margin(0.05));  // of the sessions, one in sixty is lost each minute
  for (const Duration hold : {Duration::seconds(30), minutes(2), minutes(10)}) {
    INFO("held for " << hold.in_minutes() << " minutes");
    CHECK(acts_after(hold) - at_once == Approx(hold.in_minutes()).margin(1.1 / 60));
  }
}
