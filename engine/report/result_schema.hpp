// What the commands' JSON looks like, as JSON Schemas (draft-07) for the programs that read it. They say which fields
// are always there and what they hold; fields may be added later, so others are allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace knockon::report {

// The commands whose results are described: run, compare, graph, explain, check.
[[nodiscard]] const std::vector<std::string_view>& described_results();

// Ends with a newline. REQUIRES one of `described_results()`.
[[nodiscard]] std::string result_schema_text(std::string_view command);

}  // namespace knockon::report
