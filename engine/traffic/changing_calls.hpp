// Which calls may come to be answered more slowly than written, or under other rules: by what is slow, or set to
// something else, in any cause or plan of the world. They are followed with care from the start.
#pragma once

#include <vector>

#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

// By leaf; empty when there is none. REQUIRES: callers and leaves are laid out.
[[nodiscard]] std::vector<bool> changing_calls(const Network::Parts& parts);

}  // namespace knockon::traffic
