// What must hold of the flow model for any graph: changes delivered one by one or together come to the same, nothing is
// lost, and with ample capacity less trouble is never worse.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "engine/traffic/day.hpp"
#include "engine/traffic/flow.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::Drawn;

namespace {

constexpr int services = 9;

std::string service_name(int i) { return "s" + std::to_string(i); }

world::Overload random_overload() {
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      return world::Queue{.limit = Duration::seconds(4), .serves_abandoned = true};
    case 1:
      return world::Queue{.limit = Duration::minutes(1),
                          .serves_abandoned = *rc::gen::arbitrary<bool>(),
                          .order = world::QueueOrder::lifo};
    case 2:
      return world::Collapse{Duration::seconds(10)};
    case 3:
      return world::Slowdown{Duration::of_seconds(*rc::gen::element(0.001, 0.05))};
    case 4:
      return world::Adaptive{Duration::of_seconds(*rc::gen::element(0.1, 0.9, 3.0))};
    case 5:
      return world::Brownout{Share{0.8}};
    case 6:
      return world::Queue{.limit = Duration::minutes(5), .expires = Duration::seconds(30)};
    case 7:
      return world::Shed{};
    default:
      return world::Queue{};
  }
}

// What callers may do so as not to drown who answers.
void make_careful(world::Call& call) {
  call.tries = *rc::gen::element(1, 2, 4, 20);
  call.timeout = Duration::of_seconds(*rc::gen::element(0.2, 1.0, 5.0));
  call.backoff.first = Duration::of_seconds(*rc::gen::element(0.1, 2.0));
  call.backoff.jitter = Share{*rc::gen::element(0.0, 0.2, 1.0)};
  if (*rc::gen::inRange(0, 3) == 0) call.retry_budget = Share{0.2};
  if (*rc::gen::inRange(0, 3) == 0) call.breaker = world::Breaker{};
  if (*rc::gen::inRange(0, 3) == 0) call.bulkhead = *rc::gen::element(1, 100);
  if (*rc::gen::inRange(0, 3) == 0) call.hedge_after = Duration::of_seconds(0.1);
  if (*rc::gen::inRange(0, 3) == 0) call.deadline = Duration::of_seconds(*rc::gen::element(0.5, 4.0));
  if (*rc::gen::inRange(0, 4) == 0) call.kind = world::CallKind::async;
  if (call.kind == world::CallKind::async) call.late = Duration::seconds(20);
  if (*rc::gen::inRange(0, 4) == 0) call.silent = *rc::gen::element(world::Silent::open, world::Silent::last_answer);
  if (*rc::gen::inRange(0, 4) == 0) call.fallback = world::Fallback{Duration::minutes(10), Share{0.5}};
}

// A random graph without circles: an app in front of services that call some of those behind them.
Drawn random_drawn(double per_replica) {
  std::string picture = "app -> s0";
  for (int i = 0; i + 1 < services; ++i) {
    const int calls = *rc::gen::inRange(0, 4);
    for (int c = 0; c < calls; ++c) {
      picture += "; " + service_name(i) + (*rc::gen::weightedElement<const char*>({{3, " -> "}, {1, " ~> "}})) +
                 service_name(*rc::gen::inRange(i + 1, services));
    }
    picture += "; " + service_name(i + 1);
  }
  Drawn drawn{picture};
  for (world::Service& service : drawn.world.services) {
    service.per_replica = Rate::per_second(per_replica);
    if (*rc::gen::inRange(0, 3) == 0) service.overload = world::Shed{};
  }
  for (world::Operation& operation : drawn.world.operations) {
    if (*rc::gen::inRange(0, 5) == 0) operation.fallback = world::Fallback{std::nullopt, Share{0.5}};
    for (world::Call& call : operation.calls) call.per_request = *rc::gen::element(0.25, 1.0, 2.0);
  }
  return drawn;
}

// Users are at home at one of two sites, and some services keep them there.
void give_homes(Drawn& drawn) {
  drawn.world.sites.push_back({"there", Drawn::region});
  for (world::Service& service : drawn.world.services) {
    if (*rc::gen::arbitrary<bool>()) continue;
    service.sites.push_back(world::SiteId{1});
    service.replicas.push_back(service.replicas.front());
    if (*rc::gen::arbitrary<bool>()) service.balance = world::Balance::home;
  }
}

