// Diagnostics for other programs: as JSON for editors, as SARIF for code scanning, as lines that GitHub shows beside
// the code.
#pragma once

#include <string>
#include <string_view>

#include "engine/scenario/diagnostic.hpp"

namespace knockon::command_line {

// {"diagnostics": [{"path", "line", "column", "end_column", "severity", "code", "message", "hint", "note"}]}
[[nodiscard]] std::string json_of(const scenario::Diagnostics& diagnostics);

// A path as SARIF has it: relative, or a file URI; with escapes.
[[nodiscard]] std::string uri_of(std::string_view path);

// SARIF 2.1.0 (OASIS Standard, 27 March 2020): one run, one result for each diagnostic.
[[nodiscard]] std::string sarif_of(const scenario::Diagnostics& diagnostics);

// ::error file=…,line=…,col=…,endColumn=…,title=CODE::MESSAGE
[[nodiscard]] std::string github_annotations_of(const scenario::Diagnostics& diagnostics);

}  // namespace knockon::command_line
