// Calls and fallbacks, which services and journeys have alike.
#pragma once

#include <optional>
#include <vector>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

[[nodiscard]] std::optional<world::Fallback> fallback_of(Reading& reading, const Node* node);
[[nodiscard]] std::vector<world::Call> calls_of(Reading& reading, const Node* node);

// Reports a longest pause (the key `up_to`) that is shorter than the first.
void refuse_shrinking_pauses(Reading& reading, const Fields& fields, quantity::Duration first,
                             quantity::Duration up_to);

}  // namespace knockon::scenario
