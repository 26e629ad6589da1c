// Whether a promise is kept, judged by an interval and not by a point.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "engine/statistics/bounds.hpp"

namespace knockon::statistics {

enum class Verdict : std::uint8_t { kept, broken, undecided };
[[nodiscard]] const char* text_of(Verdict verdict);

// The values a promise allows.
struct Allowed {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool without_low = false, without_high = false;  // the end itself is not allowed (`<`, `>`)
  [[nodiscard]] bool holds(double value) const;
};

// Kept when all of `bounds` is allowed, broken when none of it is, else undecided. An open end reaches for ever.
[[nodiscard]] Verdict judged(const Bounds& bounds, const Allowed& allowed);

// About how many replications would decide what `n` left undecided: intervals shrink with the root of their number.
// None when the estimate lies on the edge of what is allowed, or an end is open, so that none can be named. Rounded up
// to two figures.
[[nodiscard]] std::optional<std::uint64_t> replications_needed(std::uint64_t n, double estimate, const Bounds& bounds,
                                                               const Allowed& allowed);

}  // namespace knockon::statistics
