// The words of a command line: which command they ask for, and what is wrong with them.
#pragma once

#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

// Does what the words ask for: the command's action, or help, or a complaint on standard error about wrong usage.
[[nodiscard]] ExitStatus perform(int count, const char* const* words);

}  // namespace knockon::command_line
