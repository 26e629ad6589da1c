// `knockon graph`: what the graph says before anything is run.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_graph(Options& options);

}  // namespace knockon::command_line
