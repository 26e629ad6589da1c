#include "engine/scenario/document.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "engine/scenario/complaint.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/readable_text.hpp"

namespace knockon::scenario {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// A line from its character `column`, from 0, on.
std::string_view from_character(std::string_view line, std::size_t column) {
  std::size_t at = 0;
  for (; column > 0 && at < line.size(); --column) {
    do ++at;
    while (at < line.size() && continues_character(line[at]));
  }
  return line.substr(at);
}

std::string_view text_of(const yaml_char_t* text) {
  return text ? std::string_view{reinterpret_cast<const char*>(text)} : std::string_view{};
}

// What the parser says next; owned, and given back.
class Event {
 public:
  explicit Event(yaml_parser_t& parser) : is_there_{yaml_parser_parse(&parser, &event_) != 0} {}
  ~Event() {
    if (is_there_) yaml_event_delete(&event_);
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  [[nodiscard]] bool is_there() const { return is_there_; }
  [[nodiscard]] yaml_event_type_t type() const { return event_.type; }
  [[nodiscard]] const yaml_event_t& operator*() const { return event_; }

 private:
  yaml_event_t event_{};
  bool is_there_;
};

class Parser {
 public:
  // REQUIRES: the text outlives it.
  explicit Parser(std::string_view text) {
    if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc{};
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  [[nodiscard]] Event next() { return Event{parser_}; }
  [[nodiscard]] Complaint complaint(const SourceText& source) const {
    return {.problem = parser_.problem ? parser_.problem : "",
            .context = parser_.context ? parser_.context : "",
            .at = span_at(source, parser_.problem_mark.line, parser_.problem_mark.column),
            .began_at = span_at(source, parser_.context_mark.line, parser_.context_mark.column)};
  }

 private:
  yaml_parser_t parser_{};
};

// The keys of a map that is being read: few are compared, many are looked up.
class Keys {
 public:
  // Where among the entries the key stands already.
  [[nodiscard]] std::optional<std::size_t> place_of(std::span<const Entry> entries, std::string_view key) {
    if (entries.size() < few) {
      const auto same =
          std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
      return same == entries.end() ? std::nullopt : std::optional{static_cast<std::size_t>(same - entries.begin())};
    }
    for (std::size_t i = places_.size(); i < entries.size(); ++i) places_.emplace(entries[i].key, i);
    const auto found = places_.find(key);
    return found == places_.end() ? std::nullopt : std::optional{found->second};
  }

 private:
  static constexpr std::size_t few = 16;
  // Looked up, never walked: its order reaches nothing.
  std::unordered_map<std::string_view, std::size_t> places_;
};

// What stands at the end of `elements`, from `first` on: taken off, into `nodes`.
template <class Element>
std::span<const Element> taken_from(std::vector<Element>& elements, std::size_t first, Nodes& nodes) {
  const auto taken = nodes.add(std::span<const Element>{elements}.subspan(first));
  elements.resize(first);
  return taken;
}

// What a text is read as: a scenario leaves out much of what YAML has, and files for other tools do not.
enum class Dialect : std::uint8_t { scenario, plain };

// Builds the tree from the parser's events.
class Builder {
 public:
  Builder(const SourceText& source, Nodes& nodes, Faults& faults, Limits& left, Dialect dialect)
      : source_{source}, nodes_{nodes}, faults_{faults}, left_{left}, dialect_{dialect} {}

  [[nodiscard]] NodePtr root() const { return root_; }
  // Values that are missing; in a text that is not YAML they are rather a sign of what is wrong with it.
  [[nodiscard]] const Faults& empty_values() const { return empty_values_; }

  // False when no more can be taken, which has been reported.
  [[nodiscard]] bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_ALIAS_EVENT:
        return take_alias(event);
      case YAML_SCALAR_EVENT:
        return take_scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, Node::Kind::list, event.data.sequence_start.anchor, event.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return open(event, Node::Kind::map, event.data.mapping_start.anchor, event.data.mapping_start.tag);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close();
      default:
        return true;
    }
  }

