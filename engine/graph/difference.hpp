// What changed between two scenarios, by name: what only the first says, and what only the second does.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/findings.hpp"

namespace knockon::graph {

struct Changes {
  std::vector<std::string> gone, added;  // sorted
  [[nodiscard]] bool is_empty() const { return gone.empty() && added.empty(); }
};

struct Difference {
  Changes components;     // "service auth"
  Changes relations;      // "auth -> session-store (hard)"
  Changes single_points;  // "facebook: auth down in apac"
  Changes knots;          // "fail-over: move needs deploy-tool"
  Changes circles;        // "a, b"
};

[[nodiscard]] Difference difference_between(const Findings& before, const Findings& after);

}  // namespace knockon::graph
