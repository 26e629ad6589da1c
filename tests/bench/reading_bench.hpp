// What reading costs: the largest call graph that was published, and texts made to hurt.
#pragma once

namespace knockon::bench {

// Prints it; false when a promise is broken.
bool measure_reading();

}  // namespace knockon::bench
