// A scenario read for a command, from the name or path it was given.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace knockon::command_line {

struct Wanted {
  std::string scenario;
  std::vector<std::string> variants = {};
  std::vector<std::string> set = {};  // "path=value"
  scenario::Purpose purpose = scenario::Purpose::run;
};

// There is no such scenario (then a sentence says so), or it is wrong.
struct NotRead {
  std::string sentence;
  scenario::Diagnostics diagnostics;
};

// Throws IoError when the file cannot be read.
[[nodiscard]] tl::expected<scenario::Read, NotRead> read(const Wanted& wanted);

// Says on standard error what is wrong.
void explain(const NotRead& fault);

}  // namespace knockon::command_line
