// Automation: each reaction, once for every place it stands at, waits for its condition and a delay, acts, and takes it
// back.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/simulation/deeds.hpp"
#include "engine/simulation/flapping.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Reactions {
 public:
  Reactions(Scene& scene, Deeds& deeds);
  Reactions(const Reactions&) = delete;
  Reactions& operator=(const Reactions&) = delete;

  void pass(quantity::SimTime now);
  void end(world::ReactionId reaction, EventNumber cause);
  // Switched off, a reaction's effect is undone; switched on, it looks at what is so.
  void disable(world::ReactionId reaction, EventNumber cause);
  void enable(world::ReactionId reaction, EventNumber cause);

 private:
  // What a machine does to mend things goes on in an actor of its own, which may outlast the reaction by a moment.
  struct Doing {
    Doing(Clockwork& clockwork, const world::Effect& effect, world::Target who, std::optional<world::SiteId> here,
          const world::Endings& what_it_ends)
        : bell{clockwork},
          ends{what_it_ends},
          deed{.effect = effect, .who = who, .here = here, .ends = ends.faults, .bell = bell, .is_kept_up = true} {}
    Bell bell;
    const world::Endings ends;
    Deed deed;
  };
  struct State {
    world::ReactionId id;
    const world::Reaction* reaction = nullptr;
    std::optional<world::SiteId> site;
    std::size_t position = 0;  // among the reaction's places
    Watches::Id when = 0;
    std::optional<Watches::Id> until;
    Alarms::Id acts = 0, looks_again = 0, flaps = 0;
    bool is_enabled = true, is_active = false;
    bool is_spent = false;  // has acted on this very condition, which must turn before it acts again
    int times = 0;
    std::optional<Flapping> flapping;
    Effects::Id effect = 0;           // of a verb that is no deed
    std::shared_ptr<Doing> doing;     // of one that is
    EventNumber began = 0, seen = 0;  // what the condition's turning was due to
    EventNumber turned = 0;           // came or went, while active
    quantity::SimTime changed;
  };

  void add(world::ReactionId id, std::optional<world::SiteId> site, std::size_t position);
  void turn(State& state);
  void begin(State& state);
  void end(State& state, EventNumber cause);
  void flap(State& state);
  void act(State& state, EventNumber cause);
  void take_back(State& state, EventNumber cause);
  void carry_out(Doing& doing, EventNumber cause);
  [[nodiscard]] bool is_over(const State& state) const;
  [[nodiscard]] world::Target about(const State& state) const;
  EventNumber record(const State& state, EventKind kind, EventNumber cause, double value = 0);

  Scene& scene_;
  Deeds& deeds_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
