// Everything the graph has to say about a scenario before it is run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/graph/availability.hpp"
#include "engine/graph/burden.hpp"
#include "engine/graph/fault_tree.hpp"
#include "engine/graph/impact.hpp"
#include "engine/graph/knots.hpp"
#include "engine/graph/random_failures.hpp"
#include "engine/graph/relations.hpp"

namespace knockon::graph {

struct Questions {
  std::optional<world::CauseId> cause;        // none: recovery is not looked at
  std::optional<world::StrategyId> strategy;  // none: all strategies
  CutSetLimits cut_sets = {.size = 3, .sets = 2'000, .nodes = 200'000};
  std::size_t diagram_nodes = 500'000;  // for each journey
  // How much of the time each service, site and link is there, if availability is wanted.
  std::optional<quantity::Share> availability;
  std::optional<std::size_t> instances_gone;  // for random failures
};

struct JourneyCuts {
  world::AppId app;
  world::JourneyId journey;
  world::RegionId region;
  FaultTree::Cuts cuts;
};

struct JourneyAvailability {
  world::AppId app;
  world::JourneyId journey;
  world::RegionId region;
  std::optional<double> unavailable;  // none: the diagram would have been too large
  struct Part {
    ComponentId component;
    Importance importance;  // its `variable` means nothing here
  };
  std::vector<Part> parts;  // the most important first
};

// A promise about the graph, and whether it is kept. Knots are counted that nothing unties, in the strategy that was
// asked for, else in the scenario's own, else in all.
struct GraphPromise {
  std::string text;
  double value = 0;
  bool is_kept = true;
};

struct Findings {
  const world::World* world;
  Components components;
  std::vector<Relation> relations;
  Impact impact;
  std::vector<JourneyCuts> cut_sets;  // by journey and region
  std::optional<world::CauseId> cause;
  Recovery recovery;
  std::vector<Circle> circles;
  Burden burden;
  std::vector<JourneyAvailability> availability;
  std::optional<RandomFailures> random_failures;
  std::optional<RandomFailures> random_failures_under_load;  // simulated, by who can: this room knows no load
  std::vector<GraphPromise> promises;
};

// The world must outlive the findings.
[[nodiscard]] Findings findings_of(const world::World& world, const Questions& questions);

// Components that alone take the app down, in the region or in any, by the app's own condition.
[[nodiscard]] std::size_t single_points_of(const Impact& impact, std::optional<world::AppId> app,
                                           std::optional<world::RegionId> region);

}  // namespace knockon::graph
