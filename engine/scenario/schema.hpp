// The language as a JSON Schema (draft-07), for editors to complete, explain and check scenarios with: made from the
// description, so that it says the same. It refuses nothing that the reader accepts. What needs the rest of the file,
// or of other files, is the reader's alone: whether names exist, whether values are possible, whether something is
// missing that a block, `like` or `defaults` may bring.
#pragma once

#include <string>

namespace knockon::scenario {

// Ends with a newline; the same text for one version of the language.
[[nodiscard]] std::string schema_text();

}  // namespace knockon::scenario
