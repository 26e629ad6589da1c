#include "engine/scenario/live_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/scenario/values.hpp"
#include "engine/world/parameters.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

// A thing as its author wrote it, and the record it was read by.
struct Written {
  const Record* record;
  const Node* node;
};

const Node* entry_at(const std::span<const Entry> entries, std::size_t index) {
  return index < entries.size() ? entries[index].value : nullptr;
}

// The `index`-th of the things that stand inside the entries of a section under `key`.
const Node* inner_at(const Reading& reading, std::string_view section, std::string_view key, std::size_t index) {
  for (const Entry& owner : reading.section(section)) {
    const std::span<const Entry> inner = Reading::entries_of(*owner.value, key);
    if (index < inner.size()) return inner[index].value;
    index -= inner.size();
  }
  return nullptr;
}

Written written_operation(const Reading& reading, world::OperationId id) {
  const world::Operation& operation = reading.world[id];
  const Node* service = entry_at(reading.section("services"), operation.service.index());
  const std::span<const Entry> own = Reading::entries_of(*service, "operations");
  const std::size_t first = reading.world[operation.service].operations.front().index();
  if (own.empty()) return {&service_record(), service};
  return {&operation_record(), entry_at(own, id.index() - first)};
}

std::optional<Written> written(const Reading& reading, const world::Subject& subject) {
  const auto of_section = [&](const Record& record, std::string_view section, std::size_t index) {
    return std::optional{Written{&record, entry_at(reading.section(section), index)}};
  };
  if (const auto* id = std::get_if<world::RegionId>(&subject))
    return of_section(region_record(), "regions", id->index());
  if (const auto* id = std::get_if<world::LinkId>(&subject)) return of_section(link_record(), "links", id->index());
  if (const auto* id = std::get_if<world::ServiceId>(&subject))
    return of_section(service_record(), "services", id->index());
  if (const auto* id = std::get_if<world::SessionId>(&subject))
    return of_section(session_record(), "sessions", id->index());
  if (const auto* id = std::get_if<world::AppId>(&subject)) return of_section(app_record(), "apps", id->index());
  if (const auto* id = std::get_if<world::PopulationId>(&subject))
    return of_section(population_record(), "populations", id->index());
  if (const auto* id = std::get_if<world::OperationId>(&subject)) return written_operation(reading, *id);
  if (const auto* id = std::get_if<world::JourneyId>(&subject))
    return Written{&journey_record(), inner_at(reading, "apps", "journeys", id->index())};
  return std::nullopt;
}

bool is_live(const Type& type) {
  switch (type.form) {
    case Form::flag:
    case Form::whole:
    case Form::count:
    case Form::share:
    case Form::rate:
    case Form::share_rate:
    case Form::duration:
    case Form::data_rate:
    case Form::distribution:
      return true;
    case Form::any:
      return std::any_of(type.of.begin(), type.of.end(), is_live);
    default:
      return false;
  }
}

std::vector<std::string_view> names_in(const Record& record) {
  std::vector<std::string_view> names;
  for (const Key& key : record.keys) names.push_back(key.name);
  return names;
}

std::string_view main_of(const Node& item, const Record& record) {
  if (item.is_scalar()) return item.text;
  const Entry* main = item.is_map() && !record.main.empty() ? item.find(record.main) : nullptr;
  return main && main->value->is_scalar() ? std::string_view{main->value->text} : std::string_view{};
}

// Follows one path from a thing's record to the type of the parameter.
class Path {
 public:
  Path(const Entry& setting, Faults& faults) : setting_{setting}, rest_{setting.key}, faults_{faults} {}

  const Type* type_from(Written at) {
    while (true) {
      const std::string_view name = take_name();
      const Key* key = at.record->find(name);
      if (!key) {
        return refuse(
            name, fmt::format("{} has no {} that could be set", with_article(at.record->name), scenario::quoted(name)),
            did_you_mean(name, names_in(*at.record)));
      }
      const Entry* entry = at.node && at.node->is_map() ? at.node->find(name) : nullptr;
      const Type* type = &key->type;
      const Node* node = entry ? entry->value : nullptr;
      if (!rest_.empty() && rest_.front() == '[') {
        if (!take_item(*type, node)) return nullptr;
        type = &type->of.front();
      }
      if (rest_.empty()) return is_live(*type) ? type : refuse_dead(name, *type);
      if (rest_.front() != '.' || type->form != Form::record) return refuse_dead(name, *type);
      rest_.remove_prefix(1);
      at = {&type->record(), node};
    }
  }

 private:
  std::string_view take_name() {
    const std::string_view name = rest_.substr(0, rest_.find_first_of(".["));
    rest_.remove_prefix(name.size());
    return name;
  }

