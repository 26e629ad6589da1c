// The main charts of results as SVG, for documents that cannot hold a page.
#pragma once

#include <string>
#include <vector>

#include "engine/study/comparison.hpp"
#include "engine/study/explanation.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

struct Picture {
  std::string file;  // "timeline.svg"
  std::string svg;
};

// The median run's timeline, success over time where courses were recorded, how long it lasts, where the minutes went;
// nothing where no run finished.
[[nodiscard]] std::vector<Picture> pictures_of(const study::Results& results);
// How long it lasts with each entry, and where the minutes went.
[[nodiscard]] std::vector<Picture> pictures_of(const study::Comparison& comparison);
// The replication's timeline.
[[nodiscard]] std::vector<Picture> pictures_of(const study::Explanation& explanation);

}  // namespace knockon::report
