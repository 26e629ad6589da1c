// The graph as a picture's description in Graphviz's language.
#pragma once

#include <optional>
#include <string>

#include "engine/graph/findings.hpp"

namespace knockon::report {

// The neighbourhood of one thing, by so many relations in either direction.
struct Focus {
  std::string name;  // of an app, a service or a session
  std::size_t depth = 2;
};

// Apps as houses, services as boxes (the more apps they take down alone, the darker), sessions as ovals. Hard calls are
// drawn through, soft ones dashed, async ones dotted; needs, names, caches and sessions say so. Empty when nothing is
// called what the focus says.
[[nodiscard]] std::optional<std::string> dot_of(const graph::Findings& findings, const std::optional<Focus>& focus);

}  // namespace knockon::report