// The same, with every way to behave under overload.
Drawn random_overloaded() {
  Drawn drawn = random_drawn(*rc::gen::element(50.0, 120.0, 1e5));
  for (world::Service& service : drawn.world.services) {
    if (*rc::gen::arbitrary<bool>()) service.overload = random_overload();
    if (!std::holds_alternative<world::Brownout>(service.overload) && *rc::gen::inRange(0, 4) == 0)
      service.overload_besides = {world::Brownout{}};
  }
  if (*rc::gen::arbitrary<bool>())
    drawn["s3"].autoscale = world::Autoscale{.keep = Share{0.6}, .from = 1, .to = 30, .every = Duration::seconds(15)};
  // The last services stand behind caches and starters of the first ones.
  if (*rc::gen::arbitrary<bool>()) {
    drawn["s2"].cache = world::Cache{.behind = drawn.operation("s8"), .hit = Share{0.8}, .entries = 1e4};
    drawn["s2"].cache->drop_on_error = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) drawn["s2"].cache->expires = Duration::minutes(5);
  }
  if (*rc::gen::arbitrary<bool>()) {
    world::Call call;
    call.to = drawn.operation("s7");
    world::Call others;
    others.form = *rc::gen::element(world::Call::Form::any_of, world::Call::Form::parallel);
    others.members = {call, call};
    others.members[1].to = drawn.operation("s6");
    drawn["s1"].warm_up = world::WarmUp{Share{0.2}, Duration::minutes(1), {call, others}};
  }
  for (world::Operation& operation : drawn.world.operations) {
    operation.latency = {Duration::of_seconds(*rc::gen::element(0.001, 0.05)), *rc::gen::element(0.0, 1.0)};
    for (world::Call& call : operation.calls) {
      if (*rc::gen::arbitrary<bool>()) make_careful(call);
    }
  }
  if (*rc::gen::inRange(0, 3) == 0) give_homes(drawn);
  return drawn;
}

struct Change {
  int service;
  int kind;
  double share;
};

std::vector<Change> random_changes() {
  return *rc::gen::container<std::vector<Change>>(
      *rc::gen::inRange(1, 8), rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, services), rc::gen::inRange(0, 4),
                                                           rc::gen::element(0.0, 0.3, 0.7, 1.0)),
                                            [](const auto& t) {
                                              return Change{std::get<0>(t), std::get<1>(t), std::get<2>(t)};
                                            }));
}

void apply(traffic::Flow& flow, const Drawn& drawn, const Change& change) {
  const world::ServiceId service{static_cast<std::size_t>(change.service)};
  const world::OperationId operation = drawn.world[service].operations.front();
  if (change.kind == 0) flow.set_service_up(service, Drawn::site, change.share < 0.5);
  if (change.kind == 1) flow.set_errors(operation, Drawn::site, Share{change.share});
  if (change.kind == 2) flow.set_capacity(service, Drawn::site, Share{1 - change.share / 2});
  if (change.kind == 3) flow.set_reachable(service, Drawn::site, change.share < 0.5);
}

void run_until(traffic::Flow& flow, SimTime date) {
  while (flow.now() < date) {
    flow.advance(std::min(date, flow.next_date()));
    flow.settle();
  }
}

// What can be asked about times, wherever it is.
void check_times(const traffic::Flow& flow, const Drawn& drawn) {
  std::vector<world::Subject> subjects{Drawn::app, Drawn::journey};
  for (int i = 0; i < services; ++i) subjects.push_back(drawn.service(service_name(i)));
  for (const world::Subject& subject : subjects) {
    const auto half = flow.value(world::Metric::p50, {subject, {}}),
               most = flow.value(world::Metric::p99, {subject, {}});
    RC_ASSERT(half.has_value() == most.has_value());
    if (half) RC_ASSERT(std::isfinite(*most) && 0 <= *half && *half <= *most);
    const bool is_service = std::holds_alternative<world::ServiceId>(subject);
    const auto age = flow.value(world::Metric::age, {subject, {}}),
               backlog = flow.value(world::Metric::backlog, {subject, {}});
    RC_ASSERT(age.has_value() == is_service);
    if (age) RC_ASSERT(0 <= *age);
    // Nothing has waited for longer than there was something to wait for.
    if (age && !std::holds_alternative<world::Slowdown>(drawn.world[std::get<world::ServiceId>(subject)].overload))
      RC_ASSERT(*age <= flow.now().since_start().in_seconds() + 10);
    if (is_service) RC_ASSERT(*backlog >= 0);
  }
}

double success_of(const traffic::Flow& flow) { return flow.success(Drawn::journey, Drawn::region).total(); }

}  // namespace

