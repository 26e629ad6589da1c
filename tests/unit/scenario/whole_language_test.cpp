// Every key of the language has its place in the world.
#include <catch2/catch.hpp>
#include <string>

#include "engine/scenario/scenario.hpp"
#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using tests::with_small;

namespace {

world::World looked_at(std::string_view rest) {
  auto read = scenario::read_text(with_small(rest));
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  return std::move(read->world);
}

world::Service service_with(const std::string& keys) {
  return looked_at("services: {web: {}, s: {" + keys + "}}\n").services.at(1);
}

world::Call call_with(const std::string& keys) {
  return looked_at("services: {web: {}, s: {calls: [{to: web, " + keys + "}]}}\n").operations.at(1).calls.at(0);
}

world::Fault fault_with(const std::string& keys) {
  return looked_at(
             "services: {web: {cache: {behind: db, hit: 90%, entries: 1M}}, db: {}}\n"
             "causes: {c: {faults: {f: {" +
             keys + "}}}}\n")
      .faults.at(0);
}

world::Step step_with(const std::string& keys) {
  return looked_at("sites: {far: {in: home}, near: {in: home}}\nservices: {web: {}}\nstrategies: {s: {steps: {x: {" +
                   keys + "}}}}\n")
      .steps.at(0);
}

Duration milliseconds(double count) { return Duration::of_seconds(count / 1000); }

}  // namespace

TEST_CASE("a call's pauses are those of the language's defaults unless they are written") {
  const world::Backoff silent = call_with("tries: 3").backoff;
  const world::Backoff partly = call_with("tries: 3, backoff: {first: 1s, jitter: 0%}").backoff;

  CHECK(silent == world::Backoff{milliseconds(100), 2, Duration::seconds(10), Share::percent(20)});
  CHECK(partly == world::Backoff{Duration::seconds(1), 2, Duration::seconds(10), Share{0}});
}

TEST_CASE("a call keeps each of its protections") {
  const world::Call call = call_with(
      "retry_budget: 10%, breaker: {errors: 30%, open: 1m}, bulkhead: 40, hedge_after: 50ms, deadline: 3s, "
      "silent: static, static_for: 1h");

  CHECK(call.retry_budget == Share::percent(10));
  CHECK(call.breaker == world::Breaker{Share::percent(30), Duration::seconds(10), Duration::minutes(1), 1});
  CHECK(call.bulkhead == 40);
  CHECK(call.hedge_after == milliseconds(50));
  CHECK(call.deadline == Duration::seconds(3));
  CHECK(call.silent == world::Silent::last_answer);
  CHECK(call.static_for == Duration::hours(1));
}

TEST_CASE("a call without protections has none, and fails when nobody answers") {
  const world::Call call = call_with("tries: 2");

  CHECK_FALSE(call.retry_budget);
  CHECK_FALSE(call.breaker);
  CHECK_FALSE(call.bulkhead);
  CHECK_FALSE(call.hedge_after);
  CHECK_FALSE(call.deadline);
  CHECK_FALSE(call.late);
  CHECK(call.silent == world::Silent::closed);
  CHECK(call_with("silent: open").silent == world::Silent::open);
}

TEST_CASE("a breaker that is written empty is one of every default") {
  CHECK(call_with("breaker: {}").breaker == world::Breaker{});
}

TEST_CASE("an async call is handed over, and late after its own time") {
  const world::Call call = call_with("kind: async, late: 5m");

  CHECK(call.kind == world::CallKind::async);
  CHECK(call.late == Duration::minutes(5));
}

TEST_CASE("each policy of overload is told apart, with its own measure") {
  CHECK(service_with("overload: collapse").overload == world::Overload{world::Collapse{Duration::seconds(10)}});
  CHECK(service_with("overload: {policy: collapse, patience: 60s}").overload ==
        world::Overload{world::Collapse{Duration::minutes(1)}});
  CHECK(service_with("overload: {policy: slowdown, per_request: 5ms}").overload ==
        world::Overload{world::Slowdown{milliseconds(5)}});
  CHECK(service_with("overload: brownout").overload == world::Overload{world::Brownout{Share::percent(90)}});
  CHECK(service_with("overload: {policy: adaptive, wait: 200ms}").overload ==
        world::Overload{world::Adaptive{milliseconds(200)}});
}

