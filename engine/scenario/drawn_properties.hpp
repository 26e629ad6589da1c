// Properties that are drawn once a replication: who else takes them from where they are written.
#pragma once

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

// What a service says of calls and of what it serves instead of a failure, its operations take where they leave it
// open; what a step says of its patience and its chance, its ways. REQUIRES: no errors, the world has been read.
void find_takers(Reading& reading);

}  // namespace knockon::scenario
