// A comparison for people: who comes out ahead, by how much and how surely, and at what price.
#pragma once

#include <string>

#include "engine/report/text.hpp"
#include "engine/study/comparison.hpp"

namespace knockon::report {

// At most 80 characters wide, unless a name is longer. Colour only repeats what words and shapes say.
[[nodiscard]] std::string text_of(const study::Comparison& comparison, const TextStyle& style);

}  // namespace knockon::report
