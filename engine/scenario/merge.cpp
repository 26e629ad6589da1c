#include "engine/scenario/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/scenario/path.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

NodePtr map_of(Nodes& nodes, std::span<const Entry> entries, const Span& span) {
  Node node;
  node.kind = Node::Kind::map;
  node.span = span;
  node.entries = nodes.add(entries);
  return nodes.add(node);
}

NodePtr map_of(Nodes& nodes, const Entry& entry, const Span& span) { return map_of(nodes, std::span{&entry, 1}, span); }

NodePtr list_of(Nodes& nodes, std::span<const NodePtr> items, const Span& span) {
  Node node;
  node.kind = Node::Kind::list;
  node.span = span;
  node.items = nodes.add(items);
  return nodes.add(node);
}

NodePtr child(NodePtr map, std::string_view key) {
  if (!map || !map->is_map()) return nullptr;
  const Entry* entry = map->find(key);
  return entry ? entry->value : nullptr;
}

std::vector<std::string_view> keys_of(NodePtr map) {
  std::vector<std::string_view> keys;
  if (map && map->is_map()) {
    for (const Entry& entry : map->entries) {
      if (!entry.value->is_removal()) keys.push_back(entry.key);
    }
  }
  return keys;
}

// A map or list with each of its values replaced by `replaced(entry, value)`, whose entry is null in a list; itself
// when that changes nothing, as in most of a big file. Null takes a value out.
template <class Replace>
NodePtr with_values(Nodes& nodes, NodePtr node, const Replace& replaced) {
  if (node->is_map()) {
    std::optional<std::vector<Entry>> copy;
    for (std::size_t i = 0; i < node->entries.size(); ++i) {
      const Entry& entry = node->entries[i];
      const NodePtr other = replaced(&entry, entry.value);
      if (other != entry.value && !copy)
        copy.emplace(node->entries.begin(), node->entries.begin() + static_cast<long>(i));
      if (copy && other) copy->push_back({entry.key, entry.key_span, other});
    }
    return copy ? map_of(nodes, *copy, node->span) : node;
  }
  std::optional<std::vector<NodePtr>> copy;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const NodePtr other = replaced(nullptr, node->items[i]);
    if (other != node->items[i] && !copy) copy.emplace(node->items.begin(), node->items.begin() + static_cast<long>(i));
    if (copy && other) copy->push_back(other);
  }
  return copy ? list_of(nodes, *copy, node->span) : node;
}

// How many values are still allowed: a few templates can make a small file stand for more than fits into memory.
class Allowance {
 public:
  void take(std::size_t values) { left_ -= std::min(left_, values); }
  [[nodiscard]] bool is_used_up() const { return left_ == 0; }
  static constexpr std::size_t whole = 3'000'000;

 private:
  std::size_t left_ = whole;
};

// Whether anything in it is a removal, as in most of a big file nothing is.
bool has_removal(const Node& node, Allowance& allowance) {
  allowance.take(1);
  if (allowance.is_used_up() || node.is_removal()) return node.is_removal();
  const auto has_one = [&](NodePtr value) { return has_removal(*value, allowance); };
  return std::any_of(node.entries.begin(), node.entries.end(),
                     [&](const Entry& entry) { return has_one(entry.value); }) ||
         std::any_of(node.items.begin(), node.items.end(), has_one);
}

NodePtr without_removals(Nodes& nodes, NodePtr node, Allowance& allowance) {
  allowance.take(1);
  if (allowance.is_used_up() || (!node->is_map() && !node->is_list())) return node;
  return with_values(nodes, node, [&](const Entry* entry, NodePtr value) {
    if (entry && value->is_removal()) return NodePtr{};
    return without_removals(nodes, value, allowance);
  });
}

// The record that a node of this type is read by, when it is a map or the short form of one.
const Record* record_in(const Type& type, const Node& node) {
  if (type.form == Form::record) return &type.record();
  if (type.form == Form::any && node.is_map()) {
    for (const Type& alternative : type.of) {
      if (alternative.form == Form::record) return &alternative.record();
    }
  }
  return nullptr;
}