 private:
  struct Key {
    std::string_view text;
    Span span;
    bool is_broken = false;
  };
  struct Frame {
    Node node;  // without what stands in it, until it is closed
    std::string anchor;
    std::size_t first_value = 0;                  // how many values there were before it
    std::size_t deepest = 0;                      // depth reached inside
    std::size_t first_entry = 0, first_item = 0;  // of its own, among those of all that is open
    std::optional<Key> key;
    Keys keys;
    std::vector<NodePtr> merged;  // what stands behind <<, which YAML has elsewhere
  };
  struct Anchored {
    NodePtr node = nullptr;  // while it is being read
    std::size_t size = 0, depth = 0;
  };

  bool refuse(const Span& span, const char* code, std::string message, const char* hint) {
    faults_.error(span, code, std::move(message), hint);
    return false;
  }

  Node node_at(const yaml_event_t& event, Node::Kind kind) const {
    Node node;
    node.kind = kind;
    node.span = span_at(source_, event.start_mark.line, event.start_mark.column);
    node.text_column = node.span.column;
    return node;
  }

  // ---- scalars

  bool take_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    if (scalar.tag) refuse_tag(event);
    Node node = node_at(event, Node::Kind::scalar);
    node.text = nodes_.add({reinterpret_cast<const char*>(scalar.value), scalar.length});
    find_extent(event, node);
    if (dialect_ == Dialect::scenario) refuse_hidden(node);
    if (scalar.style == YAML_PLAIN_SCALAR_STYLE) take_null(node);
    return place(node, text_of(scalar.anchor));
  }

  // What the plain texts that mean nothing in YAML mean here.
  void take_null(Node& node) {
    if (node.text == "~") {
      node.kind = Node::Kind::removal;
      node.text = {};
      return;
    }
    const bool is_null_word = node.text == "null" || node.text == "Null" || node.text == "NULL";
    if (!is_null_word && !node.text.empty()) return;
    if (node.text.empty() && dialect_ == Dialect::scenario && refuse_lone_key()) return;
    if (dialect_ == Dialect::plain) {
      node.kind = Node::Kind::removal;
      node.text = {};
      return;
    }
    empty_values_.error(is_null_word ? node.span : span_of_missing_value(node.span), "empty-value",
                        is_null_word ? "'null' is not a value of this language" : nothing_written(),
                        "write {} for an entry that takes every default, or ~ to remove one");
    node.is_broken = true;
  }

  // A key in braces that no colon follows: `{replicas 4}`, or the second half of `{users: 100,000}`.
  bool refuse_lone_key() {
    if (stack_.empty() || !stack_.back().key) return false;
    Key& key = *stack_.back().key;
    const std::string_view behind = from_character(source_.line(key.span.line), key.span.end_column - 1);
    const std::size_t next = behind.find_first_not_of(' ');
    const bool has_colon = next != std::string_view::npos && behind[next] == ':';
    if (has_colon || key.is_broken) return false;
    const std::size_t space = key.text.find(' ');
    if (is_three_digits(key.text)) {
      faults_.error(key.span, "yaml-syntax", "a comma ends an entry here, and begins another",
                    "numbers are written without commas, such as 100k or 100000");
    } else if (space != std::string_view::npos) {
      const std::string_view word = key.text.substr(0, space);
      faults_.error(key.span, "yaml-syntax", fmt::format("a colon is missing after {}", scenario::quoted(word)),
                    "write " + printable(fmt::format("{}: {}", word, key.text.substr(space + 1))));
    } else {
      return false;
    }
    key.is_broken = true;
    return true;
  }

  static bool is_three_digits(std::string_view text) {
    return text.size() == 3 && text.find_first_not_of("0123456789") == std::string_view::npos;
  }

