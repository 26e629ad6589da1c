// How long answers take, against closed forms and against requests drawn one by one (docs/models/latency.md holds the
// figures).
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/traffic/answer_times.hpp"
#include "engine/traffic/flow.hpp"
#include "tests/drawn.hpp"
#include "tests/model/request_level.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::Drawn;
using traffic::AnswerTime;
using traffic::AnswerTimes;
using world::Metric;

namespace {

constexpr double z99 = 2.3263478740408408;

SimTime at(double seconds) { return SimTime::at(Duration::of_seconds(seconds)); }

void run_until(traffic::Flow& flow, SimTime date) {
  while (flow.now() < date) {
    flow.advance(std::min(date, flow.next_date()));
    flow.settle();
  }
}

double normal(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

world::Latency lognormal(double median_s, double sigma) { return {Duration::of_seconds(median_s), sigma, {}}; }

AnswerTimes lognormals(double median_s, double sigma, double share = 1) {
  return AnswerTimes{traffic::time_of(lognormal(median_s, sigma)), share};
}

// The value at which a growing function reaches a share.
double inverse(const std::function<double(double)>& share, double wanted) {
  double least = 0, most = 1e4;
  for (int n = 0; n < 100; ++n) {
    const double middle = (least + most) / 2;
    (share(middle) < wanted ? least : most) = middle;
  }
  return most;
}

struct Quantiles {
  double p50, p99;
};

Quantiles quantiles_of(const traffic::Flow& flow, const world::Subject& subject) {
  return {*flow.value(Metric::p50, {subject, {}}), *flow.value(Metric::p99, {subject, {}})};
}

// Everything that is asked has room, and people are next to it: only what a test sets takes time.
struct Roomy : Drawn {
  explicit Roomy(std::string_view picture) : Drawn{picture} {
    for (world::Service& service : world.services) service.per_replica = Rate::per_second(1e9);
    for (world::Operation& operation : world.operations) {
      operation.latency = {Duration{}, 0, {}};
      for (world::Call& call : operation.calls) call.timeout = Duration::seconds(1000);
    }
    for (world::Call& call : world.journeys[0].calls) call.timeout = Duration::seconds(1000);
    world.links.push_back({"door", world::SiteId{0}, world::RegionId{0}, Duration{}, {}});
  }
  world::Latency& latency(std::string_view name) { return world.operations[operation(name).index()].latency; }
  [[nodiscard]] Quantiles quantiles() const {
    const traffic::Network network{world};
    traffic::Flow flow{network};
    flow.begin();
    return quantiles_of(flow, Drawn::journey);
  }
};

}  // namespace

TEST_CASE("one operation's quantiles are those that are written") {
  Roomy drawn{"app -> shop"};
  drawn.latency("shop") = lognormal(0.02, std::log(10) / z99);  // p99: 200 ms

  const Quantiles found = drawn.quantiles();

  // Durations are whole ticks of 2^-20 s.
  CHECK(found.p50 == Approx(0.02).epsilon(1e-4));
  CHECK(found.p99 == Approx(0.2).epsilon(1e-4));
}

TEST_CASE("other shapes of latency go by their mean and variance") {
  Roomy drawn{"app -> shop"};
  drawn.latency("shop").other = random::DurationDistribution{random::Distribution{random::Uniform{0.005, 0.015}}};

  const Quantiles uniform = drawn.quantiles();
  drawn.latency("shop").other = random::DurationDistribution{random::Distribution{random::Exponential{0.1}}};
  const Quantiles exponential = drawn.quantiles();

  // Of a lognormal instead: right by 4 % in the middle, and a quarter beyond a bounded one's far end.
  CHECK(uniform.p50 == Approx(0.010).epsilon(0.05));
  CHECK(uniform.p99 == Approx(0.0149).epsilon(0.26));
  CHECK(exponential.p50 == Approx(0.1 * std::log(2)).epsilon(0.03));
  CHECK(exponential.p99 == Approx(0.1 * std::log(100)).epsilon(0.07));
}

TEST_CASE("two calls in turn take the sum of both") {
  for (const double sigma : {0.2, 0.5, 0.8}) {
    Roomy drawn{"app -> shop -> stock"};
    drawn.latency("shop") = lognormal(0.02, sigma);
    drawn.latency("stock") = lognormal(0.05, sigma);
    // P(X + Y < t), by going through equal parts of X.
    const auto share = [&](double t) {
      double sum = 0;
      constexpr int parts = 2000;
      for (int n = 0; n < parts; ++n) {
        const double z = inverse([](double x) { return normal(x - 10); }, (n + 0.5) / parts) - 10;
        const double rest = t - 0.02 * std::exp(sigma * z);
        sum += rest > 0 ? normal(std::log(rest / 0.05) / sigma) / parts : 0;
      }
      return sum;
    };

    const Quantiles found = drawn.quantiles();

    INFO("sigma " << sigma << ": the share below p50 is " << share(found.p50) << ", below p99 " << share(found.p99));
    // A sum of lognormals is nearly one (Fenton, Wilkinson): the share below is wrong by little.
    CHECK(share(found.p50) == Approx(0.5).margin(0.015));
    CHECK(share(found.p99) == Approx(0.99).margin(0.002));
  }
}

TEST_CASE("two calls at once take the longer of both") {
  for (const double other_s : {0.02, 0.04, 0.2}) {
    Roomy drawn{"app -> shop; shop -> a; shop -> b"};
    drawn.latency("a") = lognormal(0.02, 0.5);
    drawn.latency("b") = lognormal(other_s, 0.5);
    auto& calls = drawn.world.operations[drawn.operation("shop").index()].calls;
    world::Call group;
    group.form = world::Call::Form::parallel;
    group.members = calls;
    calls = {group};
    const auto share = [&](double t) { return normal(std::log(t / 0.02) / 0.5) * normal(std::log(t / other_s) / 0.5); };

    const Quantiles found = drawn.quantiles();

    INFO("other " << other_s << ": the share below p50 is " << share(found.p50) << ", below p99 " << share(found.p99));
    CHECK(share(found.p50) == Approx(0.5).margin(0.02));
    CHECK(share(found.p99) == Approx(0.99).margin(0.003));
  }
}

TEST_CASE("moments of the earlier and the later are exact") {
  const AnswerTimes a = lognormals(0.02, 0.5), b = lognormals(0.03, 0.8);
  const auto mean_of = [](bool wants_later) {
    random::Stream stream{{1, 0}, "latency-test/two"};
    double sum = 0;
    constexpr int draws = 400000;
    for (int n = 0; n < draws; ++n) {
      const auto draw = [&](double median_s, double sigma) {
        return random::Distribution{random::Lognormal{std::log(median_s), sigma}}.draw(stream);
      };
      const double x = draw(0.02, 0.5), y = draw(0.03, 0.8);
      sum += (wants_later ? std::max(x, y) : std::min(x, y)) / draws;
    }
    return sum;
  };

  // Within four standard errors of as many draws (0.03 s deviate, 400,000 of them).
  CHECK(later(a, b).mean_s() == Approx(mean_of(true)).margin(2e-4));
  CHECK(earlier(a, b).mean_s() == Approx(mean_of(false)).margin(2e-4));
}

TEST_CASE("what a cache answers and what its store answers are two kinds of answers") {
  Roomy drawn{"app -> cache; shelf -> store"};
  drawn["cache"].cache = world::Cache{.behind = drawn.operation("store"), .hit = Share{0.9}, .entries = 1e6};
  drawn.latency("cache") = lognormal(0.001, 0.3);
  drawn.latency("store") = lognormal(0.1, 0.3);

  const Quantiles found = drawn.quantiles();

  // Half of all answers is 5/9 of the hits; a tenth of the misses is slower than 99 in 100.
  const double z_hits = inverse([](double x) { return normal(x - 10); }, 5.0 / 9) - 10;
  CHECK(found.p50 == Approx(0.001 * std::exp(0.3 * z_hits)).epsilon(0.01));
  CHECK(found.p99 == Approx(0.001 + 0.1 * std::exp(0.3 * 1.2815515655)).epsilon(0.02));
}

TEST_CASE("who fails at first is answered after a pause, and at the latest after the timeout") {
  Roomy drawn{"app -> shop"};
  drawn.latency("shop") = lognormal(0.02, 0.1);
  world::Call& call = drawn.call("app", "shop");
  call.tries = 2;
  call.backoff = {.first = Duration::of_seconds(0.3), .jitter = Share{0}};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  flow.set_errors(drawn.operation("shop"), Drawn::site, Share{0.2});
  flow.settle();

  const Quantiles found = quantiles_of(flow, Drawn::journey);

  // .8 at once and .16 after the pause: of .96 answers a sixth comes late, half of all is 3/5 of the others.
  const double z = inverse([](double x) { return normal(x - 10); }, 0.6) - 10;
  CHECK(found.p50 == Approx(0.02 * std::exp(0.1 * z)).epsilon(0.005));
  CHECK(found.p99 == Approx(0.3 + 0.02 * std::exp(0.1 * 1.5548)).epsilon(0.005));  // 94 % of the sixth
  // A service takes what its own attempts take.
  CHECK(quantiles_of(flow, drawn.service("shop")).p99 == Approx(0.02 * std::exp(0.1 * z99)).epsilon(1e-4));
}

TEST_CASE("a queue of one server makes its callers wait as long as M/M/1 says, and one of many as Erlang says") {
  // Waits longer than t: C exp(-(c m - l) t), with C the share that waits at all.
  const auto erlang = [](int servers, double offered) {
    double blocked = 1;
    for (int n = 1; n <= servers; ++n) blocked = offered * blocked / (n + offered * blocked);
    const double load = offered / servers;
    return blocked / (1 - load * (1 - blocked));
  };
  for (const int servers : {1, 3, 10, 50}) {
    for (const double load : {0.5, 0.8, 0.95}) {
      Roomy drawn{"app -> shop"};
      drawn["shop"].replicas = {static_cast<double>(servers)};
      const double each_per_s = 1000 / load / servers;
      drawn["shop"].per_replica = Rate::per_second(each_per_s);
      drawn["shop"].overload = world::Queue{.limit = Duration::seconds(60)};
      const double share_waiting = erlang(servers, load * servers);
      const double p99 = share_waiting > 0.01 ? std::log(share_waiting / 0.01) / (1000 / load - 1000) : 0;

      const Quantiles found = drawn.quantiles();

      INFO(servers << " servers at " << load << ": " << found.p99 * each_per_s << " against " << p99 * each_per_s
                   << " times of service");
      // A tenth, and where few wait at all a fifth of a time of service.
      CHECK(std::abs(found.p99 - p99) < 0.1 * p99 + 0.2 / each_per_s);
    }
  }
}

TEST_CASE("a queue without room for more makes its callers wait as long as M/M/1/K says") {
  // K in the system; of those let in, n before them: a geometric law, and a time that is Erlang's of n.
  constexpr int room = 200;
  for (const double load : {0.9, 1.0, 1.02, 1.2}) {
    const auto share_within = [&](double t) {                      // in times of service
      double all = 0, sum = 0, poisson = std::exp(-t), below = 0;  // Erlang(n) < t: at least n of a Poisson stream
      for (int n = 0; n <= room; ++n) {
        const double weight = std::pow(load, n);
        all += weight;
        sum += weight * (n == 0 ? 1 : 1 - below);
        below += poisson;
        poisson *= t / (n + 1);
      }
      return sum / all;
    };
    Roomy drawn{"app -> shop"};
    drawn["shop"].replicas = {1};
    drawn["shop"].per_replica = Rate::per_second(1000 / load);
    drawn["shop"].overload = world::Queue{.limit = Duration::of_seconds(room * load / 1000)};
    drawn.call("app", "shop").timeout = Duration::seconds(1000);

    const Quantiles found = drawn.quantiles();

    INFO(load << ": " << found.p50 * 1000 / load << " and " << found.p99 * 1000 / load);
    CHECK(found.p50 * 1000 / load == Approx(inverse(share_within, 0.5)).epsilon(0.12));
    CHECK(found.p99 * 1000 / load == Approx(inverse(share_within, 0.99)).epsilon(0.15));
  }
}

TEST_CASE("an adaptive service takes as long as M/M/1 takes, 1 / (m - l), until it is full") {
  for (const double load : {0.5, 0.8}) {
    Roomy drawn{"app -> shop"};
    drawn["shop"].replicas = {1};
    drawn["shop"].per_replica = Rate::per_second(1000 / load);
    drawn["shop"].overload = world::Adaptive{Duration::seconds(10)};
    const double served_s = load / 1000;
    drawn.latency("shop").other = random::DurationDistribution{random::Distribution{random::Exponential{served_s}}};
    const double mean_s = 1 / (1000 / load - 1000);

    const Quantiles found = drawn.quantiles();

    // The time in all is exponential.
    INFO(load << ": " << found.p50 / mean_s << " and " << found.p99 / mean_s);
    CHECK(found.p50 == Approx(mean_s * std::log(2)).epsilon(0.1));
    CHECK(found.p99 == Approx(mean_s * std::log(100)).epsilon(0.1));
  }
}

namespace {

// Users and a front at home; the store behind it at home and abroad.
struct TwoRegions : Drawn {
  explicit TwoRegions() : Drawn{"app -> front -> store"} {
    world.regions.push_back({"abroad", 0, {}});
    world.sites.push_back({"abroad", world::RegionId{1}});
    world.populations[0].users.push_back(0);
    (*this)["store"].sites.push_back(world::SiteId{1});
    (*this)["store"].replicas.push_back(10);
    for (world::Service& service : world.services) service.per_replica = Rate::per_second(1e6);
    for (world::Operation& operation : world.operations) operation.latency = lognormal(0.01, 0.3);
  }
};

}  // namespace

TEST_CASE("who is led to another region waits for the way there and back") {
  TwoRegions drawn;
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  const double near_s = quantiles_of(flow, Drawn::journey).p50;

  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();

  // Users are 5 ms from their site; regions are 80 ms apart.
  CHECK(near_s == Approx(0.03).epsilon(0.05));
  CHECK(quantiles_of(flow, Drawn::journey).p50 == Approx(near_s + 0.16).epsilon(5e-3));
  CHECK(quantiles_of(flow, drawn.service("store")).p50 == Approx(0.01).epsilon(1e-3));
}

TEST_CASE("a timeout that is long enough at home is too short for another region") {
  TwoRegions drawn;
  drawn.call("front", "store").timeout = Duration::of_seconds(0.175);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(1).margin(1e-6));

