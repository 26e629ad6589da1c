// Doubts about a well-formed scenario that only the flow of its traffic raises.
#pragma once

#include <vector>

#include "engine/scenario/scenario.hpp"

namespace knockon::command_line {

//   too-small-at-peak  a service sized by hand that is overloaded before anything breaks
[[nodiscard]] std::vector<scenario::Doubt> doubts_about(const scenario::Read& read);

}  // namespace knockon::command_line
