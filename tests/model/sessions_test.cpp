// Sessions that machines hold, against closed forms: what is lost while renewals fail, what comes when everybody opens
// one anew, and what capacity is worth without them.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/traffic/flow.hpp"
#include "tests/drawn.hpp"

namespace traffic = knockon::traffic;
namespace world = knockon::world;
namespace random_ = knockon::random;
using knockon::quantity::Duration;
using knockon::quantity::Rate;
using knockon::quantity::Share;
using knockon::quantity::SimTime;
using knockon::tests::Drawn;
using world::Metric;

namespace {

SimTime at(Duration since_start) { return SimTime::at(since_start); }

void run_until(traffic::Flow& flow, SimTime date) {
  while (flow.now() < date) flow.advance(std::min(date, flow.next_date()));
}

// A thousand hosts that run an app, each with a lease from a service of its own.
struct WithLeases : Drawn {
  static constexpr world::SessionId lease{0};
  static constexpr double hosts = 1000;

  WithLeases() : Drawn{"app -> hosts; app ~> renewals; app ~> leases"} {
    world.journeys[0].calls.resize(1);
    world::Machines machines{.count = hosts, .retry = {}};
    machines.retry.first = Duration::seconds(30);
    machines.retry.factor = 1;
    machines.retry.gives_up = {};
    machines.retry.returns = random_::DurationDistribution::constant(Duration::hours(1));
    world.sessions.push_back({.name = "lease",
                              .store = service("leases"),
                              .holders = machines,
                              .opened_by = operation("leases"),
                              .renewal = world::Renewal{.by = operation("renewals"), .every = Duration::minutes(10)},
                              .lifetime = random_::DurationDistribution::constant(Duration::minutes(30)),
                              .held = Share{1}});
    (*this)["hosts"].scaled_by = lease;
  }
  world::SessionKind& kind() { return world.sessions[0]; }
  world::Machines& machines() { return std::get<world::Machines>(world.sessions[0].holders); }
  void break_down(traffic::Flow& flow, bool up = false) const {
    flow.set_service_up(service("leases"), site, up);
    flow.set_service_up(service("renewals"), site, up);
    flow.settle();
  }
};

double held(const traffic::Flow& flow) { return *flow.value(Metric::held, {WithLeases::lease, {}}); }
double rate_of(const traffic::Flow& flow, const Drawn& drawn, const char* name) {
  return *flow.value(Metric::rate, {drawn.service(name), {}});
}

}  // namespace

TEST_CASE("leases of lifetime L renewed every R: nothing is lost before L - R, everything by L") {
  WithLeases drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  const double renewals = rate_of(flow, drawn, "renewals");
  drawn.break_down(flow);

  CHECK(renewals == Approx(WithLeases::hosts / 600).epsilon(1e-9));
  // Renewed within the last R, evenly: at t those whose lease is older than L, (t - (L - R)) / R of them. Exact, but
  // for the last date before each, which is reached in steps.
  for (const double minute : {10.0, 19.0, 20.0, 22.5, 25.0, 27.5, 30.0, 40.0}) {
    run_until(flow, at(Duration::of_seconds(60 * minute)));
    const double lost = std::clamp((minute - 20) / 10, 0.0, 1.0);
    INFO(minute);
    CHECK(held(flow) == Approx(1 - lost).margin(1e-6));
  }
}

TEST_CASE("a token that nobody renews: share lost = min(1, t / L), and N / L opened a second before") {
  WithLeases drawn;
  drawn.kind().renewal.reset();
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  const double opened = rate_of(flow, drawn, "leases");
  drawn.break_down(flow);

  CHECK(opened == Approx(WithLeases::hosts / 1800).epsilon(1e-9));
  for (const int minute : {6, 15, 24, 30, 45}) {
    run_until(flow, at(Duration::minutes(minute)));
    CHECK(1 - held(flow) == Approx(std::min(1.0, minute / 30.0)).margin(1e-6));
  }
}

TEST_CASE("lifetimes that differ run out as their distribution says") {
  WithLeases drawn;
  drawn.kind().renewal->every = Duration::minutes(1);
  drawn.kind().lifetime =
      random_::DurationDistribution{random_::Distribution{random_::Uniform{.low = 5 * 60, .high = 155 * 60}}};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  drawn.break_down(flow);

  // Each was renewed half a minute ago on average. Lifetimes are told apart by 1/256.
  for (const int minute : {4, 20, 80, 140, 156}) {
    run_until(flow, at(Duration::minutes(minute)));
    CHECK(1 - held(flow) == Approx(std::clamp((minute + 0.5 - 5) / 150.0, 0.0, 1.0)).margin(1.0 / 256));
  }
}

