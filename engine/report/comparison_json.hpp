// A comparison as JSON, for programs: the format that docs/results.md describes.
#pragma once

#include <string>

#include "engine/study/comparison.hpp"

namespace knockon::report {

// Ends with a newline. Differences are rounded like the measures they are of.
[[nodiscard]] std::string json_of(const study::Comparison& comparison);

}  // namespace knockon::report
