// The flow model against closed forms: what must hold of load and success whatever the graph.
#include "engine/traffic/flow.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/traffic/retry_pool.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::condition_of;
using tests::Drawn;
using world::Metric;

namespace {

SimTime at(Duration since_start) { return SimTime::at(since_start); }

void run_until(traffic::Flow& flow, SimTime date) {
  while (flow.now() < date) {
    flow.advance(std::min(date, flow.next_date()));
    flow.settle();
  }
}

double rate_of(const traffic::Flow& flow, const Drawn& drawn, std::string_view name) {
  return *flow.value(Metric::rate, {drawn.service(name), {}});
}

// People log in at `gate` and then read; the session is lost and won again there.
struct WithSessions : Drawn {
  WithSessions() : Drawn{"reader -> feed; reader -> gate"} {
    log_in_at("gate", Share{1});
    (*this)["gate"].per_replica = Rate::per_second(1e9);
    (*this)["feed"].per_replica = Rate::per_second(1e9);
  }
  static constexpr world::SessionId login{0};
};

// Tokens live for an hour, and who has none finds out within seconds.
struct WithTokens : WithSessions {
  WithTokens() {
    world.sessions[0].lifetime = random::DurationDistribution::constant(Duration::hours(1));
    world.populations[0].does[0].per_user = Rate::per_second(10);
  }
};

}  // namespace

TEST_CASE("four tries at even odds make 1.875 times the load and succeed with .9375") {
  Drawn drawn{"app -> shop -> stock"};
  drawn.call("shop", "stock").tries = 4;
  drawn["stock"].per_replica = Rate::per_second(1e6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_errors(drawn.operation("stock"), Drawn::site, Share{0.5});
  flow.settle();

  CHECK(rate_of(flow, drawn, "shop") == Approx(1000).epsilon(1e-9));
  CHECK(rate_of(flow, drawn, "stock") == Approx(1875).epsilon(1e-9));
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0.9375).epsilon(1e-9));
}

TEST_CASE("four tries in each of three layers bring 64 times the load to the bottom when nothing succeeds") {
  Drawn drawn{"app -> a -> b -> c -> d"};
  for (const auto& [from, to] : {std::pair{"a", "b"}, {"b", "c"}, {"c", "d"}}) drawn.call(from, to).tries = 4;
  for (const char* name : {"a", "b", "c", "d"}) drawn[name].per_replica = Rate::per_second(1e6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_errors(drawn.operation("d"), Drawn::site, Share{1});
  flow.settle();

  CHECK(rate_of(flow, drawn, "d") == Approx(64 * 1000).epsilon(1e-9));
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == 0);
}

TEST_CASE("an app does as its only region does, to the last bit") {
  const double users = GENERATE(1000, 49, 1e6 / 3);  // 49 / 49 is 1, and 49 * (1 / 49) less
  Drawn drawn{"app -> shop -> stock"};
  drawn.world.populations[0].users = {users};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  for (int percent = 1; percent < 100; ++percent) {
    flow.set_errors(drawn.operation("stock"), Drawn::site, Share::percent(percent));
    flow.settle();
    CHECK(flow.success(Drawn::app).total() == flow.success(Drawn::app, Drawn::region).total());
  }
}

TEST_CASE("users struck at two places of one journey are the same users: half of them fail, not three quarters") {
  Drawn drawn{"app -> first; app -> second"};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_sticky_share(0, Share{0.5});
  flow.set_sticky_errors(0, drawn.operation("first"), Drawn::site, true);
  flow.set_sticky_errors(0, drawn.operation("second"), Drawn::site, true);
  flow.settle();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("errors of tries at two places are independent: a quarter passes both") {
  Drawn drawn{"app -> first; app -> second"};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_errors(drawn.operation("first"), Drawn::site, Share{0.5});
  flow.set_errors(drawn.operation("second"), Drawn::site, Share{0.5});
  flow.settle();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0.25).epsilon(1e-9));
}

TEST_CASE("what stands behind a failed hard call is spared its load, behind a soft one it is not") {
  Drawn hard{"app -> shop; shop -> stock; shop -> mail"};
  Drawn soft{"app -> shop; shop ~> stock; shop -> mail"};
  for (Drawn* drawn : {&hard, &soft}) {
    for (const char* name : {"shop", "stock", "mail"}) (*drawn)[name].per_replica = Rate::per_second(1e6);
  }
  const traffic::Network hard_network{hard.world}, soft_network{soft.world};
  const traffic::Precision exactly{.follows_all = true};
  traffic::Flow hard_flow{hard_network, exactly}, soft_flow{soft_network, exactly};

  hard_flow.begin();
  soft_flow.begin();
  hard_flow.set_service_up(hard.service("stock"), Drawn::site, false);
  soft_flow.set_service_up(soft.service("stock"), Drawn::site, false);
  hard_flow.settle();
  soft_flow.settle();

  CHECK(rate_of(hard_flow, hard, "mail") == 0);
  CHECK(rate_of(soft_flow, soft, "mail") == Approx(1000));
  CHECK(hard_flow.success(Drawn::journey, Drawn::region).total() == 0);
  CHECK(soft_flow.success(Drawn::journey, Drawn::region).degraded == Approx(1));
}

TEST_CASE("two of three alternatives answer as the binomial says") {
  Drawn drawn{"app -> a; app -> b; app -> c"};
  world::Call group;
  group.form = world::Call::Form::any_of;
  group.at_least = 2;
  group.members = drawn.world.journeys[0].calls;
  drawn.world.journeys[0].calls = {group};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  for (const char* name : {"a", "b", "c"}) flow.set_errors(drawn.operation(name), Drawn::site, Share{0.1});
  flow.settle();

  const double p = 0.9;
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(3 * p * p * (1 - p) + p * p * p).epsilon(1e-9));
  // The third is only asked when the first two have not both answered.
  CHECK(rate_of(flow, drawn, "c") == Approx(1000 * (1 - p * p)).epsilon(1e-6));
  // What is answered is answered in full, to the last bit.
  for (int percent = 1; percent < 100; ++percent) {
    for (const char* name : {"a", "b", "c"})
      flow.set_errors(drawn.operation(name), Drawn::site, Share{percent / 100.0});
    flow.settle();
    CHECK(flow.success(Drawn::journey, Drawn::region).degraded == 0);
  }
}

TEST_CASE("excess is refused: goodput is the capacity") {
  Drawn drawn{"app -> shop"};
  drawn["shop"].per_replica = Rate::per_second(80);  // ten replicas: 800/s for 1000/s
  drawn["shop"].overload = world::Shed{};
  drawn.world.populations[0].retry.gives_up = Rate::per_second(1e6);  // nobody tries again
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0.8).epsilon(1e-9));
}

