#include "engine/scenario/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_set>
#include <utility>

#include "engine/scenario/faults.hpp"
#include "engine/scenario/readable_text.hpp"

namespace knockon::scenario {
namespace {

// Ends the parse from inside the event handler, after the fault has been reported.
struct Stop {};

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Lets the parser read the text where it lies.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string& text) { setg(text.data(), text.data(), text.data() + text.size()); }
};

// Turns the parser's lines and byte columns into characters. Marks come in ascending order, so counting goes on from
// the last.
class Positions {
 public:
  explicit Positions(const SourceText& source) : source_{source} {}

  [[nodiscard]] std::uint32_t column(std::uint32_t line, std::size_t byte) {
    const std::string_view text = source_.line(line);
    byte = std::min(byte, text.size());
    if (line != line_ || byte < byte_) {
      line_ = line;
      byte_ = 0;
      column_ = 1;
    }
    column_ += static_cast<std::uint32_t>(characters_in(text.substr(byte_, byte - byte_)));
    byte_ = byte;
    return column_;
  }

 private:
  const SourceText& source_;
  std::uint32_t line_ = 0, column_ = 1;
  std::size_t byte_ = 0;
};

// Builds the tree from the parser's events.
class Builder : public YAML::EventHandler {
 public:
  Builder(const SourceText& source, Faults& faults, const Limits& limits)
      : source_{source}, faults_{faults}, limits_{limits}, positions_{source} {}

