// What `set` may change: the numbers and flags of a thing, by the path at which its author writes them.
#pragma once

#include <vector>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

// The settings in `values`, for every one of the targets; what no target has, or has otherwise, is reported.
[[nodiscard]] std::vector<world::Setting> settings_of(Reading& reading, const Node* values,
                                                      const std::vector<world::Target>& targets);

}  // namespace knockon::scenario
