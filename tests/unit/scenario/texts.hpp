// Short ways to read a text in tests: a small world to add to, and what is wrong with a text in one string.
#pragma once

#include <string>
#include <string_view>

#include "engine/scenario/scenario.hpp"

namespace knockon::tests {

// A world of one region, one app and one service, without a mistake. Tests append to it.
inline constexpr std::string_view small =
    "knockon: 1\n"
    "title: small\n"
    "starts: 2026-03-02T09:00:00Z\n"
    "regions: {home: {users: 1M}}\n"
    "apps: {app: {journeys: {open: {calls: [web]}}}}\n";

inline std::string with_small(std::string_view rest) { return std::string{small} + std::string{rest}; }

// "LINE:COLUMN code message" for each fault, or "accepted".
inline std::string faults_of(std::string_view text, const scenario::Options& options = {}) {
  const auto read = scenario::read_text(text, options);
  if (read) return "accepted";
  std::string result;
  for (const scenario::Diagnostic& fault : read.error()) {
    result +=
        std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " + fault.code + " " + fault.message + "\n";
  }
  return result;
}

}  // namespace knockon::tests