TEST_CASE("a queue says who is next, what it does for who has gone, and when work is too old") {
  const auto queue = std::get<world::Queue>(
      service_with("overload: {policy: queue, limit: 1h, abandoned: served, order: lifo, expires: 10m}").overload);

  CHECK(queue == world::Queue{Duration::hours(1), true, world::QueueOrder::lifo, Duration::minutes(10)});
  CHECK(std::get<world::Queue>(service_with("overload: {policy: queue, order: codel}").overload).order ==
        world::QueueOrder::codel);
}

TEST_CASE("policies combine in the order they are written") {
  const world::Service service = service_with("overload: [{policy: queue, limit: 5s}, brownout]");

  CHECK(service.overload == world::Overload{world::Queue{.limit = Duration::seconds(5)}});
  CHECK(service.overload_besides == std::vector<world::Overload>{world::Brownout{}});
}

TEST_CASE("a service has its priority, warm-up calls, disk, sessions and scale") {
  const world::World world = looked_at(
      "services:\n"
      "  web: {}\n"
      "  s:\n"
      "    priority_by_journey: true\n"
      "    balance: home\n"
      "    warm_up: {from: 10%, over: 5m, calls: [web]}\n"
      "    disk: 8 Gbit/s\n"
      "    scaled_by: lease\n"
      "    autoscale: {keep: 60%, from: 2, to: 40, every: 30s}\n"
      "    cache: {behind: web, hit: 90%, entries: 1M, expires: 1h}\n"
      "sessions: {lease: {store: web, opened_by: app.open}}\n");
  const world::Service& service = world.services[1];

  CHECK(service.priority_by_journey);
  CHECK(service.balance == world::Balance::home);
  REQUIRE(service.warm_up);
  REQUIRE(service.warm_up->calls.size() == 1);
  CHECK(service.warm_up->calls[0].to == world::OperationId{0});
  CHECK(service.disk == quantity::DataRate::bytes_per_second(1e9));
  CHECK(service.scaled_by == world::SessionId{0});
  CHECK(service.autoscale == world::Autoscale{Share::percent(60), 2, 40, Duration::seconds(30), Duration::minutes(3)});
  CHECK(service.cache->expires == Duration::hours(1));
}

TEST_CASE("replicas restart at the places named, in that order and each once") {
  const world::World world = looked_at(
      "sites: {far: {in: home}, near: {in: home}}\n"
      "groups: {both: {has: [far, near]}}\n"
      "services: {web: {restart: {rate: 1/s, order: [near, both]}}}\n");

  CHECK(world.services[0].restart_order == std::vector{world::SiteId{1}, world::SiteId{0}});
}

TEST_CASE(
    "a latency that is neither constant nor lognormal keeps its shape, and its median where one number is asked for") {
  const world::World world = looked_at("services: {web: {latency: {uniform: [250ms, 750ms]}}}\n");
  const world::Latency& latency = world.operations[0].latency;

  CHECK(latency.median == milliseconds(500));
  REQUIRE(latency.other);
  CHECK(latency.other->seconds() == random::Distribution{random::Uniform{0.25, 0.75}});
}

TEST_CASE("machines hold sessions that an operation opens and another renews") {
  const world::World world = looked_at(
      "services: {web: {}, leases: {operations: {open: {}, renew: {}}}}\n"
      "sessions: {lease: {store: leases, holders: 500k, opened_by: leases.open, renewed_by: leases.renew, "
      "renew_every: 1m, lifetime: {uniform: [5m, 15m]}, retry: {first: 30s, factor: 1}}}\n");
  const world::SessionKind& lease = world.sessions[0];

  const auto& machines = std::get<world::Machines>(lease.holders);
  CHECK(machines.count == 500e3);
  CHECK(machines.retry.first == Duration::seconds(30));
  CHECK(machines.retry.factor == 1);
  CHECK(std::get<world::OperationId>(lease.opened_by) == world::OperationId{1});
  CHECK(lease.renewal == world::Renewal{world::OperationId{2}, Duration::minutes(1)});
  CHECK(lease.lifetime->median() == Duration::minutes(10));
}

