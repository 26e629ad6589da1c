// What all parts of one replication share: the world, its flows, the clock, the trace, and what is so.
#pragma once

#include <optional>

#include "engine/simulation/alarms.hpp"
#include "engine/simulation/clockwork.hpp"
#include "engine/simulation/cones.hpp"
#include "engine/simulation/draws.hpp"
#include "engine/simulation/effects.hpp"
#include "engine/simulation/engine.hpp"
#include "engine/simulation/readings.hpp"
#include "engine/simulation/situation.hpp"
#include "engine/simulation/trace.hpp"
#include "engine/simulation/transfers.hpp"
#include "engine/simulation/watches.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// Firsts of the incident; none before onset count.
struct Marks {
  std::optional<quantity::SimTime> onset, detected, acknowledged, diagnosed, announced;
};

struct Scene {
  Scene(const world::World& its_world, traffic::Flow& its_flow, const Cones& its_cones, Clockwork& its_clockwork,
        const Plan& its_plan, std::uint64_t index);
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  const world::World& world;
  const Cones& cones;
  Clockwork& clockwork;
  const Plan plan;
  const Draws draws;
  traffic::Flow& flow;
  Alarms alarms;
  Trace trace;
  Situation situation;
  Readings readings;
  Watches watches;
  Effects effects;
  Transfers transfers;
  Marks marks;

  // The flow is advanced with every step of the clock: its date is the date.
  [[nodiscard]] quantity::SimTime now() const { return flow.now(); }
  [[nodiscard]] quantity::SimTime horizon() const { return quantity::SimTime::at(world.horizon); }

  // Records an event that happens now.
  EventNumber record(EventKind kind, const world::Target& about, EventNumber cause, double value = 0,
                     const ComponentSet* touches = nullptr) {
    return trace.add({.at = now().since_start(), .kind = kind, .about = about, .value = value, .cause = cause},
                     touches);
  }
  // Marks the first time after onset.
  void mark(std::optional<quantity::SimTime> Marks::*what) {
    if (marks.onset && !(marks.*what)) marks.*what = now();
  }

  // The latest event by `date` that can have turned the condition or the needs; 0: none.
  [[nodiscard]] EventNumber cause_of(const world::Condition& condition, const world::Target& itself,
                                     quantity::SimTime date) const;
  [[nodiscard]] EventNumber cause_of(const std::vector<world::Need>& needs, quantity::SimTime date) const;
};

[[nodiscard]] inline world::Target target_of(world::Subject subject) { return {.subject = subject, .place = {}}; }

// Whatever acts on a condition acts once a second at most: automation that undoes its own reason must not spin at one
// date.
inline constexpr quantity::Duration least_dwell = quantity::Duration::seconds(1);

}  // namespace knockon::simulation
