// What goes down with what, by the rules of the language: one small world for each rule.
#include "engine/graph/impact.hpp"

#include <catch2/catch.hpp>

#include "engine/graph/fault_tree.hpp"
#include "engine/graph/random_failures.hpp"
#include "tests/drawn.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using graph::ComponentId;
using graph::Dependence;
using graph::Severity;
using quantity::Duration;
using quantity::Share;
using tests::Drawn;
using tests::Incident;
using Names = std::vector<std::string>;

namespace {

// The components that alone take the first journey down in the region.
Names single_points(const world::World& world, world::RegionId region = Drawn::region) {
  const Dependence dependence{world};
  Names names;
  for (const auto& point : graph::impact_of(dependence).single_points) {
    if (point.journey == Drawn::journey && point.region == region) {
      names.push_back(name_of(world, dependence.components()[point.component]));
    }
  }
  return names;
}

Severity severity_without(const world::World& world, const std::string& gone) {
  const Dependence dependence{world};
  for (std::size_t i = 0; i < dependence.components().size(); ++i) {
    if (name_of(world, dependence.components()[ComponentId{i}]) != gone) continue;
    return graph::fates_of(dependence, {.components = {ComponentId{i}}}).of(Drawn::journey, Drawn::region);
  }
  throw std::out_of_range{gone};
}

std::vector<Names> cut_sets(const world::World& world, world::RegionId region = Drawn::region) {
  const Dependence dependence{world};
  const graph::FaultTree tree{dependence, Drawn::journey};
  std::vector<Names> sets;
  for (const auto& set : tree.cut_sets(region).sets) {
    Names& names = sets.emplace_back();
    for (const ComponentId id : set) names.push_back(name_of(world, dependence.components()[id]));
  }
  return sets;
}

// The calls of the journey, as one group.
void group_calls(Drawn& drawn, world::Call::Form form, int at_least) {
  world::Call group;
  group.form = form;
  group.at_least = at_least;
  group.members = std::move(drawn.world.journeys[0].calls);
  drawn.world.journeys[0].calls = {group};
}

}  // namespace

TEST_CASE("along a chain of hard calls every service is a single point, and so is their site") {
  const Drawn drawn{"app -> web -> auth -> store"};

  CHECK(single_points(drawn.world) == Names{"web", "auth", "store", "here"});
}

TEST_CASE("what is called softly only makes the answer poorer") {
  const Drawn drawn{"app -> web -> store; web ~> prices"};

  CHECK(single_points(drawn.world) == Names{"web", "store", "here"});
  CHECK(severity_without(drawn.world, "prices") == Severity::degraded);
}

TEST_CASE("behind a soft call nothing is a single point, however hard the calls there") {
  const Drawn drawn{"app -> web; web ~> prices -> rates"};

  CHECK(single_points(drawn.world) == Names{"web", "here"});
  CHECK(severity_without(drawn.world, "rates") == Severity::degraded);
}

TEST_CASE("work that is handed over is done later when its service is gone") {
  Drawn drawn{"app -> web -> mail"};
  drawn.call("web", "mail").kind = world::CallKind::async;

  CHECK(severity_without(drawn.world, "mail") == Severity::degraded);
}

TEST_CASE("two of three have the three pairs as cut sets") {
  Drawn drawn{"app -> a; app -> b; app -> c"};
  group_calls(drawn, world::Call::Form::any_of, 2);

  CHECK(single_points(drawn.world) == Names{"here"});
  CHECK(cut_sets(drawn.world) == std::vector<Names>{{"here"}, {"a", "b"}, {"a", "c"}, {"b", "c"}});
}

TEST_CASE("of alternatives the second answers in full when the first is gone") {
  Drawn drawn{"app -> a; app -> b"};
  group_calls(drawn, world::Call::Form::any_of, 1);

  CHECK(severity_without(drawn.world, "a") == Severity::ok);
}

TEST_CASE("parallel calls must all be answered") {
  Drawn drawn{"app -> a; app -> b"};
  group_calls(drawn, world::Call::Form::parallel, 1);

  CHECK(single_points(drawn.world) == Names{"a", "b", "here"});
}

TEST_CASE("a service answers from its fallback while it is there itself") {
  Drawn drawn{"app -> feed -> store"};
  drawn.world.operations[drawn.operation("feed").index()].fallback = world::Fallback{Duration::hours(24), Share{1}};

  CHECK(severity_without(drawn.world, "store") == Severity::degraded);
  CHECK(severity_without(drawn.world, "feed") == Severity::down);
}

TEST_CASE("a fallback that most people have no copy of helps too few") {
  Drawn drawn{"app -> feed -> store"};
  drawn.world.operations[drawn.operation("feed").index()].fallback = world::Fallback{Duration::hours(24), Share{0.4}};

  CHECK(severity_without(drawn.world, "store") == Severity::down);
}

