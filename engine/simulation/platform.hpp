// The world's places as a SimGrid platform: every site a host, every link a link, and one host where people are.
#pragma once

#include <vector>

#include "engine/world/world.hpp"

namespace simgrid::s4u {
class Host;
class Link;
}  // namespace simgrid::s4u

namespace knockon::simulation {

struct Platform {
  std::vector<simgrid::s4u::Host*> sites;  // by SiteId
  std::vector<simgrid::s4u::Link*> links;  // by LinkId
  simgrid::s4u::Host* people = nullptr;    // monitors, teams and the director live here; no fault can switch it off
};

// REQUIRES: the process's SimGrid engine exists and has no platform yet.
[[nodiscard]] Platform built_platform(const world::World& world);

}  // namespace knockon::simulation
