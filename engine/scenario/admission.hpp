// How `admit` lets people in, as its author wrote it: at once or by stages, as shares of users or as rates.
#pragma once

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

[[nodiscard]] world::Admission admission_of(Reading& reading, const Fields& fields, const Scope& scope);

}  // namespace knockon::scenario