TEST_CASE("a backlog of an overload drains in (l - m) T / (m - l')") {
  Drawn drawn{"app -> shop"};
  drawn["shop"].per_replica = Rate::per_second(100);  // m = 1000/s
  drawn["shop"].overload = world::Queue{.limit = Duration::hours(5)};
  drawn.call("app", "shop").timeout = drawn.world.journeys[0].timeout = Duration::hours(6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_load(Drawn::journey, 1.5);  // l = 1500/s for 20 min: 600,000 waiting
  flow.settle();
  run_until(flow, at(Duration::minutes(20)));
  const double full = *flow.value(Metric::backlog, {drawn.service("shop"), {}});
  flow.set_load(Drawn::journey, 0.5);  // l' = 500/s
  flow.settle();
  run_until(flow, at(Duration::minutes(39) + Duration::seconds(59)));
  const double nearly_empty = *flow.value(Metric::backlog, {drawn.service("shop"), {}});
  run_until(flow, at(Duration::minutes(40) + Duration::seconds(1)));

  CHECK(full == Approx(500.0 * 1200).epsilon(1e-9));
  CHECK(nearly_empty == Approx(500).epsilon(1e-6));
  CHECK(*flow.value(Metric::backlog, {drawn.service("shop"), {}}) == 0);
}

TEST_CASE("a withdrawn route is gone at once, a DNS answer ages out over its TTL") {
  Drawn drawn{"app -> edge; app -> dns"};
  drawn.world.journeys[0].calls.pop_back();
  drawn["dns"].per_replica = Rate::per_second(1e9);
  drawn["edge"].per_replica = Rate::per_second(1e9);  // everybody who kept trying comes back at once
  drawn["edge"].resolve = world::Resolve{drawn.operation("dns"), Duration::minutes(5), Duration::minutes(1)};
  const traffic::Network network{drawn.world};
  traffic::Flow named{network}, withdrawn{network};

  named.begin();
  named.set_reachable(drawn.service("dns"), Drawn::site, false);
  named.settle();
  withdrawn.begin();
  withdrawn.set_reachable(drawn.service("edge"), Drawn::site, false);
  withdrawn.settle();

  CHECK(withdrawn.success(Drawn::journey, Drawn::region).total() == 0);
  for (const int minute : {0, 1, 2, 3, 4, 5, 6}) {
    run_until(named, at(Duration::minutes(minute)));
    CHECK(named.success(Drawn::journey, Drawn::region).total() == Approx(std::max(0.0, 1 - minute / 5.0)).margin(1e-9));
  }
  named.set_reachable(drawn.service("dns"), Drawn::site, true);
  named.settle();
  CHECK(named.success(Drawn::journey, Drawn::region).total() == 1);
}

TEST_CASE("with log-in broken, tokens of lifetime L lock out min(1, t / L), past a short horizon, too") {
  WithTokens drawn;
  drawn.world.horizon = GENERATE(Duration::minutes(20), Duration::hours(24));  // some look half an hour ahead anyway
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  const double held = *flow.value(Metric::held, {WithSessions::login, {}});
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.settle();

  for (const int minute : {15, 30, 45, 60, 75}) {
    run_until(flow, at(Duration::minutes(minute)));
    const double locked_out = 1 - *flow.value(Metric::held, {WithSessions::login, {}}) / held;
    CHECK(locked_out == Approx(std::min(1.0, minute / 60.0)).margin(1e-6));
  }
}

TEST_CASE("sessions that were opened one after the other expire so, however long steps were meanwhile") {
  const WithTokens drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const int broken_minute = GENERATE(7, 61, 200);

  flow.begin();
  run_until(flow, at(Duration::minutes(broken_minute)));
  const double held = *flow.value(Metric::held, {WithSessions::login, {}});
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.settle();

  for (const int minute : {1, 5, 20, 31, 50, 59, 61}) {
    INFO("broken after " << broken_minute << ", " << minute << " minutes ago");
    run_until(flow, at(Duration::minutes(broken_minute + minute)));
    const double locked_out = 1 - *flow.value(Metric::held, {WithSessions::login, {}}) / held;
    CHECK(locked_out == Approx(std::min(1.0, minute / 60.0)).margin(1e-4));
  }
}

TEST_CASE("on a day on which nothing happens as many hold a session as ever, however long it lives") {
  WithSessions drawn;
  const auto even = [](double seconds) {
    return random::DurationDistribution::constant(Duration::of_seconds(seconds));
  };
  const auto differ = [](double mean_s) {
    return random::DurationDistribution{random::Distribution{random::Exponential{.mean = mean_s}}};
  };
  drawn.world.sessions[0].lifetime = GENERATE_COPY(even(10), even(60), even(300), even(3600), differ(60), differ(3600));
  drawn.world.populations[0].does[0].per_user = Rate::per_second(0.01);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  const double held = *flow.value(Metric::held, {WithSessions::login, {}});
  CHECK(held < 0.98);  // those who have to open another one, and do not know it yet, are missing
  for (int step = 0; step < 70; ++step) {
    flow.advance(flow.next_date());
    flow.settle();
    INFO("after " << flow.now().since_start().in_minutes() << " minutes");
    CHECK(*flow.value(Metric::held, {WithSessions::login, {}}) == Approx(held).epsilon(1e-6));
  }
  CHECK(flow.now() > at(Duration::hours(20)));  // in steps of twenty minutes, mostly
}

TEST_CASE("who was logged out together, and got in again together, is out together again a lifetime later") {
  const WithTokens drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto opened = [&] { return flow.ledger().sessions_opened; };
  const auto opened_until = [&](Duration date) {
    run_until(flow, at(date));
    return opened();
  };

  flow.begin();
  flow.begin_log_out(WithSessions::login, Share{1}, Duration{}, std::nullopt);
  flow.settle();
  const Duration life = Duration::hours(1);
  std::vector<double> first, second;
  const std::vector<Duration> dates{Duration::seconds(30), Duration::minutes(1), Duration::minutes(2),
                                    Duration::minutes(4), Duration::minutes(10)};
  for (const Duration date : dates) first.push_back(opened_until(date));
  const double before = opened_until(life);
  for (const Duration date : dates) second.push_back(opened_until(life + date) - before);
  for (std::size_t i = 0; i < dates.size(); ++i) CHECK(second[i] == Approx(first[i]).epsilon(0.01));
  CHECK(first.back() == Approx(drawn.world.populations[0].users[0]));
}

TEST_CASE("lifetimes that differ run out as their distribution says: what is held at any time lives longer") {
  WithSessions drawn;
  drawn.world.sessions[0].lifetime =
      random::DurationDistribution{random::Distribution{random::Uniform{.low = 30 * 60, .high = 90 * 60}}};
  drawn.world.populations[0].does[0].per_user = Rate::per_second(10);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  const double held = *flow.value(Metric::held, {WithSessions::login, {}});
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.settle();

  // Of ages and lifetimes together: at t the integral of 1 - F from t on, over the mean. Sixteen lifetimes stand for
  // all.
  const auto left = [](double minute) {
    return minute < 30 ? 1 - minute / 60 : std::pow(std::max(0.0, 90 - minute), 2) / 7200;
  };
  for (const int minute : {15, 30, 60, 80, 91}) {
    run_until(flow, at(Duration::minutes(minute)));
    CHECK(*flow.value(Metric::held, {WithSessions::login, {}}) / held == Approx(left(minute)).margin(0.005));
  }
}

TEST_CASE("people's sessions that their devices renew: nothing is lost before L - R, everything by L") {
  WithSessions drawn;
  drawn.world.sessions[0].lifetime = random::DurationDistribution::constant(Duration::hours(3));
  drawn.world.sessions[0].renewal = world::Renewal{.by = drawn.operation("gate"), .every = Duration::hours(1)};
  drawn.world.populations[0].does[0].per_user = Rate::per_second(1);
  drawn.world.populations[0].retry.gives_up = Rate{};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto held = [&] { return *flow.value(Metric::held, {WithSessions::login, {}}); };

  flow.begin();
  CHECK(rate_of(flow, drawn, "gate") == Approx(1e6 / 3600).epsilon(1e-9));  // renewals, and no log-ins
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.settle();

  for (const int minute : {60, 119, 135, 150, 165, 181}) {
    run_until(flow, at(Duration::minutes(minute)));
    CHECK(held() == Approx(1 - std::clamp((minute - 120) / 60.0, 0.0, 1.0)).margin(1e-6));
  }
  flow.set_service_up(drawn.service("gate"), Drawn::site, true);
  flow.settle();
  run_until(flow, at(Duration::hours(9)));
  CHECK(held() == Approx(1).epsilon(1e-3));
  const traffic::Ledger ledger = flow.ledger();
  CHECK(std::abs(ledger.holders - ledger.holders_now) < 1e-9 * ledger.holders);
}

TEST_CASE("who lacks the outer session cannot open the inner one, and calls nobody for it") {
  WithSessions drawn;
  world::Journey enter = drawn.world.journeys[1];
  enter.name = "reader.enter";
  enter.session = WithSessions::login;
  drawn.world.journeys.push_back(enter);
  drawn.world.apps[0].journeys.push_back(world::JourneyId{2});
  world::SessionKind inner = drawn.world.sessions[0];
  inner.name = "ticket";
  inner.opened_by = world::JourneyId{2};
  drawn.world.sessions.push_back(inner);
  constexpr world::SessionId ticket{1};
  drawn.world.journeys[0].session = ticket;
  drawn.world.populations[0].does[0].per_user = Rate::per_second(1);
  drawn.world.populations[0].retry.gives_up = Rate{};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};  // what arrives is read to the last attempt
  const auto held = [&](world::SessionId session) { return *flow.value(Metric::held, {session, {}}); };

  // Log-in is broken and nobody is logged in any more: who loses a ticket cannot get another.
  flow.begin();
  flow.set_errors(drawn.operation("gate"), Drawn::site, Share{1});
  flow.begin_log_out(WithSessions::login, Share{1}, Duration{}, std::nullopt);
  flow.begin_log_out(ticket, Share{0.5}, Duration{}, std::nullopt);
  flow.settle();
  run_until(flow, at(Duration::minutes(20)));
  CHECK(held(ticket) == Approx(0.5));
  const double with_log_in_broken = rate_of(flow, drawn, "gate");

  // Half of all people would ask for a ticket as well, and cannot: what asks at the gate are log-ins alone. (Small
  // changes of demand are not passed on.)
  CHECK(with_log_in_broken == Approx(*flow.value(Metric::rate, {world::JourneyId{1}, {}})).epsilon(0.03));
  flow.set_errors(drawn.operation("gate"), Drawn::site, Share{0});
  flow.settle();
  run_until(flow, at(Duration::hours(3)));
  CHECK(held(WithSessions::login) == Approx(1).epsilon(1e-3));
  CHECK(held(ticket) == Approx(1).epsilon(1e-3));
}

