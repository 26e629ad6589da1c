// `knockon check`: everything that is wrong with scenarios, without running them.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_check(Options& options);

}  // namespace knockon::command_line
