// The two ends of an interval that holds the truth 95 times in 100.
#pragma once

#include <optional>

namespace knockon::statistics {

// An absent end is open: the sample is too small, or ended too early, to say how far it reaches.
struct Bounds {
  std::optional<double> low, high;
  friend constexpr bool operator==(const Bounds&, const Bounds&) = default;
};

}  // namespace knockon::statistics
