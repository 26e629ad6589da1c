// Automation that is found in many places, written as reactions: what it does, what harm that does, and that a step
// can switch it off.
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

// A front at two sites, over which callers spread, and something that watches each.
struct Watched : Incident {
  Watched() : Incident{"shop -> front; other -> side"}, far{add_site("far")} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    world::Service& front = (*this)["front"];
    front.sites = {site, far};
    front.replicas = {10, 10};
    front.balance = world::Balance::spread;
    world.apps[0].down.metric_tests[0].low = 0.9;
  }
  // Where fewer than half of the answers are good for five minutes, callers are led away.
  world::ReactionId eject() {
    world::Condition bad =
        tests::condition_of(world::Metric::success, service("front"), world::Comparison::less, 0.5, minutes(5));
    bad.metric_tests[0].target.place = world::Here{};
    const auto id = react("ejects", bad, Verb::drain, service("front"));
    reaction(id).per = {site, far};
    reaction(id).effect.targets[0].place = world::Here{};
    return id;
  }
  world::FaultId fail_at(world::SiteId where, double share) {
    const auto id = add_fault(Verb::errors, service("front"), minutes(60));
    fault(id).effect.targets[0].place = where;
    fault(id).effect.share = Share{share};
    return id;
  }
  world::StepId switch_off(world::ReactionId id, double minute) {
    world.strategies[0].when = tests::state_of(world::State::active, id);
    const auto step = add_step("off", Verb::disable, minutes(minute));
    this->step(step).effect.targets = {{id, {}}};
    return step;
  }
  world::SiteId far;
};

}  // namespace

TEST_CASE("a health check leads callers away from the site that fails", "[simgrid]") {
  Watched incident;
  incident.fail_at(incident.far, 1);
  incident.eject();

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(5).margin(0.1));
}

TEST_CASE("a health check that puts back what it has ejected finds out anew", "[simgrid]") {
  Watched incident;
  incident.fail_at(incident.far, 1);
  const auto ejects = incident.eject();
  incident.reaction(ejects).flaps = world::Flaps{.period = minutes(20), .duty = Share{0.8}, .chance = {}, .nodes = {}};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].dips == 14);  // one in every twenty minutes of five hours, but the first
  CHECK(outcome.apps[0].down_time().in_minutes() == Approx(5 + 14 * 4).margin(1));
}

TEST_CASE("a health check that ejects both sites takes down what was half there, until people switch it off",
          "[simgrid]") {
  Watched incident;
  incident.world.apps[0].down.metric_tests[0].low = 0.2;
  incident.fail_at(Incident::site, 0.6);
  incident.fail_at(incident.far, 0.6);
  const auto ejects = incident.eject();
  const auto off = incident.switch_off(ejects, 30);

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(5).margin(0.1));
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(minute_of(outcome, EventKind::step_done, off)).margin(0.1));
}

TEST_CASE("a fail-over onto a site that cannot carry the load makes matters worse until it is disabled", "[simgrid]") {
  Watched incident;
  world::Service& front = incident["front"];
  front.balance = world::Balance::nearest;
  front.per_replica = Rate::per_second(2000);
  front.replicas = {10, 0.1};
  front.overload = world::Shed{};
  incident.world.apps[0].down.metric_tests[0].low = 0.5;
  const auto errors = incident.fail_at(Incident::site, 0.2);
  const auto moves = incident.react("moves", tests::state_of(world::State::active, errors), Verb::fail_over,
                                    incident.service("front"));
  incident.reaction(moves).effect.targets[0].place = Incident::site;
  incident.reaction(moves).effect.loses = minutes(1);
  const auto off = incident.switch_off(moves, 20);

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(minute_of(outcome, EventKind::step_done, off)).margin(0.5));
  CHECK(outcome.incident.data_lost.in_minutes() == Approx(1));
}

TEST_CASE("a name server that withdraws itself where it cannot see its data centre takes its name along", "[simgrid]") {
  Watched incident;
  world::Service& names = incident["side"];
  names.sites = {Incident::site, incident.far};
  names.replicas = {10, 10};
  incident["front"].resolve =
      world::Resolve{.through = incident.operation("side"), .ttl = minutes(2), .negative_ttl = minutes(1)};
  const auto cut = incident.add_fault(Verb::stale, incident.service("side"), minutes(60));
  const auto withdraws = incident.react("withdraws", tests::state_of(world::State::active, cut), Verb::unreachable,
                                        incident.service("side"));
  incident.reaction(withdraws).per = {Incident::site, incident.far};
  incident.reaction(withdraws).effect.targets[0].place = world::Here{};
  const auto off = incident.switch_off(withdraws, 45);

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(0.2).margin(0.1));  // a tenth of two minutes
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(minute_of(outcome, EventKind::step_done, off)).margin(0.1));
}

TEST_CASE("a load balancer that takes out what is slow leaves the rest to carry it", "[simgrid]") {
  Watched incident;
  const auto slow = incident.add_fault(Verb::slow, incident.service("front"), minutes(60));
  incident.fault(slow).effect.targets[0].place = incident.far;
  incident.fault(slow).effect.slower = always(Duration::seconds(30));
  const auto takes_out =
      incident.react("takes-out", tests::state_of(world::State::active, slow), Verb::drain, incident.service("front"));
  incident.reaction(takes_out).effect.targets[0].place = incident.far;
  incident.reaction(takes_out).delay = always(minutes(10));

  const Outcome outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].to.in_minutes() == Approx(10).margin(0.1));
}
