// What each component takes down when it alone fails: single points of failure, and the blast radius.
#pragma once

#include <vector>

#include "engine/graph/severity.hpp"

namespace knockon::graph {

struct SinglePoint {
  world::AppId app;
  world::JourneyId journey;
  world::RegionId region;
  ComponentId component;
};

struct Blast {
  ComponentId component;
  struct Hit {
    world::AppId app;
    Severity severity;                            // the worst over its regions
    std::vector<world::RegionId> down, degraded;  // where it is that bad, ascending
  };
  std::vector<Hit> apps;  // in the world's order, those that notice; never empty
};

struct Impact {
  std::vector<SinglePoint> single_points;  // by journey, region, component
  std::vector<Blast> blast_radius;  // the most apps down in the most regions first, then degraded, then by component
  // Journeys that do not work although nothing has failed; nothing can take them down any more.
  std::vector<std::pair<world::JourneyId, world::RegionId>> broken;
};

// Regions in which nobody uses an app are left out. Takes O(graph · components / 256).
[[nodiscard]] Impact impact_of(const Dependence& dependence);

}  // namespace knockon::graph
