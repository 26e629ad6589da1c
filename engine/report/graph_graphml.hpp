// The graph in GraphML, for tools that lay out, measure and compare graphs.
#pragma once

#include <string>

#include "engine/report/graph_drawing.hpp"

namespace knockon::report {

// Nodes with what they are (service, session, app), their name and how many apps they take down alone; edges with their
// kind (hard, soft, async, need, name, cache, session) and calls for each request. `knockon import graphml` reads the
// same services and calls again.
[[nodiscard]] std::string graphml_of(const Drawing& drawing);

}  // namespace knockon::report
