// The answer in a few sentences. Of a run: which apps, how long, where, who, how much, and who is spared. Of a
// comparison: what people lose least under.
#pragma once

#include <string>

#include "engine/study/comparison.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

// One paragraph, not wrapped. REQUIRES: a replication finished.
[[nodiscard]] std::string headline_of(const study::Results& results);

// Which entry people lose least under, by how much and how surely. REQUIRES: a replication finished.
[[nodiscard]] std::string headline_of(const study::Comparison& comparison);

}  // namespace knockon::report
