// The world's places as a SimGrid platform: every site a host, every link a link, every disk a link too, and one host
// where people are.
#pragma once

#include <map>
#include <vector>

#include "engine/simulation/hits.hpp"
#include "engine/world/world.hpp"

namespace simgrid::s4u {
class Host;
class Link;
}  // namespace simgrid::s4u

namespace knockon::simulation {

struct Platform {
  std::vector<simgrid::s4u::Host*> sites;           // by SiteId
  std::vector<simgrid::s4u::Link*> links;           // by LinkId
  std::map<Instance, simgrid::s4u::Link*> disks;    // of services that have any, at each of their sites
  simgrid::s4u::Host* people = nullptr;             // monitors, teams and the director live here; it never fails
  std::vector<simgrid::s4u::Link*>* way = nullptr;  // that the next communication takes, whatever its ends
};

// REQUIRES: the process's SimGrid engine exists and has no platform yet.
[[nodiscard]] Platform built_platform(const world::World& world);

// Bytes a second, as the kernel wants to hear it.
[[nodiscard]] double bandwidth_of(const world::Link& link);

}  // namespace knockon::simulation
