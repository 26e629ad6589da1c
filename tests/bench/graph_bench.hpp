// What the questions to a graph cost, and how that grows with its size.
#pragma once

namespace knockon::bench {

// Prints the answers' times for parts of a graph of up to 18,571 services; false when a promise about speed is broken.
bool measure_graph();

}  // namespace knockon::bench
