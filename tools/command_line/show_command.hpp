// `knockon show`: the scenario as run, or a piece of it, each value with the file and line that said it.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_show(Options& options);

}  // namespace knockon::command_line
