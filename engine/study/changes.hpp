// What could have been otherwise in one replication: each change makes a world that differs in one thing.
#pragma once

#include <string>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/study/entry.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

struct Change {
  std::string without;  // "the need for dashboards", as in "without …"
  world::World world;
};

// The changes worth asking about: what people and monitors needed, automation that acted, alerts that came, teams that
// answered, diagnoses that were wrong and attempts that failed. Streams of random numbers are found by name, so all
// else goes the same way.
[[nodiscard]] std::vector<Change> changes_of(const world::World& world, world::StrategyId strategy,
                                             const simulation::Outcome& outcome);

}  // namespace knockon::study
