#include "engine/scenario/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/scenario/condition.hpp"
#include "engine/scenario/description.hpp"
#include "engine/scenario/names.hpp"
#include "engine/scenario/reading.hpp"
#include "engine/scenario/type_words.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

std::string expected_list(const Type& type) {
  std::vector<std::string_view> words;
  for (const Word& word : type.words) words.push_back(word.text);
  return one_of(words);
}

std::vector<std::string_view> words_of(const Type& type) {
  std::vector<std::string_view> words;
  for (const Word& word : type.words) words.push_back(word.text);
  return words;
}

const Word* word_in(const Type& type, std::string_view text) {
  const auto found =
      std::find_if(type.words.begin(), type.words.end(), [&](const Word& word) { return word.text == text; });
  return found == type.words.end() ? nullptr : &*found;
}

// What the text that is checked is to the scenario.
enum class Piece : std::uint8_t {
  whole,    // the scenario as it is run
  pattern,  // templates: what is made from them says what they say
  ground,   // defaults: the same, and they are like nothing
  variant,  // takes part when it is chosen
};

class Shape {
 public:
  Shape(Faults& faults, Piece piece) : faults_{faults}, piece_{piece} {}

  // Properties that were written as distributions, in file order.
  [[nodiscard]] std::vector<world::DrawnProperty> drawn() && { return std::move(drawn_); }

  // `owner` is the key or entry name that the value stands behind: where something missing is reported.
  void check(const Type& type, const Node& node, const Span& owner) {
    if (node.is_removal() || node.is_broken) return;
    switch (type.form) {
      case Form::record:
        return check_record(type, node, owner);
      case Form::entries:
        return check_entries(type, node);
      case Form::keyed:
        return check_keyed(type, node);
      case Form::points:
        return check_points(type, node);
      case Form::observations:
        return check_observations(type, node);
      case Form::settings:
        return check_settings(node);
      case Form::list:
        return check_list(type, node, owner);
      case Form::any:
        return check_any(type, node, owner);
      case Form::distribution:
        return check_distribution(type, node);
      default:
        return check_scalar(type, node);
    }
  }

 private:
  void error(const Span& span, std::string code, std::string message, std::string hint = {}) {
    faults_.error(span, std::move(code), std::move(message), std::move(hint));
  }
  [[nodiscard]] bool is_piece() const { return piece_ != Piece::whole; }

  // ---- scalars

  void check_scalar(const Type& type, const Node& node) {
    if (!node.is_scalar()) {
      return error(node.span, "wrong-shape",
                   fmt::format("{} is expected here, not {}", singular_of(type), text_of(node.kind)));
    }
    if (type.form == Form::word) return check_word(type, node);
    if (type.form == Form::verb) return check_verb_word(node);
    if (type.form == Form::text && node.text.empty()) return error(node.span, "bad-value", "an empty text");
    if (const auto wrong = wrong_with(type, node.text)) error(node.span, wrong->code, wrong->message, wrong->hint);
  }

  // A property of the world, drawn once a replication.
  void check_drawn(const Key& key, const Node& node) {
    auto values = drawn_of(node, key, &faults_);
    if (values) drawn_.push_back({.path = path_text(), .values = std::move(*values), .taken_by = {}});
  }

  void refuse_drawn(const Key& key, const Node& node) {
    error(node.span, "not-drawn",
          fmt::format("{} is the same in every replication: {}", scenario::quoted(key.name), key.not_drawn),
          "write one value");
  }

  // `services.feed.calls[auth.check].timeout`.
  [[nodiscard]] std::string path_text() const {
    std::string text;
    bool is_in_call = false;  // calls in groups are counted among those of the whole list
    for (std::size_t i = 0; i < path_.size(); ++i) {
      const Stop& stop = path_[i];
      if (stop.list == nullptr) {
        const bool is_group = is_in_call && i + 1 < path_.size() && path_[i + 1].list != nullptr &&
                              path_[i + 1].item_record == &call_record();
        if (!is_group) text.append(text.empty() ? "" : ".").append(stop.key);
      } else if (stop.item_record != &call_record()) {
        text += fmt::format("[{}]", stop.position);
      } else if (!std::exchange(is_in_call, true)) {
        text += fmt::format("[{}]", callee_at(i));
      }
    }
    return text;
  }

