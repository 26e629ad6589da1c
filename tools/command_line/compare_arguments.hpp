// What `knockon compare` was asked for.
#pragma once

#include <optional>
#include <string>

#include "engine/study/comparison.hpp"
#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

struct CompareArguments {
  Wanted wanted;
  std::optional<std::string> other;  // a second scenario
  std::optional<study::Across> across;
  std::optional<std::string> baseline;
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

void add_options(Options& options, CompareArguments& arguments);

}  // namespace knockon::command_line
