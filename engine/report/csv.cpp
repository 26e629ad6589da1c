#include "engine/report/csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <optional>

#include "engine/quantity/time.hpp"
#include "engine/report/figure.hpp"

namespace knockon::report {
namespace {

using quantity::Duration;
using simulation::AppOutcome;
using simulation::Outcome;

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", std::round(value * 1000) / 1000 + 0.0) : "";
}
std::string minutes(Duration duration) { return number(duration.in_minutes()); }
std::string minutes(const std::optional<Duration>& date) { return date ? minutes(*date) : ""; }

// Names are lower case letters, digits and dashes: nothing needs quoting.
void add_row(std::string& csv, const Outcome& outcome, const std::string& app, const std::string& region,
             const AppOutcome& of) {
  fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", outcome.index,
                 app, region, minutes(of.first_impact), minutes(of.down_time()), minutes(of.degraded_time()),
                 minutes(of.restored), number(of.user_minutes_lost), number(of.lost().amount()),
                 number(of.deferred.amount()), number(of.credits.amount()), minutes(of.mitigated),
                 of.mitigated_is_censored() ? 1 : 0, of.restored_is_censored() ? 1 : 0, of.dips,
                 number(of.failed_journeys),
                 of.slo_budget_spent ? fmt::format("{}", std::round(of.slo_budget_spent->value() * 1e6) / 1e6) : "",
                 minutes(outcome.onset), fingerprint_text(outcome.fingerprint));
}

}  // namespace

std::string csv_of_apps(const study::Results& results) {
  const world::World& world = *results.world;
  std::string csv =
      "replication,app,region,first_impact_min,down_min,degraded_min,restored_min,user_minutes_lost,money_lost,money_"
      "deferred,"
      "credits_owed,mitigated_min,mitigated_censored,restored_censored,dips,failed_journeys,slo_budget_spent,onset_min,"
      "fingerprint\n";
  for (const Outcome& outcome : results.outcomes) {
    for (std::size_t a = 0; a < world.apps.size(); ++a) {
      add_row(csv, outcome, world.apps[a].name, "", outcome.apps[a]);
      for (std::size_t r = 0; r < world.regions.size(); ++r) {
        const AppOutcome& in_region = outcome.of(world::AppId{a}, world::RegionId{r}, world.regions.size());
        add_row(csv, outcome, world.apps[a].name, world.regions[r].name, in_region);
      }
    }
  }
  return csv;
}

std::string csv_of_incidents(const study::Results& results) {
  std::string csv =
      "replication,detected_min,acknowledged_min,diagnosed_min,announced_min,mitigated_min,restored_min,restored_"
      "censored,"
      "staff_hours,staff_cost,data_lost_min,user_minutes_lost,money_lost,money_deferred,stuck_steps,unfinished_steps";
  for (std::size_t i = 0; i < simulation::phase_count; ++i) {
    fmt::format_to(std::back_inserter(csv), ",{}_min", simulation::text_of(static_cast<simulation::Phase>(i)));
  }
  csv += ",onset_min,fingerprint\n";
  for (const Outcome& outcome : results.outcomes) {
    const simulation::IncidentOutcome& of = outcome.incident;
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", outcome.index,
                   minutes(of.detected), minutes(of.acknowledged), minutes(of.diagnosed), minutes(of.announced),
                   minutes(of.mitigated), minutes(of.restored), of.restored_censored ? 1 : 0, number(of.staff_hours),
                   number(of.staff_cost.amount()), minutes(of.data_lost), number(of.user_minutes_lost),
                   number((of.gross - of.deferred).amount()), number(of.deferred.amount()), of.stuck.size(),
                   of.unfinished.size());
    for (const Duration phase : outcome.phases) csv += "," + minutes(phase);
    fmt::format_to(std::back_inserter(csv), ",{},{}\n", minutes(outcome.onset), fingerprint_text(outcome.fingerprint));
  }
  return csv;
}

}  // namespace knockon::report
