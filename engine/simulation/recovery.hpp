// A strategy being carried out: which of its steps may go on, what each has come to, and what it does to the world.
#pragma once

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/simulation/deeds.hpp"
#include "engine/simulation/faults.hpp"
#include "engine/simulation/reactions.hpp"
#include "engine/simulation/scene.hpp"
#include "engine/simulation/teams.hpp"

namespace knockon::simulation {

class Recovery {
 public:
  Recovery(Scene& scene, Faults& faults, Deeds& deeds, Reactions& reactions, Teams& teams, world::StrategyId strategy);
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  [[nodiscard]] const std::vector<world::StepId>& steps() const { return scene_.world[strategy_].steps; }
  // Starts the plan. REQUIRES: called by an actor.
  void begin(EventNumber cause);
  // At the horizon: what still waits, and whether for what it must mend itself.
  void fill(IncidentOutcome& outcome);

 private:
  enum class Stage : std::uint8_t { not_begun, begun, waits_for_need, waits_for_way, over };
  enum class Result : std::uint8_t { done, failed, missed };

  struct Progress {
    Stage stage = Stage::not_begun;
    int attempts = 0;
    bool is_wrong = false;     // a diagnosis that was not right, until it is repeated
    bool is_repeated = false;  // some step that missed is having it done again
    EventNumber last = 0;
    const std::vector<world::Need>* waits_for = nullptr;
    std::optional<Bell> bell;
    std::optional<Effects::Id> harm;
    std::optional<ComponentSet> way;  // that its bytes last took, when there is none now
  };
  // One way of a step, while it is looked at.
  struct Choice {
    const world::Way* way = nullptr;
    std::size_t number = 0;
    std::optional<Watches::Id> needs;
    EventNumber cause = 0;  // of its needs being met
  };
  // What an actor goes on with.
  struct Next {
    world::StepId id;
    EventNumber cause;
  };
  struct Held {
    std::optional<world::TeamId> asked, team;  // who should do it, and who does
    int people = 0;
  };

  [[nodiscard]] const world::Step& step(world::StepId id) const { return scene_.world[id]; }
  Progress& progress(world::StepId id) { return progress_[id.index()]; }
  [[nodiscard]] bool belongs(world::StepId id) const;

  // recovery.cpp: the plan
  std::optional<Next> turn_to(world::StepId id, EventNumber cause);
  void start(world::StepId id, EventNumber cause);
  std::optional<Next> start_followers(world::StepId id);
  std::optional<Next> finish(world::StepId id, EventNumber last, bool done, bool failed);
  std::optional<Next> go_back_to(world::StepId id, EventNumber cause);
  std::optional<Next> follow_failure(world::StepId id, EventNumber last);
  void find_order();
  [[nodiscard]] bool leads_to(world::StepId before, world::StepId after) const;
  [[nodiscard]] std::optional<world::StepId> wrong_diagnosis_behind(world::StepId id) const;

  // step.cpp: one step, in an actor
  std::optional<Next> perform(world::StepId id, EventNumber cause);
  Result attempt(world::StepId id, EventNumber& cause);
  EventNumber wait_for(world::StepId id, const world::Condition& condition, EventNumber cause);
  bool holds_now(world::StepId id, const world::Condition& condition);
  std::optional<Choice> choose_way(world::StepId id, std::size_t first, EventNumber& cause, Held& held);
  std::optional<Choice> wait_for_ways(world::StepId id, std::size_t first, EventNumber& cause, Held& held);
  bool wait_for_needs(world::StepId id, Choice& choice, quantity::SimTime until);
  void look_at_needs(world::StepId id, Choice& choice);
  bool work(world::StepId id, Choice& choice, EventNumber& cause);
  void take(world::StepId id, const std::optional<world::TeamId>& team, Held& held, EventNumber& cause);
  void release(world::StepId id, Held& held, EventNumber last);
  EventNumber repeat_diagnosis(world::StepId id, EventNumber cause);

  // completion.cpp: how a step ends
  EventNumber carry_out(world::StepId id, EventNumber cause);
  EventNumber diagnose(world::StepId id, EventNumber cause);
  EventNumber do_harm(world::StepId id, EventKind how_it_ended, EventNumber cause);
  EventNumber record_done(world::StepId id, EventNumber cause, double value = 0);
  EventNumber end_faults(world::StepId id, const Deed& deed, EventNumber cause);
  void switch_reactions(world::StepId id, EventNumber done);
  void undo_later(world::StepId id, const Deed& deed, EventNumber done);
  [[nodiscard]] Deed deed_of(world::StepId id);

  // bytes.cpp: what is brought from elsewhere
  EventNumber move_bytes(world::StepId id, EventNumber cause);
  [[nodiscard]] ComponentSet way_of(const std::vector<Transfers::Id>& transfers) const;

  Scene& scene_;
  Faults& faults_;
  Deeds& deeds_;
  Reactions& reactions_;
  Teams& teams_;
  const world::StrategyId strategy_;
  std::vector<Progress> progress_;  // by StepId; only the strategy's own are used
  std::set<std::pair<world::StepId, world::StepId>> before_;
  bool is_stopped_ = false;
};

}  // namespace knockon::simulation
