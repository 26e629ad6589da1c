// The outage table: how long each app was down in each region, and what it cost.
#pragma once

#include <string>

#include "engine/report/page.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

// Each line at most 80 characters, with a newline; a name too long for its column stands on a line of its own.
[[nodiscard]] std::string outage_table_of(const study::Results& results, const Paint& paint);

}  // namespace knockon::report
