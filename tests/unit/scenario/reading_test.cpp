#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <string>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using quantity::Duration;
using tests::faults_of;
using tests::with_small;

namespace {

world::World world_of(const std::string& text, const scenario::Options& options = {}) {
  auto read = scenario::read_text(text, options);
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  return std::move(read->world);
}

constexpr const char* two_regions =
    "knockon: 1\ntitle: t\nstarts: 2026-03-02T09:00:00Z\n"
    "regions: {east: {users: 1M}, west: {users: 3M, clock: UTC-5}}\n"
    "sites: {west-dc: {in: west}, west-edge: {in: west}}\n"
    "apps: {app: {journeys: {open: {calls: [web]}}}}\n";

double mean_of(const world::Curve& curve) {
  double sum = 0;
  constexpr int steps = 24 * 60;
  for (int i = 0; i < steps; ++i) sum += curve.level(Duration::minutes(i));
  return sum / steps;
}

}  // namespace

TEST_CASE("a region without sites has one of its name, and links end at it; else they end at its users") {
  const auto world =
      world_of(std::string{two_regions} +
               "services: {web: {}}\nlinks: {a: {between: [east, west-dc]}, b: {between: [west, west-edge]}}\n");

  REQUIRE(world.sites.size() == 3);
  CHECK(world.sites[2].name == "east");
  CHECK(std::get<world::SiteId>(world.links[0].from) == world::SiteId{2});
  CHECK(std::get<world::RegionId>(world.links[1].from) == world::RegionId{1});
  CHECK(world.links[0].latency == Duration::of_seconds(0.08));
  CHECK(world.links[1].latency == Duration::of_seconds(0.001));
  CHECK_FALSE(world.links[0].bandwidth);
}

TEST_CASE("services run everywhere unless told, with so many replicas at each site") {
  const auto world =
      world_of(std::string{two_regions} + "services: {web: {}, dns: {in: west, replicas: {west-dc: 4, other: 2}}}\n");

  CHECK(world.services[0].sites.size() == 3);
  CHECK(world.services[0].replicas == std::vector<double>{10, 10, 10});
  CHECK(world.services[1].sites == std::vector{world::SiteId{0}, world::SiteId{1}});
  CHECK(world.services[1].replicas == std::vector<double>{4, 2});
}

TEST_CASE(
    "a service without operations has one of its own name; an operation takes what it leaves open from the service") {
  const auto world =
      world_of(with_small("services:\n"
                          "  web: {latency: 7ms}\n"
                          "  auth: {latency: {median: 2ms, p99: 20ms}, fallback: {stale: 1h}, calls: [web], "
                          "operations: {check: {}, login: {cost: 8, calls: [], fallback: {answer: default}}}}\n"));

  REQUIRE(world.operations.size() == 3);
  CHECK(world.operations[0].name == "web");
  CHECK(world.operations[0].latency.median == Duration::of_seconds(0.007));
  CHECK(world.operations[0].latency.sigma == 0);
  const world::Operation& check = world.operations[1];
  CHECK(check.name == "auth.check");
  CHECK(check.cost == 1);
  CHECK(check.latency.sigma == Approx(std::log(10.0) / 2.326).epsilon(0.001));
  CHECK(check.calls.size() == 1);
  CHECK(check.fallback->stale == Duration::hours(1));
  const world::Operation& login = world.operations[2];
  CHECK(login.cost == 8);
  CHECK(login.calls.empty());
  CHECK_FALSE(login.fallback->stale);
}

TEST_CASE("calls are hard, once, for a second, unless they say otherwise") {
  const auto world =
      world_of(with_small("services:\n"
                          "  web: {calls: [a, {to: b, kind: soft, per_request: 0.2, timeout: 200ms, tries: 3, "
                          "fallback: {stale: 5m, share: 60%}},\n"
                          "                {any_of: [a, b], at_least: 2}, {parallel: [a, {any_of: [a, b]}]}]}\n"
                          "  a: {}\n"
                          "  b: {}\n"));
  const auto& calls = world.operations[0].calls;

  REQUIRE(calls.size() == 4);
  CHECK(calls[0].kind == world::CallKind::hard);
  CHECK(calls[0].timeout == Duration::seconds(1));
  CHECK(calls[0].tries == 1);
  CHECK(calls[1].kind == world::CallKind::soft);
  CHECK(calls[1].per_request == 0.2);
  CHECK(calls[1].tries == 3);
  CHECK(calls[1].fallback->share == quantity::Share::percent(60));
  CHECK(calls[2].form == world::Call::Form::any_of);
  CHECK(calls[2].at_least == 2);
  CHECK(calls[3].members[1].form == world::Call::Form::any_of);
}

