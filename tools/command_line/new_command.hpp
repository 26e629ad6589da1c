// `knockon new`: a small, commented scenario in scenarios/NAME.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_new(Options& options);

}  // namespace knockon::command_line
