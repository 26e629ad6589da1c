// What goes in circles in any directed graph, by the linear-time search of Tarjan (SIAM J. Computing, 1972).
#pragma once

#include <cstddef>
#include <vector>

namespace knockon::graph {

struct Arc {
  std::size_t from = 0, to = 0;
};

// Which strong component each vertex is in, numbered from 0: two are in one if each leads to the other.
// REQUIRES: the ends of every arc are less than `vertices`.
[[nodiscard]] std::vector<std::size_t> strong_components(std::size_t vertices, const std::vector<Arc>& arcs);

// True for each arc that a walk in depth finds to lead back to where it came from. Without them nothing goes in a
// circle.
[[nodiscard]] std::vector<bool> leading_back(std::size_t vertices, const std::vector<Arc>& arcs);

}  // namespace knockon::graph