TEST_CASE("overload is a queue of two seconds unless said") {
  const auto world =
      world_of(with_small("services: {web: {}, a: {overload: shed}, b: {overload: {policy: queue, limit: 6h}}}\n"));

  CHECK(std::get<world::Queue>(world.services[0].overload).limit == Duration::seconds(2));
  CHECK(std::holds_alternative<world::Shed>(world.services[1].overload));
  CHECK(std::get<world::Queue>(world.services[2].overload).limit == Duration::hours(6));
}

TEST_CASE("every curve has a mean of one over the day, the built-in ones too") {
  const auto world = world_of(with_small(
      "services: {web: {}}\ncurves: {peaky: {points: {0h: 10%, 9h30m: 100%, 20h: 40%}}, one: {points: {5h: 3%}}}\n"));

  REQUIRE(world.curves.size() == 4);
  for (const world::Curve& curve : world.curves) CHECK(mean_of(curve) == Approx(1).epsilon(0.001));
  CHECK(world.curves[2].name == "evening");
  CHECK(world.curves[2].level(Duration::hours(21)) == Approx(4.0 / 3).epsilon(0.001));
  CHECK(world.curves[2].level(Duration::hours(9)) == Approx(2.0 / 3).epsilon(0.001));
}

TEST_CASE("users are a share of each region, a number over all, or either by region") {
  const auto world = world_of(std::string{two_regions} +
                              "services: {web: {}}\n"
                              "populations:\n"
                              "  all: {does: {app.open: 1/d}}\n"
                              "  some: {users: 10%, does: {app.open: 1/d}}\n"
                              "  number: {users: 400, does: {app.open: 1/d}}\n"
                              "  apart: {users: {west: 50k, other: 2%}, does: {app.open: 1/d}}\n");

  CHECK(world.populations[0].users == std::vector<double>{1e6, 3e6});
  CHECK(world.populations[1].users == std::vector<double>{1e5, 3e5});
  CHECK(world.populations[2].users == std::vector<double>{100, 300});
  CHECK(world.populations[3].users == std::vector<double>{2e4, 5e4});
}

TEST_CASE("time is divided by daily rates, where it is not written, and always sums to one") {
  const auto world = world_of(
      "knockon: 1\ntitle: t\nstarts: 2026-03-02T09:00:00Z\nregions: {home: {users: 1M}}\nservices: {web: {}}\n"
      "apps: {a: {journeys: {x: {calls: [web]}, z: {calls: [web]}}}, b: {journeys: {x: {calls: [web]}}}, c: {journeys: "
      "{x: {calls: [web]}}}}\n"
      "populations:\n"
      "  plain: {does: {a.x: 2/d, a.z: 1/d, b.x: 1/d}}\n"
      "  partly: {does: {a.x: 1/d, b.x: 3/d, c.x: 1/d}, time: {c: 60%}, uses: {c: 20%}}\n"
      "  wholly: {does: {a.x: 1/d, b.x: 3/d}, time: {a: 66.6%, b: 33.3%}}\n");

  for (const auto& population : world.populations) {
    double sum = 0;
    for (const auto& app : population.apps) sum += app.time.value();
    CHECK(sum == Approx(1).epsilon(1e-12));
  }
  CHECK(world.populations[0].apps[0].time.value() == Approx(0.75));
  CHECK(world.populations[1].apps[0].time.value() == Approx(0.1));
  CHECK(world.populations[1].apps[2].uses.value() == Approx(0.2));
  CHECK(world.populations[2].apps[0].time.value() == Approx(2.0 / 3));
}

TEST_CASE("people retry, give up, return and report as the language says by default") {
  const auto population =
      world_of(with_small("services: {web: {}}\npopulations: {p: {does: {app.open: 12/d}, worth: 60 USD/h}}\n"))
          .populations.front();

  CHECK(population.retry.first == Duration::seconds(5));
  CHECK(population.retry.gives_up == quantity::Rate::per_hour(0.3));
  CHECK(population.retry.returns.median().in_minutes() == Approx(60).epsilon(1e-6));
  CHECK(population.reports.per_second() == Approx(0.0003 / 3600));
  CHECK(population.worth.per_minute() == Approx(1));
  CHECK(population.does.front().per_user.per_day() == Approx(12));
}

