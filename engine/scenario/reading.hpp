// A scenario on its way into the world: what the readers of the sections share. Each section's reader stands in a file
// of its own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/condition.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/names.hpp"
#include "engine/world/world.hpp"

namespace knockon::scenario {

struct Reading {
  const Node& root;
  Faults& faults;
  world::World world = {};
  Names names = {};
  Defaults defaults = {};
  std::vector<Names> faults_of_cause = {};    // per cause
  std::vector<Names> steps_of_strategy = {};  // per strategy
  std::optional<WrittenCurrency> currency = {};
  std::size_t instances = 0;

  // A section's entries in order; none when it is absent or not a map.
  [[nodiscard]] std::span<const Entry> section(std::string_view name) const { return entries_of(root, name); }
  [[nodiscard]] static std::span<const Entry> entries_of(const Node& node, std::string_view key);

  [[nodiscard]] Fields fields(const Record& record, const Node& node, const VerbRow* verb = nullptr) {
    return Fields{record, node, defaults, verb};
  }
  [[nodiscard]] Scope scope() const { return {.names = &names, .world = &world}; }

  // The items of a list, or the single one that stands for it; none for null.
  [[nodiscard]] static std::vector<const Node*> items_of(const Node* node);

  // A reference to one kind of thing, reported when it is none. Null and what is not one word is silently nothing.
  template <class Thing>
  [[nodiscard]] std::optional<quantity::Id<Thing>> reference(Kinds kind, const Node* node) {
    const auto index = index_of(kind, node);
    return index ? std::optional{quantity::Id<Thing>{*index}} : std::nullopt;
  }
  [[nodiscard]] std::optional<std::size_t> index_of(Kinds kind, const Node* node);

  [[nodiscard]] std::optional<world::Target> target(const Scope& scope, Kinds kinds, const Node& node);
  [[nodiscard]] std::optional<world::Condition> condition(const Scope& scope, const Node* node);
  [[nodiscard]] std::vector<world::SiteId> sites(const Node* node);  // of a list of places
  // Counts services at sites; false, and reported, when there are more than could be simulated.
  [[nodiscard]] bool has_room_for(std::size_t instances, const Span& span);
  [[nodiscard]] std::vector<world::Need> needs(const Node* node);
  // The operation that `auth.check` or, for a service with one only, `feed` names.
  [[nodiscard]] std::optional<world::OperationId> operation(const Node* node);

  // Every amount in a file has one currency.
  void note_currency(const std::string& written, const Span& span);
  [[nodiscard]] quantity::MoneyRate money_rate(const Fields& fields, std::string_view key);
};

// False when there is more of something than could be simulated.
[[nodiscard]] bool declare_names(Reading& reading);
void read_places(Reading& reading);
void read_services(Reading& reading);
void read_sessions_and_apps(Reading& reading);
void read_populations(Reading& reading);
void read_causes(Reading& reading);
void read_reactions_and_monitors(Reading& reading);
void read_teams_and_strategies(Reading& reading);
void read_expectations(Reading& reading);  // promises and observed

// Which faults each step can end; warns of faults that none can.
void match_steps_to_faults(Reading& reading);
void refuse_too_many_classes(Reading& reading);

}  // namespace knockon::scenario
