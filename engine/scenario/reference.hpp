// The language reference, docs/guide/language.md: made from the description, so that it cannot fall behind the reader.
#pragma once

#include <string>

namespace knockon::scenario {

// The whole page in Markdown; ends with a newline.
[[nodiscard]] std::string reference_text();

}  // namespace knockon::scenario