  [[nodiscard]] NodePtr root() const { return root_; }
  // Values that are missing; in a text that is not YAML they are rather a sign of what is wrong with it.
  [[nodiscard]] const Faults& empty_values() const { return empty_values_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = node_at(mark, Node::Kind::removal);
    const std::string_view written = text_from(mark);
    if (!written.empty() && written.front() == '~') {
      node->span.end_column = node->span.column + 1;
    } else {
      const bool is_null_word = written.substr(0, 1) == "n" || written.substr(0, 1) == "N";
      const Span where = is_null_word ? node->span : span_of_missing_value(node->span);
      empty_values_.error(where, "empty-value",
                          is_null_word ? "'null' is not a value of this language" : nothing_written(),
                          "write {} for an entry that takes every default, or ~ to remove one");
      node->kind = Node::Kind::scalar;
      node->is_broken = true;
    }
    place(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Span span = node_at(mark, Node::Kind::scalar)->span;
    if (anchor == 0 || anchor > anchored_.size() || !anchored_[anchor - 1].node) {
      faults_.error(span, "yaml-alias", "an alias inside the very thing it names");
      throw Stop{};
    }
    const Anchored& named = anchored_[anchor - 1];
    expanded_ += named.size;
    if (expanded_ > limits_.alias_nodes) {
      faults_.error(span, "too-many-aliases",
                    fmt::format("aliases stand for more than {} values in this file", limits_.alias_nodes),
                    "make the copies with `like` from a template");
      throw Stop{};
    }
    if (stack_.size() + named.depth > limits_.depth) refuse_depth(span);
    nodes_ += named.size;
    note_depth(stack_.size() + named.depth);
    place(named.node, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    auto node = node_at(mark, Node::Kind::scalar);
    node->text = value;
    find_extent(mark, *node);
    place(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor = 0;
    std::size_t first_node = 0;  // how many nodes there were before it
    std::size_t deepest = 0;     // stack depth reached inside
    std::optional<std::pair<std::string, Span>> key;
    bool is_key_broken = false;
    // Looked up, never walked: its order reaches nothing.
    std::unordered_set<std::string> keys;
  };
  struct Anchored {
    NodePtr node;
    std::size_t size = 0, depth = 0;
  };

  std::shared_ptr<Node> node_at(const YAML::Mark& mark, Node::Kind kind) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    const auto line = static_cast<std::uint32_t>(std::max(0, mark.line)) + 1;
    const std::uint32_t column = positions_.column(line, static_cast<std::size_t>(std::max(0, mark.column)));
    node->span = {&source_, line, column, column + 1};
    node->text_column = column;
    return node;
  }

  // The rest of the line from the mark on, after an anchor.
  std::string_view text_from(const YAML::Mark& mark) const {
    const std::string_view line = source_.line(static_cast<std::uint32_t>(std::max(0, mark.line)) + 1);
    std::string_view rest = line.substr(std::min(line.size(), static_cast<std::size_t>(std::max(0, mark.column))));
    while (!rest.empty() && (rest.front() == '&' || rest.front() == '!')) {
      rest.remove_prefix(std::min(rest.size(), rest.find(' ')));
      rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    }
    return rest;
  }

  // Finds out where a scalar's text stands in its line, so that a caret can point into it.
  void find_extent(const YAML::Mark& mark, Node& node) {
    const std::string_view written = text_from(mark);
    const std::string_view line = source_.line(node.span.line);
    const auto start = static_cast<std::size_t>(written.data() - line.data());
    node.span.column = positions_.column(node.span.line, start);
    const bool is_quoted = !written.empty() && (written.front() == '"' || written.front() == '\'');
    const std::string_view body = written.substr(is_quoted ? 1 : 0);
    node.text_column = node.span.column + (is_quoted ? 1 : 0);
    node.verbatim = body.substr(0, node.text.size()) == node.text;
    const auto length =
        static_cast<std::uint32_t>(characters_in(node.verbatim ? std::string_view{node.text} : written));
    node.span.end_column = node.text_column + std::max(1U, length) + (is_quoted && node.verbatim ? 1 : 0);
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    Span span = node_at(mark, Node::Kind::scalar)->span;
    const std::string_view line = source_.line(span.line);
    const std::string_view rest =
        line.substr(std::min(line.size(), static_cast<std::size_t>(std::max(0, mark.column))));
    span.end_column =
        span.column + static_cast<std::uint32_t>(characters_in(rest.substr(0, rest.find_first_of(" ,}]"))));
    faults_.error(span, "yaml-tag", "tags are not part of this language",
                  "copy an entry with `like`, a file with `use`");
  }

  [[noreturn]] void refuse_depth(const Span& span) {
    faults_.error(span, "too-deep", fmt::format("nested more than {} levels deep", limits_.depth),
                  "a scenario needs less than ten");
    throw Stop{};
  }

  void note_depth(std::size_t depth) {
    for (Frame& frame : stack_) frame.deepest = std::max(frame.deepest, depth);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    refuse_tag(mark, tag);
    Frame frame;
    frame.node = node_at(mark, kind);
    frame.anchor = anchor;
    frame.first_node = nodes_;
    if (stack_.size() >= limits_.depth) refuse_depth(frame.node->span);
    if (anchor > 0) remember(anchor, {});
    stack_.push_back(std::move(frame));
    note_depth(stack_.size());
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    const std::size_t size = nodes_ - frame.first_node + 1;
    if (frame.anchor > 0) remember(frame.anchor, {frame.node, size, frame.deepest - stack_.size()});
    place_closed(std::move(frame.node));
  }

  void remember(YAML::anchor_t anchor, Anchored named) {
    if (anchored_.size() < anchor) anchored_.resize(anchor);
    anchored_[anchor - 1] = std::move(named);
  }

  void place(NodePtr node, YAML::anchor_t anchor) {
    if (anchor > 0) remember(anchor, {node, 1, 0});
    place_closed(std::move(node));
  }

  void place_closed(NodePtr node) {
    ++nodes_;
    if (stack_.empty()) {
      root_ = std::move(node);
    } else if (stack_.back().node->is_list()) {
      stack_.back().node->items.push_back(std::move(node));
    } else if (!stack_.back().key) {
      take_key(*node);
    } else {
      take_value(std::move(node));
    }
  }

  void take_key(const Node& node) {
    Frame& frame = stack_.back();
    if (!node.is_scalar()) {
      {
        faults_.error(node.span, "yaml-key", fmt::format("a key must be one word, not {}", text_of(node.kind)),
                      "put quotes around it, or a space after the colon that was meant");
      }
      frame.is_key_broken = true;
    } else if (node.text == "<<") {
      frame.is_key_broken = true;
      faults_.error(node.span, "yaml-merge-key", "merge keys (<<) are not part of this language",
                    "copy an entry with `like`, a file with `use`");
    }
    frame.key.emplace(node.text, node.span);
  }

  void take_value(NodePtr node) {
    Frame& frame = stack_.back();
    auto [key, span] = std::move(*frame.key);
    frame.key.reset();
    if (std::exchange(frame.is_key_broken, false)) return;
    if (!frame.keys.insert(key).second) {
      const Entry& first = *frame.node->find(key);
      {
        faults_.error(span, "duplicate-key", fmt::format("{} stands here a second time", scenario::quoted(key)),
                      fmt::format("the first is in line {}; keep one", first.key_span.line));
      }
      return;
    }
    frame.node->entries.push_back({std::move(key), span, std::move(node)});
  }

  std::string nothing_written() const {
    if (!stack_.empty() && stack_.back().key)
      return fmt::format("nothing stands after {}", scenario::quoted(stack_.back().key->first + ":"));
    return "an empty value";
  }

  // An empty value has no text to point at; its key has.
  Span span_of_missing_value(const Span& span) const {
    if (!stack_.empty() && stack_.back().key) return stack_.back().key->second;
    return span;
  }

  const SourceText& source_;
  Faults& faults_;
  const Limits& limits_;
  Positions positions_;
  std::vector<Frame> stack_;
  std::vector<Anchored> anchored_;
  std::size_t nodes_ = 0, expanded_ = 0;
  Faults empty_values_;
  NodePtr root_;
};

// What the parser's complaint means to somebody who writes scenarios.
struct Complaint {
  std::string_view parser_says, message, hint;
};
constexpr Complaint complaints[] = {
    {"end of map flow not found", "this { is not closed, or a comma is missing before this", "every { needs its }"},
    {"end of sequence flow not found", "this [ is not closed, or a comma is missing before this",
     "every [ needs its ]"},
    {"end of map not found", "this line does not fit the entries above it", "entries of one map stand in one column"},
    {"end of sequence not found", "this line does not fit the list above it", "items of one list stand in one column"},
    {"illegal map value", "a second ': ' in one line", "put quotes around a text that holds ': '"},
    {"illegal map key", "a key cannot begin here", "entries of one map stand in one column"},
    {"illegal block entry", "a list item cannot begin here", "put '- ' items on lines of their own"},
    {"illegal tab when looking for indentation", "a tab in the indentation", "indent with spaces"},
    {"illegal flow end", "this bracket closes nothing", "remove it, or open it before"},
    {"illegal EOF in scalar", "a quote is opened and never closed", "close it with the same quote"},
    {"the referenced anchor is not defined", "an alias to an anchor that is not in this file",
     "name the thing with `like`"},
    {"illegal document indicator in scalar", "a document ends inside a quoted text", "close the quote"},
    {"illegal character in scalar", "a character that cannot stand inside this text", ""},
    {"unknown token", "a character that cannot begin a value", "put quotes around a text that begins with @, ` or %"},
};

Span span_of_mark(const YAML::Mark& mark, const SourceText& source) {
  Span span{&source, 1, 1, 2};
  if (mark.is_null()) return span;
  span.line = static_cast<std::uint32_t>(std::max(0, mark.line)) + 1;
  const std::string_view line = source.line(span.line);
  const auto byte = std::min(line.size(), static_cast<std::size_t>(std::max(0, mark.column)));
  span.column = static_cast<std::uint32_t>(characters_in(line.substr(0, byte))) + 1;
  span.end_column = span.column + 1;
  return span;
}

// A tab before the first word of the line.
bool report_tab(const Span& span, Faults& faults) {
  const std::string_view line = span.source->line(span.line);
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || tab > line.find_first_not_of(" \t")) return false;
  const auto column = static_cast<std::uint32_t>(tab) + 1;
  faults.error({span.source, span.line, column, column + 1}, "yaml-syntax", "a tab in the indentation",
               "indent with spaces");
  return true;
}

// The parser notices far behind the place where something was left open; the brackets know where.
bool report_open(std::string_view parser_says, const SourceText& source, Faults& faults) {
  const bool is_about_brackets = parser_says.find("flow not found") != std::string_view::npos;
  const bool is_about_quotes = parser_says.find("EOF in scalar") != std::string_view::npos;
  const Unclosed unclosed = unclosed_in(source);
  if (unclosed.quote && (is_about_brackets || is_about_quotes)) {
    faults.error(*unclosed.quote, "yaml-syntax", "this quote is not closed", "close it with the same quote");
    return true;
  }
  if (!unclosed.bracket || !is_about_brackets) return false;
  faults.error(*unclosed.bracket, "yaml-syntax", "this bracket is not closed", "every { needs its }, every [ its ]");
  return true;
}

void report(const YAML::Exception& exception, const SourceText& source, Faults& faults) {
  const Span span = span_of_mark(exception.mark, source);
  if (report_tab(span, faults) || report_open(exception.msg, source, faults)) return;
  for (const Complaint& complaint : complaints) {
    if (exception.msg.substr(0, complaint.parser_says.size()) == complaint.parser_says) {
      faults.error(span, "yaml-syntax", std::string{complaint.message}, std::string{complaint.hint});
      return;
    }
  }
  faults.error(span, "yaml-syntax", "this is not YAML: " + printable(exception.msg));
}

// Skipped text becomes spaces, so that columns stay true.
std::string readable(const SourceText& source, std::size_t skipped) {
  std::string text = source.text;
  std::fill_n(text.begin(), std::min(skipped, text.size()), ' ');
  return text;
}

}  // namespace

