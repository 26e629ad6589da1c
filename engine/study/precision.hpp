// Running until the answer is precise enough, looked at a few times only: every look is one more chance to stop by
// luck.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/study/replications.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

// The looks: after 200 replications, 400, 800 and so on, the last at this many.
inline constexpr std::uint64_t first_look = 200, last_look = 25'600;

// The mean down minutes of every app are known to within `wanted` of themselves, or to the minute: half the 95 %
// interval is no wider than that.
[[nodiscard]] bool is_precise(const world::World& world, const std::vector<simulation::Outcome>& outcomes,
                              quantity::Share wanted);

// Replications of all entries, from 0 on, until `is_enough` says so at a look, or the last look is over.
// `request.first` and `request.count` are not used.
[[nodiscard]] std::vector<Replications> replicated_until(
    Request request, std::size_t entries, const ReplicateEntry& replicate,
    const std::function<bool(const std::vector<Replications>&)>& is_enough, const Watch& watch = {});

}  // namespace knockon::study
