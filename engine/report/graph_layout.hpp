// Where the things of a drawing go: columns from apps on the left to what everything hangs on, few lines crossing.
// After K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical system structures (1981).
#pragma once

#include <vector>

#include "engine/report/graph_drawing.hpp"

namespace knockon::report {

// In pixels of a screen at its usual size; whole numbers.
struct Position {
  int x = 0, y = 0;
};

// Parallel to the drawing's vertices; no two have one place. Circles are laid out as if one of their edges were turned.
[[nodiscard]] std::vector<Position> layout_of(const Drawing& drawing);

// At most `vertices_max` of the drawing: apps first, then what is nearest to them. How many were left out is the
// difference of the numbers of vertices.
[[nodiscard]] Drawing nearest_of(const Drawing& drawing, std::size_t vertices_max);

}  // namespace knockon::report
