// `knockon run`: replicate, fold, report.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_run(Options& options);

}  // namespace knockon::command_line
