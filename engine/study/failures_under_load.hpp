// The share of wishes that are answered when k of all instances are gone, chosen at random: simulated, so that those
// that are left carry the load of those that are gone. The graph answers the same question without load.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/graph/random_failures.hpp"
#include "engine/quantity/time.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

struct UnderLoad {
  // A case takes about as long as a replication: fewer of them than the graph looks at.
  graph::RandomFailureLimits choices{.enumerated = 400, .sampled = 400};
  quantity::Duration after =
      quantity::Duration::minutes(30);  // when it is looked at: retries and queues have found their level
};

// From the scenario's start on, with the load of that hour; no faults, no automation, nobody mends anything. The
// choices are those of graph::random_failures as far as the limits allow. `base`: what capacity is sized from.
// REQUIRES: gone is no more than there are instances; what the world holds is simulated.
[[nodiscard]] graph::RandomFailures failures_under_load(const world::World& world, const world::World& base,
                                                        std::size_t gone, const UnderLoad& how = {});

}  // namespace knockon::study