TEST_CASE("a fault begins at once or at a date, and ends by repair unless said") {
  const auto world = world_of(with_small(
      "services: {web: {}}\n"
      "causes: {c: {faults: {now: {do: down, target: web}, later: {do: errors, target: web, at: 2026-03-02T09:30:00Z, "
      "share: 20%, of: users, ended_by: [restart, replace], lasts: {uniform: [5m, 15m]}}}}}\n"));

  CHECK(world.faults[0].at.median() == Duration{});
  CHECK(world.faults[0].ended_by == std::vector{world::Verb::repair});
  CHECK(world.faults[1].at.median() == Duration::minutes(30));
  CHECK(world.faults[1].effect.of == world::Of::users);
  CHECK(world.faults[1].effect.share.value() == Approx(0.2));
  CHECK(world.faults[1].lasts->median() == Duration::minutes(10));
  REQUIRE(world.cause);
}

TEST_CASE("a reaction for each of some places has an instance for each site") {
  const auto world =
      world_of(std::string{two_regions} +
               "services: {web: {}, dns: {}}\n"
               "reactions: {withdraw: {per: west, when: not reachable(web from here) for 30s, delay: 1m, do: "
               "unreachable, target: dns@here, until: never, ended_by: restart, enabled: false}}\n");
  const world::Reaction& reaction = world.reactions.front();

  CHECK(reaction.per == std::vector{world::SiteId{0}, world::SiteId{1}});
  CHECK(std::holds_alternative<world::Here>(*reaction.effect.targets.front().place));
  CHECK(reaction.never_ends);
  CHECK_FALSE(reaction.enabled);
  CHECK(reaction.ended_by == std::vector{world::Verb::restart});
}

TEST_CASE("a step comes after the one above it, unless it says otherwise") {
  const auto world =
      world_of(with_small("services: {web: {}}\n"
                          "strategies: {s: {steps: {a: {do: wait}, b: {do: wait}, c: {do: announce, after: start}, d: "
                          "{do: wait, after: [a, c]}}}}\n"));
  using Ids = std::vector<world::StepId>;

  CHECK(world.steps[0].after == Ids{});
  CHECK(world.steps[1].after == Ids{world::StepId{0}});
  CHECK(world.steps[2].after == Ids{});
  CHECK(world.steps[3].after == Ids{world::StepId{0}, world::StepId{2}});
  CHECK(world.strategy == world::StrategyId{0});
}

TEST_CASE("a way takes from its step what it leaves open") {
  const auto world =
      world_of(with_small("services: {web: {}, console: {}}\n"
                          "teams: {ops: {people: 3, hours: 22h..6h}, press: {people: 2}}\n"
                          "strategies: {s: {steps: {fix: {do: repair, target: web, team: ops, people: 2, takes: 10m, "
                          "needs: [console], succeeds: 80%,\n"
                          "  ways: [{takes: 5m}, {needs: [], team: press, succeeds: 50%, patience: 3m}]}, plain: {do: "
                          "wait, takes: 1h}}}}\n"));
  const world::Step& step = world.steps[0];

  REQUIRE(step.ways.size() == 2);
  CHECK(step.ways[0].takes.median() == Duration::minutes(5));
  CHECK(step.ways[0].needs.size() == 1);
  CHECK(step.ways[0].needs[0].text == "console");
  CHECK(step.ways[0].team == world::TeamId{0});
  CHECK_FALSE(step.ways[0].has_patience);
  CHECK(step.ways[1].takes.median() == Duration::minutes(10));
  CHECK(step.ways[1].needs.empty());
  CHECK(step.ways[1].team == world::TeamId{1});
  CHECK(step.ways[1].succeeds.value() == Approx(0.5));
  CHECK(step.ways[1].has_patience);
  CHECK(world.steps[1].ways.size() == 1);
  CHECK(world.teams[0].hours_from == Duration::hours(22));
}

TEST_CASE("an admission without a ramp lets everybody in at once") {
  const auto world =
      world_of(with_small("services: {web: {}}\n"
                          "strategies: {s: {steps: {cap: {do: admit, target: app, to: 30%}, ramp: {do: admit, target: "
                          "app.open@home, from: 10%, by: 20%, every: 5m, guard: success(web) >= 98%}}}}\n"));

  CHECK(world.steps[0].effect.admission->from.value() == Approx(0.3));
  CHECK(world.steps[0].effect.admission->to.value() == Approx(0.3));
  CHECK(world.steps[1].effect.admission->from.value() == Approx(0.1));
  CHECK(world.steps[1].effect.admission->to.value() == 1);
  CHECK(world.steps[1].effect.admission->guard);
  CHECK(world.steps[1].effect.targets.front().place);
}

