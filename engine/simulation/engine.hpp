// Replications of one world, one after the other, in one process. Behind it stands the process's only SimGrid engine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/quantity/amount.hpp"
#include "engine/simulation/course.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/network.hpp"
#include "engine/traffic/precision.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// Which run of a world; the replication's number comes with each call.
struct Plan {
  world::CauseId cause;
  world::StrategyId strategy;
  std::uint64_t seed = 1;
  bool keep_events = true;  // false: Outcome::events stays empty (the fingerprint is the same)
  traffic::Precision precision = {};
  Recording recording = {};  // what of its course is written down (the fingerprint is the same)
};

// REQUIRES: at most one Engine in a process, ever (SimGrid's clock goes on in a second one).
class Engine {
 public:
  // Builds the platform. `network` must be made from `world`; both must outlive the engine.
  Engine(const world::World& world, const traffic::Network& network);
  // Replications take turns with this flow of that network, which was made before: by a process that has many children,
  // each of which then copies only what it touches.
  Engine(const world::World& world, const traffic::Network& network, traffic::Flow& flow);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // How many replications fit in one process, since its clock never goes back: 2^18 of six hours, 256 of a year.
  [[nodiscard]] static std::uint64_t replications_in_a_process(const world::World& world);

  // Replication `index` of the plan. The outcome is the same bits whatever the process has replicated before. REQUIRES:
  // that is fewer than fit.
  [[nodiscard]] Outcome replicate(const Plan& plan, std::uint64_t index);

 private:
  struct Kernel;
  std::unique_ptr<Kernel> kernel_;
};

}  // namespace knockon::simulation
