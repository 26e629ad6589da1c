// Plans walked on the graph that fails: who waits for what, and what unties it.
#include "engine/graph/knots.hpp"

#include <catch2/catch.hpp>

#include "engine/scenario/scenario.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using graph::Dependence;
using graph::Recovery;
using quantity::Duration;
using tests::Incident;
using tests::minutes;
using Names = std::vector<std::string>;

namespace {

// A shop whose deploy tool logs in through what it deploys.
struct Shop : Incident {
  Shop() : Incident{"app -> web -> auth; app ~> tool -> auth; app ~> console"} {
    break_down(service("auth"), minutes(10));
    world.faults[0].ended_by = {world::Verb::roll_back};
  }
  world::StepId add(const std::string& name, world::Verb verb, std::optional<world::Subject> needed, bool mends) {
    const world::StepId id = add_step(name, verb, minutes(5));
    if (needed) step(id).ways[0].needs = {need(*needed)};
    if (mends) step(id).ends = {world::FaultId{0}};
    return id;
  }
  [[nodiscard]] Recovery recovery() const { return graph::recovery_of(Dependence{world}, world::CauseId{0}); }
};

world::World shipped(const std::string& name, const std::vector<std::string>& variants = {}) {
  const std::string root = KNOCKON_SOURCE_DIR;
  auto read = scenario::read({root + "/scenarios/" + name + "/scenario.yaml", {root + "/models"}},
                             {.variants = variants, .set = {}});
  REQUIRE(read.has_value());
  return std::move(read->world);
}

world::StrategyId strategy(const world::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.strategies.size(); ++i) {
    if (world.strategies[i].name == name) return world::StrategyId{i};
  }
  throw std::out_of_range{name};
}

std::vector<Names> chains(const world::World& world, const Recovery& recovery, const std::string& plan,
                          const std::string& step) {
  std::vector<Names> found;
  for (const auto& knot : recovery.knots) {
    if (knot.strategy != strategy(world, plan) || world[knot.step].name != step) continue;
    Names& chain = found.emplace_back(Names{knot.waits_for});
    chain.insert(chain.end(), knot.through.begin(), knot.through.end());
  }
  return found;
}

}  // namespace

TEST_CASE("a roll-back that needs a tool behind the very log-in it mends waits for ever") {
  Shop shop;
  const auto undo = shop.add("undo", world::Verb::roll_back, shop.service("tool"), true);

  const Recovery recovery = shop.recovery();

  REQUIRE(recovery.knots.size() == 1);
  CHECK(recovery.knots[0].step == undo);
  CHECK(recovery.knots[0].through == Names{"auth"});
  CHECK(recovery.knots[0].is_tied());
  REQUIRE(recovery.standstills.size() == 1);
  CHECK(recovery.standstills[0].menders == std::vector{undo});
  CHECK(graph::tied_knots(recovery, world::StrategyId{0}) == 1);
}

TEST_CASE("another way that needs nothing of the kind unties a knot") {
  Shop shop;
  const auto undo = shop.add("undo", world::Verb::roll_back, shop.service("tool"), true);
  shop.step(undo).ways.push_back({.needs = {Incident::need(shop.service("console"))}, .takes = {}, .team = {}});

  const Recovery recovery = shop.recovery();

  REQUIRE(recovery.knots.size() == 1);
  CHECK(recovery.knots[0].untied_by == std::size_t{1});
  CHECK(recovery.standstills.empty());
  CHECK(graph::tied_knots(recovery, world::StrategyId{0}) == 0);
}

TEST_CASE("what a step before has mended ties nobody any more") {
  Shop shop;
  shop.add("undo", world::Verb::roll_back, shop.service("console"), true);
  shop.add("tidy-up", world::Verb::restart, shop.service("tool"), false);

  CHECK(shop.recovery().knots.empty());
}