  flow.set_service_up(drawn.service("store"), Drawn::site, false);
  flow.settle();

  // 15 ms are left for an answer that takes 10 ms in the median.
  CHECK(flow.success(Drawn::journey, Drawn::region).total() == Approx(normal(std::log(1.5) / 0.3)).epsilon(1e-3));
}

TEST_CASE("of a queue of twice what is served the oldest has waited half as long as it has grown") {
  Drawn drawn{"app -> shop"};
  drawn.world.populations[0].retry.gives_up = Rate::per_second(1e6);
  drawn["shop"].per_replica = Rate::per_second(200);
  drawn["shop"].overload = world::Queue{.limit = Duration::hours(1), .serves_abandoned = true};
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  const auto age = [&] { return *flow.value(Metric::age, {drawn.service("shop"), {}}); };

  flow.begin();
  CHECK(age() == 0);
  flow.set_capacity(drawn.service("shop"), Drawn::site, Share{0.25});
  flow.settle();
  run_until(flow, at(100));
  // Served is what came in the first half.
  CHECK(age() == Approx(50).epsilon(0.01));
  CHECK(*flow.value(Metric::wait, {drawn.service("shop"), {}}) == Approx(100).epsilon(1e-6));
  CHECK(*flow.value(Metric::capacity, {drawn.service("shop"), {}}) == Approx(500));
  flow.set_capacity(drawn.service("shop"), Drawn::site, Share{1});
  flow.settle();
  run_until(flow, at(130));
  // 500 x 100 + 2000 x 30 served of 1000 a second: the oldest came at 110 s.
  CHECK(age() == Approx(20).epsilon(0.02));
  run_until(flow, at(160));
  CHECK(age() == 0);
}

