// Where the minutes went: each instant between onset and the end belongs to one phase.
#pragma once

#include <array>
#include <optional>

#include "engine/simulation/outcome.hpp"
#include "engine/simulation/trace.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// Walks back from `last` (the event that restored, or the last step that was made when nothing did) along recorded
// causes. What lies between an event and its cause belongs to the phase that the event ended. The phases add up to end
// - onset, tick by tick. `unresolved`: nothing was restored, and what follows `last` is of no other phase.
[[nodiscard]] std::array<quantity::Duration, phase_count> phases_of(const world::World& world, const Trace& trace,
                                                                    EventNumber last, quantity::Duration onset,
                                                                    quantity::Duration end, bool unresolved);

// The last event of people at work, of automation or of a fault: from where an unrestored outage is walked back.
[[nodiscard]] EventNumber last_move(const Trace& trace);

}  // namespace knockon::simulation
