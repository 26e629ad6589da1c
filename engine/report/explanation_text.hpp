// An explanation for people: a story with times.
#pragma once

#include <string>

#include "engine/report/text.hpp"
#include "engine/study/explanation.hpp"

namespace knockon::report {

// `which`: how the replication was chosen, "the median of 200 runs". At most 80 characters wide, unless a name is
// longer. REQUIRES: the replication finished.
[[nodiscard]] std::string text_of(const study::Explanation& explanation, const std::string& which,
                                  const TextStyle& style);

}  // namespace knockon::report