TEST_CASE("a fault says how it spreads, how often it comes again and which nodes flap") {
  const world::Fault fault = fault_with(
      "do: down, target: web, every: {exponential: 6h}, over: 1h, by: {rollout: {stages: 6}}, "
      "flaps: {period: 1m, chance: 30%, nodes: {from: 10%, to: 80%, over: 2h}}");

  CHECK(fault.every->seconds() == random::Distribution{random::Exponential{6 * 3600.0}});
  CHECK(fault.by == world::Spread::rollout);
  CHECK(fault.stages == 6);
  CHECK(fault.flaps->chance == Share::percent(30));
  CHECK(fault.flaps->nodes == world::Flaps::Nodes{Share::percent(10), Share::percent(80), Duration::hours(2)});
}

TEST_CASE("a rollout has four stages unless said, and a plain share of nodes does not move") {
  CHECK(fault_with("do: down, target: web, over: 1h, by: rollout").stages == 4);
  CHECK(fault_with("do: down, target: web, over: 1h, by: site").by == world::Spread::site);
  CHECK(fault_with("do: down, target: web, flaps: {period: 1m, nodes: 40%}").flaps->nodes ==
        world::Flaps::Nodes{Share::percent(40), Share::percent(40), {}});
}

TEST_CASE("errors are a share of tries, users, keys or replicas") {
  CHECK(fault_with("do: errors, target: web").effect.of == world::Of::tries);
  CHECK(fault_with("do: errors, target: web, of: users").effect.of == world::Of::users);
  CHECK(fault_with("do: errors, target: web, of: keys").effect.of == world::Of::keys);
  CHECK(fault_with("do: errors, target: web, of: replicas").effect.of == world::Of::replicas);
}

TEST_CASE("what is set is a number in the parameter's own unit") {
  const world::Effect effect = fault_with(
                                   "do: set, target: web, values: {cache.hit: 20%, per_replica: 6k/m, "
                                   "latency: 250ms, replicas: 3, cache.drop_on_error: true}")
                                   .effect;

  CHECK(effect.values ==
        std::vector<world::Setting>{
            {"cache.hit", 0.2}, {"per_replica", 100}, {"latency", 0.25}, {"replicas", 3}, {"cache.drop_on_error", 1}});
}

TEST_CASE("a live parameter inside a list is found by the item's main key") {
  const world::World world = looked_at(
      "services: {web: {calls: [{to: db, timeout: 2s}]}, db: {}}\n"
      "causes: {c: {faults: {f: {do: set, target: web, values: {\"calls[db].timeout\": 9s}}}}}\n");

  CHECK(world.faults[0].effect.values == std::vector<world::Setting>{{"calls[db].timeout", 9}});
}

TEST_CASE("something slow takes so much longer, or so many times as long") {
  CHECK(fault_with("do: slow, target: web, times: 3").effect.times == 3);
  CHECK(fault_with("do: slow, target: web, add: {uniform: [1s, 3s]}").effect.slower.median() == Duration::seconds(2));
}

TEST_CASE("admission by rate keeps rates apart from shares, and steps back where it is told to") {
  const world::Step step =
      step_with("do: admit, target: app, from: 1k/s, by: 2k/s, to: 20k/s, every: 5m, broken: back-off");

  REQUIRE(step.effect.admission);
  CHECK(step.effect.admission->rates ==
        world::Admission::Rates{Rate::per_second(1e3), Rate::per_second(2e3), Rate::per_second(20e3)});
  CHECK(step.effect.admission->broken == world::OnBroken::back_off);
}

TEST_CASE("a call says its bytes, and a link what is reserved of its bandwidth") {
  const world::World world = looked_at(
      "sites: {far: {in: home}, near: {in: home}}\nservices: {web: {}}\n"
      "links: {wire: {between: [near, far], bandwidth: 8 Gbit/s, reserved: 25%}}\n");

  CHECK(call_with("bytes: 20 kB").bytes == quantity::DataSize{20e3});
  CHECK(world.links.at(0).bandwidth == quantity::DataRate::bytes_per_second(1e9));
  CHECK(world.links.at(0).reserved == Share{0.25});
}

TEST_CASE("data is copied from a place to a place, and the last writes may be lost") {
  const world::Effect effect = step_with("do: restore, target: web@near, from: far, bytes: 4 TB, loses: 5m").effect;

  CHECK(effect.bytes == quantity::DataSize{4e12});
  CHECK(effect.loses == Duration::minutes(5));
  CHECK(effect.from == world::Place{world::SiteId{0}});
  CHECK(effect.targets[0].place == world::Place{world::SiteId{1}});
}

