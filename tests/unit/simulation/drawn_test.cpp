// Properties that are drawn once a replication: from its very start, the same under each strategy, and what a setting
// that ends goes back to.
#include "engine/world/drawn.hpp"

#include <catch2/catch.hpp>
#include <numeric>
#include <string>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/draws.hpp"
#include "engine/traffic/flow.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using simulation::EventKind;
using simulation::Outcome;

namespace {

const std::string ample = ", per_replica: 1M/s";

// A thousand people a second ask ten replicas that refuse what they cannot do; half an hour after the start begins
// whatever the test has. `rest` follows.
world::World with(const std::string& web, const std::string& fault, const std::string& rest = "") {
  auto read = scenario::read_text(
      "knockon: 1\n"
      "title: drawn\n"
      "starts: 2026-03-02T09:00:00Z\n"
      "horizon: 3h\n"
      "regions: {home: {users: 1M}}\n"
      "apps: {app: {journeys: {open: {calls: [web]}}}}\n"
      "populations: {people: {curve: flat, does: {app.open: 86.4/d}}}\n"
      "services: {web: {overload: shed" +
      web + "}}\ncauses: {bad: {faults: {trouble: {at: 30m, lasts: 1h, target: web, " + fault + "}}}}\n" +
      (rest.empty() ? "strategies: {wait: {steps: {}}}\n" : rest));
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  return std::move(read->world);
}

// An engine plays sixteen in a row.
std::vector<Outcome> all_outcomes(const world::World& world, std::uint64_t count, world::StrategyId strategy = {}) {
  std::vector<Outcome> outcomes;
  for (std::uint64_t first = 0; first < count; first += 16) {
    std::vector<std::uint64_t> indices(16);
    std::iota(indices.begin(), indices.end(), first);
    for (Outcome& outcome : tests::outcomes_of(world, indices, strategy)) outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

double drawn_in(const world::World& world, std::uint64_t replication, std::size_t property = 0) {
  return simulation::Draws{{.seed = 1, .index = replication}}.property(world.drawn.at(property));
}

double minutes_of(const std::vector<simulation::Interval>& intervals) {
  double sum = 0;
  for (const simulation::Interval& one : intervals) sum += (one.to - one.from).in_minutes();
  return sum;
}

// Bytes brought from one place to the other: 1 TB.
std::string hauling(const std::string& link, const std::string& disk) {
  return "knockon: 1\n"
         "title: drawn\n"
         "starts: 2026-03-02T09:00:00Z\n"
         "horizon: 20h\n"
         "regions: {a: {users: 1M}, b: {users: 1M}}\n"
         "links: {cable: {between: [a, b], latency: 0s" +
         link +
         "}}\n"
         "services: {web: {}, store: {" +
         disk +
         "}}\n"
         "apps: {app: {journeys: {open: {calls: [web]}}}}\n"
         "populations: {people: {does: {app.open: 1/d}}}\n"
         "causes: {bad: {faults: {trouble: {do: down, target: web}}}}\n"
         "strategies: {mend: {when: time >= 0s, steps: {bring: {do: restore, target: store@a, from: b, bytes: 1 "
         "TB}}}}\n";
}

double minutes_under_way(const Outcome& outcome) {
  return tests::minute_of(outcome, EventKind::bytes_arrived) - tests::minute_of(outcome, EventKind::bytes_leave);
}

}  // namespace

TEST_CASE("a fault whose share is drawn takes an app down as often as the share is above half", "[simgrid]") {
  const world::World world = with(ample, "do: errors, share: {uniform: [2%, 98%]}");
  constexpr std::uint64_t replications = 400;

  const std::vector<Outcome> outcomes = all_outcomes(world, replications);

  double down = 0, lost = 0;
  for (const Outcome& outcome : outcomes) {
    const double share = drawn_in(world, outcome.index);
    // A million people for an hour, each failing with the share that was drawn.
    CHECK(outcome.incident.user_minutes_lost == Approx(60e6 * share).epsilon(0.01).margin(1e4));
    if (std::abs(share - 0.5) > 0.01) CHECK(outcome.apps[0].down.empty() == (share < 0.5));
    down += outcome.apps[0].down.empty() ? 0 : 1;
    lost += outcome.incident.user_minutes_lost;
  }
  // Four standard errors of a share of one half and of the mean of a uniform number.
  CHECK(down / replications == Approx(0.5).margin(4 * 0.5 / std::sqrt(replications)));
  CHECK(lost / replications == Approx(30e6).margin(4 * 60e6 * 0.2887 / std::sqrt(replications)));
}

TEST_CASE("a capacity that is drawn holds from the start: who has too little was degraded before anything broke",
          "[simgrid]") {
  const world::World world = with(", per_replica: {uniform: [50/s, 150/s]}", "do: slow, times: 1");

  const std::vector<Outcome> outcomes = all_outcomes(world, 64);

  int degraded = 0;
  for (const Outcome& outcome : outcomes) {
    const double capacity = 10 * drawn_in(world, outcome.index);  // of 1000/s
    degraded += capacity < 990 ? 1 : 0;
    if (std::abs(capacity - 990) < 15) continue;
    INFO(outcome.index << ": " << capacity);
    CHECK(minutes_of(outcome.apps[0].degraded) + minutes_of(outcome.apps[0].down) ==
          Approx(capacity < 990 ? 150 : 0).margin(0.1));
  }
  CHECK(degraded > 20);
  CHECK(degraded < 44);
}

TEST_CASE("a replication goes as it would if what was drawn had been written", "[simgrid]") {
  const world::World world = with(
      ", per_replica: {uniform: [50/s, 150/s]}, calls: [{to: store, timeout: {exponential: 1s}}]}, store: {latency: "
      "500ms",
      "do: errors, share: {uniform: [2%, 98%]}, over: {exponential: 10m}");
  REQUIRE(world.drawn.size() == 4);

  for (const Outcome& outcome : all_outcomes(world, 16)) {
    const simulation::Draws draws{{.seed = 1, .index = outcome.index}};
    world::World written =
        world::as_drawn(world, [&](const world::DrawnProperty& property) { return draws.property(property); });
    // Sized as the world of the medians was.
    written.services[1].per_replica = quantity::Rate::per_second(1e6);
    world::World sized = world;
    sized.services[1].per_replica = quantity::Rate::per_second(1e6);
    written.drawn.clear();

    const Outcome one = tests::outcome_of(sized, outcome.index), other = tests::outcome_of(written, outcome.index);
    INFO(outcome.index);
    CHECK(one.fingerprint == other.fingerprint);
    CHECK(one.incident.user_minutes_lost - other.incident.user_minutes_lost == 0);
  }
}

TEST_CASE("strategies that differ nowhere meet the same draws, and end the same", "[simgrid]") {
  const std::string plan =
      ": {when: active(trouble), steps: {wait: {do: wait, takes: {exponential: 10m}}, mend: {do: "
      "repair, target: web, succeeds: {uniform: [20%, 80%]}}}}";
  const world::World world = with(", per_replica: {uniform: [90/s, 150/s]}",
                                  "do: errors, share: {uniform: [10%, 100%]}, over: {exponential: 10m}",
                                  "strategies: {one" + plan + ", other" + plan + "}\n");
  REQUIRE(world.drawn.size() == 5);

  const std::vector<Outcome> one = all_outcomes(world, 16), other = all_outcomes(world, 16, world::StrategyId{1});

  for (std::size_t i = 0; i < one.size(); ++i) {
    INFO(i);
    CHECK(one[i].incident.user_minutes_lost > 0);
    CHECK(one[i].incident.user_minutes_lost - other[i].incident.user_minutes_lost == 0);
    CHECK(one[i].incident.restored == other[i].incident.restored);
    CHECK(minutes_of(one[i].apps[0].down) - minutes_of(other[i].apps[0].down) == 0);
  }
}

TEST_CASE("a setting that ends goes back to what was drawn, and so does a beginning") {
  const world::World world = with(", per_replica: {uniform: [50/s, 150/s]}", "do: set, values: {per_replica: 300/s}");
  const world::World drawn = world::as_drawn(world, [](const world::DrawnProperty&) { return 80.0; });
  const traffic::Network network{world};
  traffic::Flow flow{network, {}, &drawn};
  const world::Subject web = world::ServiceId{0};
  const auto capacity = [&] { return flow.value(world::Metric::capacity, {web, {}}).value_or(0); };

  flow.begin();
  CHECK(capacity() == Approx(800));
  CHECK(flow.success(world::AppId{0}).total() < 0.81);

  flow.set_parameter(web, "per_replica", 300);
  flow.settle();
  CHECK(capacity() == Approx(3000));
  CHECK(flow.success(world::AppId{0}).total() > 0.999);

  flow.set_parameter(web, "per_replica", std::nullopt);
  flow.settle();
  CHECK(capacity() == Approx(800));

  flow.set_parameter(web, "per_replica", 300);
  flow.begin();
  CHECK(capacity() == Approx(800));
}

TEST_CASE("hardware that was sized by its busiest hour is smaller where that hour was busier") {
  const world::World world = with(", busy_at_peak: {uniform: [40%, 80%]}", "do: down");
  const traffic::Network network{world};
  const auto capacity_at = [&](double busy) {
    const world::World drawn = world::as_drawn(world, [&](const world::DrawnProperty&) { return busy; });
    traffic::Flow flow{network, {}, &drawn};
    flow.begin();
    return flow.value(world::Metric::capacity, {world::Subject{world::ServiceId{0}}, {}}).value_or(0);
  };

  CHECK(capacity_at(0.6) == Approx(1000 / 0.6).epsilon(1e-3));
  CHECK(capacity_at(0.8) == Approx(1000 / 0.8).epsilon(1e-3));
}

TEST_CASE("more people in a region ask more of hardware that stays as it is") {
  auto read = scenario::read_text(
      "knockon: 1\ntitle: drawn\nstarts: 2026-03-02T09:00:00Z\nregions: {home: {users: {uniform: [1M, 3M]}}}\n"
      "apps: {app: {journeys: {open: {calls: [web]}}}}\nservices: {web: {}}\n"
      "populations: {people: {curve: flat, does: {app.open: 86.4/d}}}\n");
  REQUIRE(read);
  const traffic::Network network{read->world};
  const world::World drawn = world::as_drawn(read->world, [](const world::DrawnProperty&) { return 3e6; });
  traffic::Flow flow{network, {}, &drawn};

  flow.begin();

  CHECK(flow.value(world::Metric::load, {world::Subject{world::ServiceId{0}}, {}}).value_or(0) ==
        Approx(0.75).epsilon(1e-3));
}

TEST_CASE("bytes take as long as the bandwidth that was drawn makes them", "[simgrid]") {
  const auto read = scenario::read_text(hauling(", bandwidth: {uniform: [1 Gbit/s, 9 Gbit/s]}", ""));
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);

  for (const Outcome& outcome : all_outcomes(read->world, 16)) {
    INFO(outcome.index);
    CHECK(minutes_under_way(outcome) == Approx(1e12 / drawn_in(read->world, outcome.index) / 60).epsilon(1e-3));
  }
}

TEST_CASE("bytes take as long as the disks that were drawn make them", "[simgrid]") {
  const auto read = scenario::read_text(hauling("", "disk: {uniform: [1 Gbit/s, 9 Gbit/s]}"));
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);

  for (const Outcome& outcome : all_outcomes(read->world, 16)) {
    INFO(outcome.index);
    CHECK(minutes_under_way(outcome) == Approx(1e12 / drawn_in(read->world, outcome.index) / 60).epsilon(1e-3));
  }
}

TEST_CASE("a property draws the same whatever else is drawn", "[simgrid]") {
  const world::World alone = with(ample, "do: errors, share: {uniform: [2%, 98%]}");
  const world::World beside = with(", per_replica: {uniform: [1M/s, 2M/s]}", "do: errors, share: {uniform: [2%, 98%]}");

  const Outcome one = tests::outcome_of(alone, 7), other = tests::outcome_of(beside, 7);

  CHECK(one.incident.user_minutes_lost == Approx(other.incident.user_minutes_lost).epsilon(1e-6));
}
