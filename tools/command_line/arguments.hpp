// What was asked for on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

enum class Colour : std::uint8_t { automatic, always, never };

struct RunArguments {
  std::string scenario;
  std::optional<std::string> strategy, cause;
  std::vector<std::string> variants;
  std::vector<std::string> set;  // "path=value"
  std::uint64_t first = 0, replications = 200;
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  bool strict = false, verbose = false, quiet = false;
  std::optional<std::string> json;  // a file, or "-"
  std::optional<std::string> csv;   // a folder
  Colour colour = Colour::automatic;
};

struct CheckArguments {
  std::vector<std::string> scenarios;
  bool strict = false, quiet = false;
  std::optional<std::string> json;
};

// Nothing is left to do: help or the version was printed, or what is wrong was said on standard error.
struct Settled {
  ExitStatus status = ExitStatus::done;
};

using Arguments = std::variant<RunArguments, CheckArguments, Settled>;

[[nodiscard]] Arguments parsed(int count, const char* const* words);

// How many replications can run at a time on this machine, within what the process is allowed to use.
[[nodiscard]] unsigned cores();

}  // namespace knockon::command_line
