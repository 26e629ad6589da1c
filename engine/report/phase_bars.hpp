// Where the minutes went: a line for each phase that took any, with a bar as long as its share.
#pragma once

#include <array>
#include <string>

#include "engine/report/page.hpp"
#include "engine/simulation/outcome.hpp"

namespace knockon::report {

// A whole section, whose head says "`about`… in all"; empty when no minutes went anywhere. `minutes` by Phase.
[[nodiscard]] std::string phase_bars_of(const std::array<double, simulation::phase_count>& minutes,
                                        const std::string& about, const Paint& paint);

}  // namespace knockon::report