TEST_CASE("f U people who notice over W add f U / W to the log-in rate") {
  WithSessions drawn;
  // A thousandth of users a second want something; the others find out when they next do. Whoever is online: within 30
  // s.
  drawn.world.populations[0].does[0].per_user = Rate::per_second(1e-3);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.begin_log_out(WithSessions::login, Share{0.5}, Duration{}, std::nullopt);
  flow.settle();
  const double online = 1 - std::exp(-1e-3 * 600);
  const double at_once = 0.5e6 * (online / 30 + (1 - online) * 1e-3);
  CHECK(rate_of(flow, drawn, "gate") == Approx(at_once).epsilon(1e-9));

  // Log-in works, so over the time all of them have come, once: the storm is what is noticed, not what was lost.
  run_until(flow, at(Duration::hours(3)));
  CHECK(flow.ledger().sessions_opened == Approx(0.5e6).epsilon(1e-3));
}

TEST_CASE("capacity goes with the share of sessions that are held, and comes back with them") {
  WithSessions drawn;
  drawn["feed"].per_replica = Rate::per_second(200);  // 2000/s
  drawn["feed"].scaled_by = WithSessions::login;
  drawn.world.populations[0].does[0].per_user = Rate::per_second(1e-3);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto capacity = [&] { return *flow.value(Metric::capacity, {drawn.service("feed"), {}}); };

  flow.begin();
  CHECK(capacity() == Approx(2000));
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.begin_log_out(WithSessions::login, Share{0.5}, Duration::minutes(10), std::nullopt);
  flow.settle();
  run_until(flow, at(Duration::minutes(5)));
  CHECK(capacity() == Approx(1500).epsilon(1e-6));
  run_until(flow, at(Duration::minutes(20)));
  CHECK(capacity() == Approx(1000).epsilon(1e-6));
  flow.set_service_up(drawn.service("gate"), Drawn::site, true);
  flow.settle();
  run_until(flow, at(Duration::hours(6)));

  CHECK(capacity() == Approx(2000).epsilon(1e-2));
}

TEST_CASE("open-feed falls when everybody is logged out, although nobody tries") {
  WithSessions drawn;
  drawn.world.populations[0].does[0].per_user = Rate::per_second(1e-12);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_service_up(drawn.service("gate"), Drawn::site, false);
  flow.begin_log_out(WithSessions::login, Share{1}, Duration::minutes(4), std::nullopt);
  flow.settle();
  run_until(flow, at(Duration::minutes(2)));
  const double half_way = flow.success(Drawn::journey, Drawn::region).total();
  run_until(flow, at(Duration::minutes(4)));

  CHECK(half_way == Approx(0.5).epsilon(1e-6));
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0).margin(1e-12));
}

TEST_CASE("a person kept out by admission is kept out for good, until more are let in") {
  Drawn drawn{"app -> shop"};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};

  flow.begin();
  flow.set_admission(Drawn::journey, Drawn::region, Share{0.25});
  flow.settle();
  run_until(flow, at(Duration::minutes(30)));

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(0.25));
  CHECK(*flow.value(Metric::success, {Drawn::journey, {}}) ==
        1);  // what guards see: the turned away are a share of their own
  CHECK(rate_of(flow, drawn, "shop") == Approx(250).epsilon(1e-9));  // retrying does not get anybody in
}

