// All that happened in one replication as a trace that viewers of Chrome's trace-event format show (Perfetto, for one):
// tracks for apps, faults, automation, monitors and people, and arrows from causes to what they brought about.
#pragma once

#include <string>

#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::report {

// A second of simulated time is a second of the trace; it begins at onset, so what came before is negative.
// REQUIRES: the outcome has its events.
[[nodiscard]] std::string trace_json_of(const world::World& world, const simulation::Outcome& outcome);

}  // namespace knockon::report