  // What the call that the path leads to through the list at this stop asks, and which of several in the list it is.
  [[nodiscard]] std::string callee_at(std::size_t stop) const {
    std::vector<std::string_view> before;
    const Node* call = nullptr;
    for (; stop < path_.size() && path_[stop].list != nullptr; stop += 2) {
      const std::vector<const Node*> items = Reading::items_of(path_[stop].list);
      for (std::size_t i = 0; i < path_[stop].position; ++i) add_callees(*items[i], before);
      call = items[path_[stop].position];
    }
    const std::string_view callee = callee_of(*call);
    const auto others = std::count(before.begin(), before.end(), callee);
    return others == 0 ? std::string{callee} : fmt::format("{}:{}", callee, others + 1);
  }

  static std::string_view callee_of(const Node& call) {
    if (call.is_scalar()) return call.text;
    const Entry* to = call.is_map() ? call.find("to") : nullptr;
    return to && to->value->is_scalar() ? std::string_view{to->value->text} : std::string_view{};
  }

  static void add_callees(const Node& call, std::vector<std::string_view>& callees) {
    bool is_group = false;
    for (const std::string_view key : {"any_of", "parallel"}) {
      const Entry* members = call.is_map() ? call.find(key) : nullptr;
      if (!members) continue;
      is_group = true;
      for (const Node* member : Reading::items_of(members->value)) add_callees(*member, callees);
    }
    if (!is_group) callees.push_back(callee_of(call));
  }

  static bool is_distribution_shaped(const Node& node) {
    return std::any_of(node.entries.begin(), node.entries.end(),
                       [](const Entry& entry) { return distribution_record().find(entry.key); });
  }

  static std::string singular_of(const Type& type) {
    switch (type.form) {
      case Form::reference:
        return "a name";
      case Form::condition:
        return "a condition in one line";
      case Form::promise:
        return "a promise in one line";
      case Form::word:
        return "one of the words " + expected_list(type);
      case Form::verb:
        return "a verb";
      case Form::range:
        return "a value or a range";
      default:
        return "one value";
    }
  }

  void check_word(const Type& type, const Node& node) {
    const Word* word = word_in(type, node.text);
    if (!word) {
      error(node.span, "unknown-word",
            fmt::format("{} is not known here; expected {}", scenario::quoted(node.text), expected_list(type)),
            did_you_mean(node.text, words_of(type)));
    }
  }

  void check_verb_word(const Node& node) {
    if (!world::verb_named(node.text)) unknown_verb(node, Use::none);
  }

  void unknown_verb(const Node& node, Use use) {
    std::vector<std::string_view> verbs;
    for (const VerbRow& row : verb_rows()) {
      if (use == Use::none || row.can_be(use)) verbs.push_back(world::text_of(row.verb));
    }
    error(node.span, "unknown-verb", fmt::format("no verb called {}", scenario::quoted(node.text)),
          did_you_mean(node.text, verbs));
  }

  void check_distribution(const Type& type, const Node& node) {
    if (node.is_list()) {
      error(node.span, "wrong-shape", "a list is not a distribution",
            "write {uniform: [5m, 15m]} or {empirical: [4m, 9m]}");
    } else {
      static_cast<void>(distribution_of(node, type.of.front(), &faults_));
    }
  }

  // ---- lists and choices

