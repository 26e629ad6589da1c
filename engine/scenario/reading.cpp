#include "engine/scenario/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/quantity/text.hpp"

namespace knockon::scenario {
namespace {

struct Reserved {
  std::string_view word;
  Kinds kinds;
  std::string_view meaning;
};
constexpr Reserved reserved[] = {
    {"here", place_kinds, "a reaction's own place"},
    {"other", place_kinds, "all places that are not named"},
    {"next", Kinds::step, "going on with the plan"},
    {"stop", Kinds::step, "ending the plan"},
};

// Words that mean something where a name of this kind may stand.
void refuse_reserved(Reading& reading, Kinds kind, const Entry& entry) {
  for (const Reserved& one : reserved) {
    if (entry.key == one.word && includes(one.kinds, kind))
      reading.faults.error(entry.key_span, "bad-name",
                           fmt::format("{} cannot be the name of {}: it means {}", quoted(entry.key),
                                       with_article(noun_of(kind)), one.meaning),
                           "give it another name");
  }
}

// Keys of the file that nobody knows; of junk the first few.
std::vector<std::string_view> unknown_keys(const Node& root) {
  constexpr std::size_t enough = 1000;
  std::vector<std::string_view> unknown;
  for (const Entry& entry : root.entries) {
    if (!scenario_record().find(entry.key)) unknown.push_back(entry.key);
    if (unknown.size() == enough) break;
  }
  return unknown;
}

// Declares what stands in a section, or gives it up where its entries may stand under a misspelt key.
class Sections {
 public:
  explicit Sections(Reading& reading) : reading_{reading}, unknown_{unknown_keys(reading.root)} {}

  void declare(std::string_view section, Kinds kind) {
    const Entry* written = reading_.root.find(section);
    if ((written && !written->value->is_map()) || is_misspelt(section)) {
      reading_.names.give_up(kind);
      if (kind == Kinds::service) reading_.names.give_up(Kinds::operation);
      if (kind == Kinds::app) reading_.names.give_up(Kinds::journey);
    }
    std::size_t index = 0;
    for (const Entry& entry : reading_.section(section)) {
      refuse_reserved(reading_, kind, entry);
      reading_.names.declare(kind, entry.key, index++, entry.key_span, reading_.faults);
    }
  }

 private:
  [[nodiscard]] bool is_misspelt(std::string_view section) const {
    return std::any_of(unknown_.begin(), unknown_.end(),
                       [&](std::string_view key) { return !did_you_mean(key, {section}).empty(); });
  }

