#include "tools/command_line/compared_entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/scenario/diagnostic.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/subject.hpp"

namespace knockon::command_line {
namespace {

using study::Across;
using study::Entry;

// No variant can be called so: names have no spaces.
constexpr const char* without_variant = "no variant";

class Assembly {
 public:
  explicit Assembly(const CompareArguments& arguments) : arguments_{arguments} {}

  tl::expected<ComparedEntries, NotRead> entries() {
    all_.across = arguments_.other ? Across::scenarios : arguments_.across.value_or(Across::strategies);
    fault_ = fault_of_options();
    if (!fault_) add_entries();
    if (!fault_ && all_.entries.size() < 2) fault_ = nothing_to_compare();
    if (!fault_) fault_ = choose_baseline();
    if (fault_) return tl::unexpected{std::move(*fault_)};
    return std::move(all_);
  }

 private:
  static NotRead sentence(const std::string& text) { return {.sentence = text, .diagnostics = {}}; }

  [[nodiscard]] NotRead nothing_to_compare() const {
    if (all_.across == Across::variants) return sentence("the scenario has no variants to compare");
    const char* kind = all_.across == Across::strategies ? "strategy" : "cause";
    return sentence(fmt::format("the scenario has {} {}: there is nothing to compare",
                                all_.entries.empty() ? "no" : "only one", kind));
  }

  // Options that could only be ignored.
  [[nodiscard]] std::optional<NotRead> fault_of_options() const {
    if (arguments_.other && arguments_.across)
      return sentence("--across does not apply when two scenarios are compared");
    if (all_.across == Across::strategies && arguments_.wish.strategy)
      return sentence("--strategy does not apply across strategies: --baseline says what they are held against");
    if (all_.across == Across::causes && arguments_.wish.cause)
      return sentence("--cause does not apply across causes: --baseline says what they are held against");
    return std::nullopt;
  }

  void add_entries() {
    switch (all_.across) {
      case Across::strategies:
        return add_all_of(&world::World::strategies, &Choice::strategy, &Wish::strategy);
      case Across::causes:
        return add_all_of(&world::World::causes, &Choice::cause, &Wish::cause);
      case Across::variants:
        return add_variants();
      case Across::scenarios:
        return add_two_scenarios();
    }
  }

  // The scenario, kept for as long as the entries; none: `fault_` says why.
  const scenario::Read* read_and_keep(const Wanted& wanted) {
    auto scenario = read(wanted);
    if (!scenario) {
      fault_ = std::move(scenario.error());
      return nullptr;
    }
    all_.scenarios.push_back(std::make_unique<const scenario::Read>(std::move(*scenario)));
    return all_.scenarios.back().get();
  }

  void add(const std::string& name, const Wanted& wanted, const scenario::Read& scenario, const Wish& wish) {
    const auto choice = choice_of(wish, scenario.world);
    if (choice) {
      all_.entries.push_back(entry_of(name, wanted, scenario, *choice, arguments_.repetition.seed));
    } else {
      fault_ = sentence(choice.error());
    }
  }

  template <class Things, class Id>
  void add_all_of(Things world::World::*things, Id Choice::*chosen, std::optional<std::string> Wish::*wished) {
    const scenario::Read* scenario = read_and_keep(arguments_.wanted);
    if (scenario == nullptr) return;
    for (const auto& thing : scenario->world.*things) {
      Wish wish = arguments_.wish;
      wish.*wished = thing.name;
      if (!fault_) add(thing.name, arguments_.wanted, *scenario, wish);
    }
    if (fault_) return;
    const auto own = choice_of(arguments_.wish, scenario->world);
    if (own) all_.baseline = ((*own).*chosen).index();
  }

  void add_variants() {
    const scenario::Read* without = read_and_keep(arguments_.wanted);
    if (without == nullptr) return;
    add(without_variant, arguments_.wanted, *without, arguments_.wish);
    const std::vector<std::string>& given = arguments_.wanted.variants;
    for (const std::string& variant : without->variant_names) {
      if (fault_ || std::find(given.begin(), given.end(), variant) != given.end()) continue;
      Wanted wanted = arguments_.wanted;
      wanted.variants.push_back(variant);
      if (const scenario::Read* scenario = read_and_keep(wanted)) add(variant, wanted, *scenario, arguments_.wish);
    }
  }

  void add_two_scenarios() {
    Wanted other = arguments_.wanted;
    other.scenario = *arguments_.other;
    const scenario::Read* first = read_and_keep(arguments_.wanted);
    const scenario::Read* second = first == nullptr ? nullptr : read_and_keep(other);
    if (second == nullptr) return;
    std::string first_name = first->world.name, second_name = second->world.name;
    if (first_name == second_name) {
      first_name = arguments_.wanted.scenario;
      second_name = other.scenario;
    }
    if (first_name == second_name) second_name += " again";
    add(first_name, arguments_.wanted, *first, arguments_.wish);
    if (!fault_) add(second_name, other, *second, arguments_.wish);
  }

  std::optional<NotRead> choose_baseline() {
    if (!arguments_.baseline) return std::nullopt;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < all_.entries.size(); ++i) {
      names.emplace_back(all_.entries[i].name);
      if (all_.entries[i].name != *arguments_.baseline) continue;
      all_.baseline = i;
      return std::nullopt;
    }
    std::string hint = scenario::did_you_mean(*arguments_.baseline, names);
    if (hint.empty()) hint = "expected " + scenario::one_of(names);
    return sentence(
        fmt::format("--baseline: {} is not among what is compared; {}", scenario::quoted(*arguments_.baseline), hint));
  }

  const CompareArguments& arguments_;
  ComparedEntries all_;
  std::optional<NotRead> fault_;
};

}  // namespace

tl::expected<ComparedEntries, NotRead> entries_of(const CompareArguments& arguments) {
  return Assembly{arguments}.entries();
}

}  // namespace knockon::command_line