  // `[auth.check]`: the item of the list with this main key, which then is `node`.
  bool take_item(const Type& type, const Node*& node) {
    const std::size_t close = rest_.find(']');
    const std::string_view name = rest_.substr(1, close == std::string_view::npos ? close : close - 1);
    const bool is_list = type.form == Form::list && type.of.front().form == Form::record;
    if (close == std::string_view::npos || name.empty() || !is_list) {
      refuse(rest_, "a list item is written as calls[auth.check]", {});
      return false;
    }
    const auto items = Reading::items_of(node);
    const Record& record = type.of.front().record();
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const Node* one) { return main_of(*one, record) == name; });
    if (item == items.end()) {
      std::vector<std::string_view> names;
      for (const Node* one : items) names.push_back(main_of(*one, record));
      refuse(name, fmt::format("no item {} in this list", scenario::quoted(name)), did_you_mean(name, names));
      return false;
    }
    node = *item;
    rest_.remove_prefix(close + 1);
    return true;
  }

  const Type* refuse_dead(std::string_view name, const Type& type) {
    const bool is_record = type.form == Form::record;
    std::string_view example;
    if (is_record) {
      for (const Key& key : type.record().keys) {
        if (example.empty() && is_live(key.type)) example = key.name;
      }
    }
    return refuse(name,
                  is_record ? fmt::format("{} has keys of its own; one of them must be named", scenario::quoted(name))
                            : fmt::format("{} is not a number or a flag, and cannot change while it runs",
                                          scenario::quoted(name)),
                  example.empty() ? "" : printable(fmt::format("write {}.{}", name, example)));
  }

  const Type* refuse(std::string_view part, std::string message, std::string hint) {
    const auto offset = static_cast<std::size_t>(part.data() - setting_.key.data());
    Node key;
    key.text = setting_.key;
    key.span = setting_.key_span;
    key.text_column = setting_.key_span.column;
    key.verbatim = setting_.key_span.end_column == setting_.key_span.column + characters_in(setting_.key);
    faults_.error(key.part(offset, part.size()), "bad-set", std::move(message), std::move(hint));
    return nullptr;
  }

  const Entry& setting_;
  std::string_view rest_;
  Faults& faults_;
};

// The type of one number or flag: of several that a parameter may be, the first that the text is.
const Type& plain_type(const Type& type, std::string_view text) {
  if (type.form == Form::distribution) return type.of.front();
  if (type.form != Form::any) return type;
  const Type* first = nullptr;
  for (const Type& alternative : type.of) {
    if (!is_live(alternative)) continue;
    if (!wrong_with(alternative, text)) return alternative;
    if (!first) first = &alternative;
  }
  return *first;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Why what a thing may have cannot be set while it runs.
void refuse_fixed(Reading& reading, const Entry& entry, const world::Target& target) {
  const std::string_view path = entry.key;
  const auto* service = std::get_if<world::ServiceId>(&target.subject);
  const std::string_view first = path.substr(0, path.find_first_of(".["));
  const bool is_of_operations = first == "latency" || first == "calls" || first == "fallback";
  if (service && is_of_operations && !reading.world[*service].operations.empty()) {
    const std::string& some = reading.world[reading.world[*service].operations.front()].name;
    if (some != reading.world[*service].name) {
      return reading.faults.error(
          entry.key_span, "bad-set",
          fmt::format("{} has operations, each with its own", scenario::quoted(reading.world[*service].name)),
          printable(fmt::format("name one of them, such as {}", some)));
    }
  }
  const auto ends = [path](std::string_view end) { return ends_with(path, end); };
  const bool is_there_or_not = ends(".deadline") || ends(".late") || ends(".stale") || ends(".expires") ||
                               path.find('.') != std::string_view::npos;
  const bool is_of_people = std::holds_alternative<world::PopulationId>(target.subject) ||
                            std::holds_alternative<world::SessionId>(target.subject) ||
                            std::holds_alternative<world::AppId>(target.subject);
  if (is_there_or_not && !is_of_people && !ends("cache.entries") && !ends("restart.order")) {
    return reading.faults.error(
        entry.key_span, "bad-set",
        fmt::format("{} has no {} that could change", scenario::quoted(world::name_of(reading.world, target)),
                    scenario::quoted(path)),
        "write it where the thing is described, and set it to something else here");
  }
  reading.faults.error(entry.key_span, "bad-set",
                       fmt::format("{} is read once, before anything happens", scenario::quoted(path)),
                       "capacity, latency, calls, limits of queues, caches, names and autoscalers can change");
}

std::optional<double> value_of(const Type& type, const Node& node, Faults& faults) {
  if (!node.is_scalar()) return std::nullopt;
  const Type& plain = plain_type(type, node.text);
  if (const auto wrong = wrong_with(plain, node.text)) {
    faults.error(node.span, wrong->code, wrong->message, wrong->hint);
    return std::nullopt;
  }
  if (plain.form == Form::flag) return *flag_of(node.text) ? 1 : 0;
  return number_of(plain, node.text);
}

}  // namespace

std::vector<world::Setting> settings_of(Reading& reading, const Node* values,
                                        const std::vector<world::Target>& targets) {
  std::vector<world::Setting> settings;
  if (!values || !values->is_map()) return settings;
  for (const Entry& entry : values->entries) {
    std::optional<double> value;
    for (const world::Target& target : targets) {
      const auto thing = written(reading, target.subject);
      if (!thing) {
        reading.faults.error(entry.key_span, "bad-set",
                             fmt::format("{} has no parameters that could be set",
                                         scenario::quoted(world::name_of(reading.world, target))),
                             "name what is in it");
        continue;
      }
      const Type* type = Path{entry, reading.faults}.type_from(*thing);
      if (type && !world::parameter_of(reading.world, target.subject, entry.key)) {
        refuse_fixed(reading, entry, target);
        continue;
      }
      if (type) value = value_of(*type, *entry.value, reading.faults);
    }
    if (value) settings.push_back({.path = std::string{entry.key}, .value = *value});
  }
  return settings;
}

}  // namespace knockon::scenario
