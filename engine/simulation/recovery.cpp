#include "engine/simulation/recovery.hpp"

#include <algorithm>

namespace knockon::simulation {

Recovery::Recovery(Scene& scene, Faults& faults, Deeds& deeds, Reactions& reactions, Teams& teams,
                   world::StrategyId strategy)
    : scene_{scene},
      faults_{faults},
      deeds_{deeds},
      reactions_{reactions},
      teams_{teams},
      strategy_{strategy},
      progress_(scene.world.steps.size()) {
  find_order();
}

bool Recovery::belongs(world::StepId id) const { return step(id).strategy == strategy_; }

void Recovery::begin(EventNumber cause) {
  for (const world::StepId id : steps()) {
    if (step(id).after.empty()) start(id, cause);
  }
}

// Nothing: it is not its turn.
std::optional<Recovery::Next> Recovery::turn_to(world::StepId id, EventNumber cause) {
  Progress& own = progress(id);
  if (is_stopped_ || own.stage != Stage::not_begun) return std::nullopt;
  own.stage = Stage::begun;
  own.last = cause;
  if (!own.bell) own.bell.emplace(scene_.clockwork);
  return Next{id, cause};
}

void Recovery::start(world::StepId id, EventNumber cause) {
  const std::optional<Next> first = turn_to(id, cause);
  if (!first) return;
  scene_.clockwork.start_actor("step", [this, first] {
    for (std::optional<Next> next = first; next && scene_.now() < scene_.horizon();) {
      next = perform(next->id, next->cause);
    }
  });
}

// A step follows when all it comes after are over; the last of them is its cause. Returns the first that does: for it
// no other actor is needed.
std::optional<Recovery::Next> Recovery::start_followers(world::StepId id) {
  std::optional<Next> first;
  for (const world::StepId follower : steps()) {
    const auto& after = step(follower).after;
    if (std::find(after.begin(), after.end(), id) == after.end()) continue;
    const bool ready = std::all_of(after.begin(), after.end(),
                                   [&](world::StepId before) { return progress(before).stage == Stage::over; });
    if (!ready) continue;
    EventNumber cause = 0;
    for (const world::StepId before : after) cause = later(cause, progress(before).last);
    if (first) {
      start(follower, cause);
    } else {
      first = turn_to(follower, cause);
    }
  }
  return first;
}

std::optional<Recovery::Next> Recovery::finish(world::StepId id, EventNumber last, bool done, bool failed) {
  Progress& own = progress(id);
  own.stage = Stage::over;
  own.last = last;
  if (done) scene_.situation.set(scene_.situation.done[id.index()], true, last);
  if (failed) scene_.situation.set(scene_.situation.failed[id.index()], true, last);
  return start_followers(id);
}

bool Recovery::leads_to(world::StepId before, world::StepId after) const { return before_.contains({before, after}); }

// Every pair of steps of which one comes, through any others, before the other. Found once, away from the small stacks
// of actors, on which a long plan could not be followed step by step.
void Recovery::find_order() {
  std::vector<std::pair<world::StepId, world::StepId>> open;
  for (const world::StepId id : steps()) {
    for (const world::StepId before : step(id).after) open.emplace_back(before, id);
  }
  while (!open.empty()) {
    const auto [before, after] = open.back();
    open.pop_back();
    if (!before_.insert({before, after}).second) continue;
    for (const world::StepId earlier : step(before).after) open.emplace_back(earlier, after);
  }
}

std::optional<world::StepId> Recovery::wrong_diagnosis_behind(world::StepId id) const {
  for (const world::StepId other : steps()) {
    if (progress_[other.index()].is_wrong && leads_to(other, id)) return other;
  }
  return std::nullopt;
}

// The plan goes on from an earlier (or another) step: that one and what comes after it is to be done again.
std::optional<Recovery::Next> Recovery::go_back_to(world::StepId id, EventNumber cause) {
  for (const world::StepId other : steps()) {
    if (other != id && !leads_to(id, other)) continue;
    if (progress(other).stage == Stage::over) progress(other).stage = Stage::not_begun;
  }
  return turn_to(id, cause);
}

std::optional<Recovery::Next> Recovery::follow_failure(world::StepId id, EventNumber last) {
  const world::Step& failed = step(id);
  const bool jumps =
      failed.otherwise == world::Otherwise::step && failed.otherwise_step && belongs(*failed.otherwise_step);
  if (failed.otherwise == world::Otherwise::next) return finish(id, last, false, true);
  Progress& own = progress(id);
  own.stage = Stage::over;
  own.last = last;
  scene_.situation.set(scene_.situation.failed[id.index()], true, last);
  if (jumps) return go_back_to(*failed.otherwise_step, last);
  is_stopped_ = true;
  return std::nullopt;
}

void Recovery::fill(IncidentOutcome& outcome) {
  for (const world::StepId id : steps()) {
    const Progress& own = progress(id);
    if (own.stage == Stage::not_begun || own.stage == Stage::over) continue;
    // What it must mend: the faults that it, or a step that comes after it, could end.
    ComponentSet must_mend = scene_.cones.none();
    for (const world::StepId other : steps()) {
      if (other != id && !leads_to(id, other)) continue;
      for (const world::FaultId fault : step(other).ends) {
        if (faults_.is_active(fault)) must_mend.insert(scene_.effects.touched_by(scene_.world[fault].effect, {}));
      }
    }
    bool hangs_on_it = own.stage == Stage::waits_for_way && own.way->meets(must_mend);
    if (own.stage == Stage::waits_for_need && own.waits_for != nullptr) {
      for (const world::Need& need : *own.waits_for) {
        for (const world::Target& target : need.any_of) {
          hangs_on_it = hangs_on_it || scene_.cones.of(target.subject).meets(must_mend);
        }
      }
    }
    (hangs_on_it ? outcome.stuck : outcome.unfinished).push_back(id);
    if (hangs_on_it) scene_.record(EventKind::step_stuck, target_of(id), own.last);
  }
}

}  // namespace knockon::simulation
