// Replications as often as was asked for, with a progress bar and an ear for Ctrl-C.
#pragma once

#include <vector>

#include "engine/study/entry.hpp"
#include "engine/study/replications.hpp"
#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

// Of each entry, in their order. When a precision was asked for and not reached, says so unless it is to be quiet.
[[nodiscard]] std::vector<study::Replications> replications_of(const std::vector<study::Entry>& entries,
                                                               const Repetition& repetition, const Voices& voices,
                                                               const study::Kept& kept = {});

}  // namespace knockon::command_line