TEST_CASE("a service that is down can answer nothing") {
  Drawn drawn{"app -> shop"};
  drawn["shop"].per_replica = Rate::per_second(200);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  CHECK(*flow.value(Metric::capacity, {drawn.service("shop"), {}}) == Approx(2000));

  flow.set_service_up(drawn.service("shop"), Drawn::site, false);
  flow.settle();

  CHECK(*flow.value(Metric::capacity, {drawn.service("shop"), {}}) == 0);
  CHECK_FALSE(flow.value(Metric::p99, {Drawn::journey, {}}).has_value());
}

// --- requests drawn one by one

namespace {

struct Drawer {
  const world::World& world;
  random::Stream stream{{7, 0}, "latency-test/requests"};
  std::vector<double> errors;  // per operation

  struct End {
    bool answered;
    double seconds;
  };
  End operation(world::OperationId id) {
    if (stream.uniform() < errors[id.index()]) return {false, 0};
    const world::Operation& layout = world[id];
    double seconds =
        random::Distribution{random::Lognormal{std::log(layout.latency.median.in_seconds()), layout.latency.sigma}}
            .draw(stream);
    for (const world::Call& call : layout.calls) {
      const End end = one_of(call);
      seconds += end.seconds;
      if (!end.answered && call.kind == world::CallKind::hard) return {false, seconds};
    }
    return {true, seconds};
  }
  End one_of(const world::Call& call) {
    if (call.form == world::Call::Form::parallel) {
      End all{true, 0};
      for (const world::Call& member : call.members) {
        const End end = one_of(member);
        all = {all.answered && end.answered, std::max(all.seconds, end.seconds)};
      }
      return all;
    }
    double seconds = 0, pause_s = call.backoff.first.in_seconds();
    for (int attempt = 0; attempt < call.tries; ++attempt) {
      if (attempt > 0) seconds += pause_s * (1 + call.backoff.jitter.value() * (2 * stream.uniform() - 1));
      if (attempt > 0) pause_s *= call.backoff.factor;
      const End end = operation(call.to);
      const bool in_time = end.seconds <= call.timeout.in_seconds();
      seconds += std::min(end.seconds, call.timeout.in_seconds());
      if (end.answered && in_time) return {true, seconds};
    }
    return {false, seconds};
  }
};

// Five services, each asking some that stand behind it, alone or at once, with tight timeouts, tries and errors.
Roomy random_world(std::uint64_t number) {
  random::Stream stream{{number, 0}, "latency-test/world"};
  Roomy drawn{"app -> a; a -> b; a -> c; b -> d; b -> e; c -> e"};
  for (world::Operation& operation : drawn.world.operations) {
    operation.latency = lognormal(0.01 * std::pow(10, stream.uniform()), 0.2 + 0.6 * stream.uniform());
    for (world::Call& call : operation.calls) {
      call.tries = 1 + static_cast<int>(3 * stream.uniform());
      call.timeout = Duration::of_seconds(0.1 + 0.5 * stream.uniform());
      call.backoff.first = Duration::of_seconds(0.02 + 0.1 * stream.uniform());
      if (stream.uniform() < 0.3) call.kind = world::CallKind::soft;
    }
    if (operation.calls.size() > 1 && stream.uniform() < 0.5) {
      for (world::Call& call : operation.calls) call.kind = world::CallKind::hard;
      world::Call group;
      group.form = world::Call::Form::parallel;
      group.members = operation.calls;
      operation.calls = {group};
    }
  }
  return drawn;
}

}  // namespace

