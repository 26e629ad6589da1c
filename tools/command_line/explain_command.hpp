// `knockon explain`: why each app went down in one replication, where the minutes went, and what would have helped.
#pragma once

#include "tools/command_line/command.hpp"

namespace knockon::command_line {

[[nodiscard]] Action describe_explain(Options& options);

}  // namespace knockon::command_line
