// `knockon import`: a scenario from another tool's graph.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_import(Options& options);

}  // namespace knockon::command_line