TEST_CASE("changes come to the same one by one or all together, when nothing feeds back") {
  REQUIRE(rc::check([] {
    const Drawn drawn = random_drawn(1e5);
    const traffic::Network network{drawn.world};
    const std::vector<Change> changes = random_changes();
    const traffic::Precision precision{.follows_all = *rc::gen::arbitrary<bool>()};
    traffic::Flow stepwise{network, precision}, together{network, precision};

    stepwise.begin();
    together.begin();
    for (const Change& change : changes) {
      apply(stepwise, drawn, change);
      stepwise.settle();
      apply(together, drawn, change);
    }
    together.settle();

    RC_ASSERT(std::abs(success_of(stepwise) - success_of(together)) < 1e-7);
    for (int i = 0; i < services && precision.follows_all; ++i) {
      const world::Target target{drawn.service(service_name(i)), {}};
      const double one = *stepwise.value(world::Metric::rate, target),
                   other = *together.value(world::Metric::rate, target);
      RC_ASSERT(std::abs(one - other) <= 1e-6 * (1 + other));
    }
  }));
}

TEST_CASE("what nobody needs to be told changes no answer, in any graph, whatever changes") {
  REQUIRE(rc::check([] {
    Drawn drawn = *rc::gen::arbitrary<bool>() ? random_overloaded() : random_drawn(*rc::gen::element(3.0, 5.0, 1e5));
    for (world::Service& service : drawn.world.services) {
      if (*rc::gen::inRange(0, 4) == 0) service.overload = world::Queue{.limit = Duration::minutes(5)};
    }
    for (world::Operation& operation : drawn.world.operations) {
      for (world::Call& call : operation.calls) call.timeout = Duration::minutes(10);
    }
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network}, exact{network, {.follows_all = true}};

    flow.begin();
    exact.begin();
    for (const Change& change : random_changes()) {
      const double load = *rc::gen::element(0.3, 0.9, 1.0, 1.1, 1.5);
      const auto lasts = Duration::of_seconds(*rc::gen::element(0.0, 20.0, 200.0, 2000.0));
      for (traffic::Flow* one : {&flow, &exact}) {
        apply(*one, drawn, change);
        one->set_load(world::PopulationId{0}, load);
        one->settle();
      }
      const SimTime end = exact.now() + lasts;
      while (exact.now() < end) {
        const SimTime next = std::min(end, exact.next_date());
        run_until(flow, next);
        run_until(exact, next);
        RC_ASSERT(std::abs(success_of(flow) - success_of(exact)) < 1e-7);
      }
      RC_ASSERT(std::abs(success_of(flow) - success_of(exact)) < 1e-7);
      RC_ASSERT(std::abs(flow.people_failing() - exact.people_failing()) <= 1e-6 * (1 + exact.people_failing()));
    }
  }));
}

TEST_CASE("nobody is lost in any graph, under any changes") {
  REQUIRE(rc::check([] {
    const Drawn drawn = random_drawn(*rc::gen::element(50.0, 120.0, 1e5));
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network, {.follows_all = true}};

    flow.begin();
    int minute = 0;
    for (const Change& change : random_changes()) {
      apply(flow, drawn, change);
      flow.settle();
      run_until(flow, SimTime::at(Duration::minutes(minute += 7)));
    }
    run_until(flow, SimTime::at(Duration::minutes(minute + 7)));

    const traffic::Ledger ledger = flow.ledger();
    const double ended = ledger.answered + ledger.abandoned + ledger.suppressed + ledger.waiting;
    RC_ASSERT(std::abs(ledger.intents - ended) <= 1e-9 * ledger.intents);
    const double tried = ledger.tries_answered + ledger.tries_failed + ledger.tries_turned_away;
    RC_ASSERT(std::abs(ledger.tries - tried) <= 1e-9 * ledger.tries);
    RC_ASSERT(ledger.intents > 0);
    const double ended_attempts = ledger.attempts_served + ledger.attempts_refused;
    RC_ASSERT(std::abs(ledger.attempts_offered - ended_attempts) <= 1e-9 * ledger.attempts_offered);
  }));
}