TEST_CASE("nobody and nothing is lost: sources and sinks agree to 1e-9 through a storm") {
  WithSessions drawn;
  drawn.world.sessions[0].lifetime = random::DurationDistribution::constant(Duration::hours(2));
  drawn["gate"].per_replica = Rate::per_second(20);
  drawn["feed"].per_replica = Rate::per_second(150);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};

  flow.begin();
  const auto log_out = flow.begin_log_out(WithSessions::login, Share{0.8}, Duration::minutes(4), Duration::seconds(30));
  flow.set_errors(drawn.operation("gate"), Drawn::site, Share{0.85});
  flow.settle();
  run_until(flow, at(Duration::minutes(50)));
  flow.set_admission(world::JourneyId{1}, Drawn::region, Share{0.1});
  flow.end_log_out(log_out);
  flow.set_errors(drawn.operation("gate"), Drawn::site, Share{0});
  flow.settle();
  run_until(flow, at(Duration::hours(2)));
  flow.set_admission(world::JourneyId{1}, Drawn::region, Share{1});
  flow.settle();
  run_until(flow, at(Duration::hours(6)));

  const traffic::Ledger ledger = flow.ledger();
  CHECK(ledger.sessions_opened > 0.5e6);  // the storm did happen
  CHECK(ledger.attempts_refused > 1e6);
  CHECK(ledger.tries_turned_away > 1e6);
  CHECK(ledger.intents ==
        Approx(ledger.answered + ledger.abandoned + ledger.suppressed + ledger.waiting).epsilon(1e-9));
  CHECK(ledger.tries == Approx(ledger.tries_answered + ledger.tries_failed + ledger.tries_turned_away).epsilon(1e-9));
  CHECK(ledger.attempts_offered == Approx(ledger.attempts_served + ledger.attempts_refused).epsilon(1e-9));
  CHECK(ledger.holders == Approx(ledger.holders_now).epsilon(1e-9));
  CHECK(ledger.sessions_missing ==
        Approx(ledger.sessions_missing_at_begin + ledger.sessions_lost - ledger.sessions_opened)
            .margin(1e-9 * ledger.holders));
}

TEST_CASE("a cold cache in front of a store that sheds comes back with the time constant of its fill") {
  Drawn drawn{"app -> cache; app -> store"};
  drawn.world.journeys[0].calls.pop_back();
  drawn["cache"].per_replica = Rate::per_second(1e6);
  drawn["cache"].cache = world::Cache{
      .behind = drawn.operation("store"), .hit = Share{0.9}, .entries = 1e6, .cold = Share{0}, .drop_on_error = false};
  drawn["store"].per_replica = Rate::per_second(1e6);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};

  flow.begin();
  CHECK(rate_of(flow, drawn, "store") == Approx(100));
  flow.lose_cache(drawn.service("cache"), Drawn::site, Share{1});
  flow.settle();
  CHECK(rate_of(flow, drawn, "store") == Approx(1000));

  // Each answered miss for an entry that should be there brings it back: 1 - fill falls with entries / (rate x hit).
  const double constant_s = 1e6 / (1000 * 0.9);
  run_until(flow, at(Duration::of_seconds(constant_s)));
  CHECK(rate_of(flow, drawn, "store") == Approx(1000 * (1 - 0.9 * (1 - std::exp(-1)))).epsilon(1e-3));
}

TEST_CASE("what misses bring less what errors delete is what a cache gains, to 1e-9") {
  Drawn drawn{"app -> cache; app -> store"};
  drawn.world.journeys[0].calls.pop_back();
  drawn["cache"].per_replica = Rate::per_second(1e6);
  drawn["cache"].cache = world::Cache{
      .behind = drawn.operation("store"), .hit = Share{0.9}, .entries = 1e6, .cold = Share{0}, .drop_on_error = true};
  drawn["store"].per_replica = Rate::per_second(60);
  drawn["store"].overload = world::Shed{};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.lose_cache(drawn.service("cache"), Drawn::site, Share{0.8});
  flow.settle();
  const double before = flow.ledger().cache_entries;
  run_until(flow, at(Duration::hours(2)));

  const traffic::Ledger ledger = flow.ledger();
  CHECK(before == Approx(0.2e6));
  CHECK(ledger.cache_filled > 0.1e6);
  CHECK(ledger.cache_dropped > 1e4);
  CHECK(ledger.cache_entries == Approx(before + ledger.cache_filled - ledger.cache_dropped).epsilon(1e-9));
}

TEST_CASE("old copies are served until they are too old") {
  Drawn drawn{"app -> feed -> store"};
  drawn.world.operations[drawn.operation("feed").index()].fallback = world::Fallback{Duration::hours(1), Share{0.75}};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();
  run_until(flow, at(Duration::minutes(59)));
  CHECK(flow.success(Drawn::journey, Drawn::region).degraded == Approx(0.75));
  CHECK(flow.success(Drawn::journey, Drawn::region).ok == 0);
  run_until(flow, at(Duration::minutes(61)));
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == 0);
}

// Who looks at two dates takes what lies between to go straight: a jump must lie within a tick.
TEST_CASE("old copies serve to the very end, whatever steps are like, and serve nobody from then on") {
  enum class Where { call, operation, journey };
  const auto where = GENERATE(Where::call, Where::operation, Where::journey);
  const auto good_for = GENERATE(Duration::seconds(40), Duration::minutes(7));
  Drawn drawn{"app -> feed -> store"};
  const world::Fallback copies{good_for, Share{1}};
  if (where == Where::call) drawn.call("feed", "store").fallback = copies;
  if (where == Where::operation) drawn.world.operations[drawn.operation("feed").index()].fallback = copies;
  if (where == Where::journey) drawn.world.journeys[0].fallback = copies;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();

  SimTime last_served = flow.now();
  std::optional<SimTime> first_not;
  int steps = 0;
  for (; flow.now() < at(Duration::minutes(20)); ++steps) {
    const double share = flow.success(Drawn::journey, Drawn::region).total();
    if (share > 0.5) last_served = flow.now();
    if (share <= 0.5 && !first_not) first_not = flow.now();
    CHECK((share == Approx(1) || share == 0));
    flow.advance(std::min(flow.next_date(), at(Duration::minutes(20))));
  }
  REQUIRE(first_not);
  CHECK(*first_not == at(good_for));
  CHECK(*first_not - last_served == Duration::of_ticks(1));
  CHECK(steps < 40);
}

TEST_CASE("halving steps and threshold moves success by less than two points at any minute of a storm") {
  WithSessions drawn;
  drawn["gate"].per_replica = Rate::per_second(20);
  const traffic::Network network{drawn.world};
  traffic::Flow coarse{network};
  traffic::Flow fine{network,
                     {.smallest_step = Duration::of_seconds(0.5),
                      .largest_step = Duration::of_seconds(75),
                      .threshold = Share::percent(1)}};
  for (traffic::Flow* flow : {&coarse, &fine}) {
    flow->begin();
    flow->begin_log_out(WithSessions::login, Share{0.8}, Duration::minutes(4), std::nullopt);
    flow->settle();
  }

  for (int minute = 1; minute < 360; minute += 5) {
    run_until(coarse, at(Duration::minutes(minute)));
    run_until(fine, at(Duration::minutes(minute)));
    CHECK(coarse.success(Drawn::journey, Drawn::region).total() ==
          Approx(fine.success(Drawn::journey, Drawn::region).total()).margin(0.02));
  }
}

