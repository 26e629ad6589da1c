// Ctrl-C asks the run to stop and report what it has. Pressing it again changes nothing: reporting takes a moment only,
// and some senders (`timeout`) send the signal twice.
#pragma once

namespace knockon::command_line {

void listen_for_interruption();
[[nodiscard]] bool is_interrupted();

}  // namespace knockon::command_line
