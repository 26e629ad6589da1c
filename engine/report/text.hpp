// A run's results for people: the answer first, then the tables it stands on.
#pragma once

#include <string>

#include "engine/study/results.hpp"

namespace knockon::report {

struct TextStyle {
  bool has_colour = false;
};

// At most 80 characters wide, unless a name is longer. Colour only repeats what words and shapes say.
[[nodiscard]] std::string text_of(const study::Results& results, const TextStyle& style);

}  // namespace knockon::report