// Where callers try again, admission follows the load with a time constant, that of the longest timeout and a second at
// least: so long is a flood let in at nearly full, and not for as long as the flows' steps are.
TEST_CASE("a flood is answered as its loop of retries settles, however long the first step is") {
  const auto [timeout_s, over_s] =
      GENERATE(std::pair{0.2, 4.0}, std::pair{0.2, 12.0}, std::pair{3.0, 12.0}, std::pair{10.0, 20.0});
  constexpr double able = 1500, flood = 6000, usual = 1000;
  Drawn drawn{"app -> front -> store"};
  drawn.call("front", "store").tries = 2;
  drawn.call("front", "store").timeout = Duration::of_seconds(timeout_s);
  drawn["front"].per_replica = Rate::per_second(1e6);
  drawn["store"].replicas = {1};
  drawn["store"].per_replica = Rate::per_second(able);
  world::Retry& again = drawn.world.populations[0].retry;
  again.first = again.up_to = Duration::hours(1);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_load(Drawn::journey, flood / usual);
  flow.settle();
  run_until(flow, at(Duration::of_seconds(over_s)));

  // The same by small steps: a call ends well unless both of its attempts are refused.
  const double constant_s = std::max(timeout_s, 1.0);
  double admitted = 1, answered = 0;
  for (double done = 0, step = 1e-4; done < over_s; done += step) {
    answered += flood * (1 - (1 - admitted) * (1 - admitted)) * step;
    const double tends_to = std::min(1.0, able / (flood * (2 - admitted)));
    admitted += (tends_to - admitted) * step / constant_s;
  }
  INFO("timeout " << timeout_s << " s, over " << over_s << " s");
  CHECK(answered > able * over_s * 1.1);
  CHECK(answered < flood * over_s * 0.9);
  CHECK(flow.ledger().tries_answered == Approx(answered).epsilon(0.02));
}

// A crowd that tries again, first within seconds and then less often: what is asked moves all the time, and admission
// after it. Where the loop was only followed before people had moved, success was off by 16 points, and by 6 on
// average.
TEST_CASE("while a loop follows a crowd, success at the end of each step is what much smaller steps find") {
  Drawn drawn{"app -> front -> store"};
  drawn.call("front", "store").tries = 2;
  drawn["front"].per_replica = Rate::per_second(1e6);
  drawn["store"].replicas = {1};
  drawn["store"].per_replica = Rate::per_second(1500);
  world::Retry& again = drawn.world.populations[0].retry;
  again.first = Duration::seconds(5);
  again.factor = 2;
  again.up_to = Duration::minutes(3);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  traffic::Flow fine{network,
                     {.smallest_step = Duration::of_seconds(0.1),
                      .largest_step = Duration::seconds(5),
                      .threshold = Share::percent(0.5)}};
  for (traffic::Flow* one : {&flow, &fine}) one->begin();
  double farthest = 0, all = 0;
  int steps = 0;
  for (const double load : {4.0, 2.0, 1.0}) {
    for (traffic::Flow* one : {&flow, &fine}) {
      one->set_load(Drawn::journey, load);
      one->settle();
    }
    for (const SimTime end = flow.now() + Duration::minutes(4); flow.now() < end; ++steps) {
      flow.advance(std::min(end, flow.next_date()));
      run_until(fine, flow.now());
      const auto found = [](const traffic::Flow& one) { return one.success(Drawn::journey, Drawn::region).total(); };
      const double off = std::abs(found(flow) - found(fine));
      farthest = std::max(farthest, off);
      all += off;
    }
  }
  CHECK(steps < 40);
  CHECK(farthest < 0.08);
  CHECK(all / steps < 0.02);
}

// Everybody has been logged out, and for an hour twenty times as many try to log in as can: then as many get in as can,
// whatever share that is of them. Where a loop of attempts was let lag by a hundredth of what is asked, it lagged by a
// step, and a tenth too few got in.
TEST_CASE("of twenty times as many as a service can do it answers as many as it can, attempts made again or not") {
  const int tries = GENERATE(1, 2, 4);
  constexpr double able = 150;
  Drawn drawn{"app -> feed; app -> gate"};
  drawn.log_in_at("gate", Share{1});
  world::Call& to_gate = drawn.world.journeys[1].calls.front();
  to_gate.tries = tries;
  to_gate.timeout = Duration::seconds(5);
  drawn["gate"].replicas = {1};
  drawn["gate"].per_replica = Rate::per_second(able);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  const auto log_out = flow.begin_log_out(world::SessionId{0}, Share{1}, Duration::minutes(2), {});
  flow.settle();
  run_until(flow, at(Duration::minutes(2)));
  flow.end_log_out(log_out);
  flow.settle();
  run_until(flow, at(Duration::minutes(10)));

  INFO(tries << " attempts");
  const world::Target gate{drawn.service("gate"), {}};
  for (double from_min = 10, opened = flow.ledger().sessions_opened; from_min < 60; from_min += 10) {
    const double before = opened;
    run_until(flow, at(Duration::of_seconds((from_min + 10) * 60)));
    opened = flow.ledger().sessions_opened;
    const double share = flow.value(world::Metric::success, gate).value();
    INFO("from minute " << from_min << "; of attempts, " << share << " are answered");
    CHECK(share < 0.2);
    CHECK(opened - before == Approx(able * 600).epsilon(0.03));
    CHECK(share * flow.value(world::Metric::load, gate).value() == Approx(1).epsilon(0.03));
  }
}

// Who was kept waiting by a failure comes back to a service that does what it can and no more: while anybody is
// refused, as many are answered as it can do, to the last one, and the crowd is gone when the work is done. Steps that
// took the share that is answered for what stays the same were late by half a minute in five.
TEST_CASE("a crowd is answered at the rate of the service it comes back to, and is gone when the closed form says") {
  const auto [first_s, last_s] = GENERATE(std::pair{5.0, 5.0}, std::pair{5.0, 60.0}, std::pair{20.0, 360.0});
  constexpr double able = 1500, usual = 1000;
  Drawn drawn{"app -> store"};
  drawn["store"].replicas = {1};
  drawn["store"].per_replica = Rate::per_second(able);
  world::Retry& again = drawn.world.populations[0].retry;
  again.first = Duration::of_seconds(first_s);
  again.up_to = Duration::of_seconds(last_s);
  again.factor = 2;
  again.gives_up = Rate::per_second(1e-9);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();
  run_until(flow, at(Duration::seconds(300)));
  flow.set_service_up(drawn.service("store"), Drawn::site, true);
  flow.settle();

  INFO("waits from " << first_s << " to " << last_s << " s");
  const auto share = [&] { return flow.success(Drawn::journey, Drawn::region).total(); };
  const double before = flow.ledger().answered;
  REQUIRE(share() < 0.9);
  SimTime last_refused = flow.now();
  double answered = 0;
  int steps = 0;
  for (; share() < 1 && flow.now() < at(Duration::hours(1)); ++steps) {
    last_refused = flow.now();
    answered = flow.ledger().answered - before;
    flow.advance(flow.next_date());
  }
  const double refused_for_s = (last_refused - at(Duration::seconds(300))).in_seconds();
  CHECK(steps < 40);
  CHECK(answered == Approx(able * refused_for_s).epsilon(0.01));
  // Who waits does not begin anew, so fewer than usual come first; they are counted as suppressed.
  const traffic::Ledger ledger = flow.ledger();
  CHECK(ledger.intents == Approx(usual * flow.now().since_start().in_seconds()).epsilon(1e-3));
  CHECK(ledger.intents ==
        Approx(ledger.answered + ledger.abandoned + ledger.suppressed + ledger.waiting).epsilon(1e-9));
}

