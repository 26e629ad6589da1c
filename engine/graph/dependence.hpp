// What hangs on what, prepared once for a world: the order in which its answers follow from each other, who is asked
// first from where, and the network. The questions of this room (severity, cut sets, knots) are all asked to this.
//
// The world is the simulator's, looked at without load and after everything has settled:
//   - A call goes to the nearest instance that is up and reachable, by the latencies of the healthy network. An
//   instance
//     that is up keeps its callers even when its own calls fail. `spread` asks all instances that are up.
//   - A hard call that fails ends the request; one that fewer than half of the requests make only makes it poorer.
//   - A soft or async call that fails makes the answer poorer. So does what comes from a fallback, when at least half
//   of
//     the users have a copy, however old it is.
//   - any-of wants `at_least` of its members; parallel wants all.
//   - A name that its name service does not answer is unknown: what was cached has aged out.
//   - A cache in front of a store that fails goes on as far as it hits; with drop_on_error it has lost everything.
//   - A need is met when it answers at least from there; circles of needs start out met.
//   - A journey with a session needs it held. While nobody can open a new one it is poorer, and down when more than
//   half
//     of the sessions run out within the horizon.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/graph/component.hpp"

namespace knockon::graph {

class Dependence {
 public:
  explicit Dependence(const world::World& world);  // keeps a reference: the world must outlive it

  [[nodiscard]] const world::World& world() const { return *world_; }
  [[nodiscard]] const Components& components() const { return components_; }

  // An instance is a service at one of its sites; a node an operation at one of its service's sites.
  [[nodiscard]] std::size_t instances() const { return first_instance_.back(); }
  [[nodiscard]] std::size_t nodes() const { return first_node_.back(); }
  [[nodiscard]] std::size_t instance(world::ServiceId service, std::size_t position) const {
    return first_instance_[service.index()] + position;
  }
  [[nodiscard]] std::size_t node(world::OperationId operation, std::size_t position) const {
    return first_node_[operation.index()] + position;
  }

  // Places callers are at: sites, then the users of each region.
  [[nodiscard]] std::size_t places() const { return world_->sites.size() + world_->regions.size(); }
  [[nodiscard]] std::size_t place_of(world::SiteId site) const { return site.index(); }
  [[nodiscard]] std::size_t users_of(world::RegionId region) const { return world_->sites.size() + region.index(); }
  // One way between two places. Users are never a way for others.
  struct Way {
    std::size_t to;     // place
    std::int64_t link;  // position of the world's link; -1: always there
    double latency_s;
  };
  [[nodiscard]] const std::vector<Way>& ways_from(std::size_t place) const { return ways_[place]; }
  // Positions among the service's sites, nearest first, of those that a healthy network reaches or might.
  [[nodiscard]] const std::vector<std::uint32_t>& nearest(world::ServiceId service, std::size_t from_place) const {
    return nearest_[site_list_[service.index()] * places() + from_place];
  }
  [[nodiscard]] double latency_s(std::size_t from_place, world::SiteId to) const {  // one way, when all is healthy
    return latency_s_[from_place * world_->sites.size() + to.index()];
  }

  // Either a service (its instances: are they up?) or an operation (how does it answer?).
  struct Task {
    bool is_service;
    std::uint32_t index;
  };
  // Every task once, each after what it hangs on, except where needs or names run in circles.
  [[nodiscard]] const std::vector<Task>& order() const { return order_; }
  [[nodiscard]] bool has_circles() const { return has_circles_; }
  // The tasks among them that this journey can hang on, in the same order.
  [[nodiscard]] std::vector<Task> order_for(world::JourneyId journey) const;
  // Those that this can hang on, when it is needed.
  [[nodiscard]] std::vector<Task> order_for(const world::Subject& subject) const;

  // More than half of the sessions run out within the horizon.
  [[nodiscard]] bool runs_out(world::SessionId session) const;
  // The share of the app's daily use that the journey is, in a region; of critical journeys alone. All are alike where
  // nobody ever does any.
  [[nodiscard]] double weight(world::JourneyId journey, world::RegionId region) const {
    return weights_[journey.index() * world_->regions.size() + region.index()];
  }
  // The regions in which people use the app; all of them when nobody does anywhere.
  [[nodiscard]] std::vector<world::RegionId> regions_of(world::AppId app) const;

 private:
  class Ordering;
  void lay_out_network();
  void find_nearest();
  void weigh_journeys();

  const world::World* world_;
  Components components_;
  std::vector<std::size_t> first_instance_, first_node_;
  std::vector<std::vector<Way>> ways_;
  std::vector<double> latency_s_;
  std::vector<std::size_t> site_list_;               // per service: which of the distinct lists of sites it has
  std::vector<std::vector<std::uint32_t>> nearest_;  // per list and place
  std::vector<Task> order_;
  bool has_circles_ = false;
  std::vector<double> weights_;
};

}  // namespace knockon::graph