TEST_CASE("capacity is added for good, or for a time") {
  const world::Step some = step_with("do: add-capacity, target: web, add: 30");
  const world::Step twice = step_with("do: add-capacity, target: web, times: 2, lasts: 1h");

  CHECK(some.effect.replicas == 30);
  CHECK_FALSE(some.lasts);
  CHECK(twice.effect.times == 2);
  CHECK(twice.lasts->median() == Duration::hours(1));
}

TEST_CASE("a step that goes wrong may do harm of its own") {
  const world::Step step = step_with("do: roll-back, target: web, harm: {do: errors, target: web, share: 30%}");

  REQUIRE(step.harm);
  CHECK(step.harm->verb == world::Verb::errors);
  CHECK(step.harm->share == Share::percent(30));
  CHECK_FALSE(step_with("do: roll-back, target: web").harm);
}

TEST_CASE("a team that does not answer calls another, half an hour later unless said") {
  const world::World world = looked_at(
      "services: {web: {}}\nteams: {day: {escalates_to: night}, night: {escalates_to: boss, escalate_after: 10m}, "
      "boss: {}}\n");

  CHECK(world.teams[0].escalates_to == world::TeamId{1});
  CHECK(world.teams[0].escalate_after == Duration::minutes(30));
  CHECK(world.teams[1].escalate_after == Duration::minutes(10));
  CHECK_FALSE(world.teams[2].escalates_to);
}

TEST_CASE("a property written as a distribution is drawn once a replication, and stands at its median until then") {
  const world::World world = looked_at(
      "services: {web: {busy_at_peak: {uniform: [40%, 60%]}, calls: [{to: db, timeout: {uniform: [1s, 3s]}}]}, db: "
      "{}}\n");

  CHECK(world.services[0].busy_at_peak.value() == Approx(0.5));
  CHECK(world.operations[0].calls[0].timeout == Duration::seconds(2));
  CHECK(world.drawn == std::vector<world::DrawnProperty>{
                           {"services.web.busy_at_peak", random::Distribution{random::Uniform{0.4, 0.6}}, {}},
                           {"services.web.calls[db].timeout", random::Distribution{random::Uniform{1, 3}}, {}}});
}

TEST_CASE("conditions hold every metric") {
  const world::World world = looked_at(
      "services: {web: {}}\n"
      "defaults: {apps: {slo: {target: 99.9%}}}\n"
      "monitors: {m: {alert: p99(web) > 2s and age(web) > 5m or burn(app) > 10}}\n");

  REQUIRE(world.monitors[0].alert.metric_tests.size() == 3);
  CHECK(world.monitors[0].alert.metric_tests[0].metric == world::Metric::p99);
  CHECK(world.monitors[0].alert.metric_tests[0].low == 2);
  CHECK(world.monitors[0].alert.metric_tests[1].low == 300);
  CHECK(world.monitors[0].alert.metric_tests[2].metric == world::Metric::burn);
}

TEST_CASE("a burn is measured over an hour unless its author says over what") {
  const world::World world = looked_at(
      "defaults: {apps: {slo: {target: 99.9%}}}\n"
      "monitors: {m: {alert: burn(app) > 14.4 and burn(app over 5m) > 14.4, needs: [web], no_data: 10m}}\n"
      "services: {web: {}}\n");

  const auto& tests = world.monitors[0].alert.metric_tests;
  REQUIRE(tests.size() == 2);
  CHECK(tests[0].window == Duration::hours(1));
  CHECK(tests[1].window == Duration::minutes(5));
  CHECK(world.monitors[0].no_data == Duration::minutes(10));
}

TEST_CASE("plans stand beside each other, also those that come later in the file") {
  const world::World world = looked_at(
      "services: {web: {}}\n"
      "strategies: {mend: {beside: tell, steps: {}}, tell: {steps: {say: {do: announce}}}}\n");

  CHECK(world.strategies[0].beside == std::vector{world::StrategyId{1}});
  CHECK(world::plans_of(world, world::StrategyId{0}) == std::vector{world::StrategyId{0}, world::StrategyId{1}});
  CHECK(world::plans_of(world, world::StrategyId{1}) == std::vector{world::StrategyId{1}});
}
