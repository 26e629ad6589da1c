// What a replication costs as the graph grows around a fault, and as a fault grows within the graph.
#pragma once

namespace knockon::bench {

// Prints it; false when a promise is broken.
bool measure_scale();

}  // namespace knockon::bench