TEST_CASE("what stands on the phone survives everything") {
  Drawn drawn{"app -> feed"};
  drawn.world.journeys[0].fallback = world::Fallback{Duration::hours(24), Share{1}};

  CHECK(single_points(drawn.world).empty());
  CHECK(severity_without(drawn.world, "here") == Severity::degraded);
}

TEST_CASE("a call that a minority of requests make takes only those down") {
  Drawn drawn{"app -> web -> two-factor"};
  drawn.call("web", "two-factor").per_request = 0.2;

  CHECK(severity_without(drawn.world, "two-factor") == Severity::degraded);
}

TEST_CASE("a cache carries on without its store as far as it hits") {
  for (const double hit : {0.92, 0.3}) {
    Drawn drawn{"app -> cache; cache -> store"};
    drawn.world.operations[drawn.operation("cache").index()].calls.clear();
    drawn["cache"].cache = world::Cache{.behind = drawn.operation("store"), .hit = Share{hit}, .entries = 1e6};

    CHECK(severity_without(drawn.world, "store") == (hit > 0.5 ? Severity::degraded : Severity::down));

    drawn["cache"].cache->drop_on_error = true;
    CHECK(severity_without(drawn.world, "store") == Severity::down);
  }
}

TEST_CASE("a name that is not answered hides a service that runs") {
  Drawn drawn{"app -> web; web ~> dns"};
  drawn.world.operations[drawn.operation("web").index()].calls.clear();
  drawn["web"].resolve = world::Resolve{.through = drawn.operation("dns")};

  CHECK(single_points(drawn.world) == Names{"web", "dns", "here"});
}

TEST_CASE("a need with alternatives is lost with the last of them") {
  Drawn drawn{"app -> web; web ~> power; power ~> battery"};
  for (const char* name : {"web", "power"}) drawn.world.operations[drawn.operation(name).index()].calls.clear();
  drawn["web"].needs = {{.any_of = {{drawn.service("power"), {}}, {drawn.service("battery"), {}}}, .text = "power"}};

  CHECK(cut_sets(drawn.world) == std::vector<Names>{{"web"}, {"here"}, {"power", "battery"}});
}

TEST_CASE("two that need each other start up together and fall together") {
  Drawn drawn{"app -> a; app -> b; app ~> c"};
  drawn["a"].needs = {{.any_of = {{drawn.service("b"), {}}}, .text = "b"}};
  drawn["b"].needs = {{.any_of = {{drawn.service("a"), {}}}, .text = "a"}};

  CHECK(single_points(drawn.world) == Names{"a", "b", "here"});
  CHECK(severity_without(drawn.world, "c") == Severity::degraded);
}

TEST_CASE("a group takes all its members down, through groups of groups") {
  Drawn drawn{"app -> a; app -> b"};
  group_calls(drawn, world::Call::Form::any_of, 1);
  drawn.world.groups = {{"rack", {drawn.service("a"), drawn.service("b")}}, {"hall", {world::GroupId{0}}}};

  CHECK(single_points(drawn.world) == Names{"here", "rack", "hall"});
}

TEST_CASE("a service at two sites survives either, and falls with both") {
  Incident drawn{"app -> web"};
  drawn.add_site("there");

  CHECK(single_points(drawn.world) == Names{"web"});
  CHECK(cut_sets(drawn.world) == std::vector<Names>{{"web"}, {"here", "there"}});
}

TEST_CASE("an instance that is up keeps its callers though its own calls fail") {
  // given: two sites side by side; the store runs at the second only, and the link to it is the first's one way there
  Incident drawn{"app -> web -> store"};
  const world::SiteId there = drawn.add_site("there");
  drawn["store"].sites = {there};
  drawn["store"].replicas = {10};
  drawn.add_link("near", world::RegionId{0}, Drawn::site);
  drawn.add_link("far", world::RegionId{0}, there);
  drawn.world.links[1].latency = Duration::of_seconds(0.1);
  drawn.add_link("between", Drawn::site, there);

  CHECK(severity_without(drawn.world, "between") == Severity::down);
  CHECK(severity_without(drawn.world, "here") == Severity::ok);  // then they go to the one that works
}

TEST_CASE("a bridge of links between users and a service has the four textbook cuts") {
  // given: users - 1 - left - 3 - target, users - 2 - right - 4 - target, left - 5 - right; only the target serves
  Incident drawn{"app -> web"};
  const world::SiteId target = drawn.add_site("target");
  const world::SiteId right = drawn.add_site("right");
  drawn["web"].sites = {target};
  drawn["web"].replicas = {10};
  drawn.add_link("1", world::RegionId{0}, Drawn::site);
  drawn.add_link("2", world::RegionId{0}, right);
  drawn.add_link("3", Drawn::site, target);
  drawn.add_link("4", right, target);
  drawn.add_link("5", Drawn::site, right);

  std::vector<Names> of_links;
  for (const Names& set : cut_sets(drawn.world)) {
    if (set.front() < "9") of_links.push_back(set);
  }

  CHECK(of_links == std::vector<Names>{{"1", "2"}, {"3", "4"}, {"1", "4", "5"}, {"2", "3", "5"}});
}

