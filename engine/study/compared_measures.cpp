#include "engine/study/compared_measures.hpp"

#include <algorithm>

#include "engine/quantity/contract.hpp"

namespace knockon::study {
namespace {

struct OfIncident {
  const char* name;
  IncidentMeasure measure;
  Unit unit;
};
constexpr OfIncident of_incident[] = {
    {"user_minutes_lost", IncidentMeasure::user_minutes_lost, Unit::user_minutes},
    {"down_minutes", IncidentMeasure::down, Unit::minutes},
    {"outage_minutes", IncidentMeasure::outage, Unit::minutes},
    {"mitigated_minute", IncidentMeasure::mitigated, Unit::minutes},
    {"restored_minute", IncidentMeasure::restored, Unit::minutes},
    {"detected_minute", IncidentMeasure::detected, Unit::minutes},
    {"acknowledged_minute", IncidentMeasure::acknowledged, Unit::minutes},
    {"diagnosed_minute", IncidentMeasure::diagnosed, Unit::minutes},
    {"announced_minute", IncidentMeasure::announced, Unit::minutes},
    {"money_lost", IncidentMeasure::money_lost, Unit::money},
    {"money_deferred", IncidentMeasure::money_deferred, Unit::money},
    {"credits_owed", IncidentMeasure::credits_owed, Unit::money},
    {"staff_hours", IncidentMeasure::staff_hours, Unit::hours},
    {"staff_cost", IncidentMeasure::staff_cost, Unit::money},
    {"data_lost_minutes", IncidentMeasure::data_lost, Unit::minutes},
};

struct OfApp {
  const char* name;
  AppMeasure measure;
  Unit unit;
};
constexpr OfApp of_app[] = {
    {"down_minutes", AppMeasure::down, Unit::minutes},
    {"degraded_minutes", AppMeasure::degraded, Unit::minutes},
    {"restored_minute", AppMeasure::restored, Unit::minutes},
    {"user_minutes_lost", AppMeasure::user_minutes_lost, Unit::user_minutes},
    {"money_lost", AppMeasure::money_lost, Unit::money},
};

std::optional<std::size_t> app_called(const world::World& world, const std::string& name) {
  for (std::size_t app = 0; app < world.apps.size(); ++app) {
    if (world.apps[app].name == name) return app;
  }
  return std::nullopt;
}

}  // namespace

std::vector<ComparedMeasure> compared_measures(const std::span<const Entry> entries) {
  std::vector<ComparedMeasure> measures;
  for (const OfIncident& of : of_incident) {
    measures.push_back(
        {.name = of.name, .app = {}, .unit = of.unit, .nature = nature_of(of.measure), .of_incident = of.measure});
  }
  for (const world::App& app : entries.front().world->apps) {
    const bool is_everywhere = std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return app_called(*entry.world, app.name).has_value();
    });
    if (!is_everywhere) continue;
    for (const OfApp& of : of_app) {
      measures.push_back({.name = of.name,
                          .app = app.name,
                          .unit = of.unit,
                          .nature = nature_of(of.measure),
                          .of_incident = {},
                          .of_app = of.measure});
    }
  }
  return measures;
}

statistics::Sample sample_of(const ComparedMeasure& measure, const Entry& entry,
                             const std::vector<simulation::Outcome>& outcomes) {
  const Reader reader{*entry.world, entry.subject.strategy};
  const auto app = measure.of_incident ? std::optional<std::size_t>{0} : app_called(*entry.world, measure.app);
  quantity::require(app.has_value(), "entries are compared by apps that all of them have");
  statistics::Sample sample;
  sample.reserve(outcomes.size());
  for (const simulation::Outcome& outcome : outcomes) {
    sample.push_back(measure.of_incident ? reader.reading_of(*measure.of_incident, outcome)
                                         : reading_of(measure.of_app, outcome.apps[*app], reader.end_of(outcome)));
  }
  return sample;
}

}  // namespace knockon::study
