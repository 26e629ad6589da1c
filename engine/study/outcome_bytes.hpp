// An outcome as bytes and back: how a worker hands it to the process that folds. For this machine and this build only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/simulation/outcome.hpp"

namespace knockon::study {

[[nodiscard]] std::string bytes_of(const simulation::Outcome& outcome);

// None when the bytes are not exactly one outcome.
[[nodiscard]] std::optional<simulation::Outcome> outcome_of(std::string_view bytes);

}  // namespace knockon::study
