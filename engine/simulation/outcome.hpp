// What one replication measured: the only thing that leaves a replication. Every duration "after onset" counts from the
// moment the first fault of the cause began.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/simulation/course.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// Where the minutes went, in the order in which reports print them.
enum class Phase : std::uint8_t {
  detect,
  acknowledge,
  access,
  diagnose,
  misdiagnose,
  wait,
  fix,
  propagate,
  ramp,
  tail,
  unresolved,
};
inline constexpr std::size_t phase_count = 11;
[[nodiscard]] const char* text_of(Phase phase);

// After onset; `to` is the horizon where the state still held then.
struct Interval {
  quantity::Duration from, to;
};

// One app in one region, or (in Outcome::apps) judged on all its users together. An app that was not hit has zero
// minutes and no dates. Down and degraded intervals are ascending and never overlap.
struct AppOutcome {
  std::vector<Interval> down, degraded;
  bool hit = false;                                // was ever down or degraded after onset
  std::optional<quantity::Duration> first_impact;  // begin of the first such interval
  std::optional<quantity::Duration>
      mitigated;  // end of the last down interval; none: never down, or down at the horizon
  std::optional<quantity::Duration>
      restored;  // end of the last interval if ok held 15 min after it; none: censored, or not hit
  int dips = 0;  // intervals not ok after the first
  double user_minutes_lost = 0;
  double failed_journeys = 0;                       // intents that ended without an answer
  std::optional<quantity::Share> slo_budget_spent;  // none: the app has no objective
  quantity::Money gross, deferred;                  // lost = gross - deferred
  quantity::Money credits;

  [[nodiscard]] quantity::Duration down_time() const;
  [[nodiscard]] quantity::Duration degraded_time() const;
  [[nodiscard]] quantity::Money lost() const { return gross - deferred; }
  // Down at some time and never again up within the horizon.
  [[nodiscard]] bool mitigated_is_censored() const { return !down.empty() && !mitigated; }
  [[nodiscard]] bool restored_is_censored() const { return hit && !restored; }
};

struct IncidentOutcome {
  std::optional<quantity::Duration> detected, acknowledged, diagnosed,
      announced;  // none: did not happen by the horizon
  std::optional<quantity::Duration> mitigated,
      restored;      // latest over what was hit; none: censored, or nothing was hit
  bool hit = false;  // some app in some region
  bool mitigated_censored = false, restored_censored = false;
  double staff_hours = 0;
  quantity::Duration data_lost;
  double user_minutes_lost = 0;  // each app weighed by its share of people's time
  quantity::Money gross, deferred;
  quantity::Money staff_cost;
  std::vector<world::StepId> stuck, unfinished;  // steps that still waited at the horizon
};

using EventNumber = std::uint32_t;  // 1, 2, 3 … in order of happening; 0: none

// Everything that happens in a replication is one of these.
enum class EventKind : std::uint8_t {
  fault_began,
  fault_ended,
  reaction_began,
  reaction_ended,
  app_down,
  app_degraded,
  app_ok,
  monitor_blind,
  monitor_seeing,
  alert_on,
  alert_off,
  reports_on,
  acknowledged,
  step_waits,
  step_began,
  step_paused,
  step_resumed,
  step_done,
  step_failed,
  step_missed,
  step_skipped,
  step_stuck,
  way_given_up,
  admitted,
  announced,
  cached_names_gone,
  cached_names_back,
  link_off,
  link_on,
  milestone,
  strategy_began,
  escalated,
  step_undone,
  bytes_leave,
  bytes_stop,
  bytes_move_on,
  bytes_arrived,
};
[[nodiscard]] const char* text_of(EventKind kind);

struct Event {
  quantity::Duration at;  // after the scenario's start, not after onset
  EventKind kind;
  world::Target about;
  // acknowledged: 1 + the team, when it was called in place of the one that was asked; escalated: the team called;
  // alert_on: 1 when it was for want of data;
  // strategy_began: 1 + the strategy, when it is carried out beside the one that was chosen;
  // admitted: the share; step_waits, step_began, way_given_up: the way; step_done: 1 for a diagnosis that was wrong;
  // step_failed, step_missed: 1 when that did harm;
  // milestone: its place in World::observed; fault_… and reaction_…: 1 for the parts of a flap; else 0.
  double value = 0;
  EventNumber cause = 0;  // the event that brought this one about
};

struct Outcome {
  std::uint64_t index = 0;
  std::uint64_t fingerprint = 0;            // hash of the event trace
  quantity::Duration onset;                 // after the scenario's start; the horizon when no fault began
  std::vector<AppOutcome> apps;             // per app, all regions together
  std::vector<AppOutcome> apps_in_regions;  // app-major: [app * regions + region]
  IncidentOutcome incident;
  std::array<quantity::Duration, phase_count>
      phases{};  // sums to restored (or horizon) - onset; all zero when nothing was hit
  std::vector<std::optional<quantity::Duration>>
      milestones;             // parallel to World::observed; none: not a milestone, or not reached
  std::vector<Event> events;  // the causal trace; event n is events[n - 1]
  Course course;              // empty unless it was asked for, or when there was no onset

  [[nodiscard]] const AppOutcome& of(world::AppId app, world::RegionId region, std::size_t regions) const {
    return apps_in_regions[app.index() * regions + region.index()];
  }
};

}  // namespace knockon::simulation
