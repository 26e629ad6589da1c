// The unchanging part of the flow model: which flows exist, in which order they are evaluated, and what capacity each
// service has. Made once for a world, shared by all replications.
#pragma once

#include <memory>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/world/world.hpp"

namespace knockon::traffic {

class Network {
 public:
  // Sizes capacity that the author left open (`busy_at_peak`) from `base`, the scenario without variants: services that
  // both worlds have get base's capacity, so that a what-if does not resize the hardware. Pass the same world twice
  // when there is no variant.
  Network(const world::World& world, const world::World& base);
  explicit Network(const world::World& world) : Network{world, world} {}
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  // Services that their author sized by hand and that are asked for more than they can do on a day on which nothing is
  // broken: each at the site where most is missing, in the order of services.
  struct Shortfall {
    world::ServiceId service;
    world::SiteId site;
    quantity::Rate asked, capacity;  // in units of cost
  };
  [[nodiscard]] std::vector<Shortfall> shortfalls() const;

  struct Parts;
  [[nodiscard]] const Parts& parts() const { return *parts_; }
  // How flows begin that are followed with the usual precision; null where a replication may set parameters, and so has
  // a layout of its own.
  struct Begun;
  [[nodiscard]] const Begun* begun() const { return begun_.get(); }

 private:
  std::unique_ptr<const Parts> parts_;
  std::unique_ptr<const Begun> begun_;
};

}  // namespace knockon::traffic
