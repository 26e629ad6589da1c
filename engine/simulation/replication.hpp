// One replication: all that happens between the scenario's start and its horizon, and what it measured.
#pragma once

#include <cstdint>

#include "engine/simulation/course_recorder.hpp"
#include "engine/simulation/deeds.hpp"
#include "engine/simulation/faults.hpp"
#include "engine/simulation/losses.hpp"
#include "engine/simulation/milestones.hpp"
#include "engine/simulation/monitors.hpp"
#include "engine/simulation/names.hpp"
#include "engine/simulation/plans.hpp"
#include "engine/simulation/reactions.hpp"
#include "engine/simulation/scene.hpp"
#include "engine/simulation/statuses.hpp"
#include "engine/simulation/teams.hpp"

namespace knockon::simulation {

class Replication {
 public:
  // Has the flow to itself while it lives.
  Replication(const world::World& world, traffic::Flow& flow, const Cones& cones, Clockwork& clockwork,
              const Plan& plan, std::uint64_t index);

  [[nodiscard]] Outcome played(std::uint64_t slot);

 private:
  void pulse(quantity::SimTime now);
  [[nodiscard]] quantity::SimTime next_date() const;
  void direct();
  void note_onset();
  [[nodiscard]] Outcome measured();
  void measure_incident(Outcome& outcome) const;
  void measure_phases(Outcome& outcome) const;

  Scene scene_;
  Faults faults_;
  Deeds deeds_;
  Reactions reactions_;
  Names names_;
  Statuses statuses_;
  Losses losses_;
  CourseRecorder recorder_;
  Milestones milestones_;
  Monitors monitors_;
  Teams teams_;
  Plans plans_;
  Bell director_;
  std::uint64_t index_;
  std::uint64_t situation_seen_ = 0;
  bool has_onset_ = false;
  bool somebody_has_acted_ = false;
};

}  // namespace knockon::simulation