  // Where a scalar's text stands in its line, so that a caret can point into it.
  void find_extent(const yaml_event_t& event, Node& node) const {
    const auto& scalar = event.data.scalar;
    std::size_t from = event.start_mark.column;
    if (scalar.anchor || scalar.tag) from = after_properties(node.span, from);
    const bool is_in_one_line = event.start_mark.line == event.end_mark.line && from <= event.end_mark.column;
    const bool is_quoted =
        scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE || scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    const std::size_t to = is_in_one_line ? event.end_mark.column : characters_in(source_.line(node.span.line));
    node.span.column = static_cast<std::uint32_t>(from) + 1;
    node.span.end_column = static_cast<std::uint32_t>(std::max(to, from + 1)) + 1;
    node.text_column = node.span.column + (is_quoted ? 1 : 0);
    // An escape is longer than what it stands for: of one length, they are the same.
    node.verbatim = is_in_one_line && characters_in(node.text) + (is_quoted ? 2 : 0) == to - from;
  }

  // The column, from 0, behind the anchor and the tag that an event begins with.
  std::size_t after_properties(const Span& span, std::size_t column) const {
    std::string_view rest = from_character(source_.line(span.line), column);
    while (!rest.empty() && (rest.front() == '&' || rest.front() == '!')) {
      const std::size_t end = std::min(rest.size(), rest.find(' '));
      const std::size_t next = std::min(rest.size(), rest.find_first_not_of(' ', end));
      column += characters_in(rest.substr(0, next));
      rest.remove_prefix(next);
    }
    return column;
  }

  // Escapes can say what may not stand in the text itself.
  void refuse_hidden(const Node& node) {
    if (const auto hidden = hidden_character_in(node.text, "\n\t"))
      faults_.error(node.span, "control-character", hidden->description() + " in a text", "write it without");
  }

  // An empty value has no text to point at; its key has.
  Span span_of_missing_value(const Span& span) const {
    return !stack_.empty() && stack_.back().key ? stack_.back().key->span : span;
  }
  std::string nothing_written() const {
    if (!stack_.empty() && stack_.back().key)
      return fmt::format("nothing stands after {}", scenario::quoted(std::string{stack_.back().key->text} + ":"));
    return "an empty value";
  }

  // ---- what the language leaves out

  void refuse_tag(const yaml_event_t& event) {
    if (dialect_ == Dialect::plain) return;
    Span span = span_at(source_, event.start_mark.line, event.start_mark.column);
    const std::string_view written = from_character(source_.line(span.line), event.start_mark.column);
    const std::size_t tag = written.find('!');
    if (tag != std::string_view::npos) {
      const std::string_view name = written.substr(tag, written.find_first_of(" ,}]", tag) - tag);
      span.column += static_cast<std::uint32_t>(characters_in(written.substr(0, tag)));
      span.end_column = span.column + static_cast<std::uint32_t>(characters_in(name));
    }
    faults_.error(span, "yaml-tag", "tags are not part of this language",
                  "copy an entry with `like`, a file with `use`");
  }

  bool refuse_depth(const Span& span) {
    return refuse(span, "too-deep", fmt::format("nested more than {} levels deep", left_.depth),
                  dialect_ == Dialect::scenario ? "a scenario needs less than ten" : "");
  }

  bool refuse_aliases(const Span& span) {
    return refuse(span, "too-many-aliases", fmt::format("aliases stand for more than {} values", Limits{}.alias_values),
                  dialect_ == Dialect::scenario ? "make the copies with `like` from a template" : "");
  }

  // ---- anchors

  bool take_alias(const yaml_event_t& event) {
    Span span = span_at(source_, event.start_mark.line, event.start_mark.column);
    span.end_column = static_cast<std::uint32_t>(event.end_mark.column) + 1;
    const auto found = anchored_.find(std::string{text_of(event.data.alias.anchor)});
    if (found == anchored_.end())
      return refuse(span, "yaml-syntax", "an alias to an anchor that is not in this file",
                    dialect_ == Dialect::scenario ? "name the thing with `like`" : "");
    const Anchored& named = found->second;
    if (!named.node) return refuse(span, "yaml-alias", "an alias inside the very thing it names", "");
    if (named.size > left_.alias_values) {
      return refuse_aliases(span);
    }
    left_.alias_values -= named.size;
    if (stack_.size() + named.depth > left_.depth) return refuse_depth(span);
    if (!stack_.empty()) stack_.back().deepest = std::max(stack_.back().deepest, stack_.size() + named.depth);
    values_ += named.size;
    return place_anchored(named.node);
  }

