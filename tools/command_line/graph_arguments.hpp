// What `knockon graph` was asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/quantity/amount.hpp"
#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

struct GraphArguments {
  Wanted wanted;
  std::optional<std::string> other;  // a second scenario: what changes from the first to it
  Wish wish;
  bool strict = false, quiet = false;
  Colour colour = Colour::automatic;
  std::optional<std::string> json, dot, graphml, sarif;  // a file, or "-"
  std::optional<std::string> report;                     // a file
  std::optional<std::string> svg;                        // a folder
  std::optional<std::string> focus;
  std::uint64_t depth = 2;
  std::optional<quantity::Share> availability;
  std::optional<std::uint64_t> gone;
  bool is_under_load = false;
};

void add_options(Options& options, GraphArguments& arguments);

}  // namespace knockon::command_line
