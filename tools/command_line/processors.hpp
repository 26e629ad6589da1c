// How many replications can run at a time on this machine.
#pragma once

namespace knockon::command_line {

// Within what the process is allowed to use; at least one.
[[nodiscard]] unsigned processors();

}  // namespace knockon::command_line
