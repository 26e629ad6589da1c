// Comparisons of made-up outcomes: what each entry's days cost, without a simulation.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/study/comparison.hpp"
#include "tests/unit/study/invented.hpp"

namespace knockon::invented {

// What a day cost under one entry: feed's minutes down (400 user-minutes and 7.5 USD lost each), and engineers' hours.
struct Day {
  std::int64_t minutes = 60;
  double staff_hours = 3;
};

inline study::Replications replications_of(const std::vector<Day>& days) {
  std::vector<simulation::Outcome> outcomes;
  for (std::size_t i = 0; i < days.size(); ++i) {
    outcomes.push_back(feed_down_for(days[i].minutes, i));
    outcomes.back().incident.staff_hours = days[i].staff_hours;
  }
  return finished(std::move(outcomes));
}

inline std::vector<study::Entry> entries_of(const world::World& world, const std::vector<std::string>& names) {
  std::vector<study::Entry> entries;
  for (const std::string& name : names) entries.push_back({name, &world, &world, subject()});
  return entries;
}

inline study::Comparison comparison_of(const world::World& world,
                                       const std::vector<std::pair<std::string, std::vector<Day>>>& entries,
                                       std::size_t baseline = 0) {
  std::vector<std::string> names;
  std::vector<study::Replications> replications;
  for (const auto& [name, days] : entries) {
    names.push_back(name);
    replications.push_back(replications_of(days));
  }
  return study::compared(study::Across::strategies, entries_of(world, names), baseline, std::move(replications));
}

// `count` days, the i-th of `first` + i % 7 minutes.
inline std::vector<Day> days_from(std::int64_t first, std::size_t count = 40, double staff_hours = 3) {
  std::vector<Day> days;
  for (std::size_t i = 0; i < count; ++i) days.push_back({first + static_cast<std::int64_t>(i % 7), staff_hours});
  return days;
}

}  // namespace knockon::invented
