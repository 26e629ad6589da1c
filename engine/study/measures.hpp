// The measures of an outcome, one reading each: what is exact, what the horizon cut off, and what does not exist.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/statistics/reading.hpp"
#include "engine/statistics/statistic.hpp"
#include "engine/world/promise.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

// In which unit a measure is written where its type is lost.
enum class Unit : std::uint8_t { minutes, user_minutes, money, share, hours, count };
[[nodiscard]] Unit unit_of(world::Measure measure);
[[nodiscard]] statistics::Nature nature_of(world::Measure measure);
// Questions to the graph alone: no replication answers them.
[[nodiscard]] bool is_of_graph(world::Measure measure);

// What of an app (in one region, or all together) is measured.
enum class AppMeasure : std::uint8_t {
  down,
  degraded,
  first_impact,
  mitigated,
  restored,
  ever_down,
  unrestored,
  dips,
  user_minutes_lost,
  failed_journeys,
  slo_budget_spent,
  money_gross,
  money_lost,
  money_deferred,
  credits_owed,
};
[[nodiscard]] statistics::Nature nature_of(AppMeasure measure);

// `end` is the horizon after onset.
[[nodiscard]] statistics::Reading reading_of(AppMeasure measure, const simulation::AppOutcome& app,
                                             quantity::Duration end);

enum class IncidentMeasure : std::uint8_t {
  detected,
  acknowledged,
  diagnosed,
  announced,
  mitigated,
  restored,
  staff_hours,
  data_lost,
  user_minutes_lost,
  money_gross,
  money_lost,
  money_deferred,
  credits_owed,
  staff_cost,
  stuck,
  down,    // minutes in which some app was down in some region
  outage,  // from onset until everything was restored, or to the horizon
};
[[nodiscard]] statistics::Nature nature_of(IncidentMeasure measure);

// Reads the outcomes of one world under one strategy.
class Reader {
 public:
  // REQUIRES: `world` outlives the reader.
  Reader(const world::World& world, world::StrategyId strategy);

  [[nodiscard]] quantity::Duration end_of(const simulation::Outcome& outcome) const {
    return world_.horizon - outcome.onset;
  }
  // An announcement that no step of the strategy would make does not exist, rather than coming after the horizon.
  [[nodiscard]] statistics::Reading reading_of(IncidentMeasure measure, const simulation::Outcome& outcome) const;
  // REQUIRES: not is_of_graph(of.measure).
  [[nodiscard]] statistics::Reading reading_of(const world::MeasureOf& of, const simulation::Outcome& outcome) const;
  // World::observed[position].
  [[nodiscard]] statistics::Reading reading_of_observed(std::size_t position, const simulation::Outcome& outcome) const;

 private:
  const world::World& world_;
  bool diagnoses_ = false, announces_ = false;
};

}  // namespace knockon::study
