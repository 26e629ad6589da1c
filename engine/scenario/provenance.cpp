#include "engine/scenario/provenance.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "engine/scenario/description.hpp"
#include "engine/scenario/merge.hpp"
#include "engine/scenario/path.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

constexpr std::size_t line_width = 88;

std::string origin_of(const Span& span) {
  if (!span.source) return {};
  const bool is_option = span.source->path.starts_with("--");
  return is_option ? span.source->path : fmt::format("{}:{}", printable(span.source->path), span.line);
}

bool is_leaf(const Node& node) {
  return node.is_scalar() || node.is_removal() || (node.entries.empty() && node.items.empty());
}

// Whether everything in it was said in one line; which one is noted in `line` by the first leaf.
bool is_of_one_line(const Node& node, std::optional<Span>& line) {
  if (is_leaf(node)) {
    if (!line) line = node.span;
    return line->source == node.span.source && line->line == node.span.line;
  }
  for (const Entry& entry : node.entries) {
    if (!is_of_one_line(*entry.value, line)) return false;
  }
  for (const NodePtr item : node.items) {
    if (!is_of_one_line(*item, line)) return false;
  }
  return true;
}

std::string leaf_text(const Node& node) {
  if (node.is_map()) return "{}";
  if (node.is_list()) return "[]";
  return node.is_removal() ? "~" : scalar_text(node.text);
}

std::string text_in_one_line(const Node& node) {
  if (is_leaf(node)) return leaf_text(node);
  std::string text;
  for (const Entry& entry : node.entries) {
    text += (text.empty() ? "" : ", ") + scalar_text(entry.key) + ": " + text_in_one_line(*entry.value);
  }
  for (const NodePtr item : node.items) text += (text.empty() ? "" : ", ") + text_in_one_line(*item);
  return node.is_map() ? "{" + text + "}" : "[" + text + "]";
}

class Lines {
 public:
  // `head` is what stands before the value: "feed:" or "-".
  void add(const std::string& head, const Node& node, std::size_t indent) {
    const std::string start = std::string(indent, ' ') + head;
    std::optional<Span> line;
    if (is_leaf(node) || is_of_one_line(node, line)) {
      std::string text = start + ' ' + text_in_one_line(node);
      if (is_leaf(node) || characters_in(text) <= line_width) {
        lines_.push_back({std::move(text), origin_of(line ? *line : node.span)});
        return;
      }
    }
    add_parts(start, node, indent);
  }

  void add_section(const Entry& section) {
    if (!lines_.empty() && !is_leaf(*section.value)) lines_.push_back({});
    const std::string head = scalar_text(section.key) + ':';
    // A section is opened even where it would fit in one line: eyes look for them at the left.
    is_leaf(*section.value) ? add(head, *section.value, 0) : add_parts(head, *section.value, 0);
  }

  [[nodiscard]] std::vector<ShownLine> taken() { return std::move(lines_); }

 private:
  void add_parts(const std::string& start, const Node& node, std::size_t indent) {
    lines_.push_back({start, {}});
    for (const Entry& entry : node.entries) add(scalar_text(entry.key) + ':', *entry.value, indent + 2);
    for (const NodePtr item : node.items) add("-", *item, indent + 2);
  }

  std::vector<ShownLine> lines_;
};

// Follows a path through a resolved scenario, and the description beside it.
class Walk {
 public:
  Walk(const SourceText& option, Faults& faults) : path_{option, option.text.size(), faults}, faults_{faults} {
    at_.form = Form::record;
    at_.record = scenario_record;
  }

  std::optional<std::vector<ShownLine>> from(const Node& root) {
    node_ = &root;
    if (path_.steps().empty()) return std::nullopt;
    for (index_ = 0; index_ < path_.steps().size(); ++index_) {
      const bool goes_on = path_.steps()[index_].is_item ? enter_item() : enter_key();
      if (!goes_on) return fallback_ ? std::optional{std::vector{*fallback_}} : std::nullopt;
    }
    Lines lines;
    lines.add(head_, *node_, 0);
    return lines.taken();
  }

 private:
  bool refuse(const std::string& message, const std::string& hint) {
    faults_.error(path_.span(path_.steps()[index_]), "bad-path", message, hint);
    return false;
  }

