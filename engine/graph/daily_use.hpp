// How much of an app's daily use each of its journeys is in each region.
#pragma once

#include <vector>

#include "engine/world/world.hpp"

namespace knockon::graph {

class DailyUse {
 public:
  explicit DailyUse(const world::World& world);

  // Of an app's journeys in all regions together they add up to one; alike where nobody uses it.
  [[nodiscard]] double of(world::JourneyId journey, world::RegionId region) const {
    return shares_[journey.index()][region.index()];
  }

 private:
  std::vector<std::vector<double>> shares_;  // by journey and region
};

}  // namespace knockon::graph
