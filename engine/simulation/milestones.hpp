// The milestones a scenario defines: each is reached when its condition first holds after having been false since
// onset.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Milestones {
 public:
  explicit Milestones(Scene& scene) : scene_{scene} {
    marks_.resize(scene.world.observed.size());
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const auto& condition = scene.world.observed[i].milestone;
      if (!condition) continue;
      marks_[i].watch =
          scene.watches.add(*condition, {.itself = {}, .here = {}, .as_users_meet_it = true, .only_measured = true});
      scene.watches.on_turn(marks_[i].watch, [this, i] { turn(i); });
      scene.watches.activate(marks_[i].watch);
    }
  }
  Milestones(const Milestones&) = delete;
  Milestones& operator=(const Milestones&) = delete;

  // The condition may have been false before.
  void begin() {
    for (std::size_t i = 0; i < marks_.size(); ++i) turn(i);
  }
  [[nodiscard]] std::optional<quantity::SimTime> reached(std::size_t position) const {
    return marks_[position].reached;
  }

 private:
  struct Mark {
    Watches::Id watch = 0;
    bool was_false = false;
    std::optional<quantity::SimTime> reached;
  };

  void turn(std::size_t position) {
    Mark& mark = marks_[position];
    const auto& condition = scene_.world.observed[position].milestone;
    if (!condition || !scene_.marks.onset || mark.reached) return;
    if (!scene_.watches.holds(mark.watch)) {
      mark.was_false = true;
    } else if (mark.was_false) {
      mark.reached = scene_.watches.since(mark.watch);
      scene_.trace.add({.at = mark.reached->since_start(),
                        .kind = EventKind::milestone,
                        .about = {},
                        .value = static_cast<double>(position),
                        .cause = scene_.cause_of(*condition, {}, *mark.reached)});
    }
  }

  Scene& scene_;
  std::vector<Mark> marks_;
};

}  // namespace knockon::simulation
