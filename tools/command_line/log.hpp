// What is being done, for those who ask: one line at a time on standard error.
#pragma once

namespace knockon::command_line {

void log_to_standard_error(bool is_verbose);

}  // namespace knockon::command_line
