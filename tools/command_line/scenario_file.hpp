// A scenario read for a command, from the name or path it was given.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tools/command_line/colour.hpp"

namespace knockon::command_line {

struct Wanted {
  std::string scenario;
  std::vector<std::string> variants = {};
  std::vector<std::string> set = {};  // "path=value"
  scenario::Purpose purpose = scenario::Purpose::run;
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

// How mistakes look on standard error.
[[nodiscard]] scenario::Style style_of_complaints(Colour colour);

// Says on standard error what is wrong.
void explain(const NotRead& fault, Colour colour = Colour::automatic);

}  // namespace knockon::command_line
