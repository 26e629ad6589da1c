// How often intervals hold the truth, also where the tests ask for nothing.
#pragma once

namespace knockon::bench {

// Prints the table of the model card: normal and exponential data, long tails, and an app that is down in 2 % of runs,
// at 200 and 1,000 values. False when what the tests ask for is not met.
[[nodiscard]] bool measure_coverage();

}  // namespace knockon::bench