// Follows `like` and puts `defaults` underneath, from the whole scenario inwards.
class Resolution {
 public:
  Resolution(Nodes& nodes, NodePtr scenario, Faults& faults)
      : nodes_{nodes},
        faults_{faults},
        templates_{child(scenario, "templates")},
        defaults_{child(scenario, "defaults")} {}

  [[nodiscard]] bool is_used_up() const { return allowance_.is_used_up() || is_too_deep_; }
  [[nodiscard]] bool is_too_deep() const { return is_too_deep_; }

  NodePtr resolved(const Type& type, NodePtr node) {
    allowance_.take(1);
    if (node->is_removal() || is_used_up() || reaches_bottom(*node)) return node;
    ++depth_;
    NodePtr result = resolved_inside(type, node);
    --depth_;
    return result;
  }

 private:
  // A default that holds what it is the default of would go on for ever.
  bool reaches_bottom(const Node& node) {
    if (depth_ < Limits{}.depth) return false;
    faults_.error(node.span, "too-deep",
                  fmt::format("with its defaults, nested more than {} levels deep", Limits{}.depth),
                  "does a default hold what it is the default of?");
    is_too_deep_ = true;
    return true;
  }

  NodePtr resolved_inside(const Type& type, NodePtr node) {
    if (const Record* record = record_in(type, *node)) return resolved(*record, node);
    if (type.form == Form::list) return resolved_list(type.of.front(), node);
    if (type.form == Form::entries && node->is_map()) return resolved_entries(type.of.front(), node);
    return node;
  }

  NodePtr resolved(const Record& record, NodePtr node) {
    if (node->is_scalar() && !record.main.empty() && child(defaults_, record.section)) {
      node = map_of(nodes_, {record.main, node->span, node}, node->span);
    }
    if (!node->is_map()) return node;
    const bool is_grouping = !record.main.empty() && !node->find(record.main);
    if (const NodePtr below = child(defaults_, record.section); below && below->is_map() && !is_grouping) {
      node = merged(nodes_, below, node);
      allowance_.take(node->entries.size());
    }
    return with_values(nodes_, node, [&](const Entry* entry, NodePtr value) {
      const Key* key = record.find(entry->key);
      return key ? resolved(key->type, value) : value;
    });
  }

  // What one map of entries has been made like so far.
  struct Siblings {
    NodePtr map;
    std::string_view section;
    // Looked up, never walked: its order reaches nothing.
    std::unordered_map<std::string_view, const Entry*> by_name;
    // Looked up, never walked: its order reaches nothing.
    std::unordered_map<std::string_view, NodePtr> done;
    std::vector<std::string> under_way;
  };

  NodePtr resolved_list(const Type& item_type, NodePtr node) {
    if (!node->is_list()) return resolved(item_type, node);
    return with_values(nodes_, node, [&](const Entry*, NodePtr item) { return resolved(item_type, item); });
  }

  NodePtr resolved_entries(const Type& entry_type, NodePtr map) {
    if (entry_type.form != Form::record) return map;
    const Record& record = entry_type.record();
    Siblings siblings{.map = map, .section = record.section, .by_name = {}, .done = {}, .under_way = {}};
    for (const Entry& entry : map->entries) siblings.by_name.emplace(entry.key, &entry);
    return with_values(nodes_, map, [&](const Entry* entry, NodePtr) {
      const NodePtr liked = made_like(siblings, *entry);
      return liked->is_removal() ? liked : resolved(record, liked);
    });
  }