TEST_CASE("a step ends a fault when its verb does and its target is, or contains, the fault's") {
  const auto world =
      world_of(std::string{two_regions} +
               "services: {web: {}, auth: {operations: {check: {}, login: {}}}, dns: {in: west}}\n"
               "groups: {inner: {has: [auth]}, outer: {has: [inner, west]}}\n"
               "sessions: {login: {store: auth, opened_by: app.open}}\n"
               "causes: {c: {faults: {check: {do: errors, target: auth.check}, out: {do: log-out, target: login}, "
               "name: {do: down, target: dns},\n"
               "  part: {do: down, target: web@west-dc}, whole: {do: down, target: web}, both: {do: down, target: "
               "[web, auth]}}}}\n"
               "strategies: {s: {steps: {auth: {do: repair, target: auth}, check: {do: repair, target: auth.login}, "
               "west: {do: repair, target: west},\n"
               "  web: {do: repair, target: web}, outer: {do: repair, target: outer}, wrong: {do: restart, target: "
               "auth}, two: {do: repair, target: [auth, web]}, there: {do: repair, target: web@west}}}}\n");
  const auto ends = [&](std::size_t step) {
    std::string names;
    for (const world::FaultId fault : world.steps[step].ends) names += world[fault].name + " ";
    return names;
  };

  CHECK(ends(0) == "check out ");
  CHECK(ends(1).empty());
  CHECK(ends(2) == "name part ");
  CHECK(ends(3) == "part whole ");
  CHECK(ends(4) == "check out name part ");
  CHECK(ends(5).empty());
  CHECK(ends(6) == "check out part whole both ");
  CHECK(ends(7) == "part ");
}

TEST_CASE("a fault that nothing ends is a warning, not an error") {
  const auto read = scenario::read_text(with_small(
      "services: {web: {}}\ncauses: {c: {faults: {f: {do: down, target: web}}}}\nstrategies: {s: {steps: {}}}\n"));

  REQUIRE(read);
  REQUIRE(read->warnings.size() == 1);
  CHECK(read->warnings.front().code == "never-ended");
  CHECK(read->warnings.front().severity == scenario::Severity::warning);
}

TEST_CASE("a fault outside its cause is called by both names, or plainly where only one cause has it") {
  const std::string causes =
      "services: {web: {}}\ncauses: {a: {faults: {x: {do: down, target: web, lasts: 1m}, z: {do: down, target: web, "
      "lasts: 1m}}}, b: {faults: {x: {do: down, target: web, lasts: 1m}}}}\n";

  CHECK(faults_of(with_small(causes + "monitors: {m: {alert: active(b.x) or active(z)}}\n")) == "accepted");
  CHECK(faults_of(with_small(causes + "monitors: {m: {alert: active(x)}}\n")) ==
        "8:30 unknown-name no fault or reaction called 'x'\n");
}

TEST_CASE("promises and observations are kept in their measures' units") {
  const auto world = world_of(with_small(
      "services: {web: {}}\n"
      "observed: {restored: 1h..2h, down(app@home): 90s, ready: {when: success(app) >= 95% for 10m, value: 431m}}\n"
      "promises:\n  - p95 down(app) < 3h\n  - ever_down(app) = 0%\n  - median money in 1M USD..2M USD\n  - staff_hours "
      "< 90m\n"));

  CHECK(world.observed[0].low == 60);
  CHECK(world.observed[0].high == 120);
  CHECK(world.observed[1].low == 1.5);
  CHECK(world.observed[1].of->region == world::RegionId{0});
  CHECK(world.observed[2].milestone);
  CHECK(world.observed[2].low == 431);
  CHECK(world.promises[0].statistic == world::Statistic::p95);
  CHECK(world.promises[0].low == 180);
  CHECK(world.promises[1].statistic == world::Statistic::every);
  CHECK(world.promises[2].high == 2e6);
  CHECK(world.promises[3].low == 1.5);
}

TEST_CASE("a session is held by everybody unless it says by whom") {
  const auto world =
      world_of(with_small("services: {web: {}}\npopulations: {p: {does: {app.open: 1/d}}}\n"
                          "sessions: {a: {store: web, opened_by: app.open}, b: {store: web, opened_by: app.open, "
                          "holders: p, lifetime: 60d, held: 96%}}\n"));

  CHECK(world.sessions[0].holders == world::Holders{world::AllUsers{}});
  CHECK_FALSE(world.sessions[0].lifetime);
  CHECK(world.sessions[0].held.value() == Approx(0.95));
  CHECK(world.sessions[1].holders == world::Holders{world::PopulationId{0}});
  CHECK(world.sessions[1].lifetime->median() == Duration::hours(60 * 24));
}

TEST_CASE("a scenario is called by its folder, or by its file") {
  CHECK(scenario::name_of("scenarios/meta/scenario.yaml") == "meta");
  CHECK(scenario::name_of("other/x.yaml") == "x");
  CHECK(scenario::name_of("scenario.yaml") == "scenario");
}
