// One replication drawn: a row of blocks for each app, and for each region where they differ, over minutes after onset.
#pragma once

#include <cstddef>
#include <string>

#include "engine/report/page.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::report {

// Minutes after onset: until a little after the last trouble, and no further than the horizon.
[[nodiscard]] double shown_minutes(const world::World& world, const simulation::Outcome& outcome);

// What the blocks stand for.
[[nodiscard]] std::string timeline_key(const Paint& paint);

// Lines of at most `width` characters, each with a newline. A block shows the worst state within its stretch of time.
[[nodiscard]] std::string timeline_of(const world::World& world, const simulation::Outcome& outcome, std::size_t width,
                                      const Paint& paint);

}  // namespace knockon::report
