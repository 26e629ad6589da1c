// The plans of a run: the strategy that was chosen and those carried out beside it, each begun when its own condition
// holds, all with the same people.
#pragma once

#include <deque>
#include <optional>

#include "engine/simulation/recovery.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Plans {
 public:
  Plans(Scene& scene, Faults& faults, Deeds& deeds, Reactions& reactions, Teams& teams);
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;

  // Begins to watch the plans' conditions; rings the director when one is to begin.
  void watch(Bell& director);
  void consider(Bell& director);
  // Begins what is to begin. REQUIRES: called by an actor.
  void begin_called();
  // There is a plan that any alert begins, which only `consider` finds out.
  [[nodiscard]] bool hang_on_alerts() const { return hang_on_alerts_; }
  void fill(IncidentOutcome& outcome);

 private:
  struct Plan {
    Plan(Scene& scene, Faults& faults, Deeds& deeds, Reactions& reactions, Teams& teams, world::StrategyId its_strategy)
        : strategy{its_strategy}, recovery{scene, faults, deeds, reactions, teams, its_strategy} {}
    world::StrategyId strategy;
    Recovery recovery;
    std::optional<Watches::Id> when;  // none: any monitor alerted
    bool is_called = false, has_begun = false;
  };

  [[nodiscard]] bool is_called_for(const Plan& plan) const;
  [[nodiscard]] EventNumber cause_of(const Plan& plan) const;

  Scene& scene_;
  std::deque<Plan> plans_;  // the strategy first
  bool hang_on_alerts_ = false;
};

}  // namespace knockon::simulation
