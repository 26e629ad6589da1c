// What `knockon run` was asked for.
#pragma once

#include <optional>
#include <string>

#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

struct RunArguments {
  Wanted wanted;
  Wish wish;
  Repetition repetition;
  Voices voices;
  Colour colour = Colour::automatic;
  bool strict = false;
  std::optional<std::string> json;    // a file, or "-"
  std::optional<std::string> svg;     // a folder
  std::optional<std::string> report;  // a file
  std::optional<std::string> csv;     // a folder
};

void add_options(Options& options, RunArguments& arguments);

}  // namespace knockon::command_line
