// What it is worth that strategies meet the same days.
#pragma once

#include <string>

namespace knockon::bench {

// Prints, for every pair of the scenario's strategies, how many times as wide the interval of the difference in
// people's minutes would be if each had days of its own. False when pairing makes one wider by more than the error of
// measurement.
[[nodiscard]] bool measure_pairing(const std::string& scenario);

// How many times as wide, for these two.
[[nodiscard]] double worth_of_pairing(const std::string& scenario, const std::string& a, const std::string& b);

}  // namespace knockon::bench
