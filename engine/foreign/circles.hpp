// Which edges to give up so that nothing goes in a circle.
#pragma once

#include <cstddef>
#include <vector>

namespace knockon::foreign {

struct CircleEdge {
  std::size_t from = 0, to = 0;
  int rank = 0;      // of those in a circle, the lowest goes first,
  double times = 0;  // and of these the least called, and of these the first
};

// True for each edge that is given up. One at a time, the cheapest of every circle that is left; in graphs so entangled
// that this would take long, those that lead back on a walk.
[[nodiscard]] std::vector<bool> given_up(std::size_t nodes, const std::vector<CircleEdge>& edges);

}  // namespace knockon::foreign
