// A run's results as JSON, for programs: the format that docs/results.md describes.
#pragma once

#include <string>

#include "engine/study/results.hpp"

namespace knockon::report {

// Ends with a newline. Minutes and amounts are rounded to 1/1000, shares to 1e-6; what does not exist is null.
[[nodiscard]] std::string json_of(const study::Results& results);

}  // namespace knockon::report
