// When a journey is down in a region, as a function of what has failed: its fault tree, as a decision diagram.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/graph/cut_sets.hpp"
#include "engine/graph/dependence.hpp"
#include "engine/graph/diagram.hpp"

namespace knockon::graph {

class FaultTree {
 public:
  struct Limits {
    std::size_t nodes = 1'000'000;    // of the diagram
    std::size_t components = 10'000;  // that the journey hangs on
  };
  // For all regions at once: they share most of it.
  FaultTree(const Dependence& dependence, world::JourneyId journey) : FaultTree{dependence, journey, Limits{}} {}
  FaultTree(const Dependence& dependence, world::JourneyId journey, const Limits& limits);

  // False: a limit was met, and nothing is known of the journey's failures.
  [[nodiscard]] bool is_complete() const { return is_within_limits_ && diagrams_.is_complete(); }
  [[nodiscard]] const Diagrams& diagrams() const { return diagrams_; }
  // True when the journey is down; a variable is true when its component has failed. REQUIRES: is_complete().
  [[nodiscard]] Diagrams::Value down(world::RegionId region) const { return down_[region.index()]; }
  // The components that the journey can hang on: what a variable stands for, by its number.
  [[nodiscard]] const std::vector<ComponentId>& components() const { return components_; }

  struct Cuts {
    std::vector<std::vector<ComponentId>> sets;  // ascending inside; the smallest first, then by their components
    bool complete = true;
  };
  [[nodiscard]] Cuts cut_sets(world::RegionId region, const CutSetLimits& limits = {}) const;

 private:
  Diagrams diagrams_;
  std::vector<ComponentId> components_;
  std::vector<Diagrams::Value> down_;  // by region
  bool is_within_limits_ = true;
};

}  // namespace knockon::graph
