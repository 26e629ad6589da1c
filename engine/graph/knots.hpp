// Recovery on the graph that is failing: which steps of a plan wait for something that the cause has taken down,
// through what, and whether anything unties them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/graph/dependence.hpp"

namespace knockon::graph {

// A way of a step that cannot be taken when the step's turn comes, because something it needs hangs on what has failed.
struct Knot {
  world::StrategyId strategy;
  world::StepId step;
  std::size_t way = 0;
  std::string waits_for;                 // the need, as written
  std::vector<std::string> through;      // from what was waited for down to what the cause has struck
  std::optional<std::size_t> untied_by;  // the way of the step that can be taken then
  bool is_given_up = false;              // no way can, and the plan goes on without the step
  [[nodiscard]] bool is_tied() const { return !untied_by && !is_given_up; }
};

// Steps that are never done: each waits for its need, or for another of them.
struct Standstill {
  world::StrategyId strategy;
  std::vector<world::StepId> waiting;  // for a need that nothing restores
  std::vector<world::StepId> behind;   // for those
  std::vector<world::StepId> menders;  // those of them that would end what is waited for, if they could begin
};

// What the needs of one way rest on, whether or not it has failed.
struct Footing {
  world::StrategyId strategy;
  world::StepId step;
  std::size_t way = 0;
  std::vector<std::string> needs;            // as written
  std::vector<world::ServiceId> depends_on;  // ascending
};

struct Recovery {
  std::vector<Knot> knots;  // by strategy, step, way
  std::vector<Standstill> standstills;
  std::vector<Footing> footings;
};

// Walks through each plan as if its faults were all there at once and lasted until a step ends them; those that end by
// themselves do so when nothing else can go on. Faults count that make something answer in less than half of all cases;
// load, and what automation does about them, do not.
[[nodiscard]] Recovery recovery_of(const Dependence& dependence, world::CauseId cause);

// Knots of the strategy that nothing unties.
[[nodiscard]] std::size_t tied_knots(const Recovery& recovery, world::StrategyId strategy);

}  // namespace knockon::graph
