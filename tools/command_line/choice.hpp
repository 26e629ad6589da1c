// Which cause and which strategy a command takes from a scenario.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "engine/world/world.hpp"
#include "tools/command_line/shared_options.hpp"

namespace knockon::command_line {

struct Choice {
  world::CauseId cause;
  world::StrategyId strategy;
};

// What was wished for, else the scenario's own; or a sentence that says what there is to choose from.
[[nodiscard]] tl::expected<Choice, std::string> choice_of(const Wish& wish, const world::World& world);

// For commands that can do without: the cause that was wished for, else the scenario's own if it has one; the strategy
// only when one was wished for.
struct LooseChoice {
  std::optional<world::CauseId> cause;
  std::optional<world::StrategyId> strategy;
};
[[nodiscard]] tl::expected<LooseChoice, std::string> loose_choice_of(const Wish& wish, const world::World& world);

}  // namespace knockon::command_line
