// Every command there is. A new one is a file that describes it, and a line in the list.
#pragma once

#include <vector>

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] const std::vector<Command>& commands();

// In the contract, and not there yet: said plainly instead of pretended.
struct CommandToCome {
  const char* name;
  const char* about;
};
[[nodiscard]] const std::vector<CommandToCome>& commands_to_come();

}  // namespace knockon::command_line
