// What the graph says as JSON, for programs: the format that docs/models/graph.md describes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/graph/difference.hpp"
#include "engine/graph/findings.hpp"

namespace knockon::report {

// What was asked: the head of the result.
struct GraphSubject {
  std::string version;          // of knockon
  std::string scenario_sha256;  // of the merged text
  std::optional<world::StrategyId> strategy;
  std::vector<std::string> variants;
  std::vector<std::pair<std::string, std::string>> set;
};

// Ends with a newline. Shares to 1e-6, times in seconds.
[[nodiscard]] std::string json_of(const graph::Findings& findings, const GraphSubject& subject,
                                  const graph::Difference* difference = nullptr);

}  // namespace knockon::report
