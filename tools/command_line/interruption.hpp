// Ctrl-C: the first asks the run to stop and report what it has, the second ends the program at once.
#pragma once

namespace knockon::command_line {

void listen_for_interruption();
[[nodiscard]] bool is_interrupted();

}  // namespace knockon::command_line
