// A YAML text as a tree in which every key and value knows where it stands. Scalars stay text; who reads them gives
// them a type. The format is narrower than YAML: no tags, no merge keys, one document, bounded size, depth and alias
// expansion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace knockon::scenario {

class Faults;

// A text with a name, for positions to point into. Must outlive every node that was read from it.
struct SourceText {
  SourceText(std::string path, std::string text, std::uint32_t order);

  std::string path;
  std::string text;
  std::uint32_t order;                                              // files are reported in this order
  std::vector<std::size_t> line_starts;                             // byte offsets; lines end with \n, \r\n or \r
  [[nodiscard]] std::string_view line(std::uint32_t number) const;  // from 1; without its line break
};

// A stretch of one line, in characters, from 1; `end_column` is one past the last.
struct Span {
  const SourceText* source = nullptr;
  std::uint32_t line = 1, column = 1, end_column = 2;
};

struct Node;
using NodePtr = const Node*;

struct Entry {
  std::string_view key;
  Span key_span;
  NodePtr value;
};

struct Node {
  enum class Kind : std::uint8_t {
    scalar,
    map,
    list,
    removal,  // `~`: takes away what is merged below it
  };
  Kind kind = Kind::scalar;
  bool is_broken = false;  // stands where a value was expected; what is wrong with it has been reported
  bool verbatim = false;   // the text stands in its line exactly so, from `text_column` on
  std::uint32_t text_column = 1;
  Span span;
  std::string_view text;           // scalar
  std::span<const Entry> entries;  // map, in file order, each key once
  std::span<const NodePtr> items;  // list

  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_removal() const { return kind == Kind::removal; }
  [[nodiscard]] const Entry* find(std::string_view key) const;
  // Where bytes [offset, offset + length) of a scalar's text stand; the whole scalar when it is not written in one
  // piece.
  [[nodiscard]] Span part(std::size_t offset, std::size_t length) const;
};

// Where trees lie: what is added stays where it is as long as this lives, and goes with it, all at once. Trees share
// what they have in common, also from one of these to the next.
class Nodes {
 public:
  Nodes() = default;
  Nodes(const Nodes&) = delete;
  Nodes& operator=(const Nodes&) = delete;

  NodePtr add(const Node& node);
  std::string_view add(std::string_view text);
  std::span<const Entry> add(std::span<const Entry> entries);
  std::span<const NodePtr> add(std::span<const NodePtr> items);
  // With all that stands in it, and nothing of it shared: the other's place may go.
  NodePtr copy_of(const Node& tree);

 private:
  std::pmr::monotonic_buffer_resource memory_;
};

// What a scenario may be, all its files together; decision 0012 says why.
struct Limits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t values = 800'000;
  std::size_t depth = 64;              // of maps and lists in each other
  std::size_t alias_values = 100'000;  // that aliases may stand for
  std::size_t key_bytes = 200;
};

// The document's root, in `nodes`, or null when it cannot be used at all; what is wrong is added to `faults`, what is
// read is taken off `left`. The first `skipped` bytes are not read, but count in columns (an option's path before its
// value).
[[nodiscard]] NodePtr parsed(const SourceText& source, Nodes& nodes, Faults& faults, Limits& left,
                             std::size_t skipped = 0);
[[nodiscard]] NodePtr parsed(const SourceText& source, Nodes& nodes, Faults& faults);  // within the usual limits

// One document after the other of a text that was written for another tool, in the YAML that such tools read: tags are
// passed over, the maps behind `<<` are merged, and null is a removal. Ends with what is wrong, or when `take` says
// false. REQUIRES: readable text (readable_text.hpp).
void read_plain_documents(const SourceText& source, Faults& faults, Limits& left,
                          const std::function<bool(const Node& root)>& take);

// "a map", "a list", "a value", "nothing".
[[nodiscard]] const char* text_of(Node::Kind kind);

// How many characters a UTF-8 text has.
[[nodiscard]] std::size_t characters_in(std::string_view text);

// The span of the character at `column`, from 0, of a line, from 0; within the text if beyond its end.
[[nodiscard]] Span span_at(const SourceText& source, std::size_t line, std::size_t column);

}  // namespace knockon::scenario
