// A resolved scenario as its author would want to read it: what counts in the end, and who said so.
#pragma once

#include <optional>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/shown_line.hpp"

namespace knockon::scenario {

// All lines together are a scenario that means the same. Values that one line of a file said stand in one line again.
[[nodiscard]] std::vector<ShownLine> shown(const Node& root);

// The piece at a path, which is all of `option`'s text; what nobody said is shown with its default. Null, and reported,
// when there can be nothing at that path.
[[nodiscard]] std::optional<std::vector<ShownLine>> shown_at(const Node& root, const SourceText& option,
                                                             Faults& faults);

}  // namespace knockon::scenario
