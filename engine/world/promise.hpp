// What a scenario expects of its results: promises, and what really happened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/ids.hpp"

namespace knockon::world {

enum class Measure : std::uint8_t {
  // of an app, in one region or all
  down,
  degraded,
  first_impact,
  restored,
  user_minutes,
  money,
  credits,
  ever_down,
  // of the incident (restored without a name is the incident's)
  detected,
  acknowledged,
  diagnosed,
  mitigated,
  announced,
  staff_hours,
  data_lost,
  stuck,
  // of the graph
  single_points,
  knots,
};
[[nodiscard]] const char* text_of(Measure measure);  // "first_impact"

// `down(facebook@apac)`, `detected`. Durations are minutes, money the currency, shares 0..1, counts plain.
struct MeasureOf {
  Measure measure;
  std::optional<AppId> app;  // none: the incident's
  std::optional<RegionId> region;
  friend bool operator==(const MeasureOf&, const MeasureOf&) = default;
};

enum class Statistic : std::uint8_t { every, mean, median, p05, p95 };

struct Promise {
  std::string text;                        // as written
  Statistic statistic = Statistic::every;  // `every`: must hold in each replication
  MeasureOf of;
  Comparison comparison;
  double low = 0, high = 0;  // in the measure's unit: minutes, currency, share, hours (staff_hours), count
  friend bool operator==(const Promise&, const Promise&) = default;
};

// One line of `observed`: a measure or a milestone, with the range that was reported.
struct Observed {
  std::string text;                    // "restored(facebook)" or the milestone's name
  std::optional<MeasureOf> of;         // else the milestone below
  std::optional<Condition> milestone;  // reached when it first holds after having been false since onset
  double low = 0, high = 0;            // in the measure's unit; milestones: minutes after onset
  friend bool operator==(const Observed&, const Observed&) = default;
};

}  // namespace knockon::world
