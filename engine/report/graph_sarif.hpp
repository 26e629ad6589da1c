// What the graph says as SARIF 2.1.0, which code review tools show beside the file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/findings.hpp"

namespace knockon::report {

// A stretch of a line, counted from 1 in characters; the end is one past the last.
struct ReviewPlace {
  std::string uri;
  int line = 1, column = 1, end_column = 2;
};
// Of the thing behind keys of the scenario (services, feed); none when no file says it.
using FindPlace = std::function<std::optional<ReviewPlace>(const std::vector<std::string>& keys)>;

// Each result stands where what it is about was said: a component, the step that waits, the first of a circle, a
// promise. What is in no file (a site that every region has) has no place. Knots that nothing unties and broken
// promises are errors, other knots warnings, single points and circles notes.
[[nodiscard]] std::string sarif_of(const graph::Findings& findings, const FindPlace& find, const std::string& version);

}  // namespace knockon::report
