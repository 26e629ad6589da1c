// What a run found: every measure over all its replications. Reports print it; nothing in it depends on how the work
// was shared out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/statistics/share.hpp"
#include "engine/statistics/statistic.hpp"
#include "engine/study/promises.hpp"
#include "engine/study/replications.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

// Which run this was: what the head of every result says.
struct Subject {
  std::string version;          // knockon's
  std::string scenario_sha256;  // of the merged text
  world::CauseId cause;
  world::StrategyId strategy;
  std::vector<std::string> variants;
  std::vector<std::pair<std::string, std::string>> set;  // path, value
  std::uint64_t seed = 1;
};

struct AppMeasures {
  statistics::Statistic down_minutes, degraded_minutes, first_impact_minute, mitigated_minute, restored_minute;
  statistics::ShareEstimate ever_down, ever_hit, unrestored;
  statistics::Statistic dips, user_minutes_lost, failed_journeys;
  std::optional<statistics::Statistic> slo_budget_spent;  // none: the app has no objective
  statistics::Statistic money_gross, money_lost, money_deferred, credits_owed;
};

struct AppResults {
  AppMeasures all;                   // judged on all its users together
  std::vector<AppMeasures> regions;  // in World's order
};

struct IncidentMeasures {
  statistics::Statistic detected_minute, acknowledged_minute, diagnosed_minute, announced_minute, mitigated_minute,
      restored_minute;
  statistics::Statistic staff_hours, data_lost_minutes, user_minutes_lost, money_gross, money_lost, money_deferred,
      credits_owed, staff_cost, stuck_steps, down_minutes, outage_minutes;
  statistics::ShareEstimate hit;
};

struct Results {
  const world::World* world = nullptr;  // outlives the results
  Subject subject;
  std::uint64_t first = 0, finished = 0, requested = 0;
  bool interrupted = false;
  std::vector<Died> died;
  std::uint64_t fingerprint = 0;  // of the ordered (index, fingerprint) list
  std::vector<AppResults> apps;   // in World's order
  IncidentMeasures incident;
  std::array<double, simulation::phase_count> phase_minutes{};  // means, in the order of Phase; they sum to the whole
  std::vector<statistics::Statistic> observed;                  // parallel to World::observed
  std::vector<PromiseResult> promises;
  std::vector<simulation::Outcome> outcomes;  // ascending by index
  std::optional<std::size_t> median;          // position in `outcomes` of the lower median by user-minutes lost
};

[[nodiscard]] Results results_of(const world::World& world, Subject subject, Replications replications);

// The position of the lower median by user-minutes lost, ties by index; none: no outcomes. REQUIRES: ascending by
// index.
[[nodiscard]] std::optional<std::size_t> median_of(const std::vector<simulation::Outcome>& outcomes);

// More than one replication in a hundred died: what is left may be a biased choice.
[[nodiscard]] bool too_many_died(const Results& results);

}  // namespace knockon::study
