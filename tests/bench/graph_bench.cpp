#include "tests/bench/graph_bench.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/graph/burden.hpp"
#include "engine/graph/impact.hpp"
#include "engine/graph/relations.hpp"
#include "tests/bench/big_scenario.hpp"

namespace knockon::bench {
namespace {

constexpr double limit_s = 10;  // all answers together, on the whole graph

// The first services of the big call graph as a world: three calls of four are hard.
world::World world_of(const CallGraph& graph, std::size_t services) {
  world::World world;
  world.name = "part";
  world.regions.push_back({"here", 1e6, {}});
  world.sites.push_back({"here", world::RegionId{0}});
  for (std::size_t s = 0; s < services; ++s) {
    world::Service service;
    service.name = fmt::format("s{}", s);
    service.sites = {world::SiteId{0}};
    service.replicas = {1};
    service.operations = {world::OperationId{s}};
    world.services.push_back(std::move(service));
    world::Operation operation;
    operation.service = world::ServiceId{s};
    operation.name = world.services.back().name;
    for (const std::uint32_t callee : graph.callees[s]) {
      if (callee >= services) continue;
      world::Call call;
      call.to = world::OperationId{callee};
      call.kind = (s + callee) % 4 == 0 ? world::CallKind::soft : world::CallKind::hard;
      operation.calls.push_back(call);
    }
    world.operations.push_back(std::move(operation));
  }
  world::Journey journey;
  journey.name = "app.use";
  journey.calls.emplace_back();
  world.journeys.push_back(journey);
  world.apps.push_back({.name = "app", .journeys = {world::JourneyId{0}}, .down = {}, .degraded = {}});
  return world;
}

double seconds_of(const std::function<void()>& act) {
  const auto begin = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Cost {
  double services, impact_s, relations_s, burden_s;
};

Cost cost_of(const CallGraph& graph, std::size_t services) {
  const world::World world = world_of(graph, services);
  const graph::Dependence dependence{world};
  Cost cost{.services = static_cast<double>(services), .impact_s = 0, .relations_s = 0, .burden_s = 0};
  cost.impact_s = seconds_of([&] { (void)graph::impact_of(dependence); });
  cost.relations_s = seconds_of([&] {
    (void)graph::circles_among(graph::relations_of(world, dependence.components()), dependence.components().size());
  });
  cost.burden_s = seconds_of([&] { (void)graph::burden_of(dependence); });
  return cost;
}

}  // namespace

bool measure_graph() {
  const CallGraph graph = big_call_graph(1);
  fmt::print("questions to a graph\n  {:>8}  {:>28}  {:>10}  {:>14}\n", "services", "single points, blast radius",
             "circles", "shape of calls");
  double all_s = 0;
  for (const std::size_t services : {std::size_t{1000}, std::size_t{4000}, graph.callees.size()}) {
    const Cost cost = cost_of(graph, services);
    fmt::print("  {:>8}  {:>26.3f} s  {:>8.3f} s  {:>12.3f} s\n", services, cost.impact_s, cost.relations_s,
               cost.burden_s);
    all_s = cost.impact_s + cost.relations_s + cost.burden_s;
  }
  fmt::print("  every component's blast radius grows with services x calls / 256, all else with calls\n");
  fmt::print("  all of them on the whole graph: {:.2f} s, promised {:.0f} s{}\n", all_s, limit_s,
             all_s <= limit_s ? "" : "   BROKEN");
  return all_s <= limit_s;
}

}  // namespace knockon::bench
