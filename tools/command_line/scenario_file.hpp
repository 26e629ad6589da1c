// A scenario read for a command, from the name or path it was given.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tools/command_line/colour.hpp"

namespace knockon::command_line {

struct Wanted {
  std::string scenario;
  std::vector<std::string> variants = {};
  std::vector<std::pair<std::string, std::string>> set = {};  // path and value
};

// Where a scenario is, and how it is to be altered.
struct Located {
  scenario::Source source;
  scenario::Options options;
};
// Or a sentence that says there is no such scenario.
[[nodiscard]] tl::expected<Located, std::string> located(const Wanted& wanted);

// There is no such scenario (then a sentence says so), or it is wrong.
struct NotRead {
  std::string sentence;
  scenario::Diagnostics diagnostics;
};

// Throws IoError when the file cannot be read.
[[nodiscard]] tl::expected<scenario::Read, NotRead> read(const Wanted& wanted);

// What is said of a scenario on the way, and what is too much.
struct Manner {
  Colour colour = Colour::automatic;
  bool is_quiet = false;   // warnings are not said
  bool is_strict = false;  // warnings are said, and are errors
};
// Whether the scenario may be used, after saying its warnings on standard error.
[[nodiscard]] bool passes(const scenario::Diagnostics& warnings, const Manner& manner);
// None when it cannot be read or does not pass: standard error says why. Throws IoError when the file cannot be read.
[[nodiscard]] std::optional<scenario::Read> read_in(const Wanted& wanted, const Manner& manner);

// How mistakes look on standard error.
[[nodiscard]] scenario::Style style_of_complaints(Colour colour);

// Says on standard error what is wrong.
void explain(const NotRead& fault, Colour colour);

}  // namespace knockon::command_line