TEST_CASE("leases renewed far more often than they run out are no dearer to follow, and run out as they should") {
  for (const Duration every : {Duration::of_ticks(1), Duration::seconds(1)}) {
    WithLeases drawn;
    drawn.kind().renewal->every = every;
    drawn.kind().lifetime = random_::DurationDistribution::constant(Duration::hours(12));
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network};

    flow.begin();
    CHECK(rate_of(flow, drawn, "renewals") == Approx(WithLeases::hosts / every.in_seconds()).epsilon(1e-9));
    flow.set_errors(drawn.operation("renewals"), Drawn::site, Share{0.5});
    flow.settle();
    run_until(flow, at(Duration::hours(24)));
    CHECK(held(flow) == Approx(1));  // some of so many chances is taken
    drawn.break_down(flow);
    run_until(flow, at(Duration::hours(24 + 11)));
    CHECK(held(flow) == Approx(1));
    run_until(flow, at(Duration::hours(24 + 13)));
    CHECK(held(flow) == Approx(0).margin(1e-9));
  }
}

TEST_CASE("renewals that fail by chance: p^n of leases are lost for each that is renewed or opened") {
  WithLeases drawn;
  drawn.kind().lifetime = random_::DurationDistribution::constant(Duration::minutes(25));  // n = 2 chances
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const double p = 0.5, n = 2;

  flow.begin();
  flow.set_errors(drawn.operation("renewals"), Drawn::site, Share{p});
  flow.settle();
  run_until(flow, at(Duration::hours(12)));

  // From one success to the next, or to the end: R with 1 - p, 2 R with p (1 - p), L with p^2.
  const double mean_s = 600 * (1 - p) + 1200 * p * (1 - p) + 1500 * p * p;
  CHECK(rate_of(flow, drawn, "leases") == Approx(WithLeases::hosts * std::pow(p, n) / mean_s).epsilon(1e-3));
  CHECK(held(flow) == Approx(1));  // who loses one opens another at once
}

TEST_CASE("leases declared invalid are found out at the next renewal: f N / R more are opened a second") {
  WithLeases drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.begin_log_out(WithLeases::lease, Share{0.5}, Duration{}, std::nullopt);
  flow.settle();

  CHECK(rate_of(flow, drawn, "leases") == Approx(0.5 * WithLeases::hosts / 600).epsilon(1e-6));
  CHECK(held(flow) == Approx(0.5));
  run_until(flow, at(Duration::minutes(5)));
  CHECK(held(flow) == Approx(0.75).epsilon(1e-6));
  run_until(flow, at(Duration::minutes(10)));
  CHECK(held(flow) == Approx(1).epsilon(1e-6));
}

TEST_CASE("hosts without a lease give no capacity") {
  WithLeases drawn;
  drawn["hosts"].per_replica = Rate::per_second(200);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  drawn.break_down(flow);
  run_until(flow, at(Duration::of_seconds(27.5 * 60)));

  CHECK(*flow.value(Metric::capacity, {drawn.service("hosts"), {}}) == Approx(500).epsilon(1e-6));
}

TEST_CASE("a mass re-lease that sheds goes as fast as the store can") {
  WithLeases drawn;
  drawn["leases"].per_replica = Rate::per_second(0.05);  // 0.5 leases a second
  drawn["leases"].overload = world::Shed{};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  drawn.break_down(flow);
  run_until(flow, at(Duration::minutes(60)));
  drawn.break_down(flow, true);

  // A thousand that ask every 30 s are 33 a second: the store is busy until hardly any are left.
  for (const int after : {5, 15, 25}) {
    run_until(flow, at(Duration::minutes(60 + after)));
    CHECK(held(flow) * WithLeases::hosts == Approx(0.5 * 60 * after).epsilon(0.02));
  }
  run_until(flow, at(Duration::minutes(60 + 40)));
  CHECK(held(flow) == Approx(1).epsilon(1e-2));
}

