// What the head of every result says about how it was asked for.
#pragma once

#include <cstdint>

#include "engine/scenario/scenario.hpp"
#include "engine/study/entry.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/scenario_file.hpp"

namespace knockon::command_line {

[[nodiscard]] study::Subject subject_of(const Wanted& wanted, const scenario::Read& scenario, const Choice& choice,
                                        std::uint64_t seed);

// REQUIRES: `scenario` outlives the entry.
[[nodiscard]] study::Entry entry_of(const std::string& name, const Wanted& wanted, const scenario::Read& scenario,
                                    const Choice& choice, std::uint64_t seed);

}  // namespace knockon::command_line
