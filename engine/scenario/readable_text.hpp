// What a text must be before a YAML parser may see it: UTF-8 of a bounded size, without control characters, and without
// so many open brackets that the parser, which keeps every bracket in memory until it is closed, would take seconds and
// gigabytes.
#pragma once

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// Reports what is wrong.
[[nodiscard]] bool is_readable_text(const SourceText& source, Faults& faults, const Limits& limits);

}  // namespace knockon::scenario
