// How a restart goes through the replicas: at a rate, place after place, all of them or a share.
#pragma once

#include <optional>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/simulation/hits.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

struct RestartStage {
  quantity::Duration after;         // the restart's begin
  std::vector<Instance> instances;  // of which
  quantity::Share share;            // of all their replicas have been started anew since the stage before
  double restarted = 0;             // of all replicas that the effect is about, this stage included
};

// The stages in order of time; one at once where nothing limits the rate. Services are restarted beside each other,
// each at its rate, or the effect's; a service's places one after the other where it has an order, the rest together.
[[nodiscard]] std::vector<RestartStage> restart_of(const world::World& world, const world::Effect& effect,
                                                   std::optional<world::SiteId> here = {});

}  // namespace knockon::simulation
