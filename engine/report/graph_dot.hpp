// The graph as a picture's description in Graphviz's language.
#pragma once

#include <string>

#include "engine/report/graph_drawing.hpp"

namespace knockon::report {

// Apps as houses, services as boxes (the more apps they take down alone, the darker), sessions as ovals. Hard calls are
// drawn through, soft ones dashed, async ones dotted; needs, names, caches and sessions say so. The attribute `knockon`
// says what each thing is to programs; `knockon import dot` reads the same services and calls again.
[[nodiscard]] std::string dot_of(const Drawing& drawing);

}  // namespace knockon::report
