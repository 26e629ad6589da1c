// The people who repair: a crew for each team, which acknowledges the incident once, before its first step. A team that
// has not acknowledged for long enough has another one called; whoever answers first takes the step.
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

  // Who came: the team that was asked or one that was called in its place, with as many of the people as it has.
  struct Taken {
    world::TeamId team;
    EventNumber last;  // the event that was waited for last
  };
  // Waits for `people` of the team to be free and, the first time, for the team or one called in its place to
  // acknowledge. REQUIRES: called by an actor that holds nobody.
  Taken take(world::TeamId team, int people, world::StepId step, EventNumber cause);
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
    std::optional<quantity::SimTime> called, answers;  // paged, and the date at which they acknowledge
    EventNumber acknowledged = 0, freed = 0;
    EventNumber escalated = 0;  // nobody had acknowledged for long enough
    std::vector<Shift> shifts;
    double person_hours = 0;
  };

  [[nodiscard]] int within(world::TeamId team, int people) const;
  [[nodiscard]] quantity::Duration time_to_acknowledge(world::TeamId team) const;
  void call(world::TeamId team);
  world::TeamId await_answer(world::TeamId team, world::StepId step, EventNumber& cause);
  void take_crew(world::TeamId team, int people, EventNumber& cause);

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
