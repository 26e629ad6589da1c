// The words that conditions and promises are made of: metrics, states, measures and statistics, each with what it is
// about, its unit and what it means.
#pragma once

#include <string_view>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/promise.hpp"

namespace knockon::scenario {

// What a word without a name in parentheses means: nothing, the app that the condition is written in, or everything.
enum class Nameless : std::uint8_t { never, in_app, anywhere };

// METRIC(NAME) is compared with a quantity.
struct MetricRow {
  std::string_view text;
  world::Metric metric;
  Kinds kinds;  // what it may be of; none: it takes no name
  Type::Form unit;
  Nameless nameless;
  std::string_view doc;
};
[[nodiscard]] const std::vector<MetricRow>& metric_rows();

// STATE(NAME) holds or does not.
struct StateRow {
  std::string_view text;
  world::State state;
  Kinds kinds;
  std::string_view doc;
};
[[nodiscard]] const std::vector<StateRow>& state_rows();

enum class MeasureSubject : std::uint8_t { app, incident, either };

// MEASURE(APP), or MEASURE of the incident.
struct MeasureRow {
  world::Measure measure;
  MeasureSubject of;
  Type::Form unit;  // a duration is kept in minutes, staff_hours in hours
  std::string_view doc;
};
[[nodiscard]] const std::vector<MeasureRow>& measure_rows();

// What stands before a measure in a promise.
struct StatisticRow {
  std::string_view text;
  world::Statistic statistic;
  std::string_view doc;
};
[[nodiscard]] const std::vector<StatisticRow>& statistic_rows();

}  // namespace knockon::scenario
