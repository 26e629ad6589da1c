// Whether a document has the shape that the description asks for: known keys, required keys, values of the right type
// and within bounds, verbs with their arguments. What names mean is not asked here.
#pragma once

#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/world/world.hpp"

namespace knockon::scenario {

// A resolved scenario: everything required must be there. Returns the properties that were written as distributions.
[[nodiscard]] std::vector<world::DrawnProperty> check_shape(const Node& scenario, Faults& faults);

// `templates`, `defaults` and `variants` of a merged scenario, where entries may leave anything open.
void check_pieces(const Node& scenario, Faults& faults);

}  // namespace knockon::scenario