TEST_CASE("nobody and no attempt is lost whatever callers do to protect themselves and services do under overload") {
  REQUIRE(rc::check([] {
    const Drawn drawn = random_overloaded();
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network, {.follows_all = true}};

    flow.begin();
    const double entries_before = flow.ledger().cache_entries;
    int second = 0;
    bool is_restarted = false;  // with a cold cache
    for (const Change& change : random_changes()) {
      is_restarted = is_restarted || change.kind == 0 || change.kind == 3;
      apply(flow, drawn, change);
      flow.settle();
      run_until(flow, SimTime::at(Duration::seconds(second += *rc::gen::element(3, 40, 400))));
      check_times(flow, drawn);
    }

    const traffic::Ledger ledger = flow.ledger();
    const double ended = ledger.answered + ledger.abandoned + ledger.suppressed + ledger.waiting;
    RC_ASSERT(std::abs(ledger.intents - ended) <= 1e-9 * ledger.intents);
    const double tried = ledger.tries_answered + ledger.tries_failed + ledger.tries_turned_away;
    RC_ASSERT(std::abs(ledger.tries - tried) <= 1e-9 * ledger.tries);
    const double ended_attempts = ledger.attempts_served + ledger.attempts_refused;
    RC_ASSERT(std::abs(ledger.attempts_offered - ended_attempts) <= 1e-9 * ledger.attempts_offered);
    const double repeated = ledger.attempts_repeated + ledger.attempts_not_repeated + ledger.attempts_pausing;
    RC_ASSERT(std::abs(ledger.attempts_to_repeat - repeated) <= 1e-9 * (1 + ledger.attempts_to_repeat));
    const double entries = entries_before + ledger.cache_filled - ledger.cache_dropped;
    RC_ASSERT(is_restarted || std::abs(ledger.cache_entries - entries) <= 1e-9 * (1 + ledger.cache_filled));
    RC_ASSERT(std::isfinite(success_of(flow)));
    RC_ASSERT(success_of(flow) >= 0 && success_of(flow) <= 1 + 1e-9);
  }));
}

TEST_CASE("with ample capacity, one trouble less or one hard call made soft never lowers success") {
  REQUIRE(rc::check([] {
    Drawn drawn = random_drawn(1e9);
    std::vector<Change> changes = random_changes();
    for (Change& change : changes) change.kind = change.kind % 2;  // down or errors
    Drawn softer = drawn;
    for (world::Operation& operation : softer.world.operations) {
      for (world::Call& call : operation.calls) call.kind = world::CallKind::soft;
    }
    const traffic::Network network{drawn.world}, softer_network{softer.world};
    traffic::Flow all{network}, fewer{network}, soft{softer_network};

    for (traffic::Flow* flow : {&all, &fewer, &soft}) flow->begin();
    // Each service is struck once, so that leaving the last change out removes a trouble and does not uncover another.
    std::vector<bool> struck(services, false);
    std::size_t last = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (!struck[static_cast<std::size_t>(changes[i].service)]) last = i;
      struck[static_cast<std::size_t>(changes[i].service)] = true;
    }
    struck.assign(services, false);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (struck[static_cast<std::size_t>(changes[i].service)]) continue;
      struck[static_cast<std::size_t>(changes[i].service)] = true;
      apply(all, drawn, changes[i]);
      apply(soft, softer, changes[i]);
      if (i != last) apply(fewer, drawn, changes[i]);
    }
    for (traffic::Flow* flow : {&all, &fewer, &soft}) flow->settle();

    RC_ASSERT(success_of(fewer) >= success_of(all) - 1e-9);
    RC_ASSERT(success_of(soft) >= success_of(all) - 1e-9);
  }));
}

TEST_CASE("a day begun once is the day whose every hour is begun anew, for any graph") {
  REQUIRE(rc::check([] {
    Drawn drawn = *rc::gen::arbitrary<bool>() ? random_drawn(1e5) : random_overloaded();
    if (*rc::gen::arbitrary<bool>())
      drawn["s2"].cache = world::Cache{.behind = drawn.operation("s8"), .hit = Share{0.8}, .entries = 1e4};
    if (*rc::gen::arbitrary<bool>())
      drawn["s1"].resolve = world::Resolve{drawn.operation("s7"), Duration::minutes(5), Duration::minutes(1)};
    drawn.world.curves[0] = {"day", {{Duration::hours(4), 0.1}, {Duration::hours(15), 1.7}}};
    const traffic::Network::Parts parts{drawn.world};

    const traffic::Day once = traffic::measured_day(parts), anew = traffic::measured_day_hour_by_hour(parts);

    for (std::size_t i = 0; i < once.peak.size(); ++i)
      RC_ASSERT(std::abs(once.peak[i] - anew.peak[i]) <= 1e-12 * anew.peak[i]);
    for (std::size_t n = 0; n < once.usual.size(); ++n)
      RC_ASSERT(std::abs(once.usual[n] - anew.usual[n]) <= 1e-12 * anew.usual[n]);
  }));
}