  Reading& reading_;
  std::vector<std::string_view> unknown_;
};

// A region without sites of its own has one, of its name; these follow the declared ones.
void declare_implicit_sites(Reading& reading) {
  std::vector<bool> has_site(reading.section("regions").size(), false);
  for (const Entry& site : reading.section("sites")) {
    const Entry* in = site.value->is_map() ? site.value->find("in") : nullptr;
    const auto* region = in ? reading.names.find(Kinds::region, in->value->text) : nullptr;
    if (region) has_site[region->index] = true;
  }
  std::size_t index = reading.section("sites").size();
  for (std::size_t i = 0; i < has_site.size(); ++i) {
    if (!has_site[i]) reading.names.add(Kinds::site, reading.section("regions")[i].key, index++);
  }
}

// Things inside things: operations of services, journeys of apps.
void declare_inner(Reading& reading, std::string_view section, std::string_view key, Kinds kind,
                   bool is_named_as_owner_if_none) {
  std::size_t index = 0;
  for (const Entry& owner : reading.section(section)) {
    const std::span<const Entry> inner = Reading::entries_of(*owner.value, key);
    const Entry* written = owner.value->find(key);
    if (written && !written->value->is_map() && !written->value->is_removal()) reading.names.give_up(kind);
    if (inner.empty() && is_named_as_owner_if_none) reading.names.add(kind, owner.key, index++);
    for (const Entry& entry : inner) {
      reading.names.declare(kind, fmt::format("{}.{}", owner.key, entry.key), index++, entry.key_span, reading.faults);
    }
  }
}

void declare_faults(Reading& reading) {
  std::map<std::string_view, int> causes_with;
  for (const Entry& cause : reading.section("causes")) {
    for (const Entry& fault : Reading::entries_of(*cause.value, "faults")) ++causes_with[fault.key];
  }
  std::size_t index = 0;
  for (const Entry& cause : reading.section("causes")) {
    Names& local = reading.faults_of_cause.emplace_back();
    for (const Entry& fault : Reading::entries_of(*cause.value, "faults")) {
      local.declare(Kinds::fault, fault.key, index, fault.key_span, reading.faults);
      // Outside its cause a fault is called CAUSE.FAULT, or plainly where only one cause has a fault of that name.
      reading.names.declare(Kinds::fault, fmt::format("{}.{}", cause.key, fault.key), index, fault.key_span,
                            reading.faults);
      if (causes_with[fault.key] == 1) reading.names.add(Kinds::fault, fault.key, index);
      ++index;
    }
  }
}

void declare_steps(Reading& reading) {
  std::size_t index = 0;
  for (const Entry& strategy : reading.section("strategies")) {
    Names& local = reading.steps_of_strategy.emplace_back();
    for (const Entry& step : Reading::entries_of(*strategy.value, "steps")) {
      refuse_reserved(reading, Kinds::step, step);
      local.declare(Kinds::step, step.key, index++, step.key_span, reading.faults);
    }
  }
}

// What grows with the product of two of these would otherwise outgrow any memory.
struct AtMost {
  std::string_view section;
  std::size_t count;
};
constexpr std::array<AtMost, 9> at_most{{{"services", 60'000},
                                         {"regions", 500},
                                         {"sites", 5000},
                                         {"groups", 10'000},
                                         {"apps", 1000},
                                         {"populations", 1000},
                                         {"causes", 1000},
                                         {"reactions", 1000},
                                         {"strategies", 1000}}};
constexpr std::size_t faults_at_most = 1000, steps_at_most = 5000, instances_at_most = 2'000'000;

bool is_bounded(Reading& reading, std::string_view section, std::size_t count, std::size_t bound,
                std::string_view what) {
  if (count <= bound) return true;
  const Entry* written = reading.root.find(section);
  reading.faults.error(written->key_span, "too-large",
                       fmt::format("{} {}; at most {} are simulated", count, what, bound));
  return false;
}

std::size_t count_inner(const Reading& reading, std::string_view section, std::string_view key) {
  std::size_t count = 0;
  for (const Entry& entry : reading.section(section)) count += Reading::entries_of(*entry.value, key).size();
  return count;
}

bool are_bounded(Reading& reading) {
  bool all = true;
  for (const AtMost& limit : at_most) {
    all = is_bounded(reading, limit.section, reading.section(limit.section).size(), limit.count, limit.section) && all;
  }
  all = is_bounded(reading, "causes", count_inner(reading, "causes", "faults"), faults_at_most, "faults") && all;
  return is_bounded(reading, "strategies", count_inner(reading, "strategies", "steps"), steps_at_most, "steps") && all;
}

}  // namespace

bool Reading::has_room_for(std::size_t more, const Span& span) {
  instances += more;
  if (instances <= instances_at_most) return true;
  faults.error(span, "too-large", fmt::format("services at more than {} sites altogether", instances_at_most),
               "say in `in` where each runs");
  return false;
}

bool declare_names(Reading& reading) {
  if (!are_bounded(reading)) return false;
  Sections sections{reading};
  sections.declare("regions", Kinds::region);
  sections.declare("sites", Kinds::site);
  declare_implicit_sites(reading);
  sections.declare("links", Kinds::link);
  sections.declare("groups", Kinds::group);
  sections.declare("services", Kinds::service);
  sections.declare("sessions", Kinds::session);
  sections.declare("apps", Kinds::app);
  declare_inner(reading, "services", "operations", Kinds::operation, true);
  declare_inner(reading, "apps", "journeys", Kinds::journey, false);
  sections.declare("populations", Kinds::population);
  sections.declare("curves", Kinds::curve);
  sections.declare("causes", Kinds::cause);
  sections.declare("reactions", Kinds::reaction);
  sections.declare("monitors", Kinds::monitor);
  sections.declare("teams", Kinds::team);
  sections.declare("strategies", Kinds::strategy);
  declare_faults(reading);
  declare_steps(reading);
  return true;
}

std::span<const Entry> Reading::entries_of(const Node& node, std::string_view key) {
  const Entry* entry = node.is_map() ? node.find(key) : nullptr;
  return entry && entry->value->is_map() ? entry->value->entries : std::span<const Entry>{};
}

std::vector<const Node*> Reading::items_of(const Node* node) {
  std::vector<const Node*> items;
  if (!node) return items;
  if (!node->is_list()) return {node};
  for (const NodePtr item : node->items) items.push_back(item);
  return items;
}

std::optional<std::size_t> Reading::index_of(Kinds kind, const Node* node) {
  if (!node || !node->is_scalar()) return std::nullopt;
  const Names::Meaning* meaning = names.find(kind, node->text);
  if (meaning) return meaning->index;
  names.report_unknown(kind, node->text, node->span, faults);
  return std::nullopt;
}

std::optional<world::Target> Reading::target(const Scope& scope, Kinds kinds, const Node& node) {
  if (!node.is_scalar()) return std::nullopt;
  return target_of(
      scope, kinds, node.text, [&](std::size_t offset, std::size_t length) { return node.part(offset, length); },
      faults);
}

std::optional<world::Condition> Reading::condition(const Scope& scope, const Node* node) {
  if (!node || !node->is_scalar()) return std::nullopt;
  return condition_of(*node, scope, faults);
}

std::vector<world::SiteId> Reading::sites(const Node* node) {
  std::vector<world::SiteId> sites;
  for (const Node* item : items_of(node)) {
    if (!item->is_scalar()) continue;
    const auto place = place_of(scope(), item->text, item->span, faults);
    if (!place) continue;
    const auto more = world::sites_of(world, *place);
    if (more.empty())
      faults.error(item->span, "not-there", fmt::format("there is no site in {}", scenario::quoted(item->text)));
    if (!has_room_for(more.size(), item->span)) return {};
    sites.insert(sites.end(), more.begin(), more.end());
  }
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

std::vector<world::Need> Reading::needs(const Node* node) {
  constexpr Kinds needable = place_kinds | Kinds::link | Kinds::service | Kinds::operation;
  std::vector<world::Need> needs;
  for (const Node* item : items_of(node)) {
    world::Need need;
    const Entry* any_of = item->is_map() ? item->find("any_of") : nullptr;
    const std::vector<const Node*> names_of_it = any_of ? items_of(any_of->value) : items_of(item);
    if (any_of && names_of_it.empty()) {
      faults.error(any_of->key_span, "impossible-value", "a need with no alternatives can never be met");
    }
    for (const Node* name : names_of_it) {
      const auto target_found = target(scope(), needable, *name);
      if (target_found) need.any_of.push_back(*target_found);
      if (name->is_scalar()) need.text += fmt::format("{}{}", need.text.empty() ? "" : " or ", name->text);
    }
    if (!need.any_of.empty()) needs.push_back(std::move(need));
  }
  return needs;
}

std::optional<world::OperationId> Reading::operation(const Node* node) {
  if (!node || !node->is_scalar()) return std::nullopt;
  if (const auto* meaning = names.find(Kinds::operation, node->text)) return world::OperationId{meaning->index};
  if (const auto* service = names.find(Kinds::service, node->text)) {
    std::vector<std::string> options;
    for (const Entry& entry : entries_of(*section("services")[service->index].value, "operations")) {
      options.push_back(fmt::format("{}.{}", node->text, entry.key));
    }
    faults.error(node->span, "ambiguous-operation",
                 fmt::format("{} has operations of its own; one of them must be named", scenario::quoted(node->text)),
                 printable("write " + one_of({options.begin(), options.end()})));
    return std::nullopt;
  }
  names.report_unknown(Kinds::service | Kinds::operation, node->text, node->span, faults);
  return std::nullopt;
}

void Reading::note_currency(const std::string& written, const Span& span) {
  if (!currency) {
    currency = WrittenCurrency{written, span};
    world.currency = written;
  } else if (currency->currency != written) {
    faults.error(span, "currencies-differ",
                 fmt::format("{} here, and {} in {}:{}", printable(written), printable(currency->currency),
                             currency->span.source->path, currency->span.line),
                 "a scenario has one currency");
  }
}

quantity::MoneyRate Reading::money_rate(const Fields& fields, std::string_view key) {
  const auto money = quantity::parse_money_rate(fields.text(key));
  if (!money) return {};
  if (const Node* node = fields.written(key)) note_currency(money->currency, node->span);
  return money->rate;
}

}  // namespace knockon::scenario