  // The entry laid over what it is `like`, which is laid over what that is like, and so on.
  NodePtr made_like(Siblings& siblings, const Entry& entry) {
    if (!child(entry.value, "like") || is_used_up()) return entry.value;
    if (const auto found = siblings.done.find(entry.key); found != siblings.done.end()) return found->second;
    siblings.under_way.emplace_back(entry.key);
    NodePtr result = entry.value;
    if (const NodePtr like = child(entry.value, "like")) {
      const NodePtr own = without(nodes_, entry.value, {"like"});
      const NodePtr base = likeness(siblings, entry, *like);
      result = base ? merged(nodes_, base, own) : own;
      allowance_.take(result->entries.size());
    }
    siblings.under_way.pop_back();
    siblings.done.emplace(entry.key, result);
    return result;
  }

  NodePtr likeness(Siblings& siblings, const Entry& entry, const Node& like) {
    if (like.is_removal()) return nullptr;
    if (!like.is_scalar()) {
      faults_.error(like.span, "wrong-shape", fmt::format("`like` takes one name, not {}", text_of(like.kind)));
      return nullptr;
    }
    const auto sibling = siblings.by_name.find(like.text);
    if (like.text != entry.key && sibling != siblings.by_name.end() && !sibling->second->value->is_removal()) {
      if (closes_circle(siblings.under_way, like)) return nullptr;
      return made_like(siblings, *sibling->second);
    }
    const NodePtr section = child(templates_, siblings.section);
    if (child(section, like.text)) return liked_template(siblings.section, section, like);
    std::vector<std::string_view> candidates;
    if (suggestions_left_ > 0) {
      candidates = keys_of(siblings.map);
      for (const std::string_view name : keys_of(section)) candidates.push_back(name);
      candidates.erase(std::remove(candidates.begin(), candidates.end(), std::string_view{entry.key}),
                       candidates.end());
      suggestions_left_ -= std::min(suggestions_left_, candidates.size());
    }
    faults_.error(like.part(0, like.text.size()), "unknown-name",
                  fmt::format("nothing called {} to be like, neither beside it nor in templates.{}",
                              scenario::quoted(like.text), siblings.section),
                  did_you_mean(like.text, candidates));
    return nullptr;
  }

  NodePtr liked_template(std::string_view section_name, NodePtr section, const Node& like) {
    Siblings& siblings = template_siblings(section_name, section);
    if (closes_circle(siblings.under_way, like)) return nullptr;
    return made_like(siblings, *siblings.by_name.at(like.text));
  }

  Siblings& template_siblings(std::string_view section_name, NodePtr section) {
    const auto [place, is_new] = template_siblings_.try_emplace(
        section_name, Siblings{.map = section, .section = section_name, .by_name = {}, .done = {}, .under_way = {}});
    if (is_new) {
      for (const Entry& entry : section->entries) place->second.by_name.emplace(entry.key, &entry);
    }
    return place->second;
  }

  // Also says so when likenesses go on and on.
  bool closes_circle(const std::vector<std::string>& under_way, const Node& like) {
    if (under_way.size() > deepest_likeness) {
      faults_.error(like.part(0, like.text.size()), "too-deep",
                    fmt::format("more than {} entries are each `like` the next", deepest_likeness));
      return true;
    }
    const auto from = std::find(under_way.begin(), under_way.end(), like.text);
    if (from == under_way.end()) return false;
    std::string circle;
    for (auto name = from; name != under_way.end(); ++name) circle += *name + " -> ";
    faults_.error(like.part(0, like.text.size()), "circle",
                  fmt::format("`like` goes in a circle: {}{}", printable(circle), like.text),
                  "let one of them stand alone");
    return true;
  }

  static constexpr std::size_t deepest_likeness = 100;

  Nodes& nodes_;
  Faults& faults_;
  NodePtr templates_, defaults_;
  Allowance allowance_;
  std::size_t depth_ = 0;
  bool is_too_deep_ = false;
  std::size_t suggestions_left_ = 400'000;  // looking through a huge file for every misspelt name would take minutes
  std::map<std::string_view, Siblings> template_siblings_;
};

// ---- --set

