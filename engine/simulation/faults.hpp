// The faults of the run's cause: when each begins, spreads, comes and goes, and ends.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/flapping.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Faults {
 public:
  // Draws the dates. REQUIRES: the flow stands at the start.
  explicit Faults(Scene& scene);
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;

  // Does what is due by `now`.
  void pass(quantity::SimTime now);
  // Taken back down to `level` by a roll-back that goes by stages.
  void recede(world::FaultId fault, double level, EventNumber cause);
  void end(world::FaultId fault, EventNumber cause);
  [[nodiscard]] bool is_active(world::FaultId fault) const;

 private:
  struct State {
    world::FaultId id;
    const world::Fault* fault = nullptr;
    std::optional<Watches::Id> when, until;
    Alarms::Id begins = 0, ends = 0, flaps = 0, spreads = 0, looks_again = 0;
    bool is_active = false;
    std::optional<Flapping> flapping;
    int times = 0, stage = 0, stages = 1;  // of its spread
    double remaining = 1;                  // of it, after stages of a roll-back
    Effects::Id effect = 0;
    EventNumber began = 0, turned = 0;  // turned: came or went, while present
    int onsets = 0;                     // of one that comes again
    quantity::SimTime changed;
  };

  [[nodiscard]] bool is_on(const State& state) const;
  void schedule_again(State& state);
  void schedule(State& state);
  void turn(State& state);
  void begin(State& state, EventNumber cause);
  void end(State& state, EventNumber cause);
  void flap(State& state);
  void spread(State& state);
  void set_level(State& state, EventNumber cause);
  [[nodiscard]] int stages_of(const State& state) const;
  [[nodiscard]] double reached(const State& state) const;
  [[nodiscard]] double level(const State& state) const;
  EventNumber record(const State& state, EventKind kind, EventNumber cause, double value = 0);

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
