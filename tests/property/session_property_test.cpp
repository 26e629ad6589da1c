// Whatever happens, every holder of a session is somewhere: machines with leases of any kind, and people whose sessions
// stand behind each other.
#include <rapidcheck.h>

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

namespace {

constexpr world::SessionId lease{0}, outer{1}, inner{2};

random::DurationDistribution random_lifetime() {
  const double mean_s = *rc::gen::element(20.0, 600.0, 7200.0);
  if (*rc::gen::arbitrary<bool>()) return random::DurationDistribution::constant(Duration::of_seconds(mean_s));
  return random::DurationDistribution{random::Distribution{random::Exponential{.mean = mean_s}}};
}

world::SessionKind random_lease(const Drawn& drawn) {
  world::Machines machines{.count = *rc::gen::element(1.0, 500.0, 1e6), .retry = {}};
  machines.retry.first = Duration::of_seconds(*rc::gen::element(0.5, 30.0));
  machines.retry.factor = *rc::gen::element(1.0, 3.0);
  machines.retry.gives_up = Rate::per_hour(*rc::gen::element(0.0, 20.0));
  machines.retry.returns = random::DurationDistribution::constant(Duration::minutes(5));
  world::SessionKind kind{.name = "lease",
                          .store = drawn.service("store"),
                          .holders = machines,
                          .opened_by = drawn.operation("store"),
                          .held = Share{*rc::gen::element(0.5, 1.0)}};
  if (*rc::gen::arbitrary<bool>()) kind.lifetime = random_lifetime();
  if (*rc::gen::arbitrary<bool>())
    kind.renewal = world::Renewal{.by = drawn.operation(*rc::gen::element<std::string>("store", "other")),
                                  .every = Duration::of_seconds(*rc::gen::element(0.01, 7.0, 60.0, 900.0))};
  return kind;
}

// A service that needs leases, one that people log in at, and one that sheds by journey behind both.
Drawn random_drawn() {
  Drawn drawn{"app -> hosts -> shared; app ~> store; app ~> other; app ~> gate; gate -> shared; store -> shared"};
  drawn.world.journeys[0].calls.resize(1);
  for (world::Service& service : drawn.world.services) {
    service.per_replica = Rate::per_second(*rc::gen::element(5.0, 120.0, 1e6));
    if (*rc::gen::arbitrary<bool>()) service.overload = world::Shed{};
    if (*rc::gen::inRange(0, 3) == 0) service.overload = world::Collapse{Duration::seconds(*rc::gen::element(2, 30))};
  }
  drawn["shared"].overload = world::Shed{};
  drawn["shared"].priority_by_journey = true;
  drawn["hosts"].scaled_by = lease;
  drawn.world.sessions = {random_lease(drawn)};
  // Two journeys that open sessions: the first needs nothing, the second needs what the first opens.
  for (const world::SessionId session : {outer, inner}) {
    world::Journey opening;
    opening.app = Drawn::app;
    opening.name = session == outer ? "app.outer" : "app.inner";
    opening.calls = {world::Call{.to = drawn.operation("gate")}};
    opening.priority = *rc::gen::element(-1, 1);
    if (session == inner) opening.session = outer;
    const world::JourneyId id{drawn.world.journeys.size()};
    drawn.world.apps[0].journeys.push_back(id);
    drawn.world.journeys.push_back(opening);
    world::SessionKind kind{
        .name = opening.name, .store = drawn.service("gate"), .holders = world::AllUsers{}, .opened_by = id};
    kind.lifetime = random_lifetime();
    if (*rc::gen::arbitrary<bool>())
      kind.renewal =
          world::Renewal{.by = drawn.operation("gate"), .every = Duration::seconds(*rc::gen::element(1, 90))};
    drawn.world.sessions.push_back(kind);
  }
  drawn.world.journeys[0].session = inner;
  return drawn;
}

void change_something(traffic::Flow& flow, const Drawn& drawn) {
  const auto service = drawn.service(*rc::gen::element<std::string>("store", "other", "gate", "shared", "hosts"));
  const Share share{*rc::gen::element(0.0, 0.3, 1.0)};
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return flow.set_service_up(service, Drawn::site, share.value() < 0.5);
    case 1:
      return flow.set_errors(drawn.world[service].operations.front(), Drawn::site, share);
    case 2:
      return flow.set_admission(drawn.operation("store"), Drawn::site, share);
    case 3:
      return flow.set_capacity(service, Drawn::site, Share{1 - share.value() / 2});
    default:
      const auto session = *rc::gen::element(lease, outer, inner);
      const auto log_out = flow.begin_log_out(session, share, Duration::seconds(*rc::gen::element(0, 100)),
                                              Duration::seconds(*rc::gen::element(3, 300)));
      if (*rc::gen::arbitrary<bool>()) flow.end_log_out(log_out);
  }
}

}  // namespace

TEST_CASE("no holder of a session is lost, people or machines, under any changes") {
  REQUIRE(rc::check([] {
    const Drawn drawn = random_drawn();
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network, {.follows_all = true}};

    flow.begin();
    SimTime date{};
    const int changes = *rc::gen::inRange(1, 8);
    for (int n = 0; n < changes; ++n) {
      change_something(flow, drawn);
      flow.settle();
      date = date + Duration::seconds(*rc::gen::element(3, 40, 900));
      while (flow.now() < date) flow.advance(std::min(date, flow.next_date()));
    }

    const traffic::Ledger ledger = flow.ledger();
    RC_ASSERT(std::abs(ledger.holders - ledger.holders_now) <= 1e-9 * ledger.holders);
    const double missing = ledger.sessions_missing - ledger.sessions_missing_at_begin;
    RC_ASSERT(std::abs(ledger.sessions_lost - ledger.sessions_opened - missing) <= 1e-9 * ledger.holders);
    const double ended_attempts = ledger.attempts_served + ledger.attempts_refused;
    RC_ASSERT(std::abs(ledger.attempts_offered - ended_attempts) <= 1e-9 * ledger.attempts_offered);
    for (const world::SessionId session : {lease, outer, inner}) {
      const double held = *flow.value(world::Metric::held, {session, {}});
      RC_ASSERT(held >= 0);
      RC_ASSERT(held <= 1 + 1e-9);
    }
  }));
}
