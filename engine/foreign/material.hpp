// What the reader of a format works on: a file, where its findings go, and how it says what it expected instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/foreign/document.hpp"
#include "engine/foreign/graph.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::foreign {

struct Material {
  const scenario::SourceText& source;
  std::uint32_t file;  // its number among the files
  Graph& graph;
  scenario::Faults& faults;

  [[nodiscard]] Origin origin(std::uint32_t line) const { return {file, line}; }
  [[nodiscard]] Origin origin(const View& view) const { return {file, view.line()}; }
};

// "a list", "a map", "a text", "nothing".
[[nodiscard]] const char* noun_of(View::Kind kind);

// Whether the value is of this kind; where it is not, says that `what` was expected there (a sentence's object: "a list
// of services"). What is not there is missed at `around`.
[[nodiscard]] bool has_kind(Material& material, const View& view, View::Kind kind, std::string_view what,
                            const View& around);

// What stands behind a key of the whole document, when that is a map and this is of the kind; else none, which is said.
// `what` the document should be ("a graph of Kiali, a map").
[[nodiscard]] std::optional<View> needed_part(Material& material, const View& root, std::string_view what,
                                              std::string_view key, View::Kind kind);

// The text behind a key of a map, which has to be there; `what` it is ("the caller's name").
[[nodiscard]] std::optional<std::string_view> needed_text(Material& material, const View& map, std::string_view key,
                                                          std::string_view what);

// A count of something: a number of zero or more, also as a text; none when there is none, or a wrong one (which is
// said).
[[nodiscard]] std::optional<double> count_if_any(Material& material, const View& view);
[[nodiscard]] std::optional<double> count_in(std::string_view text);

// What a word of our own drawings makes of a relation, when it is taken for a call.
[[nodiscard]] world::CallKind kind_called(std::string_view word);
// What is then assumed about it; empty for what is a call anyhow.
[[nodiscard]] std::string_view assumption_about(std::string_view word);

// A stretch of a line by its bytes, from 0; at most to the line's end.
[[nodiscard]] scenario::Span span_of(const scenario::SourceText& source, std::uint32_t line, std::size_t begin,
                                     std::size_t size);

}  // namespace knockon::foreign