TEST_CASE("estimates agree with requests drawn one by one in graphs drawn at random") {
  constexpr int worlds = 40, draws = 20000;
  double sum50 = 0, sum99 = 0, worst50 = 0, worst99 = 0;
  for (std::uint64_t number = 1; number <= worlds; ++number) {
    const Roomy drawn = random_world(number);
    Drawer drawer{.world = drawn.world, .errors = {}};
    random::Stream stream{{number, 0}, "latency-test/errors"};
    for (std::size_t o = 0; o < drawn.world.operations.size(); ++o) drawer.errors.push_back(0.2 * stream.uniform());
    const traffic::Network network{drawn.world};
    traffic::Flow flow{network};
    flow.begin();
    for (std::size_t o = 0; o < drawer.errors.size(); ++o)
      flow.set_errors(world::OperationId{o}, Drawn::site, Share{drawer.errors[o]});
    flow.settle();
    std::vector<double> times;
    for (int n = 0; n < draws; ++n) {
      const Drawer::End end = drawer.one_of(drawn.world.journeys[0].calls[0]);
      if (end.answered) times.push_back(end.seconds);
    }
    std::sort(times.begin(), times.end());
    const auto drawn_quantile = [&](double p) {
      return times[static_cast<std::size_t>(p * static_cast<double>(times.size()))];
    };

    const Quantiles found = quantiles_of(flow, Drawn::journey);

    const double off50 = std::abs(std::log(found.p50 / drawn_quantile(0.5)));
    const double off99 = std::abs(std::log(found.p99 / drawn_quantile(0.99)));
    sum50 += off50 / worlds;
    sum99 += off99 / worlds;
    worst50 = std::max(worst50, off50);
    worst99 = std::max(worst99, off99);
  }

  INFO("p50: off by " << sum50 << " on average, " << worst50 << " at worst; p99: " << sum99 << ", " << worst99);
  CHECK(sum50 < 0.03);
  CHECK(worst50 < 0.15);
  CHECK(sum99 < 0.05);
  CHECK(worst99 < 0.25);
}
