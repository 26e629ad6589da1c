// `knockon compare`: the same bad days, met in different ways.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_compare(Options& options);

}  // namespace knockon::command_line
