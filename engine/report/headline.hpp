// The answer in a few sentences: which apps, how long, where, who, how much, and who is spared.
#pragma once

#include <string>

#include "engine/study/results.hpp"

namespace knockon::report {

// One paragraph, not wrapped. REQUIRES: a replication finished.
[[nodiscard]] std::string headline_of(const study::Results& results);

}  // namespace knockon::report
