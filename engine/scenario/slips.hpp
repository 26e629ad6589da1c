// What a YAML parser complains of is often a line or two behind the slip of a finger that caused it: this finds the
// slip.
#pragma once

#include <cstdint>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// Reports a colon that is missing, or stands without a space behind it, in the marked line or the one before it, or an
// entry that stands too far to the right; false when none of these is found. REQUIRES that the parser met a colon, or
// the end of a map, where it could not be.
[[nodiscard]] bool report_slip(const Span& mark, Faults& faults);

}  // namespace knockon::scenario
