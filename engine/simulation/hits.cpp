#include "engine/simulation/hits.hpp"

#include <algorithm>
#include <set>
#include <type_traits>

namespace knockon::simulation {
namespace {

using world::World;

template <class Thing>
void add_once(std::vector<Thing>& things, const Thing& thing) {
  if (std::find(things.begin(), things.end(), thing) == things.end()) things.push_back(thing);
}

class Collector {
 public:
  Collector(const World& world, std::optional<world::SiteId> here) : world_{world}, here_{here} {}

  void add(const world::Target& target) {
    std::visit([&](auto id) { add(id, target.place); }, target.subject);
  }

  Hits hits;

 private:
  using Where = std::optional<world::Place>;

  void add(world::SiteId site, const Where&) { add_once(hits.sites, site); }
  void add(world::LinkId link, const Where&) { add_once(hits.links, link); }
  void add(world::SessionId session, const Where&) { add_once(hits.sessions, session); }
  void add(world::PopulationId population, const Where&) { add_once(hits.populations, population); }
  void add(world::ReactionId reaction, const Where&) { add_once(hits.reactions, reaction); }
  void add(world::RegionId region, const Where&) {
    for (const world::SiteId site : world::sites_of(world_, region)) add_once(hits.sites, site);
  }
  void add(world::ServiceId service, const Where& where) {
    for (const world::SiteId site : sites(service, where)) add_once(hits.instances, Instance{service, site});
  }
  void add(world::OperationId operation, const Where& where) {
    for (const world::SiteId site : sites(world_[operation].service, where)) {
      add_once(hits.operations, Answerer{operation, site});
    }
  }
  void add(world::JourneyId journey, const Where& where) {
    for (const world::RegionId region : regions_of(world_, where, here_)) add_once(hits.doors, Door{journey, region});
  }
  void add(world::AppId app, const Where& where) {
    for (const world::JourneyId journey : world_[app].journeys) add(journey, where);
  }
  void add(world::GroupId group, const Where& where) {
    if (!open_groups_.insert(group).second) return;
    for (const world::Entity& member : world_[group].members) {
      std::visit([&](auto id) { add(id, where); }, member);
    }
    open_groups_.erase(group);
  }
  // Things that happen are not things that are acted upon; the reader refuses them as targets.
  void add(world::Itself, const Where&) {}
  void add(world::FaultId, const Where&) {}
  void add(world::MonitorId, const Where&) {}
  void add(world::StepId, const Where&) {}

  [[nodiscard]] std::vector<world::SiteId> sites(world::ServiceId service, const Where& where) const {
    const std::vector<world::SiteId>& own = world_[service].sites;
    if (!where) return own;
    const std::vector<world::SiteId> meant = world::sites_of(world_, *where, here_);
    std::vector<world::SiteId> both;
    std::set_intersection(own.begin(), own.end(), meant.begin(), meant.end(), std::back_inserter(both));
    return both;
  }

  const World& world_;
  std::optional<world::SiteId> here_;
  std::set<world::GroupId> open_groups_;
};

}  // namespace

Hits hits_of(const World& world, const std::vector<world::Target>& targets, std::optional<world::SiteId> here) {
  Collector collector{world, here};
  for (const world::Target& target : targets) collector.add(target);
  return std::move(collector.hits);
}

std::vector<Instance> instances_of(const World& world, const Hits& hits) {
  std::vector<Instance> instances = hits.instances;
  for (const world::SiteId site : hits.sites) {
    for (std::size_t i = 0; i < world.services.size(); ++i) {
      const auto& sites = world.services[i].sites;
      if (std::binary_search(sites.begin(), sites.end(), site)) {
        add_once(instances, Instance{world::ServiceId{i}, site});
      }
    }
  }
  return instances;
}

std::vector<Answerer> answerers_of(const World& world, const Hits& hits) {
  std::vector<Answerer> answerers = hits.operations;
  for (const Instance& instance : instances_of(world, hits)) {
    for (const world::OperationId operation : world[instance.service].operations) {
      add_once(answerers, Answerer{operation, instance.site});
    }
  }
  return answerers;
}

std::vector<world::SessionId> sessions_of(const World& world, const Hits& hits) {
  std::vector<world::SessionId> sessions = hits.sessions;
  for (const Instance& instance : hits.instances) {
    for (std::size_t i = 0; i < world.sessions.size(); ++i) {
      if (world.sessions[i].store == instance.service) add_once(sessions, world::SessionId{i});
    }
  }
  return sessions;
}

std::vector<world::RegionId> regions_of(const World& world, const std::optional<world::Place>& place,
                                        std::optional<world::SiteId> here) {
  std::vector<world::RegionId> regions;
  if (place && std::holds_alternative<world::RegionId>(*place)) {
    regions.push_back(std::get<world::RegionId>(*place));  // also a region that has users and no sites
  } else if (place) {
    for (const world::SiteId site : world::sites_of(world, *place, here)) regions.push_back(world[site].region);
    std::sort(regions.begin(), regions.end());
    regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
  } else {
    for (std::size_t i = 0; i < world.regions.size(); ++i) regions.emplace_back(i);
  }
  return regions;
}

}  // namespace knockon::simulation
