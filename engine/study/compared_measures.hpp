// The measures by which entries are compared: what the incident cost and how long it took, and what became of each app
// that all entries have. Less is better in every one of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/study/entry.hpp"
#include "engine/study/measures.hpp"

namespace knockon::study {

struct ComparedMeasure {
  std::string name;  // as in a run's JSON: "restored_minute"
  std::string app;   // empty: the incident's
  Unit unit = Unit::minutes;
  statistics::Nature nature = statistics::Nature::amount;
  std::optional<IncidentMeasure> of_incident;  // else of the app
  AppMeasure of_app = AppMeasure::down;
};

// The incident's first, of which the first is the one that entries are ranked by: people's minutes lost.
[[nodiscard]] std::vector<ComparedMeasure> compared_measures(const std::span<const Entry> entries);

// One reading for each outcome, in their order. REQUIRES: the entry's world has the measure's app.
[[nodiscard]] statistics::Sample sample_of(const ComparedMeasure& measure, const Entry& entry,
                                           const std::vector<simulation::Outcome>& outcomes);

}  // namespace knockon::study