  void check_list(const Type& type, const Node& node, const Span& owner) {
    const Type& item_type = type.of.front();
    const Record* record = item_type.form == Form::record ? &item_type.record() : nullptr;
    path_.push_back({.key = {}, .list = &node, .item_record = record});
    if (!node.is_list()) check(item_type, node, owner);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      path_.back().position = i;
      check(item_type, *node.items[i], node.items[i]->span);
    }
    path_.pop_back();
  }

  void check_any(const Type& type, const Node& node, const Span& owner) {
    std::vector<const Type*> possible;
    for (const Type& alternative : type.of) {
      if (fits(alternative, node)) possible.push_back(&alternative);
    }
    if (possible.empty()) return check(type.of.front(), node, owner);
    for (const Type* alternative : possible) {
      if (!node.is_scalar() || is_right(*alternative, node)) return check(*alternative, node, owner);
    }
    // What comes nearest: the last, the most general; a plain number or share says best what was expected.
    check(*possible.front(), node, owner);
  }

  static bool fits(const Type& type, const Node& node) {
    switch (type.form) {
      case Form::record:
        return node.is_map() || (node.is_scalar() && !type.record().main.empty());
      case Form::entries:
      case Form::keyed:
      case Form::points:
        return node.is_map();
      case Form::list:
        return !node.is_map();
      case Form::distribution:
        return !node.is_list();
      case Form::settings:
        return node.is_map();
      default:
        return node.is_scalar();
    }
  }

  static bool is_right(const Type& type, const Node& node) {
    if (type.form == Form::word) return word_in(type, node.text) != nullptr;
    if (type.form == Form::distribution) return distribution_of(node, type.of.front(), nullptr).has_value();
    if (type.form == Form::range) return true;
    return !wrong_with(type, node.text);
  }

  // ---- maps

  bool is_map(const Node& node, const std::string& what) {
    if (node.is_map()) return true;
    error(node.span, "wrong-shape", fmt::format("{} is expected here, not {}", what, text_of(node.kind)));
    return false;
  }

  void check_entries(const Type& type, const Node& node) {
    const bool is_of_records = type.of.front().form == Form::record;
    const std::string_view noun = is_of_records ? type.of.front().record().name : std::string_view{"value"};
    if (!is_map(node, fmt::format("a map from names to {}s", noun == "scenario" ? "piece" : noun))) return;
    for (const Entry& entry : node.entries) {
      check_name(entry);
      if (is_of_records && !entry.value->is_map() && !entry.value->is_removal() && !entry.value->is_broken &&
          type.of.front().record().main.empty()) {
        error(entry.value->span, "wrong-shape",
              fmt::format("{} is a map, and {} is {}", with_article(noun), scenario::quoted(entry.key),
                          text_of(entry.value->kind)),
              "write {} for one with every default");
        continue;
      }
      path_.push_back({.key = entry.key});
      check(type.of.front(), *entry.value, entry.key_span);
      path_.pop_back();
    }
  }

  void check_name(const Entry& entry) {
    if (!is_name(entry.key)) report_bad_name(entry.key, entry.key_span, faults_);
  }

  void check_keyed(const Type& type, const Node& node) {
    if (!is_map(node, "a map from names to values")) return;
    for (const Entry& entry : node.entries) check(type.of.front(), *entry.value, entry.key_span);
  }

  // Which parameters a target has is known only when it is.
  void check_settings(const Node& node) {
    if (!is_map(node, "a map from parameters to values")) return;
    if (node.entries.empty())
      error(node.span, "impossible-value", "nothing is set", "write values: {per_replica: 10k/s}");
    for (const Entry& entry : node.entries) {
      if (entry.value->is_scalar() || entry.value->is_removal() || entry.value->is_broken) continue;
      error(entry.value->span, "wrong-shape",
            fmt::format("one value is expected here, not {}", text_of(entry.value->kind)));
    }
  }

  void check_points(const Type& type, const Node& node) {
    if (!is_map(node, "a map from local hours to levels")) return;
    if (node.entries.empty())
      error(node.span, "impossible-value", "a curve without points", "write {0h: 60%, 21h: 100%}");
    for (const Entry& entry : node.entries) {
      const auto hour = quantity::parse_local_hour(entry.key);
      if (!hour || hour->in_hours() >= 24) {
        error(entry.key_span, "bad-value",
              fmt::format("{} is not an hour of the day; expected 0h to 23h59m", scenario::quoted(entry.key)));
      }
      check(type.of.front(), *entry.value, entry.key_span);
    }
  }

  void check_observations(const Type& type, const Node& node) {
    if (!is_map(node, "a map from measures to values")) return;
    for (const Entry& entry : node.entries) {
      if (!looks_like_measure(entry.key)) {
        if (entry.value->is_map()) {
          check_name(entry);
        } else {
          error(entry.key_span, "unknown-word", fmt::format("no measure called {}", scenario::quoted(entry.key)),
                "a milestone is written NAME: {when: condition, value: 431m}");
          continue;
        }
      } else if (!entry.value->is_scalar()) {
        error(entry.value->span, "wrong-shape",
              fmt::format("a measure has a value or a range, not {}", text_of(entry.value->kind)));
        continue;
      }
      check(type.of.front(), *entry.value, entry.key_span);
    }
  }

  void check_record(const Type& type, const Node& node, const Span& owner) {
    const Record& record = type.record();
    const bool is_partial = type.is_partial || is_piece();
    if (!node.is_map()) return check_short_form(record, node, owner);
    const VerbRow* verb = record.use == Use::none ? nullptr : check_verb(record, node);
    for (const Entry& entry : node.entries) check_key(record, verb, node, entry, is_partial);
    if (is_partial) return;
    check_required(record, node, owner);
    check_choices(record, node, owner);
    if (!verb) return;
    check_target(*verb, node, owner);
    check_required_arguments(*verb, node, owner);
  }

  void check_short_form(const Record& record, const Node& node, const Span& owner) {
    const Key* main = record.main.empty() ? nullptr : record.find(record.main);
    if (main && node.is_scalar()) return check(main->type, node, owner);
    error(node.span, "wrong-shape", fmt::format("{} is a map, not {}", with_article(record.name), text_of(node.kind)));
  }

  const VerbRow* check_verb(const Record& record, const Node& node) {
    const Entry* entry = node.find("do");
    if (!entry || !entry->value->is_scalar()) return nullptr;
    const auto verb = world::verb_named(entry->value->text);
    if (!verb) {
      unknown_verb(*entry->value, record.use);
      return nullptr;
    }
    const VerbRow& row = row_of(*verb);
    if (!row.can_be(record.use)) {
      error(entry->value->span, "wrong-verb",
            fmt::format("a {} cannot {}", noun_of(record.use), scenario::quoted(entry->value->text)),
            printable(std::string{uses_of(row)}));
      return nullptr;
    }
    return &row;
  }

  static std::string uses_of(const VerbRow& row) {
    std::vector<std::string_view> uses;
    for (const Use use : row.uses) {
      if (use != Use::harm) uses.push_back(noun_of(use));
    }
    return fmt::format("it is what a {} does", one_of(uses));
  }

  static std::vector<std::string_view> known_keys(const Record& record, const VerbRow* verb) {
    std::vector<std::string_view> keys;
    for (const Key& key : record.keys) keys.push_back(key.name);
    if (verb) {
      for (const Key& key : verb->arguments) keys.push_back(key.name);
    }
    return keys;
  }

  void check_key(const Record& record, const VerbRow* verb, const Node& node, const Entry& entry, bool is_partial) {
    const Key* key = find_key(record, verb, entry.key);
    if (!key && entry.key == "like" && is_piece() && !record.section.empty()) {
      if (piece_ == Piece::ground)
        error(entry.key_span, "unknown-key", "defaults are not `like` anything",
              "make a template, and let entries be like that");
      return;
    }
    // A piece may change an argument of a verb that it does not repeat.
    if (!key && is_partial && record.use != Use::none && !verb) key = argument_of_any(entry.key);
    if (!key) return report_unknown(record, verb, entry);
    if (entry.value->is_removal()) return;
    if (record.name == scenario_record().name && entry.key == "knockon") return;  // each file's own has been judged
    if (!key->only_with.empty() && !is_partial && !node.find(key->only_with)) {
      error(
          entry.key_span, "wrong-argument",
          fmt::format("{} makes sense only beside {}", scenario::quoted(entry.key), scenario::quoted(key->only_with)));
    }
    path_.push_back({.key = entry.key});
    const bool is_spread = entry.value->is_map() && is_distribution_shaped(*entry.value);
    if (is_spread && is_drawable(*key)) {
      check_drawn(*key, *entry.value);
    } else if (is_spread && !key->not_drawn.empty()) {
      refuse_drawn(*key, *entry.value);
    } else {
      check(key->type, *entry.value, entry.key_span);
    }
    path_.pop_back();
  }

  static const Key* find_key(const Record& record, const VerbRow* verb, std::string_view name) {
    if (const Key* key = record.find(name)) return key;
    return verb ? argument_of(*verb, name) : nullptr;
  }

  static const Key* argument_of(const VerbRow& verb, std::string_view name) {
    for (const Key& key : verb.arguments) {
      if (key.name == name) return &key;
    }
    return nullptr;
  }

  static const Key* argument_of_any(std::string_view name) {
    for (const VerbRow& row : verb_rows()) {
      if (const Key* key = argument_of(row, name)) return key;
    }
    return nullptr;
  }

  void report_unknown(const Record& record, const VerbRow* verb, const Entry& entry) {
    if (entry.key == "like") {
      return error(entry.key_span, "unknown-key",
                   fmt::format("{} cannot be `like` another", with_article(record.name)));
    }
    if (verb && argument_of_any(entry.key)) {
      return error(entry.key_span, "wrong-argument",
                   fmt::format("{} takes no argument {}", scenario::quoted(world::text_of(verb->verb)),
                               scenario::quoted(entry.key)),
                   arguments_of(*verb));
    }
    // Without a known verb nobody can say which arguments belong here.
    if (record.use != Use::none && !verb && argument_of_any(entry.key)) return;
    if (faults_.is_full()) return error(entry.key_span, "unknown-key", {});
    std::string hint = did_you_mean(entry.key, known_keys(record, verb));
    if (hint.empty() && record.keys.size() <= 8) {
      const auto keys = known_keys(record, verb);
      hint = "it has " + one_of(keys);
      const std::size_t last = hint.rfind(" or ");
      if (last != std::string::npos) hint.replace(last, 4, " and ");
    }
    error(entry.key_span, "unknown-key",
          fmt::format("{} has no key {}", with_article(record.name), scenario::quoted(entry.key)), hint);
  }

  static std::string arguments_of(const VerbRow& verb) {
    if (verb.arguments.empty()) return "it takes none";
    std::vector<std::string_view> names;
    for (const Key& key : verb.arguments) names.push_back(key.name);
    return "it takes " + one_of(names);
  }

  void check_required(const Record& record, const Node& node, const Span& owner) {
    for (const Key& key : record.keys) {
      if (!key.is_required || node.find(key.name) || key.name == "knockon") continue;
      error(owner, "missing-key", fmt::format("this {} has no {}", record.name, scenario::quoted(key.name)),
            fmt::format("add {}: {}", key.name, key.doc));
    }
  }

  void check_required_arguments(const VerbRow& verb, const Node& node, const Span& owner) {
    for (const Key& key : verb.arguments) {
      if (!key.is_required || node.find(key.name)) continue;
      error(owner, "missing-key",
            fmt::format("{} has no {}", scenario::quoted(world::text_of(verb.verb)), scenario::quoted(key.name)),
            fmt::format("add {}: {}", key.name, key.doc));
    }
  }

  void check_choices(const Record& record, const Node& node, const Span& owner) {
    check_at_most_one(record.exactly_one, record, node);
    check_at_most_one(record.at_most_one, record, node);
    const auto is_there = [&](std::string_view key) { return node.find(key) != nullptr; };
    if (!record.exactly_one.empty() && std::none_of(record.exactly_one.begin(), record.exactly_one.end(), is_there)) {
      error(owner.source ? owner : node.span, "missing-key",
            fmt::format("this {} has none of {}", record.name, one_of(record.exactly_one)));
    }
  }

  void check_at_most_one(const std::vector<std::string_view>& keys, const Record& record, const Node& node) {
    const Entry* first = nullptr;
    for (const std::string_view key : keys) {
      const Entry* entry = node.find(key);
      if (entry && first) {
        error(entry->key_span, "wrong-shape",
              fmt::format("{} has either {} or {}, not both", with_article(record.name), scenario::quoted(first->key),
                          scenario::quoted(entry->key)));
      }
      if (entry) first = entry;
    }
  }

  void check_target(const VerbRow& verb, const Node& node, const Span& owner) {
    const Entry* target = node.find("target");
    const std::string_view text = world::text_of(verb.verb);
    if (verb.target_rule == TargetRule::required && !target) {
      error(owner, "missing-key", fmt::format("{} needs a target", scenario::quoted(text)),
            "add target: the name of what it acts on");
    }
    if (verb.target_rule == TargetRule::refused && target) {
      error(target->key_span, "wrong-argument", fmt::format("{} takes no target", scenario::quoted(text)));
    }
  }

  Faults& faults_;
  Piece piece_;
  // From the root to what is checked: a key, or an item of the list behind the key before it.
  struct Stop {
    std::string_view key;
    const Node* list = nullptr;
    const Record* item_record = nullptr;
    std::size_t position = 0;
  };
  std::vector<Stop> path_;
  std::vector<world::DrawnProperty> drawn_;
};

}  // namespace

std::vector<world::DrawnProperty> check_shape(const Node& scenario, Faults& faults) {
  Type type;
  type.form = Form::record;
  type.record = scenario_record;
  Shape shape{faults, Piece::whole};
  shape.check(type, scenario, scenario.span);
  return std::move(shape).drawn();
}

void check_pieces(const Node& scenario, Faults& faults) {
  for (const std::string_view name :
       {std::string_view{"templates"}, std::string_view{"defaults"}, std::string_view{"variants"}}) {
    const Entry* entry = scenario.find(name);
    if (!entry) continue;
    const Key* key = scenario_record().find(name);
    Type type = key->type;
    type.is_partial = true;
    const Piece piece = name == "variants" ? Piece::variant : name == "templates" ? Piece::pattern : Piece::ground;
    Shape{faults, piece}.check(type, *entry->value, entry->key_span);
  }
}

}  // namespace knockon::scenario
