// What a text must be before a YAML parser may see it: UTF-8 of a bounded size, without control characters, and without
// so many open brackets that the parser, which keeps every bracket in memory until it is closed, would take seconds and
// gigabytes.
#pragma once

#include <optional>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// Reports what is wrong.
[[nodiscard]] bool is_readable_text(const SourceText& source, Faults& faults, const Limits& limits);

// Where a quote or a bracket was opened and never closed: the first such quote, the innermost such bracket.
struct Unclosed {
  std::optional<Span> quote, bracket;
};
[[nodiscard]] Unclosed unclosed_in(const SourceText& source);

}  // namespace knockon::scenario
