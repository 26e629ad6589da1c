#include "tools/command_line/choice.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "engine/scenario/diagnostic.hpp"

namespace knockon::command_line {
namespace {

// The one that was named, else the scenario's own. `things` are called `kind`s.
template <class Thing>
tl::expected<quantity::Id<Thing>, std::string> chosen(const char* kind, const std::vector<Thing>& things,
                                                      const std::optional<std::string>& name,
                                                      const std::optional<quantity::Id<Thing>>& own) {
  if (!name && own) return *own;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (name && things[i].name == *name) return quantity::Id<Thing>{i};
    names.emplace_back(things[i].name);
  }
  if (names.empty()) return tl::unexpected{fmt::format("the scenario has no {}", kind)};
  if (!name)
    return tl::unexpected{fmt::format("the scenario leaves the {} open: --{} {}", kind, kind, scenario::one_of(names))};
  std::string hint = scenario::did_you_mean(*name, names);
  if (hint.empty()) hint = "expected " + scenario::one_of(names);
  return tl::unexpected{fmt::format("--{}: no {} called {}; {}", kind, kind, scenario::quoted(*name), hint)};
}

}  // namespace

tl::expected<Choice, std::string> choice_of(const Wish& wish, const world::World& world) {
  const auto cause = chosen("cause", world.causes, wish.cause, world.cause);
  if (!cause) return tl::unexpected{cause.error()};
  const auto strategy = chosen("strategy", world.strategies, wish.strategy, world.strategy);
  if (!strategy) return tl::unexpected{strategy.error()};
  return Choice{.cause = *cause, .strategy = *strategy};
}

tl::expected<LooseChoice, std::string> loose_choice_of(const Wish& wish, const world::World& world) {
  LooseChoice choice{.cause = world.cause, .strategy = {}};
  if (wish.cause) {
    const auto cause = chosen("cause", world.causes, wish.cause, world.cause);
    if (!cause) return tl::unexpected{cause.error()};
    choice.cause = *cause;
  }
  if (wish.strategy) {
    const auto strategy = chosen("strategy", world.strategies, wish.strategy, world.strategy);
    if (!strategy) return tl::unexpected{strategy.error()};
    choice.strategy = *strategy;
  }
  return choice;
}

}  // namespace knockon::command_line