  // ---- maps and lists

  bool open(const yaml_event_t& event, Node::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (tag) refuse_tag(event);
    const Node node = node_at(event, kind);
    if (stack_.size() >= left_.depth) return refuse_depth(node.span);
    Frame& frame = stack_.emplace_back();
    frame.node = node;
    frame.anchor = text_of(anchor);
    frame.first_value = values_;
    frame.deepest = stack_.size();
    frame.first_entry = entries_.size();
    frame.first_item = items_.size();
    if (anchor) anchored_[frame.anchor] = {};
    return true;
  }

  bool close() {
    Frame& frame = stack_.back();
    if (!merge_into(frame)) return false;
    frame.node.entries = taken_from(entries_, frame.first_entry, nodes_);
    frame.node.items = taken_from(items_, frame.first_item, nodes_);
    const NodePtr node = nodes_.add(frame.node);
    const std::size_t depth_around = stack_.size() - 1, deepest = frame.deepest;
    if (!frame.anchor.empty())
      anchored_[frame.anchor] = {node, values_ - frame.first_value + 1, deepest - depth_around};
    stack_.pop_back();
    if (!stack_.empty()) stack_.back().deepest = std::max(stack_.back().deepest, deepest);
    return place_anchored(node);
  }

  // The entries of the maps behind <<, for keys that the map has not got itself; the first of them wins.
  bool merge_into(Frame& frame) {
    std::vector<NodePtr> maps;
    for (const NodePtr node : frame.merged) {
      if (node->is_list()) {
        maps.insert(maps.end(), node->items.begin(), node->items.end());
      } else {
        maps.push_back(node);
      }
    }
    for (const NodePtr map : maps) {
      for (const Entry& entry : map->entries) {
        if (left_.alias_values == 0) return refuse_aliases(frame.node.span);
        --left_.alias_values;
        if (!frame.keys.place_of(entries_of(frame), entry.key)) entries_.push_back(entry);
      }
    }
    return true;
  }

  bool place(const Node& node, std::string_view anchor) {
    if (anchor.empty() && expects_key()) {
      ++values_;
      take_key(node);
      return true;
    }
    const NodePtr placed = nodes_.add(node);
    if (!anchor.empty()) anchored_[std::string{anchor}] = {placed, 1, 0};
    return place_anchored(placed);
  }

  [[nodiscard]] bool expects_key() const {
    return !stack_.empty() && stack_.back().node.is_map() && !stack_.back().key;
  }

  bool place_anchored(NodePtr node) {
    ++values_;
    if (expects_key()) {
      take_key(*node);
      return true;
    }
    if (left_.values == 0) {
      return refuse(node->span, "too-large", fmt::format("more than {} values, all files together", Limits{}.values),
                    dialect_ == Dialect::scenario ? "a scenario of 18,000 services has fewer" : "");
    }
    --left_.values;
    if (stack_.empty()) {
      root_ = node;
    } else if (stack_.back().node.is_list()) {
      items_.push_back(node);
    } else {
      take_value(node);
    }
    return true;
  }

  void take_key(const Node& node) {
    Key key{.text = node.text, .span = node.span};
    const auto refuse_key = [&](const char* code, std::string message, const char* hint) {
      key.is_broken = true;
      faults_.error(node.span, code, std::move(message), hint);
    };
    if (!node.is_scalar()) {
      refuse_key("yaml-key", fmt::format("a key must be one word, not {}", text_of_kind(node.kind)),
                 "put quotes around it, or a space after the colon that was meant");
    } else if (node.text == "<<" && dialect_ == Dialect::scenario) {
      refuse_key("yaml-merge-key", "merge keys (<<) are not part of this language",
                 "copy an entry with `like`, a file with `use`");
    } else if (node.text.size() > left_.key_bytes) {
      refuse_key("too-large", fmt::format("a key of more than {} bytes", left_.key_bytes), "");
    }
    stack_.back().key = key;
  }

