// One event of a replication as a sentence.
#pragma once

#include <string>

#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::report {

// What the event is about, as the author named it: "dns-withdraws", "facebook@apac"; empty for the plan as a whole.
[[nodiscard]] std::string subject_of(const world::World& world, const simulation::Event& event);

// "backbone-off begins: down, backbone", "facebook goes down in apac", "let-in: 30 % are let in".
[[nodiscard]] std::string sentence_of(const world::World& world, const simulation::Event& event);

}  // namespace knockon::report
