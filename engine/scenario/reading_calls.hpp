// Calls and fallbacks, which services and journeys have alike.
#pragma once

#include <optional>
#include <vector>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

[[nodiscard]] std::optional<world::Fallback> fallback_of(Reading& reading, const Node* node);
[[nodiscard]] std::vector<world::Call> calls_of(Reading& reading, const Node* node);

}  // namespace knockon::scenario
