// What the JSON of a web page is made of, beside the contract's.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "engine/graph/findings.hpp"
#include "engine/report/graph_drawing.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/statistics/reading.hpp"
#include "engine/study/explanation.hpp"
#include "engine/study/results.hpp"
#include "engine/study/series.hpp"

namespace knockon::report {

// Title, currency, regions with their clocks, and apps.
[[nodiscard]] Json page_json_of(const world::World& world);

// Down and degraded intervals of every app, of all its users and in each region, in minutes after onset.
[[nodiscard]] Json page_json_of(const world::World& world, const simulation::Outcome& outcome);

// Shares in thousandths; of the apps that `shown` names, none where no course was recorded. All lists run over the
// points of the grid.
[[nodiscard]] Json page_json_of(const world::World& world, const study::Series& series,
                                const std::vector<std::size_t>& shown);

// Ascending, at most `values_max` of them at even ranks; how many there were, and how many were cut off by the horizon.
[[nodiscard]] Json page_json_of(const statistics::Sample& sample);

// The drawing with the position of everything in it; `omitted`: how many more the scenario has.
[[nodiscard]] Json page_json_of(const Drawing& drawing, std::size_t omitted);

// One replication from onset to end: intervals, phases, events with their causes, the spells of what the drawing shows,
// and the course.
[[nodiscard]] Json page_json_of_day(const study::Explanation& day, const Drawing& drawing);

// What of the world is drawn, without what the graph finds out about it.
[[nodiscard]] Drawing plain_drawing_of(const world::World& world);

}  // namespace knockon::report
