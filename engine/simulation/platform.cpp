#include "engine/simulation/platform.hpp"

#include <algorithm>
#include <set>
#include <simgrid/s4u.hpp>
#include <string>
#include <utility>

namespace knockon::simulation {
namespace {

namespace s4u = simgrid::s4u;

constexpr double host_speed = 1e9;            // no computation is simulated yet: any speed will do
constexpr double unlimited_bandwidth = 1e15;  // bytes a second; SimGrid wants a number

// A world without links is a star: everybody reaches everybody, and routing tables stay linear in the number of hosts.
// With links, routes are found by Dijkstra on demand; a full zone's table would grow with the square.
s4u::NetZone* root_zone(const world::World& world) {
  return world.links.empty() ? s4u::create_star_zone("world") : s4u::create_dijkstra_zone("world", true);
}

double bandwidth_of(const world::Link& link) {
  return link.bandwidth ? link.bandwidth->bytes_per_second() : unlimited_bandwidth;
}

std::size_t place_number(const world::World& world, const world::Endpoint& end) {
  if (const auto* site = std::get_if<world::SiteId>(&end)) return site->index();
  return world.sites.size() + std::get<world::RegionId>(end).index();
}

// A region's users are an end of a link, not a place that can fail: a router.
class Ends {
 public:
  Ends(const world::World& world, s4u::NetZone* zone, const Platform& platform)
      : world_{world}, zone_{zone}, platform_{platform}, users_(world.regions.size(), nullptr) {}

  simgrid::kernel::routing::NetPoint* point_of(const world::Endpoint& end) {
    if (const auto* site = std::get_if<world::SiteId>(&end)) return platform_.sites[site->index()]->get_netpoint();
    const auto region = std::get<world::RegionId>(end);
    auto*& point = users_[region.index()];
    if (point == nullptr) point = zone_->create_router("users-of-" + std::to_string(region.index()));
    return point;
  }

 private:
  const world::World& world_;
  s4u::NetZone* zone_;
  const Platform& platform_;
  std::vector<simgrid::kernel::routing::NetPoint*> users_;
};

}  // namespace

Platform built_platform(const world::World& world) {
  Platform platform;
  s4u::NetZone* zone = root_zone(world);
  // Names carry the position: a scenario may call a site as it calls a link.
  for (std::size_t i = 0; i < world.sites.size(); ++i) {
    platform.sites.push_back(zone->create_host("site-" + std::to_string(i), host_speed));
  }
  platform.people = zone->create_host("people", host_speed);
  Ends ends{world, zone, platform};
  std::set<std::pair<std::size_t, std::size_t>> routed;
  for (std::size_t i = 0; i < world.links.size(); ++i) {
    const world::Link& link = world.links[i];
    s4u::Link* path = zone->create_link("link-" + std::to_string(i), bandwidth_of(link));
    path->set_latency(link.latency.in_seconds())->seal();
    platform.links.push_back(path);
    auto* from = ends.point_of(link.from);
    auto* to = ends.point_of(link.to);
    // A loop is no route; and of parallel links the kernel routes over the first.
    if (from == to ||
        !routed.insert(std::minmax(place_number(world, link.from), place_number(world, link.to))).second) {
      continue;
    }
    zone->add_route(from, to, nullptr, nullptr, {s4u::LinkInRoute(path)}, true);
  }
  if (world.links.empty()) {
    for (s4u::Host* host : platform.sites) zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {}, true);
  }
  zone->seal();
  return platform;
}

}  // namespace knockon::simulation
