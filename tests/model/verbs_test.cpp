// What is slow, empty or set to something else, against closed forms and against worlds that were written so.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "engine/traffic/flow.hpp"
#include "engine/world/parameters.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::Drawn;
using world::Metric;
using world::Verb;

namespace {

// Times are counted in ticks of a microsecond, of which some are left over of a twentieth of a second.
constexpr double in_ticks = 1e-4;

double normal(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

void run_for(traffic::Flow& flow, Duration duration) {
  const SimTime end = flow.now() + duration;
  while (flow.now() < end) {
    flow.advance(std::min(end, flow.next_date()));
    flow.settle();
  }
}

// Flows are laid out for what something in the world does, whether or not it is present.
void announce(Drawn& drawn, Verb verb, const world::Subject& subject, std::vector<world::Setting> values = {}) {
  world::Fault fault;
  fault.name = "announced";
  fault.effect.verb = verb;
  fault.effect.targets = {{subject, {}}};
  fault.effect.values = std::move(values);
  drawn.world.faults.push_back(fault);
  world::note_changing_retries(drawn.world);
}

double success(const traffic::Flow& flow) { return flow.success(Drawn::journey, Drawn::region).total(); }

// A shop that waits a fifth of a second for a stock whose answers take 50 ms, give or take.
struct Stocked : Drawn {
  Stocked() : Drawn{"app -> shop -> stock"} {
    for (world::Service& one : world.services) one.per_replica = Rate::per_second(1e6);
    call("app", "shop").timeout = world.journeys[0].timeout = Duration::hours(1);
    call("shop", "stock").timeout = Duration::of_seconds(0.2);
    world.operations[operation("stock").index()].latency = {
        .median = Duration::of_seconds(0.05), .sigma = 0.5, .other = {}};
  }
};

}  // namespace

TEST_CASE("an answer that takes three times as long comes in time as often as its distribution says") {
  Stocked drawn;
  announce(drawn, Verb::slow, drawn.service("stock"));
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_slower(drawn.operation("stock"), Drawn::site, {.times = 3});
  flow.settle();

  // ln(200 / 150) / 0.5. Sums of latencies are taken as lognormal, but here there is one alone.
  CHECK(success(flow) == Approx(normal(std::log(0.2 / 0.15) / 0.5)).epsilon(in_ticks));
  flow.set_slower(drawn.operation("stock"), Drawn::site, {});
  flow.settle();
  CHECK(success(flow) == Approx(normal(std::log(0.2 / 0.05) / 0.5)).epsilon(in_ticks));
}

TEST_CASE("what is slow makes its callers slow, and theirs give up") {
  Drawn drawn{"app -> shop -> stock"};
  for (world::Service& one : drawn.world.services) one.per_replica = Rate::per_second(1e6);
  drawn.call("shop", "stock").timeout = Duration::seconds(10);  // the shop would wait; the people's call does not
  drawn.world.operations[drawn.operation("stock").index()].latency = {
      .median = Duration::of_seconds(0.05), .sigma = 0.5, .other = {}};
  drawn.world.operations[drawn.operation("shop").index()].latency.median = Duration{};
  announce(drawn, Verb::slow, drawn.operation("stock"));
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_slower(drawn.operation("stock"), Drawn::site, {.times = 20});
  flow.settle();

  // Of the second that people's call waits, ten milliseconds go by on the way.
  CHECK(success(flow) == Approx(normal(std::log(0.99) / 0.5) * normal(std::log(10.0) / 0.5)).epsilon(in_ticks));
}

TEST_CASE("what is added differs from one request to the next by its own variance") {
  Stocked drawn;
  announce(drawn, Verb::slow, drawn.service("stock"));
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_slower(drawn.operation("stock"), Drawn::site,
                  {.times = 1, .added = Duration::of_seconds(0.1), .variance_s2 = 0.0025});
  flow.settle();

  // The lognormal with the mean and variance of the sum of both.
  const double mean = 0.05 * std::exp(0.125) + 0.1;
  const double variance = 0.0025 * std::exp(0.25) * std::expm1(0.25) + 0.0025;
  const double spread = std::log1p(variance / (mean * mean));
  CHECK(success(flow) == Approx(normal((std::log(0.2 / mean) + spread / 2) / std::sqrt(spread))).epsilon(in_ticks));
}

TEST_CASE("of callers that spread over two sites only those of the slow one wait in vain") {
  Stocked drawn;
  drawn.world.sites.push_back({"far", world::RegionId{0}});
  drawn["stock"].sites = {Drawn::site, world::SiteId{1}};
  drawn["stock"].replicas = {10, 10};
  drawn["stock"].balance = world::Balance::spread;
  announce(drawn, Verb::slow, drawn.service("stock"));
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_slower(drawn.operation("stock"), world::SiteId{1}, {.times = 1, .added = Duration::seconds(30)});
  flow.settle();

  CHECK(success(flow) == Approx(0.5 * normal(std::log(0.2 / 0.05) / 0.5)).margin(1e-3));  // far is a millisecond away
}

TEST_CASE("a link that is slow makes callers beyond it wait there and back") {
  Stocked drawn;
  drawn.world.sites.push_back({"far", world::RegionId{0}});
  drawn.world.links.push_back({"wire", Drawn::site, world::SiteId{1}, Duration::of_seconds(0.001), {}});
  drawn["stock"].sites = {world::SiteId{1}};
  drawn["stock"].replicas = {10};
  announce(drawn, Verb::slow, world::LinkId{0});
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_slower(world::LinkId{0}, {.times = 1, .added = Duration::of_seconds(0.05)});
  flow.settle();

  CHECK(success(flow) == Approx(normal(std::log((0.2 - 2 * 0.051) / 0.05) / 0.5)).epsilon(in_ticks));
}

TEST_CASE("answers age out over the TTL while a record is empty, and its emptiness over the negative TTL") {
  Drawn drawn{"app -> edge; app -> names"};
  drawn.world.journeys[0].calls.pop_back();
  for (world::Service& one : drawn.world.services) one.per_replica = Rate::per_second(1e6);
  drawn["edge"].resolve = world::Resolve{
      .through = drawn.operation("names"), .ttl = Duration::minutes(10), .negative_ttl = Duration::minutes(4)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_record_empty(drawn.service("edge"), true);
  flow.settle();
  for (const int minute : {1, 3, 5, 9}) {
    run_for(flow, SimTime::at(Duration::minutes(minute)) - flow.now());
    INFO(minute);
    CHECK(success(flow) == Approx(1 - minute / 10.0).margin(1e-6));
  }
  run_for(flow, Duration::minutes(31));
  CHECK(success(flow) == Approx(0).margin(1e-6));
  const SimTime mended = flow.now();
  flow.set_record_empty(drawn.service("edge"), false);
  flow.settle();

  CHECK(success(flow) == Approx(0).margin(1e-6));
  for (const double minute : {0.5, 1.0, 2.0, 3.5}) {
    run_for(flow, mended + Duration::of_seconds(60 * minute) - flow.now());
    INFO(minute);
    // Told within a 32nd of a life of each other, they are forgotten together.
    CHECK(success(flow) == Approx(minute / 4).margin(1.0 / 32));
  }
  run_for(flow, Duration::minutes(2));
  CHECK(success(flow) == Approx(1).epsilon(1e-6));
}

TEST_CASE("a record that was empty for a minute is believed to be for a negative TTL from then on") {
  Drawn drawn{"app -> edge; app -> names"};
  drawn.world.journeys[0].calls.pop_back();
  for (world::Service& one : drawn.world.services) one.per_replica = Rate::per_second(1e6);
  drawn["edge"].resolve = world::Resolve{
      .through = drawn.operation("names"), .ttl = Duration::minutes(10), .negative_ttl = Duration::minutes(4)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_record_empty(drawn.service("edge"), true);
  flow.settle();
  run_for(flow, Duration::minutes(1));
  flow.set_record_empty(drawn.service("edge"), false);
  flow.settle();

  run_for(flow, Duration::of_seconds(2.9 * 60));
  CHECK(success(flow) == Approx(0.9).margin(1e-6));  // the first who were told have not asked again yet
  run_for(flow, Duration::of_seconds(0.6 * 60));
  CHECK(success(flow) == Approx(0.95).margin(0.01));
  run_for(flow, Duration::of_seconds(0.6 * 60));
  CHECK(success(flow) == Approx(1).margin(1e-6));
}

namespace {

struct Case {
  std::string path;
  double value;
};

// Worlds in trouble: what a shop does about a stock that fails half of the time.
void trouble(traffic::Flow& flow, const Drawn& drawn) {
  flow.set_errors(drawn.operation("stock"), Drawn::site, Share{0.5});
  flow.settle();
}

}  // namespace

TEST_CASE("a parameter that is set acts as if it had been written so, and is as before when it is no longer set") {
  const auto make = [] {
    auto drawn = Stocked{};
    world::Call& call = drawn.call("shop", "stock");
    call.tries = 3;
    call.breaker = world::Breaker{.errors = Share{0.9}};
    call.fallback = world::Fallback{.stale = Duration::minutes(2), .share = Share{0.1}};
    return drawn;
  };
  const std::vector<Case> cases{{"calls[stock].timeout", 0.06},
                                {"calls[stock].tries", 2},
                                {"calls[stock].tries", 1},
                                {"calls[stock].tries", 6},
                                {"calls[stock].backoff.first", 3},
                                {"calls[stock].retry_budget", 0.1},
                                {"calls[stock].bulkhead", 10},
                                {"calls[stock].hedge_after", 0.05},
                                {"calls[stock].per_request", 0.5},
                                {"calls[stock].breaker.errors", 0.3},
                                {"calls[stock].fallback.share", 0.5},
                                {"calls[stock].fallback.stale", 900},
                                {"latency", 0.3},
                                {"per_replica", 60},
                                {"replicas", 0.0007}};
  for (const Case& one : cases) {
    INFO(one.path << " = " << one.value);
    const auto run = [&](Drawn& drawn, bool sets) {
      const world::Subject shop = drawn.service("shop");
      announce(drawn, Verb::set, shop, {{one.path, one.value}});
      if (!sets) world::put(*world::parameter_of(drawn.world, shop, one.path), one.value);
      const traffic::Network network{drawn.world};
      traffic::Flow flow{network};
      flow.begin();
      if (sets) flow.set_parameter(shop, one.path, one.value);
      trouble(flow, drawn);
      run_for(flow, Duration::minutes(9));
      const double success_then = success(flow), load = *flow.value(Metric::rate, {drawn.service("stock"), {}});
      if (sets) flow.set_parameter(shop, one.path, std::nullopt);
      flow.settle();
      run_for(flow, Duration::minutes(20));
      return std::vector<double>{success_then, load, success(flow),
                                 *flow.value(Metric::rate, {drawn.service("stock"), {}})};
    };
    auto written = make(), set = make(), untouched = make();
    const std::vector<double> as_written = run(written, false), as_set = run(set, true);
    announce(untouched, Verb::set, untouched.service("shop"), {{one.path, one.value}});
    const traffic::Network network{untouched.world};
    traffic::Flow flow{network};
    flow.begin();
    trouble(flow, untouched);
    run_for(flow, Duration::minutes(29));

    CHECK(as_set[0] == Approx(as_written[0]).margin(0.01));
    CHECK(as_set[1] == Approx(as_written[1]).epsilon(0.02));
    CHECK(as_set[2] == Approx(success(flow)).margin(0.01));
    CHECK(as_set[3] == Approx(*flow.value(Metric::rate, {untouched.service("stock"), {}})).epsilon(0.02));
  }
}

TEST_CASE("a queue's limit, a slowed service's burden and an autoscaler's bounds can be set while work waits") {
  const std::vector<std::pair<world::Overload, Case>> cases{
      {world::Queue{.limit = Duration::seconds(30)}, {"overload.limit", 5}},
      {world::Collapse{}, {"overload.patience", 3}},
      {world::Slowdown{.per_request = Duration::of_seconds(0.009)}, {"overload.per_request", 0.012}},
      {world::Adaptive{.wait = Duration::of_seconds(0.5)}, {"overload.wait", 0.1}}};
  for (const auto& [policy, one] : cases) {
    INFO(one.path);
    const auto run = [&policy = policy, &one = one](bool sets) {
      Drawn drawn{"app -> shop -> stock"};
      drawn["shop"].per_replica = Rate::per_second(1e6);
      drawn["stock"].per_replica = Rate::per_second(90);  // 900 for 1,000 that ask
      drawn["stock"].overload = policy;
      drawn.call("shop", "stock").timeout = Duration::seconds(60);
      drawn.call("app", "shop").timeout = Duration::seconds(60);
      drawn.world.populations[0].retry.gives_up = Rate::per_second(1);  // nobody comes back: what is asked is steady
      const world::Subject stock = drawn.service("stock");
      announce(drawn, Verb::set, stock, {{one.path, one.value}});
      if (!sets) world::put(*world::parameter_of(drawn.world, stock, one.path), one.value);
      const traffic::Network network{drawn.world};
      traffic::Flow flow{network};
      flow.begin();
      run_for(flow, Duration::minutes(2));
      if (sets) flow.set_parameter(stock, one.path, one.value);
      flow.settle();
      run_for(flow, Duration::minutes(30));
      return std::pair{success(flow), *flow.value(Metric::wait, {drawn.service("stock"), {}})};
    };
    const auto as_written = run(false), as_set = run(true);

    CHECK(as_set.first == Approx(as_written.first).margin(0.02));
    // Queues that grow without end do so from another burden for the first two minutes.
    CHECK(as_set.second == Approx(as_written.second).epsilon(0.15).margin(0.05));
  }
}

TEST_CASE("errors of keys are not helped by retries") {
  Drawn drawn{"app -> shop -> stock"};
  drawn.call("shop", "stock").tries = 4;
  for (world::Service& one : drawn.world.services) one.per_replica = Rate::per_second(1e6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_sticky_share(0, Share{0.5});

  flow.set_sticky_errors(0, drawn.operation("stock"), Drawn::site, true);
  flow.settle();

  CHECK(success(flow) == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("a cap lets in no more a second than it says, whoever asks and however often") {
  Drawn drawn{"app -> shop -> stock"};
  for (world::Service& one : drawn.world.services) one.per_replica = Rate::per_second(1e6);
  drawn.world.populations[0].retry = {.first = Duration::seconds(20), .up_to = Duration::minutes(2), .returns = {}};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  const auto cap = flow.add_cap();

  flow.set_cap(cap, {.doors = {{Drawn::journey, Drawn::region}}, .operations = {}}, Rate::per_second(250));
  flow.settle();

  CHECK(success(flow) == Approx(0.25).epsilon(1e-9));
  run_for(flow, Duration::minutes(30));
  CHECK(*flow.value(Metric::rate, {drawn.service("stock"), {}}) == Approx(250).epsilon(1e-9));
  CHECK(success(flow) < 0.25);                                         // those who try again ask, too
  CHECK(*flow.value(Metric::success, {Drawn::app, {}}) == Approx(1));  // who is turned away is not seen by guards
  CHECK(*flow.value(Metric::turned_away, {Drawn::app, {}}) > 0.75);
  const traffic::Ledger ledger = flow.ledger();
  CHECK(ledger.tries == Approx(ledger.tries_answered + ledger.tries_failed + ledger.tries_turned_away).epsilon(1e-9));
  CHECK(ledger.intents ==
        Approx(ledger.answered + ledger.abandoned + ledger.suppressed + ledger.waiting).epsilon(1e-9));
  flow.set_cap(cap, {}, std::nullopt);
  flow.settle();
  CHECK(success(flow) == Approx(1));
}

// 1,000 a second ask a stock that can do 400 and serves the dead; a gate of 300 a second keeps it alive once they are
// gone.
TEST_CASE("a gate before a service keeps away what would be work for it, also what is tried again at once") {
  Drawn drawn{"app -> shop -> stock"};
  drawn["shop"].per_replica = Rate::per_second(1e6);
  drawn["stock"].per_replica = Rate::per_second(40);
  drawn["stock"].overload = world::Collapse{};
  drawn.call("shop", "stock").tries = 3;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  run_for(flow, Duration::minutes(5));
  REQUIRE(success(flow) < 0.05);
  const auto cap = flow.add_cap();

  flow.set_cap(cap, {.doors = {}, .operations = {{drawn.operation("stock"), Drawn::site}}}, Rate::per_second(300));
  flow.drop_backlog(drawn.service("stock"), Drawn::site, Share{1});
  flow.settle();
  run_for(flow, Duration::minutes(10));

  CHECK(*flow.value(Metric::load, {drawn.service("stock"), {}}) == Approx(300.0 / 400).epsilon(0.02));
  CHECK(*flow.value(Metric::success, {drawn.service("stock"), {}}) == Approx(1).margin(1e-3));
  CHECK(success(flow) == Approx(300 / *flow.value(Metric::rate, {drawn.service("shop"), {}})).epsilon(0.03));
}
