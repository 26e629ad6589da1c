// Automation that mends: every verb of recovery as a reaction, at its place, and taken back when its reason is gone.
#include <catch2/catch.hpp>

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

// Front breaks at minute 60 until something mends it; a sign that the side service is down begins ten minutes later and
// lasts for `lasts`.
struct WithSign : Incident {
  explicit WithSign(double lasts = 60) : Incident{"shop -> front; other -> side"} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    trouble = break_down(service("front"), minutes(60));
    sign = break_down(service("side"), minutes(70));
    fault(sign).lasts = always(minutes(lasts));
  }
  world::Reaction& when_signed(Verb verb, world::Subject target) {
    const auto id = react("mends", tests::state_of(world::State::active, sign), verb, target);
    reaction(id).ends = {{.faults = {trouble}, .reactions = {}}};
    return reaction(id);
  }
  double success(const Outcome& outcome, double minute) const {  // of the shop, down or not
    for (const simulation::Interval& down : outcome.apps[0].down) {
      if (down.from.in_minutes() <= minute && minute < down.to.in_minutes()) return 0;
    }
    return 1;
  }
  world::FaultId trouble{0}, sign{0};
};

// 1,000 a second at each of two sites.
struct TwoSites : WithSign {
  explicit TwoSites(double lasts = 60) : WithSign{lasts} {
    far = add_site("far");
    fault(trouble).effect.targets[0].place = site;
  }
  world::SiteId far{0};
};

}  // namespace

TEST_CASE("a machine that repairs, replaces, rolls back or restarts ends the fault after its delay", "[simgrid]") {
  for (const Verb verb : {Verb::repair, Verb::replace, Verb::roll_back, Verb::restart, Verb::switch_on}) {
    WithSign incident;
    incident.when_signed(verb, incident.service("front")).delay = always(minutes(5));

    const Outcome outcome = tests::outcome_of(incident.world);

    INFO(world::text_of(verb));
    CHECK(minute_of(outcome, EventKind::fault_ended, incident.trouble) == Approx(15));
  }
}

TEST_CASE("what has been mended stays so when the reason to mend it is gone", "[simgrid]") {
  WithSign incident{5};
  incident.when_signed(Verb::repair, incident.service("front"));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::reaction_ended) == Approx(15));
  CHECK(incident.success(outcome, 30) == 1);
}

TEST_CASE("a roll-back in stages stops half way when its reason is gone", "[simgrid]") {
  WithSign incident{15};
  incident.fault(incident.trouble).effect.verb = Verb::errors;
  world::Reaction& back = incident.when_signed(Verb::roll_back, incident.service("front"));
  back.effect.stages = 4;
  back.effect.staged_every = minutes(10);
  incident.world.apps[0].down.metric_tests[0].low = 0.3;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::fault_ended, incident.trouble) == -1);
  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(20).margin(0.1));  // from a quarter to a half of successes
  CHECK_FALSE(outcome.apps[0].restored);                                     // and that is all it comes to
}

TEST_CASE("a machine that switches off does so until its reason is gone", "[simgrid]") {
  WithSign incident{20};
  incident.fault(incident.trouble).lasts = always(minutes(1));
  incident.when_signed(Verb::switch_off, incident.service("front")).ends.clear();

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(incident.success(outcome, 20) == 0);
  CHECK(incident.success(outcome, 31) == 1);
}

TEST_CASE("callers that a machine leads away come back when its reason is gone", "[simgrid]") {
  for (const Verb verb : {Verb::drain, Verb::fail_over}) {
    TwoSites incident{20};
    incident.fault(incident.trouble).effect.verb = Verb::errors;
    incident.fault(incident.trouble).lasts = always(Duration::hours(3));
    world::Reaction& away = incident.when_signed(verb, incident.service("front"));
    away.ends.clear();
    away.effect.targets[0].place = Incident::site;
    away.effect.loses = minutes(2);

    const Outcome outcome = tests::outcome_of(incident.world);

    INFO(world::text_of(verb));
    CHECK(incident.success(outcome, 5) == 0);
    CHECK(incident.success(outcome, 20) == 1);  // at the other site
    CHECK(incident.success(outcome, 35) == 0);
    CHECK(outcome.incident.data_lost.in_minutes() == Approx(2));
  }
}

