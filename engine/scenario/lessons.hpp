// What the likeliest mistakes have to teach: one sentence each on why the language is as it is, for whoever makes the
// mistake for the first time.
#pragma once

#include <string>

#include "engine/scenario/diagnostic.hpp"

namespace knockon::scenario {

// A whole sentence; empty when the message and its hint say everything.
[[nodiscard]] std::string lesson_of(const Diagnostic& diagnostic);

}  // namespace knockon::scenario
