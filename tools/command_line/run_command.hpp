// `knockon run`: replicate, fold, report.
#pragma once

#include "tools/command_line/arguments.hpp"
#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

[[nodiscard]] ExitStatus run(const RunArguments& arguments);

}  // namespace knockon::command_line
