// Automation: each reaction, once for every place it stands at, waits for its condition and a delay, acts, and takes it
// back.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Reactions {
 public:
  explicit Reactions(Scene& scene);
  Reactions(const Reactions&) = delete;
  Reactions& operator=(const Reactions&) = delete;

  void pass(quantity::SimTime now);
  void end(world::ReactionId reaction, EventNumber cause);
  // Switched off, a reaction's effect is undone; switched on, it looks at what is so.
  void disable(world::ReactionId reaction, EventNumber cause);
  void enable(world::ReactionId reaction, EventNumber cause);

 private:
  struct State {
    world::ReactionId id;
    const world::Reaction* reaction = nullptr;
    std::optional<world::SiteId> site;
    std::size_t position = 0;  // among the reaction's places
    Watches::Id when = 0;
    std::optional<Watches::Id> until;
    Alarms::Id acts = 0, looks_again = 0, flaps = 0;
    bool is_enabled = true, is_active = false, is_on = false;
    bool is_spent = false;  // has acted on this very condition, which must turn before it acts again
    int times = 0;
    Effects::Id effect = 0;
    EventNumber began = 0, seen = 0;  // what the condition's turning was due to
    quantity::SimTime changed;
  };

  void add(world::ReactionId id, std::optional<world::SiteId> site, std::size_t position);
  void turn(State& state);
  void begin(State& state);
  void end(State& state, EventNumber cause);
  void flap(State& state);
  [[nodiscard]] bool is_over(const State& state) const;
  [[nodiscard]] world::Target about(const State& state) const;
  EventNumber record(const State& state, EventKind kind, EventNumber cause, double value = 0);

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
