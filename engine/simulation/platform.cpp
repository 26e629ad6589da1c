#include "engine/simulation/platform.hpp"

#include <simgrid/kernel/routing/NetPoint.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>
#include <string>

namespace knockon::simulation {
namespace {

namespace s4u = simgrid::s4u;
namespace routing = simgrid::kernel::routing;

constexpr double host_speed = 1e9;            // no computation is simulated yet: any speed will do
constexpr double unlimited_bandwidth = 1e15;  // bytes a second; SimGrid wants a number

// Ways through the network are found by the flow model, which knows what is on and which way is shortest; the kernel is
// told, so that users' calls and copied bytes take the same ways. (Its own zones route once and for all, by hops.)
class ToldZone : public routing::NetZoneImpl {
 public:
  explicit ToldZone(const std::string& name) : NetZoneImpl{name} {}

  std::vector<s4u::Link*> way;

  void get_graph(const s_xbt_graph_t* /*graph*/, std::map<std::string, xbt_node_t, std::less<>>* /*nodes*/,
                 std::map<std::string, xbt_edge_t, std::less<>>* /*edges*/) override {}

 protected:
  void get_local_route(const routing::NetPoint* /*from*/, const routing::NetPoint* /*to*/, routing::Route* route,
                       double* /*latency*/) override {
    for (const s4u::Link* link : way) route->link_list_.push_back(link->get_impl());
  }
};

// Latencies stay with the flow model: the kernel would let them decide how a link is shared.
s4u::Link* added_link(s4u::NetZone& zone, const std::string& name, double bandwidth) {
  s4u::Link* link = zone.create_link(name, bandwidth);
  link->set_latency(0)->seal();
  return link;
}

}  // namespace

double bandwidth_of(const world::Link& link) {
  return link.bandwidth ? link.bandwidth->bytes_per_second() : unlimited_bandwidth;
}

Platform built_platform(const world::World& world) {
  Platform platform;
  auto* told = new ToldZone{"world"};  // the kernel's from here on
  s4u::NetZone& zone = *told->get_iface();
  platform.way = &told->way;
  // Names carry the position: a scenario may call a site as it calls a link.
  for (std::size_t i = 0; i < world.sites.size(); ++i) {
    platform.sites.push_back(zone.create_host("site-" + std::to_string(i), host_speed));
  }
  platform.people = zone.create_host("people", host_speed);
  for (std::size_t i = 0; i < world.links.size(); ++i) {
    platform.links.push_back(added_link(zone, "link-" + std::to_string(i), bandwidth_of(world.links[i])));
  }
  for (std::size_t i = 0; i < world.services.size(); ++i) {
    const world::Service& service = world.services[i];
    if (!service.disk) continue;
    for (const world::SiteId site : service.sites) {
      const std::string name = "disk-" + std::to_string(i) + "-" + std::to_string(site.index());
      platform.disks[{world::ServiceId{i}, site}] = added_link(zone, name, service.disk->bytes_per_second());
    }
  }
  zone.seal();
  return platform;
}

}  // namespace knockon::simulation
