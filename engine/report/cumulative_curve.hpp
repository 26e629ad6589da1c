// How soon it is over: the share of runs in which all is ok again by then, as a curve of blocks.
#pragma once

#include <cstddef>
#include <string>

#include "engine/report/page.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

// Lines of at most `width` characters, or nothing when no run hit anybody. Each block shows the share at its end.
[[nodiscard]] std::string cumulative_curve_of(const study::Results& results, std::size_t width, const Paint& paint);

}  // namespace knockon::report