  void take_value(NodePtr node) {
    Frame& frame = stack_.back();
    const Key key = *frame.key;
    frame.key.reset();
    if (key.is_broken) return;
    if (key.text == "<<") {
      frame.merged.push_back(node);
      return;
    }
    if (const auto first = frame.keys.place_of(entries_of(frame), key.text)) {
      faults_.error(key.span, "duplicate-key", fmt::format("{} stands here a second time", scenario::quoted(key.text)),
                    fmt::format("the first is in line {}; keep one", entries_of(frame)[*first].key_span.line));
      return;
    }
    entries_.push_back({key.text, key.span, node});
  }

  // REQUIRES: the innermost that is open.
  [[nodiscard]] std::span<const Entry> entries_of(const Frame& frame) const {
    return std::span{entries_}.subspan(frame.first_entry);
  }

  static const char* text_of_kind(Node::Kind kind) { return scenario::text_of(kind); }

  const SourceText& source_;
  Nodes& nodes_;
  Faults& faults_;
  Limits& left_;
  Dialect dialect_;
  std::vector<Frame> stack_;
  std::vector<Entry> entries_;  // of all maps on the stack, the innermost's last
  std::vector<NodePtr> items_;  // and of all lists
  // Looked up, never walked: its order reaches nothing.
  std::unordered_map<std::string, Anchored> anchored_;
  std::size_t values_ = 0;
  Faults empty_values_;
  NodePtr root_ = nullptr;
};

// Skipped characters become spaces, so that columns stay true.
std::string blanked_text(const SourceText& source, std::size_t skipped) {
  const std::string_view text = source.text;
  return std::string(characters_in(text.substr(0, skipped)), ' ') += text.substr(std::min(skipped, text.size()));
}

// The rest, after a first document.
bool is_end(Parser& parser, const SourceText& source, Faults& faults) {
  const Event start = parser.next();
  if (start.is_there() && start.type() == YAML_STREAM_END_EVENT) return true;
  if (!start.is_there()) {
    report(parser.complaint(source), faults);
    return false;
  }
  faults.error(span_at(source, (*start).start_mark.line, (*start).start_mark.column), "yaml-second-document",
               "a second document in one file", "make it a file of its own and `use` it");
  return true;
}

}  // namespace

SourceText::SourceText(std::string source_path, std::string source_text, std::uint32_t source_order)
    : path{std::move(source_path)}, text{std::move(source_text)}, order{source_order}, line_starts{0} {
  // A byte order mark is no character of the first line.
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.erase(0, 3);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_first_of_two = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !is_first_of_two)) line_starts.push_back(i + 1);
  }
}

std::string_view SourceText::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts.size()) return {};
  const std::size_t start = line_starts[number - 1];
  const std::size_t end = number < line_starts.size() ? line_starts[number] : text.size();
  std::string_view result = std::string_view{text}.substr(start, end - start);
  if (!result.empty() && result.back() == '\n') result.remove_suffix(1);
  if (!result.empty() && result.back() == '\r') result.remove_suffix(1);
  return result;
}

namespace {

template <class Element>
std::span<const Element> copied(std::span<const Element> elements, std::pmr::memory_resource& memory) {
  static_assert(std::is_trivially_copyable_v<Element> && std::is_trivially_destructible_v<Element>);
  if (elements.empty()) return {};
  auto* const copy = static_cast<Element*>(memory.allocate(elements.size_bytes(), alignof(Element)));
  std::uninitialized_copy(elements.begin(), elements.end(), copy);
  return {copy, elements.size()};
}

}  // namespace

