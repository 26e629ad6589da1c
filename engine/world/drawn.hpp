// What is drawn once a replication: the world with its draws in place of the medians.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "engine/world/parameters.hpp"
#include "engine/world/world.hpp"

namespace knockon::world {

// Where a property stands, and how much one of the unit that it is written in is there.
struct Whereabouts {
  Parameter parameter;
  double unit = 1;
};

// By the keys that lead to it: `services.feed.calls[auth.check].timeout`,
// `strategies.mend.steps.call.ways[1].succeeds`. None: nothing stands there by itself (what a service says of its
// operations stands with these where it has several).
[[nodiscard]] std::optional<Whereabouts> whereabouts_of(World& world, std::string_view path);

// The world of one replication. People who live in a region are more or fewer in the measure of its `users`.
// REQUIRES: each property that is drawn has whereabouts, or is taken by others that have.
[[nodiscard]] World as_drawn(const World& world, const std::function<double(const DrawnProperty&)>& draw);

}  // namespace knockon::world
