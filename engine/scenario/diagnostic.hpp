// What is wrong with an author's text, where, and what to do about it. The one place that builds the printed form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace knockon::scenario {

enum class Severity : std::uint8_t { error, warning };

// Lines and columns count from 1; columns count characters, not bytes; `end_column` is one past the last.
struct Diagnostic {
  std::string path;
  int line = 1, column = 1, end_column = 2;
  Severity severity = Severity::error;
  std::string code;         // stable, kebab-case: for editors and scripts
  std::string message;      // what is wrong and what was expected
  std::string hint;         // what to do: "did you mean 'auth'?"; may be empty
  std::string note;         // why that is so: a sentence that teaches; may be empty
  std::string source_line;  // as the author wrote it; control characters are replaced
};
using Diagnostics = std::vector<Diagnostic>;

// `path:line:col: error: message; hint`, the source line, a caret under the words that are wrong, and the note; ends
// with a newline. Of very long lines only the neighbourhood of the caret is shown. Of several, each note is said once.
struct Style {
  bool has_colour = false;  // for a terminal
};
[[nodiscard]] std::string text_of(const Diagnostic& diagnostic, Style style = {});
[[nodiscard]] std::string text_of(const Diagnostics& diagnostics, Style style = {});

// The message with its hint, as one sentence: what stands behind "error: ".
[[nodiscard]] std::string sentence_of(const Diagnostic& diagnostic);

// Call it qualified: std::quoted would be found for a std::string otherwise.
// 'name', shortened where an author's word is absurdly long, without characters that could steer a terminal.
[[nodiscard]] std::string quoted(std::string_view name);

// Replaces control characters (tabs become spaces), keeping one character for one.
[[nodiscard]] std::string printable(std::string_view text);

// The candidate most likely meant by a misspelt word; empty when none is near. The first of equals wins.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "did you mean 'auth'?", or nothing when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

// "a, b or c".
[[nodiscard]] std::string one_of(const std::vector<std::string_view>& words);

}  // namespace knockon::scenario
