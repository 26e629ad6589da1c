// What watches: every monitor reads its alert on a grid of dates of its own, as long as it can see.
//
// Not every reading is taken: only the first one at which a difference would be seen.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Monitors {
 public:
  explicit Monitors(Scene& scene);
  Monitors(const Monitors&) = delete;
  Monitors& operator=(const Monitors&) = delete;

  // The next date at which one of them reads something that it does not know yet; may be never().
  [[nodiscard]] quantity::SimTime next_date() const;
  // What is due is read, by each monitor once a date. REQUIRES: all else that is due now has been done.
  void pass(quantity::SimTime now);

 private:
  struct State {
    world::MonitorId id;
    const world::Monitor* monitor = nullptr;
    bool is_of_reports = false;  // people tell, whatever telemetry does
    Watches::Id alert = 0;
    std::optional<Watches::Id> needs;
    quantity::Duration phase, every;
    quantity::SimTime unread;                             // the first date at which it has not read yet
    quantity::SimTime next = quantity::SimTime::never();  // reading that tells something new
    quantity::SimTime alert_turned;                       // when the condition turned, its hold included
    bool is_on = false, sees = true;
    quantity::SimTime sees_since;  // the hold begins anew with sight
    bool was_blind = false;
    EventNumber sight = 0;  // the event that changed it
  };

  void look_ahead(State& state) const;
  [[nodiscard]] quantity::SimTime first_reading(const State& state, quantity::SimTime date) const;
  [[nodiscard]] quantity::SimTime sight_changes(const State& state) const;
  [[nodiscard]] quantity::SimTime alert_changes(const State& state) const;
  void change_sight(State& state);
  void change_alert(State& state);

  Scene& scene_;
  std::vector<State> states_;
};

}  // namespace knockon::simulation
