#include "engine/graph/daily_use.hpp"

#include <numeric>

namespace knockon::graph {

DailyUse::DailyUse(const world::World& world) : shares_(world.journeys.size()) {
  const std::size_t regions = world.regions.size();
  for (auto& rates : shares_) rates.assign(regions, 0);
  for (const world::Population& population : world.populations) {
    for (const auto& habit : population.does) {
      for (std::size_t r = 0; r < regions; ++r)
        shares_[habit.journey.index()][r] += population.users[r] * habit.per_user.per_second();
    }
  }
  for (const world::App& app : world.apps) {
    double sum = 0;
    for (const world::JourneyId journey : app.journeys)
      sum = std::accumulate(shares_[journey.index()].begin(), shares_[journey.index()].end(), sum);
    const double alike = 1 / static_cast<double>(app.journeys.size() * regions);
    for (const world::JourneyId journey : app.journeys) {
      for (double& rate : shares_[journey.index()]) rate = sum > 0 ? rate / sum : alike;
    }
  }
}

}  // namespace knockon::graph
