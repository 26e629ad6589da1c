#include "engine/graph/impact.hpp"

#include <algorithm>
#include <tuple>

namespace knockon::graph {
namespace {

// In how many apps and regions.
std::size_t reach_of(const Blast& blast, std::vector<world::RegionId> Blast::Hit::*where) {
  std::size_t count = 0;
  for (const Blast::Hit& hit : blast.apps) count += (hit.*where).size();
  return count;
}

class Census {
 public:
  explicit Census(const Dependence& dependence) : world_{dependence.world()} {
    for (std::size_t a = 0; a < world_.apps.size(); ++a) regions_.push_back(dependence.regions_of(world::AppId{a}));
    usual_ = fates_of(dependence, {});
    for (std::size_t j = 0; j < world_.journeys.size(); ++j) {
      const world::JourneyId journey{j};
      for (const world::RegionId region : regions_[world_[journey].app.index()]) {
        if (usual_.of(journey, region) == Severity::down) impact.broken.emplace_back(journey, region);
      }
    }
  }

  void look(ComponentId component, const Fates& fates) {
    for (std::size_t j = 0; j < world_.journeys.size(); ++j) {
      const world::JourneyId journey{j};
      const world::AppId app = world_[journey].app;
      for (const world::RegionId region : regions_[app.index()]) {
        if (fates.of(journey, region) != Severity::down || usual_.of(journey, region) == Severity::down) continue;
        impact.single_points.push_back({app, journey, region, component});
      }
    }
    Blast blast{component, {}};
    for (std::size_t a = 0; a < world_.apps.size(); ++a) {
      Blast::Hit hit{world::AppId{a}, Severity::ok, {}, {}};
      for (const world::RegionId region : regions_[a]) {
        const Severity severity = fates.of(hit.app, region);
        if (severity <= usual_.of(hit.app, region)) continue;
        (severity == Severity::down ? hit.down : hit.degraded).push_back(region);
        hit.severity = std::max(hit.severity, severity);
      }
      if (hit.severity != Severity::ok) blast.apps.push_back(std::move(hit));
    }
    if (!blast.apps.empty()) impact.blast_radius.push_back(std::move(blast));
  }

  Impact impact;

 private:
  const world::World& world_;
  std::vector<std::vector<world::RegionId>> regions_;
  Fates usual_;
};

}  // namespace

Impact impact_of(const Dependence& dependence) {
  Census census{dependence};
  for_each_case(
      dependence, dependence.components().size(),
      [](std::size_t i) { return Failures{.components = {ComponentId{i}}}; },
      [&](std::size_t i, const Fates& fates) { census.look(ComponentId{i}, fates); });
  Impact impact = std::move(census.impact);
  std::stable_sort(impact.single_points.begin(), impact.single_points.end(), [](const auto& a, const auto& b) {
    return std::tie(a.journey, a.region) < std::tie(b.journey, b.region);
  });
  const auto rank = [](const Blast& blast) {
    return std::tuple{reach_of(blast, &Blast::Hit::down), reach_of(blast, &Blast::Hit::degraded)};
  };
  std::stable_sort(impact.blast_radius.begin(), impact.blast_radius.end(),
                   [&](const Blast& a, const Blast& b) { return rank(a) > rank(b); });
  return impact;
}

}  // namespace knockon::graph