namespace {

// Two sites in one region, at each of which half of the users are at home, and one abroad with users of its own.
struct WithHomes : Drawn {
  WithHomes() : Drawn{"app -> front -> mail; front -> photos"} {
    world.sites.push_back({"here-2", Drawn::region});
    world.regions.push_back({"abroad", 1e6, {}});
    world.sites.push_back({"abroad", world::RegionId{1}});
    world.populations[0].users.push_back(1e6);
    for (world::Service& service : world.services) {
      service.sites = {world::SiteId{0}, world::SiteId{1}, world::SiteId{2}};
      service.replicas = {10, 10, 10};
      service.per_replica = Rate::per_second(1e6);
    }
    for (const char* name : {"mail", "photos"}) (*this)[name].balance = world::Balance::home;
  }
  static constexpr world::SiteId other_site{1}, abroad{2};
  [[nodiscard]] double rate_at(const traffic::Flow& flow, std::string_view name, world::SiteId at) const {
    return *flow.value(Metric::rate, {service(name), world::Place{at}});
  }
};

}  // namespace

TEST_CASE("who is at home where nobody answers fails at every place that keeps them there, and is one user") {
  WithHomes drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto here = [&] { return flow.success(Drawn::journey, Drawn::region).total(); };
  const auto abroad = [&] { return flow.success(Drawn::journey, world::RegionId{1}).total(); };

  flow.begin();
  CHECK(drawn.rate_at(flow, "mail", Drawn::site) == Approx(500));
  CHECK(drawn.rate_at(flow, "mail", WithHomes::other_site) == Approx(500));
  CHECK(drawn.rate_at(flow, "mail", WithHomes::abroad) == Approx(1000));
  for (const char* name : {"mail", "photos"}) flow.set_service_up(drawn.service(name), Drawn::site, false);
  flow.settle();

  // Half of the users here, not three quarters; and nobody abroad.
  CHECK(here() == Approx(0.5).epsilon(1e-12));
  CHECK(abroad() == 1);
  CHECK(drawn.rate_at(flow, "photos", WithHomes::other_site) == Approx(500));
}

namespace {

// Two regions with a site each, and every service at both.
struct WithTwoSites : Drawn {
  explicit WithTwoSites(std::string_view picture) : Drawn{picture} {
    world.regions.push_back({"abroad", 1e6, {}});
    world.sites.push_back({"abroad", world::RegionId{1}});
    world.populations[0].users.push_back(3e6);
    for (world::Service& service : world.services) {
      service.sites = {Drawn::site, abroad};
      service.replicas = {10, 10};
      service.per_replica = Rate::per_second(1e6);
    }
  }
  static constexpr world::SiteId abroad{1};
  [[nodiscard]] double rate_at(const traffic::Flow& flow, std::string_view name, world::SiteId at) const {
    return *flow.value(Metric::rate, {service(name), world::Place{at}});
  }
};

}  // namespace

// Calls from each place to its like are added up by another loop than calls that go elsewhere.
TEST_CASE("what arrives is the same by straight ways and by others, and again when ways are straight once more") {
  WithTwoSites drawn{"app -> front -> store; front -> shelf; app -> shelf"};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto rates = [&](std::string_view name) {
    return std::pair{drawn.rate_at(flow, name, Drawn::site), drawn.rate_at(flow, name, WithTwoSites::abroad)};
  };

  flow.begin();
  CHECK(rates("store") == std::pair{1000.0, 3000.0});
  CHECK(rates("shelf") == std::pair{2000.0, 6000.0});
  flow.set_detour(drawn.service("shelf"), Drawn::site, {WithTwoSites::abroad});
  flow.settle();
  CHECK(rates("store") == std::pair{1000.0, 3000.0});
  CHECK(rates("shelf") == std::pair{0.0, 8000.0});
  flow.set_detour(drawn.service("shelf"), Drawn::site, {});
  flow.set_load(Drawn::journey, 1.5);
  flow.settle();
  CHECK(rates("store") == std::pair{1500.0, 4500.0});
  CHECK(rates("shelf") == std::pair{3000.0, 9000.0});

  // How calls end is read at the callee by straight ways, and where the call is by others.
  const auto successes = [&] {
    return std::pair{flow.success(Drawn::journey, Drawn::region).total(),
                     flow.success(Drawn::journey, world::RegionId{1}).total()};
  };
  flow.set_errors(drawn.operation("shelf"), WithTwoSites::abroad, Share{0.5});
  flow.settle();
  CHECK(successes() == std::pair{1.0, 0.25});  // asked twice
  flow.set_detour(drawn.service("shelf"), Drawn::site, {WithTwoSites::abroad});
  flow.settle();
  CHECK(successes() == std::pair{0.25, 0.25});
  flow.set_errors(drawn.operation("shelf"), WithTwoSites::abroad, Share{0.75});
  flow.set_detour(drawn.service("shelf"), Drawn::site, {});
  flow.settle();
  CHECK(successes() == std::pair{1.0, 0.0625});
}

TEST_CASE("fail-over moves users from a home that does not answer to one that does, with their load") {
  WithHomes drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  for (const char* name : {"mail", "photos"}) flow.set_service_up(drawn.service(name), Drawn::site, false);
  flow.settle();

  for (const char* name : {"mail", "photos"})
    flow.set_detour(drawn.service(name), Drawn::site, {WithHomes::other_site});
  flow.settle();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(1).epsilon(1e-12));
  CHECK(drawn.rate_at(flow, "mail", WithHomes::other_site) == Approx(1000).epsilon(0.01));  // and whoever tries again
  CHECK(drawn.rate_at(flow, "mail", WithHomes::abroad) == Approx(1000));
}

