// What a command of the command line is: a name, the options it takes, and what it does with them.
#pragma once

#include <functional>

#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

class Options;

// Called once the options hold what was asked for.
using Action = std::function<ExitStatus()>;

struct Command {
  const char* name;
  const char* about;                     // one line, for --help
  Action (*describe)(Options& options);  // says which options there are; the action owns what they are read into
};

}  // namespace knockon::command_line
