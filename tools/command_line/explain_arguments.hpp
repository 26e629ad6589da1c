// What `knockon explain` was asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

// Which of the replications: by the minutes that people lost.
enum class Which : std::uint8_t { median, worst };

struct ExplainArguments {
  Wanted wanted;
  Wish wish;
  Repetition repetition;
  Which which = Which::median;
  std::optional<std::uint64_t> index;  // instead of looking for one
  Voices voices;
  Colour colour = Colour::automatic;
  bool strict = false;
  std::optional<std::string> json;    // a file, or "-"
  std::optional<std::string> svg;     // a folder
  std::optional<std::string> report;  // a file
  std::optional<std::string> trace;   // a file
};

void add_options(Options& options, ExplainArguments& arguments);

}  // namespace knockon::command_line