NodePtr Nodes::add(const Node& node) { return copied(std::span{&node, 1}, memory_).data(); }
std::span<const Entry> Nodes::add(std::span<const Entry> entries) { return copied(entries, memory_); }
std::span<const NodePtr> Nodes::add(std::span<const NodePtr> items) { return copied(items, memory_); }
std::string_view Nodes::add(std::string_view text) {
  const auto copy = copied(std::span<const char>{text}, memory_);
  return {copy.data(), copy.size()};
}

NodePtr Nodes::copy_of(const Node& tree) {
  Node copy = tree;
  copy.text = add(tree.text);
  std::vector<Entry> entries;
  for (const Entry& entry : tree.entries) entries.push_back({add(entry.key), entry.key_span, copy_of(*entry.value)});
  copy.entries = add(entries);
  std::vector<NodePtr> items;
  for (const NodePtr item : tree.items) items.push_back(copy_of(*item));
  copy.items = add(items);
  return add(copy);
}

const Entry* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

Span Node::part(std::size_t offset, std::size_t length) const {
  if (!verbatim) return span;
  const std::string_view all{text};
  offset = std::min(offset, all.size());
  const auto column = text_column + static_cast<std::uint32_t>(characters_in(all.substr(0, offset)));
  const auto width = static_cast<std::uint32_t>(characters_in(all.substr(offset, length)));
  return {span.source, span.line, column, column + std::max(1U, width)};
}

NodePtr parsed(const SourceText& source, Nodes& nodes, Faults& faults, Limits& left, std::size_t skipped) {
  if (!is_readable_text(source, faults, left)) return nullptr;
  left.bytes -= source.text.size();
  const std::string blanked = skipped > 0 ? blanked_text(source, skipped) : std::string{};
  Parser parser{skipped > 0 ? std::string_view{blanked} : std::string_view{source.text}};
  Builder builder{source, nodes, faults, left, Dialect::scenario};
  for (bool is_over = false; !is_over;) {
    const Event event = parser.next();
    if (!event.is_there()) {
      report(parser.complaint(source), faults);
      return nullptr;
    }
    if (!builder.take(*event)) return nullptr;
    is_over = event.type() == YAML_DOCUMENT_END_EVENT || event.type() == YAML_STREAM_END_EVENT;
  }
  if (!builder.root()) {
    faults.error({&source, 1, 1, 2}, "empty-file", "the text is empty", "a scenario begins with `knockon: 1`");
    return nullptr;
  }
  faults.add_all(builder.empty_values());
  return is_end(parser, source, faults) ? builder.root() : nullptr;
}

void read_plain_documents(const SourceText& source, Faults& faults, Limits& left,
                          const std::function<bool(const Node& root)>& take) {
  Parser parser{source.text};
  for (;;) {
    Nodes nodes;
    Builder builder{source, nodes, faults, left, Dialect::plain};
    for (bool is_over = false; !is_over;) {
      const Event event = parser.next();
      if (!event.is_there()) {
        report(parser.complaint(source), faults);
        return;
      }
      if (event.type() == YAML_STREAM_END_EVENT || !builder.take(*event)) return;
      is_over = event.type() == YAML_DOCUMENT_END_EVENT;
    }
    // Nothing between two lines of dashes is no document.
    if (builder.root() && !builder.root()->is_removal() && !take(*builder.root())) return;
  }
}

NodePtr parsed(const SourceText& source, Nodes& nodes, Faults& faults) {
  Limits limits;
  return parsed(source, nodes, faults, limits);
}

const char* text_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::removal:
      return "a removal (~)";
  }
  return "nothing";
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !continues_character(byte); }));
}

Span span_at(const SourceText& source, std::size_t line, std::size_t column) {
  // The parser sees the end of a text on a line of its own.
  const bool is_beyond = line >= source.line_starts.size();
  const auto number = static_cast<std::uint32_t>(std::min(line, source.line_starts.size() - 1) + 1);
  const auto from = static_cast<std::uint32_t>(is_beyond ? characters_in(source.line(number)) : column) + 1;
  return {&source, number, from, from + 1};
}

}  // namespace knockon::scenario
