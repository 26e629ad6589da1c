// Which operations stand on every path of calls from a journey to another operation. Where operations ask alternatives
// of which one has to answer, these are that operation's single points: a second, older way to find them.
#pragma once

#include <vector>

#include "engine/world/world.hpp"

namespace knockon::graph {

// For each of the world's operations: those that dominate it (T. Lengauer and R. Tarjan, 1979), itself included,
// ascending; none for an operation that the journey cannot come to.
[[nodiscard]] std::vector<std::vector<world::OperationId>> dominators_of(const world::World& world,
                                                                         world::JourneyId journey);

}  // namespace knockon::graph