class Setting {
 public:
  Setting(Nodes& nodes, const SourceText& option, std::size_t path_length, Faults& faults)
      : nodes_{nodes},
        path_{option, path_length, faults},
        whole_{path_.span(0, path_length)},
        steps_{path_.steps()},
        faults_{faults} {}

  // The scenario's piece that says the value, or null after a fault.
  NodePtr overlay(NodePtr scenario, NodePtr value) {
    if (steps_.empty()) return nullptr;
    Type root;
    root.form = Form::record;
    root.record = scenario_record;
    return laid_over(&root, scenario, 0, value);
  }

  [[nodiscard]] Span span() const { return whole_; }

 private:
  NodePtr refuse_step(const PathStep& step, const std::string& message, const std::string& hint = {}) {
    faults_.error(path_.span(step), "bad-set", message, hint);
    return nullptr;
  }

  // A piece for `node` (what stands there now, or null), of `type` (or null where the description ends), from step
  // `index` on.
  NodePtr laid_over(const Type* type, NodePtr node, std::size_t index, NodePtr value) {
    if (index == steps_.size()) return value;
    const PathStep& step = steps_[index];
    if (step.is_item) return refuse_step(step, "no list stands here");
    if (type && type->form == Form::any) type = type_with_parts(*type);
    if (type && type->form == Form::entries) return in_entries(*type, node, index, value);
    if (type && type->form == Form::keyed) return in_keyed(*type, node, index, value);
    if (type && type->form == Form::record) return in_record(*type, node, index, value);
    return in_map(nullptr, node, step.name, index, value);
  }

  NodePtr in_entries(const Type& type, NodePtr node, std::size_t index, NodePtr value) {
    const PathStep& step = steps_[index];
    if (!child(node, step.name)) {
      return refuse_step(step,
                         fmt::format("nothing called {} stands {}", scenario::quoted(step.name), path_.where(index)),
                         did_you_mean(step.name, keys_of(node)));
    }
    return in_map(&type.of.front(), node, step.name, index, value);
  }

  // Keys such as facebook.open-feed hold a dot themselves.
  NodePtr in_keyed(const Type& type, NodePtr node, std::size_t index, NodePtr value) {
    const PathStep& step = steps_[index];
    if (includes(type.kinds, Kinds::journey) && index + 1 < steps_.size() && !steps_[index + 1].is_item) {
      const PathStep& second = steps_[index + 1];
      return in_map(&type.of.front(), node, path_.joined(step, second), index + 1, value);
    }
    return in_map(&type.of.front(), node, step.name, index, value);
  }

  NodePtr in_record(const Type& type, NodePtr node, std::size_t index, NodePtr value) {
    const Record& record = type.record();
    const PathStep& step = steps_[index];
    const Key* key = record.find(step.name);
    if (index == 0 &&
        (!key || step.name == "use" || step.name == "extends" || step.name == "variants" || step.name == "knockon")) {
      std::vector<std::string_view> names;
      for (const Key& known : record.keys) names.push_back(known.name);
      return refuse_step(step, fmt::format("no section called {} can be set", scenario::quoted(step.name)),
                         did_you_mean(step.name, names));
    }
    return in_map(key ? &key->type : nullptr, node, step.name, index, value);
  }

  NodePtr in_map(const Type* type, NodePtr node, std::string_view name, std::size_t index, NodePtr value) {
    const PathStep& step = steps_[index];
    const NodePtr now = child(node, name);
    const bool into_list = index + 1 < steps_.size() && steps_[index + 1].is_item;
    const NodePtr inner = into_list ? in_list(type, now, index + 1, value) : laid_over(type, now, index + 1, value);
    if (!inner) return nullptr;
    const Span key_span = path_.span(step);
    return map_of(nodes_, {nodes_.add(name), key_span, inner}, key_span);
  }

