#include "engine/study/failures_under_load.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/graph/daily_use.hpp"
#include "engine/traffic/flow.hpp"

namespace knockon::study {
namespace {

// A service at one of its sites, in the order in which the graph counts them.
using Instance = std::pair<world::ServiceId, world::SiteId>;

std::vector<Instance> instances_of(const world::World& world) {
  std::vector<Instance> instances;
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    for (const world::SiteId site : world.services[s].sites) instances.emplace_back(world::ServiceId{s}, site);
  }
  return instances;
}

void let_pass(traffic::Flow& flow, quantity::Duration duration) {
  const quantity::SimTime end = flow.now() + duration;
  while (flow.now() < end) {
    flow.advance(std::min(flow.next_date(), end));
    flow.settle();
  }
}

double served(const world::World& world, const graph::DailyUse& use, const traffic::Flow& flow, world::AppId app) {
  double share = 0;
  for (const world::JourneyId journey : world[app].journeys) {
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      const world::RegionId region{r};
      share += use.of(journey, region) * flow.success(journey, region).total();
    }
  }
  return share;
}

}  // namespace

graph::RandomFailures failures_under_load(const world::World& world, const world::World& base, std::size_t gone,
                                          const UnderLoad& how) {
  const std::vector<Instance> instances = instances_of(world);
  graph::RandomChoices choices{gone, instances.size(), how.choices};
  graph::RandomFailures found{
      .gone = gone, .instances = instances.size(), .cases = choices.size(), .is_exact = choices.are_all()};
  const traffic::Network network{world, base};
  const graph::DailyUse use{world};
  graph::ServedShares shares{world.apps.size()};
  traffic::Flow flow{network};
  for (std::size_t i = 0; i < found.cases; ++i) {
    flow.begin();
    for (const std::size_t one : choices.next())
      flow.set_service_up(instances[one].first, instances[one].second, false);
    flow.settle();
    let_pass(flow, how.after);
    for (std::size_t a = 0; a < world.apps.size(); ++a)
      shares.add(world::AppId{a}, served(world, use, flow, world::AppId{a}));
  }
  shares.fill(found);
  return found;
}

}  // namespace knockon::study
