// What the JSON of runs, comparisons and explanations is made of, so that one thing is written in one way.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "engine/statistics/bounds.hpp"
#include "engine/statistics/statistic.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

using Json = nlohmann::ordered_json;

// The smallest step that is written: 1000 of them a unit for minutes and amounts, a million for shares.
inline constexpr double thousandths = 1000, millionths = 1e6;
[[nodiscard]] double steps_of(study::Unit unit);

// Null for what does not exist.
[[nodiscard]] Json json_number(double value, double steps);
[[nodiscard]] Json json_number(const std::optional<double>& value, double steps);
[[nodiscard]] Json json_bounds(const std::optional<statistics::Bounds>& bounds, double steps);
[[nodiscard]] Json json_of_statistic(const statistics::Statistic& statistic, double steps = thousandths);

[[nodiscard]] Json json_of_apps(const study::Results& results);
[[nodiscard]] Json json_of_incident(const study::Results& results);
[[nodiscard]] Json json_of_phases(const study::Results& results);  // where the minutes went
// Which run it was: the first keys of every result.
void add_json_head(Json& json, const study::Results& results);

// One line, with a newline behind it.
[[nodiscard]] std::string text_of(const Json& json);

}  // namespace knockon::report
