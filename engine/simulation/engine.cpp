#include "engine/simulation/engine.hpp"

#include "engine/quantity/contract.hpp"
#include "engine/simulation/clockwork.hpp"
#include "engine/simulation/cones.hpp"
#include "engine/simulation/replication.hpp"
#include "engine/world/drawn.hpp"

namespace knockon::simulation {

struct Engine::Kernel {
  Kernel(const world::World& its_world, const traffic::Network& its_network)
      : world{its_world}, network{its_network}, cones{its_world}, clockwork{its_world} {}

  const world::World& world;
  const traffic::Network& network;
  Cones cones;
  Clockwork clockwork;
};

Engine::Engine(const world::World& world, const traffic::Network& network)
    : kernel_{std::make_unique<Kernel>(world, network)} {}
Engine::~Engine() = default;

Outcome Engine::replicate(const Plan& plan, std::uint64_t index) {
  Kernel& kernel = *kernel_;
  quantity::require(plan.cause.index() < kernel.world.causes.size(), "a plan's cause is the world's");
  quantity::require(plan.strategy.index() < kernel.world.strategies.size(), "a plan's strategy is the world's");
  const auto played = [&](const world::World& world) {
    Replication replication{world, kernel.network, kernel.cones, kernel.clockwork, plan, index};
    return replication.played(index % slots);
  };
  if (kernel.world.drawn.empty()) return played(kernel.world);
  const Draws draws{{.seed = plan.seed, .index = index}};
  const world::World drawn = world::as_drawn(
      kernel.world, [&draws](const world::DrawnProperty& property) { return draws.property(property); });
  kernel.clockwork.transport().set_disks(drawn);
  return played(drawn);
}

}  // namespace knockon::simulation
