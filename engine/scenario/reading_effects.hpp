// Verbs with their targets and arguments, which faults, reactions and steps have alike.
#pragma once

#include <optional>
#include <vector>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

// The row of the verb an entry does; null when it says none that exists.
[[nodiscard]] const VerbRow* verb_of(const Node& entry);

[[nodiscard]] world::Effect effect_of(Reading& reading, const Fields& fields, const VerbRow& verb, const Scope& scope);
[[nodiscard]] std::vector<world::Verb> ended_by(const Fields& fields);
[[nodiscard]] std::optional<world::Flaps> flaps_of(Reading& reading, const Fields& fields, const world::Effect& effect);
// Reports `lasts` where it means nothing.
void refuse_lasting(Reading& reading, const Fields& fields, std::string_view hint);

}  // namespace knockon::scenario
