// Where the minutes went: each instant between onset and the end belongs to one phase.
#pragma once

#include <array>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// A stretch of the way back from the end to onset.
struct Stretch {
  Phase phase = Phase::unresolved;
  quantity::Duration from, to;  // after the scenario's start, within onset and the end; may be empty
  EventNumber ended_by = 0;     // the event that it led to; 0: the end itself, or nothing recorded
};

// Walks back from `last` (the event that restored, or the last step that was made when nothing did) along recorded
// causes. What lies between an event and its cause belongs to the phase that the event ended. The stretches are told in
// the order of time and leave no gap between onset and `end`. `unresolved`: nothing was restored, and what follows
// `last` is of no other phase. Events are numbered from 1: number n is events[n - 1].
[[nodiscard]] std::vector<Stretch> stretches_of(const world::World& world, const std::vector<Event>& events,
                                                EventNumber last, quantity::Duration onset, quantity::Duration end,
                                                bool unresolved);

// The same, summed by phase: they add up to end - onset, tick by tick.
[[nodiscard]] std::array<quantity::Duration, phase_count> phases_of(const std::vector<Stretch>& stretches);

// The last event of people at work, of automation or of a fault: from where an unrestored outage is walked back.
[[nodiscard]] EventNumber last_move(const std::vector<Event>& events);

}  // namespace knockon::simulation
