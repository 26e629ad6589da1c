// `~` takes away what is merged below. What is taken away must be something that could be there: a misspelt key would
// otherwise vanish together with its removal, and what it was meant to take away would stay.
#pragma once

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// `scenario`: merged, with its removals still in it. Templates, defaults and variants are looked at as pieces,
// elsewhere.
void check_removals(const Node& scenario, Faults& faults);

}  // namespace knockon::scenario
