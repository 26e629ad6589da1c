// The scenario that a foreign graph becomes: what the files say with the line that said it, what was added as an
// example, and what was assumed, so that somebody can go on from there.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "engine/foreign/graph.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace knockon::foreign {

// Where a graph comes from, as its scenario tells it.
struct Provenance {
  std::string format;              // "kiali"
  std::vector<std::string> files;  // their names, without folders
};

struct Written {
  std::string text;
  std::size_t values = 0;  // as the reader of scenarios counts them, or a few more
};
// What `check` accepts, unless it is larger than a scenario may be. REQUIRES: the graph is settled, has a service and
// is not too large.
[[nodiscard]] Written written_scenario(const Graph& graph, const Provenance& provenance);

}  // namespace knockon::foreign
