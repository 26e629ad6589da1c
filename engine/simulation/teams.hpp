// The people who repair: a crew for each team, which acknowledges the incident once, before its first step.
//
// People cost from the moment they have acknowledged and are taken for a step until that step ends, waiting included.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Teams {
 public:
  explicit Teams(Scene& scene);
  Teams(const Teams&) = delete;
  Teams& operator=(const Teams&) = delete;

  // Waits for `people` of the team to be free and, the first time, for the team to acknowledge. Returns the event that
  // was waited for last. REQUIRES: called by an actor that holds nobody of this team.
  EventNumber take(world::TeamId team, int people, world::StepId step, EventNumber cause);
  void release(world::TeamId team, int people, world::StepId step, EventNumber last);

  // Those still at work are paid until now.
  void fill(IncidentOutcome& outcome) const;

 private:
  struct Shift {
    world::StepId step;
    int people;
    quantity::SimTime since;
  };
  struct State {
    Crew crew;
    std::optional<quantity::SimTime> answers;  // paged: the date at which they acknowledge
    EventNumber acknowledged = 0, freed = 0;
    std::vector<Shift> shifts;
    double person_hours = 0;
  };

  [[nodiscard]] int within(world::TeamId team, int people) const;
  [[nodiscard]] quantity::Duration time_to_acknowledge(world::TeamId team) const;

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
