// A comparison as comma-separated values: every pair, and every replication of every entry.
#pragma once

#include <string>

#include "engine/study/comparison.hpp"

namespace knockon::report {

// A row for each pair and measure; an empty cell for what does not exist.
[[nodiscard]] std::string csv_of_pairs(const study::Comparison& comparison);

// As of a run, with the entry's name in front.
[[nodiscard]] std::string csv_of_apps(const study::Comparison& comparison);
[[nodiscard]] std::string csv_of_incidents(const study::Comparison& comparison);

}  // namespace knockon::report