TEST_CASE("a machine that leads callers back undoes what people have led away", "[simgrid]") {
  TwoSites incident;
  incident.fault(incident.trouble).effect.verb = Verb::stale;  // so that its site counts as bad, and nobody is lost
  incident.fault(incident.trouble).lasts = always(minutes(1));
  incident.fault(incident.sign).effect.targets = {{incident.service("side"), {}}};
  world::Effect& back = incident.when_signed(Verb::undrain, incident.service("front")).effect;
  incident.world.strategies[0].when = tests::state_of(world::State::active, incident.trouble);
  const auto away = incident.add_step("away", Verb::drain, Duration{});
  incident.step(away).effect.targets = {{incident.service("front"), {}}};  // everywhere: nobody is left to answer
  back.targets = {{incident.service("front"), incident.far}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(incident.success(outcome, 9) == 0);
  CHECK(incident.success(outcome, 12) == 1);
}

TEST_CASE("a machine adds replicas for as long as its reason lasts", "[simgrid]") {
  WithSign incident{60};
  incident["front"].per_replica = Rate::per_second(200);  // 2,000, of which three quarters go
  incident.fault(incident.trouble).effect.verb = Verb::lose_capacity;
  incident.fault(incident.trouble).effect.share = Share{0.75};
  incident.world.apps[0].down.metric_tests[0].low = 0.9;
  world::Reaction& more = incident.when_signed(Verb::add_capacity, incident.service("front"));
  more.ends.clear();
  more.effect.times = 4;

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(incident.success(outcome, 5) == 0);
  CHECK(incident.success(outcome, 40) == 1);
  CHECK(incident.success(outcome, 75) == 0);
}

TEST_CASE("a machine lets people in by stages, and opens the door when its reason is gone", "[simgrid]") {
  WithSign incident{35};
  incident.fault(incident.trouble).lasts = always(minutes(1));
  world::Reaction& door = incident.when_signed(Verb::admit, incident.app);
  door.effect.targets = {{incident.app, {}}};
  door.ends.clear();
  door.effect.admission = world::Admission{
      .from = Share{0.2}, .by = Share{0.2}, .to = Share{0.8}, .rates = {}, .every = minutes(10), .guard = {}};

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto let_in = tests::events_of(outcome, EventKind::admitted);
  REQUIRE(let_in.size() == 4);
  CHECK(let_in[0].value == Approx(0.2));
  CHECK(let_in[3].value == Approx(0.8));
  CHECK(incident.success(outcome, 15) == 0);  // four in five are turned away
  REQUIRE(outcome.apps[0].restored);
  CHECK(outcome.apps[0].restored->in_minutes() == Approx(45).margin(0.5));
}

TEST_CASE("each of a reaction's places mends what is there", "[simgrid]") {
  TwoSites incident;
  world::Reaction& mend = incident.when_signed(Verb::repair, incident.service("front"));
  mend.per = {Incident::site, incident.far};
  mend.effect.targets[0].place = world::Here{};
  mend.ends = {{.faults = {}, .reactions = {}}, {.faults = {incident.trouble}, .reactions = {}}};

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto ended = tests::events_of(outcome, EventKind::fault_ended);
  REQUIRE_FALSE(ended.empty());
  const simulation::Event& cause = outcome.events[ended[0].cause - 1];
  CHECK(cause.kind == EventKind::reaction_began);
  CHECK(std::get<world::SiteId>(*cause.about.place) == incident.far);
}

TEST_CASE("a step that disables a mending reaction takes back what it holds", "[simgrid]") {
  WithSign incident{600};
  incident.fault(incident.trouble).lasts = always(minutes(1));
  const auto id = world::ReactionId{0};
  incident.when_signed(Verb::switch_off, incident.service("front")).ends.clear();
  incident.world.strategies[0].when = tests::state_of(world::State::active, id);
  const auto off = incident.add_step("off", Verb::disable, minutes(10));
  incident.step(off).effect.targets = {{id, {}}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(incident.success(outcome, 15) == 0);
  CHECK(incident.success(outcome, 21) == 1);
}

TEST_CASE("a mending reaction that flaps acts anew each time it comes on", "[simgrid]") {
  WithSign incident{60};
  incident.fault(incident.trouble).lasts = always(minutes(1));
  world::Reaction& off = incident.when_signed(Verb::switch_off, incident.service("front"));
  off.ends.clear();
  off.flaps = world::Flaps{.period = minutes(20), .duty = Share{0.5}, .chance = {}, .nodes = {}};

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() >= 3);  // 10..20, 30..40, 50..60
  CHECK(incident.success(outcome, 15) == 0);
  CHECK(incident.success(outcome, 25) == 1);
  CHECK(incident.success(outcome, 35) == 0);
}
