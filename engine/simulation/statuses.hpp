// How each app is judged over time, in every region that has users of it and on all its users together: down, degraded
// or ok.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

// What a condition found: it held from `from` until `to`, both dated back; never() while it still holds.
struct Held {
  quantity::SimTime from, to;
};

// Down intervals, and degraded ones where it is not down, between onset and the horizon. A remnant of a degraded
// interval beside a down one, and a moment of ok between the two kinds, that is shorter than the hold is ignored: the
// state before it goes on.
void set_intervals(AppOutcome& outcome, const std::vector<Held>& down, const std::vector<Held>& degraded,
                   quantity::SimTime onset, quantity::SimTime horizon);

// First impact, mitigated, restored and dips from the intervals.
void set_dates(AppOutcome& outcome, quantity::Duration end);

class Statuses {
 public:
  explicit Statuses(Scene& scene);
  Statuses(const Statuses&) = delete;
  Statuses& operator=(const Statuses&) = delete;

  // REQUIRES: there was an onset.
  void fill(Outcome& outcome) const;
  // The event by which the app (in one region) was last found ok; 0: never since the start.
  [[nodiscard]] EventNumber last_ok(world::AppId app, world::RegionId region) const;

 private:
  struct Judged {
    world::AppId app;
    std::optional<world::RegionId> region;  // none: all users together
    Watches::Id down = 0, degraded = 0;
    std::vector<Watches::Id> journeys;  // the `down` of each critical journey, where there are several
    std::vector<Held> downs, degradeds;
    EventKind status = EventKind::app_ok;
    EventNumber last_ok = 0;
  };

  void judge(world::AppId app, std::optional<world::RegionId> region);
  void turn(Judged& judged);
  void note(std::vector<Held>& held, bool holds, quantity::SimTime since) const;

  Scene& scene_;
  std::vector<Judged> judged_;
  bool is_acted_upon_ = false;  // something that acts asks whether an app is down
};

}  // namespace knockon::simulation
