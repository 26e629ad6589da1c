#include "engine/traffic/network.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "engine/traffic/day.hpp"
#include "engine/traffic/live_world.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/state.hpp"

namespace knockon::traffic {
namespace {

// The base scenario's instance of the same service at the same site; nowhere when base has none.
std::uint32_t counterpart(const world::World& world, world::ServiceId service, world::SiteId site,
                          const Network::Parts& base) {
  for (std::size_t s = 0; s < base.world->services.size(); ++s) {
    if (base.world->services[s].name != world[service].name) continue;
    for (std::size_t i = 0; i < base.world->sites.size(); ++i) {
      if (base.world->sites[i].name == world[site].name) return base.instance_at(world::ServiceId{s}, world::SiteId{i});
    }
  }
  return nowhere;
}

void size_services(Network::Parts& parts, const Day& day, const Network::Parts* base, const Day* base_day) {
  for (std::size_t s = 0; s < parts.world->services.size(); ++s) {
    const world::Service& service = parts.world->services[s];
    for (std::uint32_t position = 0; position < service.sites.size(); ++position) {
      const std::uint32_t instance = parts.first_instance[s] + position;
      if (const auto* slowdown = std::get_if<world::Slowdown>(&service.overload)) {
        // However many are in service, no more than one is answered in what each adds to all the others.
        parts.capacity[instance] = service.replicas[position] / slowdown->per_request.in_seconds();
        continue;
      }
      if (service.per_replica) {
        parts.capacity[instance] = service.replicas[position] * service.per_replica->per_second();
        continue;
      }
      double peak = day.peak[instance];
      if (base != nullptr) {
        const std::uint32_t twin = counterpart(*parts.world, world::ServiceId{s}, service.sites[position], *base);
        if (twin != nowhere) peak = base_day->peak[twin];
      }
      // Who is never asked on a normal day has nothing to be sized by, and is taken to be large enough.
      parts.capacity[instance] =
          peak > 0 ? peak / service.busy_at_peak.value() : std::numeric_limits<double>::infinity();
    }
  }
}

}  // namespace

Network::Network(const world::World& world, const world::World& base) {
  auto parts = std::make_unique<Parts>(world);
  const Day day = measured_day(*parts);
  if (&world == &base) {
    size_services(*parts, day, nullptr, nullptr);
  } else {
    const Parts base_parts{base};
    const Day base_day = measured_day(base_parts);
    size_services(*parts, day, &base_parts, &base_day);
  }
  parts->peak = day.peak;
  parts->usual = day.usual;
  parts_ = std::move(parts);
  if (sets_parameters(world)) return;
  auto begun = std::make_unique<Begun>(Flow::State{*parts_, {}, false});
  begun->state.begin({});
  begun_ = std::move(begun);
}

std::vector<Network::Shortfall> Network::shortfalls() const {
  // What settles to within a threshold may stand that much above what it was meant to be.
  constexpr double tolerance = 1e-3;
  const world::World& world = *parts_->world;
  std::vector<Shortfall> result;
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    const world::Service& service = world.services[s];
    if (!service.per_replica && !std::holds_alternative<world::Slowdown>(service.overload)) continue;
    double most_missing = 0;
    std::optional<Shortfall> worst;
    for (std::size_t position = 0; position < service.sites.size(); ++position) {
      const std::size_t instance = parts_->first_instance[s] + position;
      const double asked = parts_->peak[instance], capacity = parts_->capacity[instance];
      if (asked <= capacity * (1 + tolerance) || asked - capacity <= most_missing) continue;
      most_missing = asked - capacity;
      worst = Shortfall{world::ServiceId{s}, service.sites[position], quantity::Rate::per_second(asked),
                        quantity::Rate::per_second(capacity)};
    }
    if (worst) result.push_back(*worst);
  }
  return result;
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

}  // namespace knockon::traffic
