// An example of what may stand behind a key, in the language's own text, for people who read about it.
#pragma once

#include <string>

#include "engine/scenario/description.hpp"

namespace knockon::scenario {

// "{median: 25m, p90: 60m}". Empty for sections, whose entries have tables of their own.
[[nodiscard]] std::string example_of(const Record& record, const Key& key);

}  // namespace knockon::scenario