// What is kept back on the way to services with room is at most a quarter, so that none is full unnoticed.
TEST_CASE(
    "demand that creeps up by less than is passed on overloads a service as soon as demand that is followed exactly") {
  Drawn drawn{"app -> shop -> stock -> shelf"};
  for (const char* name : {"shop", "stock"}) drawn[name].per_replica = Rate::per_second(1e6);
  drawn["shelf"].per_replica = Rate::per_second(1500 / drawn["shelf"].replicas.front());
  const traffic::Network network{drawn.world};
  traffic::Flow coarse{network}, exact{network, {.follows_all = true}};
  coarse.begin();
  exact.begin();

  double kept_back = 0;
  for (int step = 0; step <= 400; ++step) {
    for (traffic::Flow* flow : {&coarse, &exact}) {
      flow->set_load(world::PopulationId{0}, 0.9 + 0.002 * step);
      flow->settle();
    }
    const double rate = rate_of(exact, drawn, "shelf");
    const double distance = std::abs(rate_of(coarse, drawn, "shelf") / rate - 1);
    kept_back = std::max(kept_back, distance);
    INFO("asked for " << rate << " a second of 1500");
    CHECK(distance <= (rate > 0.75 * 1.25 * 1500 ? 1e-9 : 0.25));
    CHECK(coarse.success(Drawn::journey, Drawn::region).total() ==
          Approx(exact.success(Drawn::journey, Drawn::region).total()).epsilon(1e-9));
  }

  CHECK(kept_back > 0.001);
  CHECK(exact.success(Drawn::journey, Drawn::region).total() < 0.95);
}

TEST_CASE("who can do less than it was asked for, but not less than it is, turns nobody away") {
  Drawn drawn{"app -> shop -> stock -> shelf"};
  for (const char* name : {"shop", "stock", "shelf"}) drawn[name].per_replica = Rate::per_second(1e6);
  drawn["shelf"].per_replica = Rate::per_second(1500 / drawn["shelf"].replicas.front());
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network}, exact{network, {.follows_all = true}};

  for (traffic::Flow* one : {&flow, &exact}) {
    one->begin();
    one->set_errors(drawn.operation("shop"), Drawn::site, Share{0.5});
    one->settle();
  }
  CHECK(rate_of(exact, drawn, "shelf") == Approx(500));
  CHECK(rate_of(flow, drawn, "shelf") == Approx(1000));  // it has room for more, and so was told of no less
  for (traffic::Flow* one : {&flow, &exact}) {
    one->set_capacity(drawn.service("shelf"), Drawn::site, Share{0.4});
    one->settle();
    CHECK(rate_of(*one, drawn, "shelf") == Approx(500));
    CHECK(one->success(Drawn::journey, Drawn::region).total() == Approx(0.5).epsilon(1e-9));
  }
}

TEST_CASE("a queue grows by what it is asked, and not by what it was asked before") {
  Drawn drawn{"app -> shop -> stock"};
  drawn["shop"].per_replica = Rate::per_second(1e6);
  drawn["stock"].per_replica = Rate::per_second(1500 / drawn["stock"].replicas.front());
  drawn["stock"].overload = world::Queue{.limit = Duration::minutes(5)};
  drawn.call("shop", "stock").timeout = drawn.world.journeys[0].timeout = Duration::minutes(10);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_load(world::PopulationId{0}, 0.1);
  flow.settle();
  flow.set_capacity(drawn.service("stock"), Drawn::site, Share{0.1});
  flow.settle();
  run_until(flow, at(Duration::minutes(1)));
  CHECK(*flow.value(Metric::backlog, {drawn.service("stock"), {}}) == 0);
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == 1);
  flow.set_load(world::PopulationId{0}, 0.2);
  flow.settle();
  run_until(flow, at(Duration::minutes(2)));
  CHECK(*flow.value(Metric::backlog, {drawn.service("stock"), {}}) == Approx(60 * (200 - 150)).epsilon(1e-6));
}

TEST_CASE("of a service that nobody asks, no share is turned away") {
  Drawn drawn{"app -> shop -> stock"};
  for (const char* name : {"shop", "stock"}) drawn[name].per_replica = Rate::per_second(1e6);
  drawn.world.monitors.push_back(
      {.name = "watching",
       .alert = condition_of(Metric::turned_away, drawn.service("stock"), world::Comparison::greater, 0.5)});
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  CHECK(flow.value(Metric::turned_away, {drawn.service("stock"), {}}) == 0);
  flow.set_service_up(drawn.service("shop"), Drawn::site, false);
  flow.settle();
  CHECK_FALSE(flow.value(Metric::turned_away, {drawn.service("stock"), {}}).has_value());
}

TEST_CASE("classes of users are answered on average as they ask now, though there is room for more") {
  Drawn drawn{"app -> front; front -> dep; front -> back"};
  for (const char* name : {"front", "dep", "back"}) drawn[name].per_replica = Rate::per_second(1e7);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network}, exact{network, {.follows_all = true}};

  for (traffic::Flow* one : {&flow, &exact}) {
    one->begin();
    one->set_sticky_share(0, Share{0.5});
    one->set_sticky_share(1, Share{0.2});
    one->set_sticky_errors(0, drawn.operation("back"), Drawn::site, true);
    one->set_sticky_errors(1, drawn.operation("dep"), Drawn::site, true);
    one->settle();
    run_until(*one, at(Duration::minutes(11)));
    one->set_sticky_errors(0, drawn.operation("back"), Drawn::site, false);  // half of them need not try again any more
    one->settle();
  }
  for (const int minute : {11, 15, 30, 60}) {
    for (traffic::Flow* one : {&flow, &exact}) run_until(*one, at(Duration::minutes(minute)));
    const auto answered = [&](const traffic::Flow& one) {
      return *one.value(Metric::success, {drawn.service("dep"), {}});
    };
    INFO("after " << minute << " minutes");
    CHECK(answered(flow) == Approx(answered(exact)).margin(0.05));  // by up to a fifth, what people try is kept back
  }
}

// Who reads how much is asked gets it to the last request; who reads how it is answered, alike everywhere, loses
// nothing by what is kept back.
TEST_CASE("what a condition reads of demand is followed exactly, though everything has room") {
  using world::Metric;
  const auto distance_with = [](Metric metric, const char* read) {
    Drawn drawn{"app -> shop -> stock -> shelf"};
    for (const char* name : {"shop", "stock", "shelf"}) drawn[name].per_replica = Rate::per_second(1e6);
    world::Subject subject = Drawn::app;
    if (read != nullptr) subject = drawn.service(read);
    drawn.world.monitors.push_back(
        {.name = "watching", .alert = condition_of(metric, subject, world::Comparison::less, 0.5)});
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network}, exact{network, {.follows_all = true}};
    flow.begin();
    exact.begin();
    double farthest = 0;
    for (const double load : {0.95, 1.05, 1.11, 1.04, 0.97}) {
      for (traffic::Flow* one : {&flow, &exact}) {
        one->set_load(world::PopulationId{0}, load);
        one->settle();
      }
      farthest = std::max(farthest, std::abs(rate_of(flow, drawn, "shelf") / rate_of(exact, drawn, "shelf") - 1));
    }
    return farthest;
  };

  for (const Metric metric : {Metric::rate, Metric::load, Metric::p99}) CHECK(distance_with(metric, "shelf") < 1e-9);
  // An answer takes as long as those it waits for.
  CHECK(distance_with(Metric::p99, "shop") < 1e-9);
  CHECK(distance_with(Metric::p99, nullptr) < 1e-9);
  for (const Metric metric : {Metric::success, Metric::degraded}) CHECK(distance_with(metric, "shelf") > 0.01);
}

