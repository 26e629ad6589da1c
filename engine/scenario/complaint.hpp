// What the YAML parser complains about, in the words of somebody who writes scenarios.
#pragma once

#include <string_view>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

struct Complaint {
  std::string_view problem, context;  // in the parser's words
  Span at, began_at;                  // where it noticed; where what it was reading began
};

void report(const Complaint& complaint, Faults& faults);

}  // namespace knockon::scenario
