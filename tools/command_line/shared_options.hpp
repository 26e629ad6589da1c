// Options that several commands have, so that they read and mean the same everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/quantity/amount.hpp"
#include "tools/command_line/colour.hpp"
#include "tools/command_line/scenario_file.hpp"

namespace knockon::command_line {

class Options;

// SCENARIO
void add_scenario(Options& options, Wanted& wanted, const char* about);
// --variant, --set
void add_alterations(Options& options, Wanted& wanted);

// What goes wrong and what people do about it; the scenario's own when left open.
struct Wish {
  std::optional<std::string> strategy, cause;
};
// --strategy, --cause
void add_wish(Options& options, Wish& wish);

struct Repetition {
  std::uint64_t first = 0, count = 200;
  std::uint64_t seed = 1;
  std::uint64_t jobs = 1;
  std::optional<quantity::Share> precision;  // instead of a number: until this is reached
};
// --replications, --seed, --jobs
void add_run_count(Options& options, Repetition& repetition, const char* about);
// The same, and --only.
void add_repetition(Options& options, Repetition& repetition);
// --precision. REQUIRES: add_repetition before it.
void add_precision(Options& options, Repetition& repetition);

// --json
void add_json(Options& options, std::optional<std::string>& json, const char* about);

// --report: a file of a page to look at
void add_report(Options& options, std::optional<std::string>& report);

// --svg: a folder of pictures
void add_pictures(Options& options, std::optional<std::string>& folder, const char* about);

// --color
void add_colour(Options& options, Colour& colour);

struct Voices {
  bool verbose = false, quiet = false;
};
// -v, -q
void add_voices(Options& options, Voices& voices);

}  // namespace knockon::command_line