TEST_CASE("a step before the one that mends is the one that waits, and the mender stands behind it") {
  Shop shop;
  const auto restart = shop.add("restart", world::Verb::restart, shop.service("tool"), false);
  const auto undo = shop.add("undo", world::Verb::roll_back, std::nullopt, true);

  const Recovery recovery = shop.recovery();

  REQUIRE(recovery.standstills.size() == 1);
  CHECK(recovery.standstills[0].waiting == std::vector{restart});
  CHECK(recovery.standstills[0].behind == std::vector{undo});
  CHECK(recovery.standstills[0].menders == std::vector{undo});
}

TEST_CASE("a fault that ends by itself ties a step only until then") {
  Shop shop;
  shop.fault(world::FaultId{0}).lasts = tests::always(minutes(30));
  shop.add("restart", world::Verb::restart, shop.service("tool"), false);

  const Recovery recovery = shop.recovery();

  CHECK(recovery.knots.size() == 1);
  CHECK(recovery.standstills.empty());
}

TEST_CASE("a plan that gives a step up goes on without it") {
  Shop shop;
  const auto far = shop.add("from-afar", world::Verb::break_glass, shop.service("tool"), false);
  shop.step(far).ways[0].has_patience = true;
  shop.step(far).otherwise = world::Otherwise::next;
  shop.add("undo", world::Verb::roll_back, std::nullopt, true);

  const Recovery recovery = shop.recovery();

  REQUIRE(recovery.knots.size() == 1);
  CHECK(recovery.knots[0].is_given_up);
  CHECK(recovery.standstills.empty());
}

TEST_CASE("errors of fewer than half of the tries tie nobody") {
  Shop shop;
  shop.fault(world::FaultId{0}).effect.verb = world::Verb::errors;
  shop.fault(world::FaultId{0}).effect.share = quantity::Share{0.4};
  shop.add("undo", world::Verb::roll_back, shop.service("tool"), true);

  CHECK(shop.recovery().knots.empty());
}

TEST_CASE("Meta 2024: the deploy tool needs the log-in that is broken, and the console unties what begins with it") {
  const world::World world = shipped("meta-2024-03-05");
  const Recovery recovery = graph::recovery_of(Dependence{world}, *world.cause);

  CHECK(chains(world, recovery, "fail-over", "move") == std::vector<Names>{{"deploy-tool", "corp-sso", "auth.login"}});
  CHECK(chains(world, recovery, "restart-everything", "restart") ==
        std::vector<Names>{{"deploy-tool", "corp-sso", "auth.login"}});
  for (const auto& knot : recovery.knots) {
    INFO(world[knot.strategy].name << ", " << world[knot.step].name);
    CHECK(knot.way == 0);
    CHECK(knot.untied_by == std::size_t{1});
  }
  CHECK(recovery.standstills.empty());
  CHECK(graph::tied_knots(recovery, strategy(world, "rollback-then-ramp")) == 0);
}

TEST_CASE("Meta 2024: tools that log in elsewhere untie every plan") {
  const world::World world = shipped("meta-2024-03-05", {"tools-apart"});

  CHECK(graph::recovery_of(Dependence{world}, *world.cause).knots.empty());
}

TEST_CASE("Facebook 2021: names and backbone tie the ways from afar and the doors, and nothing ties the drive") {
  const world::World world = shipped("facebook-2021-10-04");
  const Recovery recovery = graph::recovery_of(Dependence{world}, *world.cause);

  CHECK(chains(world, recovery, "as-it-was", "log-in-from-afar") ==
        std::vector<Names>{{"remote-console", "backbone"}, {"out-of-band", "internal-dns", "dns", "backbone"}});
  CHECK(chains(world, recovery, "as-it-was", "door") ==
        std::vector<Names>{{"badge-doors", "internal-dns", "dns", "backbone"}});
  CHECK(chains(world, recovery, "as-it-was", "drive").empty());
  CHECK(recovery.standstills.empty());
}