namespace {

// Leases are gone and the store, which serves the dead, is back: held two hours later. All machines are `times` what it
// can grant in twice its patience and a pause.
double held_after_re_lease(double times, double admitted) {
  WithLeases drawn;
  const double bound_s = 2 * 60 + 30;  // patience, and a pause
  drawn["leases"].per_replica = Rate::per_second(WithLeases::hosts / bound_s / times / 10);
  drawn["leases"].overload = world::Collapse{.patience = Duration::seconds(60)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  drawn.break_down(flow);
  run_until(flow, at(Duration::minutes(60)));
  drawn.break_down(flow, true);
  flow.set_admission(drawn.operation("leases"), Drawn::site, Share{admitted});
  flow.settle();
  run_until(flow, at(Duration::hours(3)));
  return held(flow);
}

}  // namespace

TEST_CASE("a mass re-lease collapses when N > mu (2 T + P) machines ask that wait T and pause P") {
  // Until the queue is as long as they are patient, T mu of them are granted one. What is left asks once every T + P:
  // beyond mu, nobody is ever answered in time again. (The queue takes a while to fill, so the bound is a little
  // higher.)
  CHECK(held_after_re_lease(1.5, 1) < 0.5);
  CHECK(held_after_re_lease(0.9, 1) == Approx(1).epsilon(1e-3));
}

TEST_CASE("a re-lease that is throttled to what the store can do recovers by as much as is let in") {
  CHECK(held_after_re_lease(2.5, 1) < 0.25);
  CHECK(held_after_re_lease(2.5, 0.2) == Approx(0.2).epsilon(1e-3));
}

namespace {

// Machine-hours without a lease over half a day: the store is gone for an hour, collapses for another, and then
// machines are let in by twenty-fifths. What was opened together is renewed together, by more than can be answered.
double hours_missing(traffic::Precision precision) {
  WithLeases drawn;
  drawn.machines().retry.first = Duration::seconds(20);
  drawn.kind().renewal->every = Duration::minutes(5);
  drawn["leases"].per_replica = Rate::per_second(0.09);
  drawn["leases"].overload = world::Collapse{.patience = Duration::seconds(60)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, precision};
  double missing = 0;
  const auto run = [&](double minute) {
    while (flow.now() < at(Duration::of_seconds(60 * minute))) {
      const SimTime before = flow.now();
      flow.advance(std::min(at(Duration::of_seconds(60 * minute)), flow.next_date()));
      missing += (1 - held(flow)) * (flow.now() - before).in_hours() * WithLeases::hosts;
    }
  };
  flow.begin();
  drawn.break_down(flow);
  run(60);
  drawn.break_down(flow, true);
  run(120);
  flow.drop_backlog(drawn.service("leases"), Drawn::site, Share{1});
  for (int stage = 1; stage <= 25; ++stage) {
    flow.set_admission(drawn.operation("leases"), Drawn::site, Share{stage / 25.0});
    flow.settle();
    run(120 + 4 * stage);
  }
  run(12 * 60);
  return missing;
}

}  // namespace

TEST_CASE("half the steps move what a mass re-lease costs by less than 2 %, bursts of renewals and all") {
  const double found = hours_missing({});
  const double finer = hours_missing({.smallest_step = Duration::of_seconds(0.5),
                                      .largest_step = Duration::of_seconds(150),
                                      .threshold = Share{0.025}});

  CHECK(found > 2 * WithLeases::hosts);
  CHECK(found == Approx(finer).epsilon(0.02));
}

TEST_CASE("no machine is lost: sources and sinks of sessions agree to 1e-9 through a day of trouble") {
  WithLeases drawn;
  drawn.kind().held = Share{0.9};
  drawn.kind().lifetime = random_::DurationDistribution{random_::Distribution{random_::Exponential{.mean = 40 * 60}}};
  drawn.machines().retry.gives_up = Rate::per_hour(0.5);
  drawn["leases"].per_replica = Rate::per_second(0.8);
  drawn["leases"].overload = world::Collapse{.patience = Duration::seconds(20)};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};

  flow.begin();
  drawn.break_down(flow);
  run_until(flow, at(Duration::hours(2)));
  drawn.break_down(flow, true);
  const auto log_out = flow.begin_log_out(WithLeases::lease, Share{0.5}, Duration::minutes(7), Duration::minutes(3));
  flow.set_errors(drawn.operation("renewals"), Drawn::site, Share{0.3});
  flow.settle();
  run_until(flow, at(Duration::hours(4)));
  flow.end_log_out(log_out);
  flow.set_admission(drawn.operation("leases"), Drawn::site, Share{0.3});
  flow.settle();
  run_until(flow, at(Duration::hours(6)));
  flow.set_admission(drawn.operation("leases"), Drawn::site, Share{1});
  flow.settle();
  run_until(flow, at(Duration::hours(24)));

  const traffic::Ledger ledger = flow.ledger();
  CHECK(ledger.sessions_lost > 2 * WithLeases::hosts);  // the trouble did happen
  const double scale = ledger.holders;
  CHECK(std::abs(ledger.holders - WithLeases::hosts) < 1e-9 * scale);
  CHECK(std::abs(ledger.holders_now - ledger.holders) < 1e-9 * scale);
  CHECK(std::abs(ledger.sessions_lost - ledger.sessions_opened - ledger.sessions_missing) <
        1e-9 * ledger.sessions_lost);
  CHECK(std::abs(ledger.attempts_offered - ledger.attempts_served - ledger.attempts_refused) <
        1e-9 * ledger.attempts_offered);
}
