// An explanation as JSON, for programs: the format that docs/results.md describes.
#pragma once

#include <string>

#include "engine/study/explanation.hpp"

namespace knockon::report {

// Ends with a newline. REQUIRES: the replication finished.
[[nodiscard]] std::string json_of(const study::Explanation& explanation);

}  // namespace knockon::report
