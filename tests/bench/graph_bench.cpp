#include "tests/bench/graph_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

#include "engine/graph/burden.hpp"
#include "engine/graph/fault_tree.hpp"
#include "engine/graph/impact.hpp"
#include "engine/graph/order.hpp"
#include "engine/graph/relations.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/promise.hpp"

namespace knockon::bench {
namespace {

constexpr double limit_s = 10;  // all answers together, on the whole graph
// Times n log n, from the smallest part to the whole graph. A step costs more where the graph has left the caches: four
// to five times on our machines. What grows with the square shows as sixty.
constexpr double growth_limit = 8;

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

// Of this process: what others do on the machine costs none of it.
double seconds_of(const std::function<void()>& act) {
  const std::clock_t begin = std::clock();
  act();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// What somebody may ask, and whether the answer can grow as slowly as n log n.
struct Question {
  const char* what;
  void (*ask)(const graph::Dependence& dependence);
  bool is_linear = true;  // but for a logarithm
};

const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      {"who hangs on whom", [](const graph::Dependence& d) { (void)graph::relations_of(d.world(), d.components()); }},
      {"circles, and the cheapest edge",
       [](const graph::Dependence& d) {
         (void)graph::circles_among(graph::relations_of(d.world(), d.components()), d.components().size());
       }},
      {"depth, fans, retries, slowest path", [](const graph::Dependence& d) { (void)graph::burden_of(d); }},
      {"order of evaluation", [](const graph::Dependence& d) { (void)graph::evaluation_order(d.world()); }},
      // Each component's failure is an answer of its own, and may reach everything: as many answers as components, each
      // of the size of the graph, 256 at a time.
      {"blast radius of every component", [](const graph::Dependence& d) { (void)graph::impact_of(d); }, false},
      // All pairs at worst; the search gives up at its limits and says so.
      {"cut sets of one journey",
       [](const graph::Dependence& d) {
         graph::FaultTree tree{d, world::JourneyId{0}};
         (void)tree.cut_sets(world::RegionId{0}, {});
       },
       false},
  };
  return all;
}

// Services and calls.
std::size_t size_of(const world::World& world) {
  std::size_t size = world.services.size();
  for (const world::Operation& operation : world.operations) size += operation.calls.size();
  return size;
}

double n_log_n(const world::World& world) {
  const auto n = static_cast<double>(size_of(world));
  return n * std::log(n);
}

}  // namespace

// Seconds for one question to one graph: of short ones the least of a few.
double cost_of(const Question& question, const graph::Dependence& dependence) {
  double least = seconds_of([&] { question.ask(dependence); });
  for (int again = 0; again < 4 && least < 0.2; ++again)
    least = std::min(least, seconds_of([&] { question.ask(dependence); }));
  return least;
}

bool measure_graph() {
  const CallGraph graph = big_call_graph(1);
  const std::vector<std::size_t> parts{1000, 2500, 6500, graph.callees.size()};
  fmt::print("questions to a graph of so many services, on one core\n  {:<36}", "");
  std::vector<world::World> worlds;
  for (const std::size_t services : parts) {
    fmt::print("{:>10}", services);
    worlds.push_back(world_of(graph, services));
  }
  fmt::print("   over n log n\n  {:<36}", "services and calls, n");
  for (const world::World& world : worlds) fmt::print("{:>10}", size_of(world));
  fmt::print("\n");
  std::vector<std::unique_ptr<graph::Dependence>> dependences;
  for (const world::World& world : worlds) dependences.push_back(std::make_unique<graph::Dependence>(world));

  double all_s = 0;
  bool grow_slowly = true;
  for (const Question& question : questions()) {
    fmt::print("  {:<36}", question.what);
    std::vector<double> costs;
    for (const auto& dependence : dependences) {
      costs.push_back(cost_of(question, *dependence));
      fmt::print("{:>8.4f} s", costs.back());
    }
    const double growth = costs.back() / costs.front() / (n_log_n(worlds.back()) / n_log_n(worlds.front()));
    const bool is_kept = !question.is_linear || growth <= growth_limit;
    fmt::print("{:>12.2f}{}\n", growth, question.is_linear ? (is_kept ? "" : "   BROKEN") : "   (not promised)");
    grow_slowly = grow_slowly && is_kept;
    all_s += costs.back();
  }
  fmt::print("  n counts services and calls; {:g} is promised, since a step costs more outside the caches\n",
             growth_limit);
  return is_met({"all of them on the whole graph", all_s, limit_s, "s"}) && grow_slowly;
}

}  // namespace knockon::bench