SourceText::SourceText(std::string source_path, std::string source_text, std::uint32_t source_order)
    : path{std::move(source_path)}, text{std::move(source_text)}, order{source_order}, line_starts{0} {
  // A byte order mark is no character of the first line.
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.erase(0, 3);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') line_starts.push_back(i + 1);
  }
}

std::string_view SourceText::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts.size()) return {};
  const std::size_t start = line_starts[number - 1];
  const std::size_t end = number < line_starts.size() ? line_starts[number] - 1 : text.size();
  std::string_view result = std::string_view{text}.substr(start, end - start);
  if (!result.empty() && result.back() == '\r') result.remove_suffix(1);
  return result;
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

NodePtr parsed(const SourceText& source, Faults& faults, const Limits& limits, std::size_t skipped) {
  if (!is_readable_text(source, faults, limits)) return nullptr;
  std::string text = readable(source, skipped);
  TextBuffer buffer{text};
  std::istream stream{&buffer};
  Builder builder{source, faults, limits};
  try {
    YAML::Parser parser{stream};
    if (!parser.HandleNextDocument(builder) || !builder.root()) {
      faults.error({&source, 1, 1, 2}, "empty-file", "the text is empty", "a scenario begins with `knockon: 1`");
      return nullptr;
    }
    const NodePtr root = builder.root();
    faults.add_all(builder.empty_values());
    Faults of_the_second;
    Builder second{source, of_the_second, limits};
    if (parser.HandleNextDocument(second) && second.root()) {
      faults.error(second.root()->span, "yaml-second-document", "a second document in one file",
                   "make it a file of its own and `use` it");
    }
    return root;
  } catch (const YAML::Exception& exception) {
    report(exception, source, faults);
  } catch (const Stop&) {
    // Already reported.
  }
  return nullptr;
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

}  // namespace knockon::scenario
