// What the graph says as SARIF 2.1.0, which code review tools show beside the file.
#pragma once

#include <string>

#include "engine/graph/findings.hpp"

namespace knockon::report {

// `path`: the scenario's file, as the reviewers' tool knows it. Knots that nothing unties and broken promises are
// errors; single points and circles are notes.
[[nodiscard]] std::string sarif_of(const graph::Findings& findings, const std::string& path,
                                   const std::string& version);

}  // namespace knockon::report