TEST_CASE("losing a kind of session takes down every journey that needs one") {
  Drawn drawn{"app -> web; web ~> login"};
  drawn.world.operations[drawn.operation("web").index()].calls.clear();
  world::Journey opening;
  opening.app = Drawn::app;
  opening.name = "app.log-in";
  opening.critical = false;
  opening.calls.emplace_back().to = drawn.operation("login");
  drawn.world.journeys.push_back(opening);
  drawn.world.apps[0].journeys.emplace_back(1);
  drawn.world.sessions.push_back({.name = "ticket",
                                  .store = drawn.service("web"),
                                  .holders = {},
                                  .opened_by = world::JourneyId{1},
                                  .lifetime = {}});
  drawn.world.journeys[0].session = world::SessionId{0};

  SECTION("while people hold one, opening another is for the few") {
    CHECK(single_points(drawn.world) == Names{"web", "here", "ticket"});
    CHECK(severity_without(drawn.world, "login") == Severity::degraded);
  }
  SECTION("sessions that run out within the horizon make opening them vital") {
    drawn.world.sessions[0].lifetime = random::DurationDistribution::constant(Duration::hours(2));

    CHECK(severity_without(drawn.world, "login") == Severity::down);
  }
}

TEST_CASE("an app is down by its own conditions, weighed by what people do") {
  Drawn drawn{"app -> web; web ~> shop"};
  drawn.world.operations[drawn.operation("web").index()].calls.clear();
  world::Journey buy;
  buy.app = Drawn::app;
  buy.name = "app.buy";
  buy.calls.emplace_back().to = drawn.operation("shop");
  drawn.world.journeys.push_back(buy);
  drawn.world.apps[0].journeys.emplace_back(1);
  drawn.world.populations[0].does.push_back({world::JourneyId{1}, quantity::Rate::per_second(1e-4)});
  const Dependence dependence{drawn.world};
  const auto app_without = [&](const char* name) {
    return graph::fates_of(dependence, {.components = {dependence.components().of(drawn.service(name))}})
        .of(Drawn::app, Drawn::region);
  };

  CHECK(app_without("web") == Severity::down);       // ten of eleven intents
  CHECK(app_without("shop") == Severity::degraded);  // one of eleven
}

TEST_CASE("what never worked is said, and is nobody's single point") {
  Incident drawn{"app -> web"};
  const world::RegionId far = drawn.add_region("far", 1e6);
  drawn.add_link("only-way", Drawn::region, Drawn::site);

  const Dependence dependence{drawn.world};
  const graph::Impact impact = graph::impact_of(dependence);

  CHECK(impact.broken == std::vector<std::pair<world::JourneyId, world::RegionId>>{{Drawn::journey, far}});
  CHECK(single_points(drawn.world, far).empty());
}

TEST_CASE("an app that nothing touches is in nobody's blast radius") {
  Drawn drawn{"app -> web"};
  drawn.world.apps.push_back(drawn.world.apps[0]);
  drawn.world.apps[1].name = "idle";
  drawn.world.apps[1].journeys.clear();

  for (const auto& blast : graph::impact_of(Dependence{drawn.world}).blast_radius) {
    REQUIRE(blast.apps.size() == 1);
    CHECK(blast.apps[0].app == Drawn::app);
  }
}

TEST_CASE("k of n instances gone at random: both of two serve nobody, one of two everybody") {
  Incident drawn{"app -> web"};
  drawn.add_site("there");
  const Dependence dependence{drawn.world};

  CHECK(graph::random_failures(dependence, 0).served == std::vector<double>{1});
  CHECK(graph::random_failures(dependence, 1).served == std::vector<double>{1});
  CHECK(graph::random_failures(dependence, 2).served == std::vector<double>{0});
}

TEST_CASE("a chain of n services survives k random losses as (n - 4 over k) of (n over k)") {
  // given: four hard services in a row, and four that nothing hangs on
  const Drawn drawn{"app -> a -> b -> c -> d; a ~> e; a ~> f; a ~> g; a ~> h"};
  const Dependence dependence{drawn.world};

  const auto exact = graph::random_failures(dependence, 2);
  CHECK(exact.is_exact);
  CHECK(exact.cases == 28);
  CHECK(exact.served[0] == Approx(6.0 / 28));

  // The same by drawing, within four standard errors.
  const auto sampled = graph::random_failures(dependence, 2, {.enumerated = 0, .sampled = 20'000});
  CHECK_FALSE(sampled.is_exact);
  CHECK(std::abs(sampled.served[0] - 6.0 / 28) < 4 * sampled.standard_error[0]);
}
