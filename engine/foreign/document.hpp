// A file of another tool as a tree in which every value knows its line and column: small enough for the millions of
// values of a day's traces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/document.hpp"

namespace knockon::foreign {

struct DocumentLimits {
  std::size_t bytes = std::size_t{16} << 20;  // of one file
  std::size_t values = 2'000'000;             // of one file: 80 MiB of them
  std::size_t depth = 64;                     // of maps and lists in each other
};

class Document;

// A value of a document, or none: what is looked up and not there. Valid as long as its document.
class View {
 public:
  enum class Kind : std::uint8_t { none, null, text, list, map };

  View() = default;
  View(const Document& document, std::uint32_t index) : document_{&document}, index_{index} {}

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] explicit operator bool() const { return kind() != Kind::none; }
  [[nodiscard]] bool is_text() const { return kind() == Kind::text; }
  [[nodiscard]] bool is_list() const { return kind() == Kind::list; }
  [[nodiscard]] bool is_map() const { return kind() == Kind::map; }

  [[nodiscard]] std::string_view text() const;          // numbers and words too, as written
  [[nodiscard]] std::string_view key() const;           // in the map that it stands in
  [[nodiscard]] View find(std::string_view key) const;  // of a map; the first of equals
  [[nodiscard]] scenario::Span span() const;
  [[nodiscard]] std::uint32_t line() const;

  // Over what a list or a map holds, in the file's order; over nothing for anything else.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = View;
    using difference_type = std::ptrdiff_t;
    using pointer = const View*;
    using reference = View;
    Iterator() = default;
    Iterator(const Document& document, std::uint32_t index) : document_{&document}, index_{index} {}
    View operator*() const { return {*document_, index_}; }
    Iterator& operator++();
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const Document* document_ = nullptr;
    std::uint32_t index_ = std::numeric_limits<std::uint32_t>::max();
  };
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const { return {}; }

 private:
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();
  const Document* document_ = nullptr;
  std::uint32_t index_ = nowhere;
};

class Document {
 public:
  using Kind = View::Kind;
  struct Spot {
    std::uint32_t line = 1, column = 1;
  };

  // REQUIRES: the source outlives the document.
  explicit Document(const scenario::SourceText& source) : source_{&source} {}

  // False when there is no room for another value. What is added between `open` and `close` stands inside.
  [[nodiscard]] bool add(Kind kind, std::string_view key, std::string_view text, Spot spot);
  [[nodiscard]] bool open(Kind kind, std::string_view key, Spot spot);
  void close() { open_.pop_back(); }
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  [[nodiscard]] bool is_in_map() const { return !open_.empty() && values_[open_.back().index].kind == Kind::map; }

  // None when nothing was added.
  [[nodiscard]] View root() const { return values_.empty() ? View{} : View{*this, 0}; }

 private:
  friend class View;
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();
  struct Value {
    Kind kind;
    Spot spot;
    std::uint32_t key_begin, key_size, text_begin, text_size;
    std::uint32_t next = nowhere, first = nowhere;
  };
  struct Open {
    std::uint32_t index, last = nowhere;
  };
  const scenario::SourceText* source_;
  std::vector<Value> values_;
  std::string texts_;  // of keys and values, one after the other
  std::vector<Open> open_;
};

// Whether a line of the text ends with this byte: \n, or \r alone.
[[nodiscard]] bool ends_line(std::string_view text, std::size_t byte);

// What is wrong is added to `faults`; the document is then not whole, and may be empty.
[[nodiscard]] Document json_document(const scenario::SourceText& source, scenario::Faults& faults);
// One document after the other, until something is wrong.
void read_yaml_documents(const scenario::SourceText& source, scenario::Faults& faults,
                         const std::function<void(const View& root)>& take);

}  // namespace knockon::foreign
