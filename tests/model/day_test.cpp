// A day without a fault is begun once and turned from hour to hour; every hour begun from nothing must come to the
// same.
#include "engine/traffic/day.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/scenario/scenario.hpp"
#include "tests/drawn.hpp"
#include "tests/shipped.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using tests::Drawn;

namespace {

// Demand that is passed on is exact to about this.
constexpr double rounding = 1e-12;

double farthest(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double scale = std::max(std::abs(a[i]), std::abs(b[i]));
    if (scale > 0) most = std::max(most, std::abs(a[i] - b[i]) / scale);
  }
  return most;
}

double farthest_apart(const world::World& world) {
  const traffic::Network::Parts parts{world};
  const traffic::Day once = traffic::measured_day(parts), anew = traffic::measured_day_hour_by_hour(parts);
  return std::max(farthest(once.peak, anew.peak), farthest(once.usual, anew.usual));
}

// Two regions awake at different hours, whose people do two things at hours of their own.
Drawn with_hours(std::string_view picture) {
  Drawn drawn{picture};
  world::World& world = drawn.world;
  world.regions.push_back({"there", 2e6, Duration::hours(7)});
  world.sites.push_back({"there", world::RegionId{1}});
  world.populations[0].users = {1e6, 2e6};
  world.curves[0] = {"evening", {{Duration::hours(4), 0.2}, {Duration::hours(20), 1.9}}};
  world.curves.push_back({"morning", {{Duration::hours(8), 1.5}, {Duration::hours(23), 0.4}}});
  for (world::Service& service : world.services) {
    service.sites.push_back(world::SiteId{1});
    service.replicas.push_back(10);
  }
  world::Journey other = world.journeys[0];
  other.name = "app.other";
  other.calls.resize(1);
  world.journeys.push_back(other);
  world.apps[0].journeys.push_back(world::JourneyId{1});
  world::Population others = world.populations[0];
  others.name = "others";
  others.curve = world::CurveId{1};
  others.does = {{world::JourneyId{1}, Rate::per_second(3e-3)}};
  world.populations.push_back(others);
  return drawn;
}

}  // namespace

TEST_CASE("a day begun once is the day whose every hour is begun anew, with caches and names") {
  Drawn drawn = with_hours("app -> edge -> store; app -> shelf; edge ~> risk; edge -> behind; dns; app -> far");
  drawn["shelf"].cache = world::Cache{.behind = drawn.operation("behind"), .hit = Share{0.9}, .entries = 1e4};
  drawn["edge"].resolve = world::Resolve{drawn.operation("dns"), Duration::minutes(5), Duration::minutes(1)};
  drawn["dns"].resolve = world::Resolve{drawn.operation("store"), Duration::minutes(5), Duration::minutes(1)};
  drawn["far"].sites = {world::SiteId{1}};
  drawn["far"].replicas = {3};

  CHECK(farthest_apart(drawn.world) <= rounding);
}

TEST_CASE("a day begun once is the day whose every hour is begun anew, with sessions and queues") {
  Drawn drawn = with_hours("app -> feed; app -> gate");
  drawn.world.journeys[0].calls.pop_back();
  world::Call to_gate;
  to_gate.to = drawn.operation("gate");
  drawn.world.journeys[1].calls = {to_gate};
  world::SessionKind session;
  session.name = "login";
  session.store = drawn.service("gate");
  session.opened_by = world::JourneyId{1};
  session.held = Share{1};
  session.lifetime = random::DurationDistribution::constant(Duration::hours(30));
  drawn.world.sessions.push_back(session);
  drawn.world.journeys[0].session = world::SessionId{0};
  drawn["gate"].overload = world::Queue{.limit = Duration::minutes(2)};
  drawn["feed"].overload = world::Slowdown{Duration::of_seconds(0.001)};

  CHECK(farthest_apart(drawn.world) <= rounding);
}

TEST_CASE("a day begun once is the day whose every hour is begun anew, in every scenario that is shipped") {
  for (const auto& folder : tests::shipped_scenario_folders()) {
    INFO(folder.string());
    const auto read =
        scenario::read({.path = folder / "scenario.yaml", .model_folders = {KNOCKON_SOURCE_DIR "/models"}});
    REQUIRE(read);

    CHECK(farthest_apart(read->world) <= rounding);
  }
}