  NodePtr in_list(const Type* type, NodePtr node, std::size_t index, NodePtr value) {
    const PathStep& step = steps_[index];
    if (!node) return refuse_step(step, "there is no list here that could have items");
    const Type* item_type = type && type->form == Form::list ? &type->of.front() : nullptr;
    const Record* record = item_type && item_type->form == Form::record ? &item_type->record() : nullptr;
    std::vector<NodePtr> items{node};
    if (node->is_list()) items.assign(node->items.begin(), node->items.end());
    const auto chosen = item_called(items, record, step.name);
    if (!chosen) {
      std::vector<std::string_view> names;
      for (NodePtr item : items) names.push_back(name_of_item(*item, record));
      return refuse_step(step, fmt::format("no item {} in this list", scenario::quoted(step.name)),
                         did_you_mean(step.name, names));
    }
    const bool is_last = index + 1 == steps_.size();
    const NodePtr inner = is_last ? value : laid_over(item_type, items[*chosen], index + 1, value);
    if (!inner) return nullptr;
    NodePtr item = items[*chosen];
    if (item->is_scalar() && inner->is_map() && record && !record->main.empty()) {
      item = map_of(nodes_, {record->main, item->span, item}, item->span);
    }
    items[*chosen] = merged(nodes_, item, inner);
    if (items[*chosen]->is_removal()) items.erase(items.begin() + static_cast<std::ptrdiff_t>(*chosen));
    return list_of(nodes_, items, node->span);
  }

  Nodes& nodes_;
  Path path_;
  Span whole_;
  const std::vector<PathStep>& steps_;
  Faults& faults_;
};

// ---- text

// U+0080 to U+009F, which terminals obey: C2 80 to C2 9F.
bool is_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

// What a bare scalar may hold anywhere, whatever stands beside it.
constexpr std::array<bool, 256> harmless_bytes = [] {
  std::array<bool, 256> harmless{};
  for (std::size_t byte = 0x20; byte < harmless.size(); ++byte) harmless[byte] = byte != 0x7F && byte != 0xC2;
  for (const char byte : {',', '[', ']', '{', '}', ':', '#'}) harmless[static_cast<unsigned char>(byte)] = false;
  return harmless;
}();

bool is_plain_scalar(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view{"-?:,[]{}#&*!|>'\"%@`~<= "}.find(text.front()) != std::string_view::npos) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (harmless_bytes[byte]) continue;
    if (byte < 0x20 || byte == 0x7F || is_control(text.substr(i))) return false;
    if (std::string_view{",[]{}"}.find(text[i]) != std::string_view::npos) return false;
    if (text[i] == ':' && i + 1 < text.size() && text[i + 1] == ' ') return false;
    if (text[i] == '#' && i > 0 && text[i - 1] == ' ') return false;
  }
  static constexpr std::string_view words[] = {"null", "Null", "NULL"};
  return std::find(std::begin(words), std::end(words), text) == std::end(words);
}

void append_scalar(std::string& text, std::string_view scalar) {
  if (is_plain_scalar(scalar)) {
    text += scalar;
    return;
  }
  text += '"';
  for (std::size_t i = 0; i < scalar.size(); ++i) {
    const auto byte = static_cast<unsigned char>(scalar[i]);
    if (is_control(scalar.substr(i))) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(scalar[++i]));
    } else if (scalar[i] == '"' || scalar[i] == '\\') {
      text += '\\';
      text += scalar[i];
    } else if (byte < 0x20 || byte == 0x7F) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += scalar[i];
    }
  }
  text += '"';
}

void append(std::string& text, const Node& node, std::size_t indent);

// What stands after "key:" or "-".
void append_value(std::string& text, const Node& node, std::size_t indent) {
  const bool is_empty = (node.is_map() && node.entries.empty()) || (node.is_list() && node.items.empty());
  if (is_empty) {
    text += node.is_map() ? " {}\n" : " []\n";
  } else if (node.is_map() || node.is_list()) {
    text += '\n';
    append(text, node, indent);
  } else if (node.is_removal()) {
    text += " ~\n";
  } else {
    text += ' ';
    append_scalar(text, node.text);
    text += '\n';
  }
}

