// `knockon schema`: the JSON Schemas of scenarios and of the commands' JSON, for editors and programs.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_schema(Options& options);

}  // namespace knockon::command_line