  bool enter_key() {
    if (at_.form == Form::any) choose_alternative();
    const PathStep& step = path_.steps()[index_];
    const Record* record = at_.form == Form::record ? &at_.record() : nullptr;
    if (const Entry* entry = entry_called(step)) {
      head_ = scalar_text(entry->key) + ':';
      const Key* key = record ? key_of(*record, entry->key) : nullptr;
      descend(key ? &key->type : record ? nullptr : inner_type(), *entry->value);
      return true;
    }
    const bool is_short_form = record && node_->is_scalar() && record->main == step.name;
    if (is_short_form) {
      head_ = std::string{step.name} + ':';
      descend(&record->find(step.name)->type, *node_);
      return true;
    }
    if (const Key* key = record ? key_of(*record, step.name) : nullptr) return tell_default(*key);
    return refuse(fmt::format("nothing called {} stands {}", scenario::quoted(step.name), path_.where(index_)),
                  did_you_mean(step.name, candidates(record)));
  }

  // The entry of that name; also one whose name holds a dot, as in facebook.open-feed.
  const Entry* entry_called(const PathStep& step) {
    if (!node_->is_map()) return nullptr;
    if (const Entry* entry = node_->find(step.name)) return entry;
    const bool is_last = index_ + 1 == path_.steps().size();
    if (is_last || path_.steps()[index_ + 1].is_item) return nullptr;
    const Entry* entry = node_->find(path_.joined(step, path_.steps()[index_ + 1]));
    if (entry) ++index_;
    return entry;
  }

  bool enter_item() {
    const PathStep& step = path_.steps()[index_];
    if (at_.form == Form::any) choose_alternative();
    const Type* item_type = at_.form == Form::list ? &at_.of.front() : nullptr;
    const Record* record = item_type && item_type->form == Form::record ? &item_type->record() : nullptr;
    if (!node_->is_list() && !item_type) return refuse("no list stands here", "");
    // A single one needs no brackets.
    const NodePtr itself = node_;
    const std::span<const NodePtr> items = node_->is_list() ? node_->items : std::span{&itself, 1};
    const auto chosen = item_called(items, record, step.name);
    if (!chosen) {
      std::vector<std::string_view> names;
      for (const NodePtr item : items) names.push_back(name_of_item(*item, record));
      return refuse(fmt::format("no item {} in this list", scenario::quoted(step.name)),
                    did_you_mean(step.name, names));
    }
    head_ = "-";
    descend(item_type, *items[*chosen]);
    return true;
  }

  void choose_alternative() {
    const Type* alternative = type_with_parts(at_);
    at_ = alternative ? Type{*alternative} : Type{};
  }

  const Type* inner_type() const { return at_.of.empty() ? nullptr : &at_.of.front(); }

  void descend(const Type* type, const Node& node) {
    at_ = type ? Type{*type} : Type{};
    node_ = &node;
  }

  // A key of the record, or an argument of the verb that stands in it.
  const Key* key_of(const Record& record, std::string_view name) const {
    if (const Key* key = record.find(name)) return key;
    const Entry* verb = record.use != Use::none && node_->is_map() ? node_->find("do") : nullptr;
    const auto known = verb ? world::verb_named(verb->value->text) : std::nullopt;
    if (!known) return nullptr;
    for (const Key& argument : row_of(*known).arguments) {
      if (argument.name == name) return &argument;
    }
    return nullptr;
  }

  bool tell_default(const Key& key) {
    const bool is_last = index_ + 1 == path_.steps().size();
    const std::string name{key.name};
    if (is_last && !key.fallback.empty()) {
      fallback_ = ShownLine{fmt::format("{}: {}", name, scalar_text(key.fallback)), "the default"};
      return false;
    }
    if (is_last && !key.derived.empty()) {
      fallback_ = ShownLine{fmt::format("# {}: {}", name, key.derived), "the default"};
      return false;
    }
    return refuse(fmt::format("nothing is said about {} {}", scenario::quoted(name), path_.where(index_)), "");
  }

  std::vector<std::string_view> candidates(const Record* record) const {
    std::vector<std::string_view> names;
    for (const Entry& entry : node_->entries) names.emplace_back(entry.key);
    if (record) {
      for (const Key& key : record->keys) names.push_back(key.name);
    }
    return names;
  }

  Path path_;
  Faults& faults_;
  std::size_t index_ = 0;
  Type at_;
  const Node* node_ = nullptr;
  std::string head_;
  std::optional<ShownLine> fallback_;
};

}  // namespace

std::vector<ShownLine> shown(const Node& root) {
  Lines lines;
  // The version first, as in every scenario.
  if (const Entry* version = root.find("knockon")) lines.add_section(*version);
  for (const Entry& entry : root.entries) {
    if (entry.key != "knockon") lines.add_section(entry);
  }
  return lines.taken();
}

std::optional<std::vector<ShownLine>> shown_at(const Node& root, const SourceText& option, Faults& faults) {
  return Walk{option, faults}.from(root);
}

}  // namespace knockon::scenario
