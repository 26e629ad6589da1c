// What `knockon check` was asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

struct CheckArguments {
  std::vector<std::string> scenarios;
  Wanted alterations;  // of each scenario
  Colour colour = Colour::automatic;
  bool strict = false, quiet = false;
  std::optional<std::string> json, sarif;  // a file, or "-"
};

void add_options(Options& options, CheckArguments& arguments);

}  // namespace knockon::command_line