// Tries made at once close a loop, those made after a pause do not: which is evaluated first hangs on the pause.
TEST_CASE("services are sized alike in a world that is drawn, though it be evaluated in another order") {
  Drawn drawn{"app -> often; app -> seldom"};
  world::Call& often = drawn.call("app", "often");
  often.tries = 3;
  often.backoff.first = Duration::of_seconds(1.05);
  drawn.call("app", "seldom").per_request = 0.1;
  const traffic::Network network{drawn.world};
  world::World other = drawn.world;
  other.journeys[0].calls[0].backoff.first = Duration::of_seconds(0.1);
  traffic::Flow as_written{network}, as_drawn{network, {}, &other};
  as_written.begin();
  as_drawn.begin();

  for (const char* name : {"often", "seldom"}) {
    const world::Target service{drawn.service(name), {}};
    CHECK(*as_drawn.value(Metric::capacity, service) == *as_written.value(Metric::capacity, service));
    CHECK(*as_drawn.value(Metric::load, service) == Approx(*as_written.value(Metric::load, service)).epsilon(0.01));
  }
}

TEST_CASE("how a service answers on average, where its sites differ, goes by how much each is asked now") {
  Drawn drawn{"app -> shop"};
  drawn.world.regions.push_back({"abroad", 1e6, {}});
  drawn.world.sites.push_back({"abroad", world::RegionId{1}});
  drawn.world.populations[0].users.push_back(1e6);
  drawn["shop"].sites = {Drawn::site, world::SiteId{1}};
  drawn["shop"].replicas = {10, 10};
  drawn["shop"].per_replica = Rate::per_second(1e6);
  drawn.world.monitors.push_back(
      {.name = "watching",
       .alert = condition_of(Metric::success, drawn.service("shop"), world::Comparison::less, 0.5)});
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network}, exact{network, {.follows_all = true}};

  for (traffic::Flow* one : {&flow, &exact}) {
    one->begin();
    one->set_errors(drawn.operation("shop"), world::SiteId{1}, Share{0.5});  // who fails tries again there
    one->settle();
    run_until(*one, at(Duration::seconds(40)));
  }

  const world::Target shop{drawn.service("shop"), {}};
  const double success = *exact.value(Metric::success, shop);
  CHECK(success < 0.74);  // three quarters, if each site were asked alike
  CHECK(*flow.value(Metric::success, shop) == Approx(success).epsilon(1e-9));
}

TEST_CASE("a service that came near its limit while all was followed exactly is not overloaded unnoticed after") {
  Drawn drawn{"app -> edge -> shop; app -> dns"};
  drawn.world.journeys[0].calls.pop_back();
  for (const char* name : {"edge", "dns"}) drawn[name].per_replica = Rate::per_second(1e6);
  drawn["shop"].per_replica = Rate::per_second(2000 / drawn["shop"].replicas.front());
  drawn["edge"].resolve = world::Resolve{drawn.operation("dns"), Duration::minutes(5), Duration::minutes(1)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_service_up(drawn.service("dns"), Drawn::site, false);
  flow.settle();
  run_until(flow, at(Duration::minutes(1)));  // some have forgotten the name, and ask in vain
  flow.set_capacity(drawn.service("shop"), Drawn::site, Share{0.55});
  flow.settle();
  flow.set_service_up(drawn.service("dns"), Drawn::site, true);
  flow.settle();
  run_until(flow, at(Duration::hours(3)));

  flow.set_load(world::PopulationId{0}, 1.15);  // 1,150 a second of 1,100
  flow.settle();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(1100.0 / 1150).epsilon(0.01));
}

// Of one person on a rung that is left at rate l, over a step s: stays e^(-ls), is there for (1 - e^(-ls)) / l; of one
// a second who comes, (s - that) / l in all. Short steps take series instead, since these are differences of what is
// alike.
TEST_CASE("what becomes of who waits over a step is the closed form, however short the step is") {
  world::Retry retry;
  retry.gives_up = Rate::per_second(1.0 / 3600);
  traffic::RetryLadder ladder{retry};
  for (const double step_s : {1e-9, 1e-6, 1e-3, 0.0499, 0.0501, 1.0, 60.0, 1200.0, 1e5}) {
    ladder.set_step(step_s);
    for (std::size_t n = 0; n < ladder.rungs(); ++n) {
      const traffic::RetryLadder::Rung& rung = ladder.rung(n);
      const double leave = rung.tries_per_s + 1.0 / 3600, x = leave * step_s;
      const double here_s = -std::expm1(-x) / leave;
      INFO("rung " << n << " over " << step_s << " s");
      CHECK(rung.stay == Approx(std::exp(-x)).epsilon(1e-12).margin(1e-15));
      CHECK(rung.here_s == Approx(here_s).epsilon(1e-12));
      CHECK(rung.tries == Approx(here_s * rung.tries_per_s).epsilon(1e-12));
      // To the second order in between, where the difference itself has no digits left.
      const double coming_s = x < 1e-3 ? step_s * step_s / 2 * (1 - x / 3) : (step_s - here_s) / leave;
      CHECK(rung.coming_tries == Approx(coming_s * rung.tries_per_s).epsilon(1e-7));
    }
  }
}

// Of a million people each one begins every thousand seconds, unless they wait to try again; none is answered, and who
// waits gives up after ten minutes: w' = f (P - w) - g w.
TEST_CASE("who waits does not begin anew, within a step either") {
  Drawn drawn{"app -> shop"};
  drawn.world.populations[0].retry.gives_up = Rate::per_second(1.0 / 600);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_errors(drawn.operation("shop"), Drawn::site, Share{1});
  flow.settle();
  const double begins = 1e-3, ends = 1e-3 + 1.0 / 600;
  int steps = 0;
  for (const int minutes : {5, 20, 60, 240}) {
    const SimTime date = SimTime::at(Duration::minutes(minutes));
    while (flow.now() < date) {
      flow.advance(std::min(date, flow.next_date()));
      ++steps;
    }
    const double waiting = 1e6 * begins / ends * -std::expm1(-ends * minutes * 60);
    CHECK(flow.people_failing() == Approx(waiting).epsilon(0.03));
  }
  CHECK(steps < 40);
}

TEST_CASE("a group is up while one of its services is, or one of its apps answers anybody") {
  Drawn drawn{"app -> front -> store; app ~> side"};
  drawn.world.groups.push_back({.name = "all", .members = {world::AppId{0}, drawn.service("store")}});
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const world::Target group{world::GroupId{0}, {}};

  flow.begin();
  CHECK(flow.is_up(group));
  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();
  CHECK_FALSE(flow.is_up(group));  // nobody is answered without it
  flow.set_service_up(drawn.service("store"), Drawn::site, true);
  flow.set_service_up(drawn.service("front"), Drawn::site, false);
  flow.settle();
  CHECK(flow.is_up(group));
}
