// What watches: every monitor reads its alert on a grid of dates of its own, as long as it can see.
//
// A monitor's actor does not wake for every reading: it sleeps until the first one at which it would see a difference.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Monitors {
 public:
  explicit Monitors(Scene& scene);
  Monitors(const Monitors&) = delete;
  Monitors& operator=(const Monitors&) = delete;

  // REQUIRES: called by an actor.
  void start();

 private:
  struct State {
    world::MonitorId id;
    const world::Monitor* monitor = nullptr;
    bool is_of_reports = false;  // people tell, whatever telemetry does
    Watches::Id alert = 0;
    std::optional<Watches::Id> needs;
    std::optional<Bell> bell;
    quantity::Duration phase, every;
    quantity::SimTime alert_turned;  // when the condition turned, its hold included
    bool is_on = false, sees = true;
    quantity::SimTime sees_since;  // the hold begins anew with sight
    bool was_blind = false;
    EventNumber sight = 0;  // the event that changed it
  };

  void watch(State& state);
  [[nodiscard]] quantity::SimTime first_reading(const State& state, quantity::SimTime date) const;
  [[nodiscard]] quantity::SimTime sight_changes(const State& state) const;
  [[nodiscard]] quantity::SimTime alert_changes(const State& state) const;
  void change_sight(State& state);
  void change_alert(State& state);

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
