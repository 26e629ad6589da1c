// What a target means: the links, sites, instances, operations, doors and so on that an effect acts upon.
#pragma once

#include <compare>
#include <optional>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::simulation {

// A service at one of its sites.
struct Instance {
  world::ServiceId service;
  world::SiteId site;
  friend auto operator<=>(const Instance&, const Instance&) = default;
};

// An operation at one of its service's sites.
struct Answerer {
  world::OperationId operation;
  world::SiteId site;
  friend auto operator<=>(const Answerer&, const Answerer&) = default;
};

// Where a region's users enter a journey: what admission opens and shuts.
struct Door {
  world::JourneyId journey;
  world::RegionId region;
  friend auto operator<=>(const Door&, const Door&) = default;
};

// In the order in which the targets are written (groups: their members' order), without repeats.
struct Hits {
  std::vector<world::LinkId> links;
  std::vector<world::SiteId> sites;  // named as places: everything there
  std::vector<Instance> instances;   // services named as such, at the sites meant
  std::vector<Answerer> operations;  // operations named as such
  std::vector<Door> doors;           // of apps and journeys
  std::vector<world::SessionId> sessions;
  std::vector<world::PopulationId> populations;
  std::vector<world::ReactionId> reactions;
};

[[nodiscard]] Hits hits_of(const world::World& world, const std::vector<world::Target>& targets,
                           std::optional<world::SiteId> here = {});

// Everything at the sites named, as instances, and the instances named.
[[nodiscard]] std::vector<Instance> instances_of(const world::World& world, const Hits& hits);
// The operations of those instances, and the operations named.
[[nodiscard]] std::vector<Answerer> answerers_of(const world::World& world, const Hits& hits);
// The sessions named, and those that services named store.
[[nodiscard]] std::vector<world::SessionId> sessions_of(const world::World& world, const Hits& hits);

// The regions a place lies in, ascending; every region without a place.
[[nodiscard]] std::vector<world::RegionId> regions_of(const world::World& world,
                                                      const std::optional<world::Place>& place,
                                                      std::optional<world::SiteId> here = {});

}  // namespace knockon::simulation
