// The text of a scenario to begin with: small, commented, and whole.
#pragma once

#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace knockon::command_line {

// What `blocks` bring along (their `outline`) is used and not written again.
[[nodiscard]] std::string new_scenario_text(const std::string& name, const std::vector<std::string>& blocks,
                                            const scenario::Outline& outline);

}  // namespace knockon::command_line
