// What the graph says, for people: the answer first, then what it stands on.
#pragma once

#include <string>

#include "engine/graph/difference.hpp"
#include "engine/graph/findings.hpp"
#include "engine/report/text.hpp"

namespace knockon::report {

// At most 80 characters wide, unless a name is longer. Colour only repeats what words say.
[[nodiscard]] std::string text_of(const graph::Findings& findings, const TextStyle& style);
[[nodiscard]] std::string text_of(const graph::Difference& difference, const std::string& before,
                                  const std::string& after, const TextStyle& style);

}  // namespace knockon::report
