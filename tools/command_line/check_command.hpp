// `knockon check`: everything that is wrong with scenarios, for people or for editors.
#pragma once

#include "tools/command_line/arguments.hpp"
#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

[[nodiscard]] ExitStatus check(const CheckArguments& arguments);

}  // namespace knockon::command_line
