#include "engine/graph/random_failures.hpp"

#include <algorithm>
#include <cmath>

#include "engine/graph/daily_use.hpp"

namespace knockon::graph {
namespace {

// The share of an app's daily use that is answered, over all regions.
double served(const world::World& world, const DailyUse& use, world::AppId app, const Fates& fates) {
  double share = 0;
  for (const world::JourneyId journey : world[app].journeys) {
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      const world::RegionId region{r};
      if (fates.of(journey, region) != Severity::down) share += use.of(journey, region);
    }
  }
  return share;
}

}  // namespace

void ServedShares::add(world::AppId app, double share) {
  sum_[app.index()] += share;
  squares_[app.index()] += share * share;
}

void ServedShares::fill(RandomFailures& found) const {
  const auto count = static_cast<double>(found.cases);
  for (std::size_t a = 0; a < sum_.size(); ++a) {
    const double mean = sum_[a] / count;
    const double variance = std::max(0.0, squares_[a] / count - mean * mean);
    found.served.push_back(mean);
    found.standard_error.push_back(found.is_exact || count < 2 ? 0 : std::sqrt(variance / (count - 1)));
  }
}

RandomFailures random_failures(const Dependence& dependence, std::size_t gone, const RandomFailureLimits& limits) {
  const world::World& world = dependence.world();
  RandomChoices choices{gone, dependence.instances(), limits};
  RandomFailures found{
      .gone = gone, .instances = dependence.instances(), .cases = choices.size(), .is_exact = choices.are_all()};
  const auto next = [&](std::size_t) { return Failures{.instances = choices.next()}; };
  const DailyUse use{world};
  ServedShares shares{world.apps.size()};
  for_each_case(dependence, found.cases, next, [&](std::size_t, const Fates& fates) {
    for (std::size_t a = 0; a < world.apps.size(); ++a)
      shares.add(world::AppId{a}, served(world, use, world::AppId{a}, fates));
  });
  shares.fill(found);
  return found;
}

}  // namespace knockon::graph
