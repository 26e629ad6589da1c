// Replicas that are started anew, added, purged and warmed, against closed forms of the flow model.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/traffic/flow.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::Drawn;
using world::Metric;

namespace {

void run_until(traffic::Flow& flow, Duration date) {
  while (flow.now() < SimTime::at(date)) {
    flow.advance(std::min(SimTime::at(date), flow.next_date()));
    flow.settle();
  }
}

double capacity_of(const traffic::Flow& flow, const Drawn& drawn) {
  return *flow.value(Metric::capacity, {drawn.service("shop"), {}});
}

// Ten replicas of 200 a second each, warm after ten minutes from 30 %.
struct Warming : Drawn {
  Warming() : Drawn{"app -> shop"} {
    (*this)["shop"].per_replica = Rate::per_second(200);
    (*this)["shop"].warm_up = world::WarmUp{.from = Share{0.3}, .over = Duration::minutes(10), .calls = {}};
  }
};

}  // namespace

TEST_CASE("of replicas started anew a share is cold, and each warms up on its own clock") {
  const Warming drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.restart(drawn.service("shop"), Drawn::site, Share{0.5});
  flow.settle();
  const double at_once = capacity_of(flow, drawn);
  run_until(flow, Duration::minutes(5));
  const double halfway = capacity_of(flow, drawn);
  flow.restart(drawn.service("shop"), Drawn::site, Share{0.5});
  flow.settle();
  const double again = capacity_of(flow, drawn);
  run_until(flow, Duration::minutes(15));
  const double warm = capacity_of(flow, drawn);

  CHECK(at_once == Approx(2000 * (1 - 0.5 * 0.7)));
  CHECK(halfway == Approx(2000 * (1 - 0.5 * 0.35)));
  // Half of all are new, and half of those that were new are still there.
  CHECK(again == Approx(2000 * (1 - 0.5 * 0.7 - 0.25 * 0.35)));
  CHECK(warm == Approx(2000));
}

// Fewer than 43 % of the replicas may be cold at once before 1,000 a second meet less than 70 % of 2,000.
TEST_CASE("a restart at a rate keeps a service up that a restart at once overloads") {
  Warming drawn;
  drawn["shop"].per_replica = Rate::per_second(125);  // 1,000 of 1,250 a second in use
  const traffic::Network network{drawn.world};
  traffic::Flow at_once{network}, rolling{network};
  at_once.begin();
  rolling.begin();

  at_once.restart(drawn.service("shop"), Drawn::site);
  at_once.settle();
  double least = capacity_of(rolling, drawn);
  for (int part = 1; part <= 10; ++part) {  // ten minutes each: one tenth is cold at a time
    rolling.restart(drawn.service("shop"), Drawn::site, Share{0.1});
    rolling.settle();
    least = std::min(least, capacity_of(rolling, drawn));
    run_until(rolling, Duration::minutes(10 * part));
  }

  CHECK(capacity_of(at_once, drawn) == Approx(0.3 * 1250));
  CHECK(least == Approx(1250 * (1 - 0.1 * 0.7)));
  CHECK(least > 1000);
}

TEST_CASE(
    "a cache is emptied by the share of its replicas that are started anew, and filled by as much as it is warmed") {
  Drawn drawn{"app -> shop; shop -> store"};
  drawn["shop"].cache = world::Cache{.behind = drawn.operation("store"), .hit = Share{0.9}, .entries = 1e12};
  drawn.world.operations[drawn.operation("shop").index()].calls.clear();
  drawn["store"].per_replica = Rate::per_second(1e6);
  drawn["shop"].per_replica = Rate::per_second(1e6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  const auto hit = [&] { return *flow.value(Metric::hit, {drawn.service("shop"), {}}); };

  flow.restart(drawn.service("shop"), Drawn::site, Share{0.25});
  flow.settle();
  const double after_restart = hit();
  flow.fill_cache(drawn.service("shop"), Drawn::site, Share{0.95});
  flow.settle();
  const double after_warming = hit();
  flow.fill_cache(drawn.service("shop"), Drawn::site, Share{0.5});
  flow.settle();

  CHECK(after_restart == Approx(0.9 * 0.75));
  CHECK(after_warming == Approx(0.9 * 0.95));
  CHECK(hit() == Approx(0.9 * 0.95));  // warming takes nothing away
}

TEST_CASE("a backlog that is purged is gone, and what remains drains in its time") {
  Drawn drawn{"app -> shop"};
  drawn["shop"].per_replica = Rate::per_second(200);
  drawn["shop"].overload = world::Queue{.limit = Duration::minutes(20)};
  drawn.call("app", "shop").timeout = drawn.world.journeys[0].timeout = Duration::minutes(30);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_capacity(drawn.service("shop"), Drawn::site, Share{0.25});  // 500 a second for some 1,000
  flow.settle();
  run_until(flow, Duration::minutes(5));
  const auto backlog = [&] { return *flow.value(Metric::backlog, {drawn.service("shop"), {}}); };
  const double before = backlog();

  flow.drop_backlog(drawn.service("shop"), Drawn::site, Share{0.8});
  flow.settle();
  const double after = backlog();

  REQUIRE(before > 1000);
  CHECK(after == Approx(0.2 * before));
}

TEST_CASE("callers of a place that is led away go where they are led, and home again") {
  Drawn drawn{"app -> shop"};
  const world::SiteId near{1}, far{2};
  for (const char* name : {"near", "far"}) drawn.world.sites.push_back({name, Drawn::region});
  drawn["shop"].sites = {Drawn::site, near, far};
  drawn["shop"].replicas = {10, 10, 10};
  drawn["shop"].per_replica = Rate::per_second(1e6);
  const auto link = [&](world::SiteId a, world::SiteId b, double ms) {
    drawn.world.links.push_back({.name = "link", .from = a, .to = b, .latency = Duration::of_seconds(ms / 1000)});
  };
  link(Drawn::site, near, 5);
  link(Drawn::site, far, 50);
  link(near, far, 50);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  const auto rate = [&](world::SiteId site) { return *flow.value(Metric::rate, {drawn.service("shop"), site}); };
  world::SiteId home = Drawn::site;
  for (const world::SiteId site : {Drawn::site, near, far}) {
    if (rate(site) > rate(home)) home = site;
  }
  REQUIRE(rate(home) == Approx(1000));
  const world::SiteId led = home == far ? near : far;

  flow.set_service_up(drawn.service("shop"), home, false);
  flow.set_detour(drawn.service("shop"), home, {led});
  flow.settle();
  const double while_led = rate(led);
  flow.set_service_up(drawn.service("shop"), led, false);
  flow.settle();
  const double success_without = flow.success(Drawn::journey, Drawn::region).total();
  flow.set_service_up(drawn.service("shop"), home, true);
  flow.set_detour(drawn.service("shop"), home, {});
  flow.settle();

  CHECK(while_led == Approx(1000));
  CHECK(success_without == Approx(1));  // the third place answers where the one they were led to does not
  CHECK(rate(home) == Approx(1000));
}
