#include "engine/simulation/engine.hpp"

#include <optional>

#include "engine/quantity/contract.hpp"
#include "engine/simulation/clockwork.hpp"
#include "engine/simulation/cones.hpp"
#include "engine/simulation/replication.hpp"
#include "engine/world/drawn.hpp"

namespace knockon::simulation {

struct Engine::Kernel {
  Kernel(const world::World& its_world, const traffic::Network& its_network, traffic::Flow* its_flow)
      : world{its_world}, network{its_network}, flow{its_flow}, cones{its_world}, clockwork{its_world} {}

  traffic::Flow& flow_with(const traffic::Precision& precision) {
    if (flow == nullptr || !(flow->precision() == precision)) flow = &own_flow.emplace(network, precision);
    return *flow;
  }

  const world::World& world;
  const traffic::Network& network;
  traffic::Flow* flow;
  std::optional<traffic::Flow> own_flow;
  Cones cones;
  Clockwork clockwork;
  std::uint64_t slots_played = 0;
};

Engine::Engine(const world::World& world, const traffic::Network& network)
    : kernel_{std::make_unique<Kernel>(world, network, nullptr)} {}
Engine::Engine(const world::World& world, const traffic::Network& network, traffic::Flow& flow)
    : kernel_{std::make_unique<Kernel>(world, network, &flow)} {}
Engine::~Engine() = default;

std::uint64_t Engine::replications_in_a_process(const world::World& world) {
  return Clockwork::slots_of(world.horizon);
}

Outcome Engine::replicate(const Plan& plan, std::uint64_t index) {
  Kernel& kernel = *kernel_;
  quantity::require(plan.cause.index() < kernel.world.causes.size(), "a plan's cause is the world's");
  quantity::require(plan.strategy.index() < kernel.world.strategies.size(), "a plan's strategy is the world's");
  const auto played = [&](const world::World& world, traffic::Flow& flow) {
    Replication replication{world, flow, kernel.cones, kernel.clockwork, plan, index};
    return replication.played(kernel.slots_played++);
  };
  if (kernel.world.drawn.empty()) return played(kernel.world, kernel.flow_with(plan.precision));
  const Draws draws{{.seed = plan.seed, .index = index}};
  const world::World drawn = world::as_drawn(
      kernel.world, [&draws](const world::DrawnProperty& property) { return draws.property(property); });
  kernel.clockwork.transport().set_disks(drawn);
  traffic::Flow flow{kernel.network, plan.precision, &drawn};
  return played(drawn, flow);
}

}  // namespace knockon::simulation
