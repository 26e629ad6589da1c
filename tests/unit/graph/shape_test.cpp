// Circles, and what calls cost before anything fails.
#include <catch2/catch.hpp>

#include "engine/graph/burden.hpp"
#include "engine/graph/difference.hpp"
#include "engine/graph/findings.hpp"
#include "tests/drawn.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using graph::Dependence;
using quantity::Duration;
using tests::Drawn;
using tests::Incident;
using Names = std::vector<std::string>;

namespace {

std::vector<graph::Circle> circles_of(const world::World& world) {
  const graph::Components components{world};
  return graph::circles_among(graph::relations_of(world, components), components.size());
}

Names names_of(const world::World& world, const std::vector<graph::ComponentId>& ids) {
  const graph::Components components{world};
  Names names;
  for (const auto id : ids) names.push_back(name_of(world, components[id]));
  return names;
}

}  // namespace

TEST_CASE("services that need each other are a circle, and a soft edge is given up before a need") {
  Drawn drawn{"app -> a -> b ~> c; app ~> d"};
  drawn["c"].needs = {Incident::need(drawn.service("a"))};

  const auto circles = circles_of(drawn.world);

  REQUIRE(circles.size() == 1);
  CHECK(names_of(drawn.world, circles[0].members) == Names{"a", "b", "c"});
  CHECK(names_of(drawn.world, {circles[0].cheapest.from, circles[0].cheapest.to}) == Names{"b", "c"});
  CHECK(circles[0].is_enough);
}

TEST_CASE("two circles through one service are not broken by one edge off it") {
  Drawn drawn{"app -> a -> b; a -> c"};
  drawn["b"].needs = {Incident::need(drawn.service("a"))};
  drawn["c"].needs = {Incident::need(drawn.service("a"))};

  const auto circles = circles_of(drawn.world);

  REQUIRE(circles.size() == 1);
  CHECK_FALSE(circles[0].is_enough);
}

TEST_CASE("calls alone run in no circle") { CHECK(circles_of(Drawn{"app -> a -> b; a -> c -> b"}.world).empty()); }

TEST_CASE("depth counts services on the longest chain, fans count neighbours once") {
  const Drawn drawn{"app -> a -> b -> c; a -> c; app -> c"};

  const graph::Burden burden = graph::burden_of(Dependence{drawn.world});

  CHECK(burden.depth == 3);
  CHECK(burden.deepest == std::vector{drawn.service("a"), drawn.service("b"), drawn.service("c")});
  CHECK(burden.fans[drawn.service("c").index()].in == 2);
  CHECK(burden.fans[drawn.service("a").index()].out == 2);
}

TEST_CASE("tries multiply along a path: four in each of three layers are 64 at the bottom") {
  Drawn drawn{"app -> a -> b -> c"};
  drawn.call("app", "a").tries = 4;
  drawn.call("a", "b").tries = 4;
  drawn.call("b", "c").tries = 4;

  const graph::Burden burden = graph::burden_of(Dependence{drawn.world});

  REQUIRE(burden.amplifications.size() == 3);
  CHECK(burden.amplifications[0].times == 64);
  CHECK(burden.amplifications[0].path == std::vector{drawn.operation("a"), drawn.operation("b"), drawn.operation("c")});
}

TEST_CASE("calls one after the other add up their medians, parallel ones take as long as the longest") {
  Drawn drawn{"app -> a; app -> b"};
  drawn.world.operations[0].latency.median = Duration::of_seconds(0.2);
  drawn.world.operations[1].latency.median = Duration::of_seconds(0.3);
  const double ways_s = 2 * 0.005;  // from users to their region's site and back

  const auto total_s = [&] { return graph::burden_of(Dependence{drawn.world}).latency_paths.at(0).total.in_seconds(); };
  CHECK(total_s() == Approx(0.5 + 2 * ways_s).epsilon(1e-4));

  world::Call group;
  group.form = world::Call::Form::parallel;
  group.members = drawn.world.journeys[0].calls;
  drawn.world.journeys[0].calls = {group};
  CHECK(total_s() == Approx(0.3 + ways_s).epsilon(1e-4));
}

TEST_CASE("a caller that waits 1s for one that tries twice for 1s is impatient; one that waits 3s is not") {
  Drawn drawn{"app -> a -> b"};
  drawn.call("a", "b").tries = 2;  // and 100ms between them

  const auto found = graph::burden_of(Dependence{drawn.world}).impatience;
  REQUIRE(found.size() == 1);
  CHECK(found[0].callee == drawn.operation("a"));
  CHECK(found[0].may_take.in_seconds() == Approx(2.1));

  drawn.call("app", "a").timeout = Duration::seconds(3);
  CHECK(graph::burden_of(Dependence{drawn.world}).impatience.empty());
}

TEST_CASE("a promise about single points is kept or broken by their number") {
  Drawn drawn{"app -> a -> b"};  // a, b and the site
  const auto kept = [&](world::Comparison comparison, double bound) {
    world::Promise promise;
    promise.text = "single_points(app)";
    promise.of = {world::Measure::single_points, Drawn::app, {}};
    promise.comparison = comparison;
    promise.low = bound;
    drawn.world.promises = {promise};
    return graph::findings_of(drawn.world, {}).promises.at(0).is_kept;
  };

  CHECK(kept(world::Comparison::at_most, 3));
  CHECK_FALSE(kept(world::Comparison::at_most, 2));
  CHECK(kept(world::Comparison::equal, 3));
}

TEST_CASE("availability of a chain is the product of its parts'") {
  const Drawn drawn{"app -> a -> b"};

  const auto findings = graph::findings_of(drawn.world, {.availability = quantity::Share{0.999}});

  REQUIRE(findings.availability.size() == 1);
  REQUIRE(findings.availability[0].unavailable);
  CHECK(1 - *findings.availability[0].unavailable == Approx(0.999 * 0.999 * 0.999).epsilon(1e-12));
}

TEST_CASE("what changes between two worlds is said by name") {
  const Drawn before{"app -> a -> b"}, after{"app -> a ~> c"};

  const auto difference =
      graph::difference_between(graph::findings_of(before.world, {}), graph::findings_of(after.world, {}));

  CHECK(difference.components.gone == Names{"service b"});
  CHECK(difference.components.added == Names{"service c"});
  CHECK(difference.single_points.gone == Names{"app: b down in here"});
  CHECK(difference.single_points.added.empty());
  CHECK(difference.relations.added == Names{"a -> c (soft)"});
}