void append(std::string& text, const Node& node, std::size_t indent) {
  for (const Entry& entry : node.entries) {
    text.append(indent, ' ');
    append_scalar(text, entry.key);
    text += ':';
    append_value(text, *entry.value, indent + 2);
  }
  for (NodePtr item : node.items) {
    text.append(indent, ' ');
    text += '-';
    append_value(text, *item, indent + 2);
  }
}

}  // namespace

std::string scalar_text(std::string_view text) {
  std::string result;
  append_scalar(result, text);
  return result;
}

NodePtr merged(Nodes& nodes, NodePtr below, NodePtr above) {
  if (!below || !below->is_map() || !above->is_map()) return above;
  std::vector<Entry> entries{below->entries.begin(), below->entries.end()};
  // Looked up, never walked: its order reaches nothing.
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < entries.size(); ++i) places.emplace(below->entries[i].key, i);
  for (const Entry& entry : above->entries) {
    const auto place = places.find(entry.key);
    if (place == places.end()) {
      entries.push_back(entry);
    } else {
      Entry& both = entries[place->second];
      both.value = merged(nodes, both.value, entry.value);
      both.key_span = entry.key_span;
    }
  }
  return map_of(nodes, entries, above->span);
}

NodePtr without(Nodes& nodes, NodePtr map, std::initializer_list<std::string_view> keys) {
  std::vector<Entry> entries;
  for (const Entry& entry : map->entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) entries.push_back(entry);
  }
  return map_of(nodes, entries, map->span);
}

NodePtr resolved(Nodes& nodes, NodePtr scenario, Faults& faults) {
  Resolution resolution{nodes, scenario, faults};
  Allowance allowance;
  const NodePtr world = without(nodes, scenario, {"templates", "defaults", "variants", "use", "extends"});
  Type whole;
  whole.form = Form::record;
  whole.record = scenario_record;
  NodePtr result = resolution.resolved(whole, world);
  if (resolution.is_too_deep()) return nullptr;
  if (!resolution.is_used_up() && has_removal(*result, allowance)) {
    allowance = {};
    result = without_removals(nodes, result, allowance);
  }
  if (!resolution.is_used_up() && !allowance.is_used_up()) return result;
  faults.error(
      scenario->span, "too-large",
      fmt::format("with everything that is `like` something, this stands for more than {} values", Allowance::whole));
  return nullptr;
}

NodePtr with_value_set(Nodes& nodes, NodePtr scenario, const SourceText& option, std::size_t path_length,
                       Faults& faults) {
  Nodes passing;  // a whole scenario resolved, of which a piece is wanted
  Setting setting{passing, option, path_length, faults};
  if (path_length >= option.text.size()) {
    faults.error(setting.span(), "bad-set", "an option without a value", "write path=value");
    return scenario;
  }
  Limits limits;
  const NodePtr value = parsed(option, passing, faults, limits, path_length + 1);
  if (!value) return scenario;
  // Lists that come by `like` or `defaults` must be seen, to change one of their items.
  Faults reported_later;
  NodePtr now = resolved(passing, scenario, reported_later);
  if (!now) return scenario;
  for (const std::string_view key : {"templates", "defaults"}) {
    if (const Entry* entry = scenario->find(key)) now = merged(passing, now, map_of(passing, *entry, scenario->span));
  }
  const NodePtr overlay = setting.overlay(now, value);
  return overlay ? merged(nodes, scenario, nodes.copy_of(*overlay)) : scenario;
}

std::string text_of(const Node& root) {
  std::string text;
  // The version first, as in every scenario.
  for (const Entry& entry : root.entries) {
    if (entry.key == "knockon") {
      text += "knockon:";
      append_value(text, *entry.value, 2);
    }
  }
  for (const Entry& entry : root.entries) {
    if (entry.key == "knockon") continue;
    append_scalar(text, entry.key);
    text += ':';
    append_value(text, *entry.value, 2);
  }
  return text;
}

}  // namespace knockon::scenario
