#include "engine/scenario/slips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace knockon::scenario {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// A line without its comment, as far as quotes let that be known.
std::string_view content_of(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ')) return line.substr(0, i);
    if (line[i] == '"' || line[i] == '\'') break;
  }
  return line;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// The first word of a line that could be a key.
std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin()));
}

// A ': ' or a ':' at the end.
bool has_colon(std::string_view text) { return text.ends_with(':') || text.find(": ") != std::string_view::npos; }

struct Slip {
  std::string_view word;
  std::string message, hint;
};

// `horizon 6h`, `horizon`, `horizon:6h`.
std::optional<Slip> slip_in_line(std::string_view text) {
  const std::string_view word = first_word(text);
  if (word.empty() || text.starts_with("- ") || has_colon(text)) return std::nullopt;
  const std::string_view rest = text.substr(word.size());
  if (rest.starts_with(':'))
    return Slip{word, fmt::format("a space is missing after {}", quoted(fmt::format("{}:", word))),
                fmt::format("write {}: {}", word, rest.substr(1))};
  const bool has_value = rest.starts_with(' ');
  if (!rest.empty() && !has_value) return std::nullopt;
  const std::string better = has_value ? fmt::format("{}: {}", word, trimmed(rest)) : fmt::format("{}:", word);
  return Slip{word, fmt::format("a colon is missing after {}", quoted(word)), "write " + printable(better)};
}

// `home {users: 2M, clock: UTC}`: the first colon is inside a bracket that follows the word at once.
std::optional<Slip> slip_before_bracket(std::string_view text) {
  const std::string_view word = first_word(text);
  const std::string_view rest = trimmed(text.substr(word.size()));
  if (word.empty() || text.starts_with("- ") || (!rest.starts_with('{') && !rest.starts_with('['))) return std::nullopt;
  return Slip{word, fmt::format("a colon is missing after {}", quoted(word)),
              fmt::format("write {}: {}…", word, rest.front())};
}

bool report(const Slip& slip, const SourceText& source, std::uint32_t number, Faults& faults) {
  const std::string_view line = source.line(number);
  const auto begin = static_cast<std::size_t>(slip.word.data() - line.data());
  const auto column = static_cast<std::uint32_t>(characters_in(line.substr(0, begin))) + 1;
  const auto width = static_cast<std::uint32_t>(characters_in(slip.word));
  faults.error({&source, number, column, column + width}, "yaml-syntax", slip.message, slip.hint);
  return true;
}

std::size_t indentation_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// The nearest line above that begins further left; 0 when there is none.
std::uint32_t opener_of(const SourceText& source, std::uint32_t number) {
  const std::size_t indentation = indentation_of(source.line(number));
  for (std::uint32_t above = number; above-- > 1;) {
    const std::string_view line = source.line(above);
    if (!trimmed(content_of(line)).empty() && indentation_of(line) < indentation) return above;
  }
  return 0;
}

// An entry beneath one that has a value already: `horizon: 6h` and, further right in the next line, `cause: x`.
bool report_indentation(const Span& mark, Faults& faults) {
  const SourceText& source = *mark.source;
  const std::uint32_t opener = opener_of(source, mark.line);
  if (opener == 0) return false;
  const std::string_view above = trimmed(content_of(source.line(opener)));
  const std::size_t colon = above.find(": ");
  if (colon == std::string_view::npos || above[colon + 2] == '|' || above[colon + 2] == '>') return false;
  const std::string_view marked = trimmed(content_of(source.line(mark.line)));
  const Slip slip{first_word(marked),
                  fmt::format("this stands beneath {} in line {}, which has a value already",
                              quoted(above.substr(0, colon)), opener),
                  "entries of one map stand in one column"};
  return !slip.word.empty() && report(slip, source, mark.line, faults);
}

}  // namespace

bool report_slip(const Span& mark, Faults& faults) {
  const SourceText& source = *mark.source;
  const std::string_view marked = trimmed(content_of(source.line(mark.line)));
  if (const auto slip = slip_before_bracket(marked)) return report(*slip, source, mark.line, faults);
  if (const auto slip = slip_in_line(marked)) return report(*slip, source, mark.line, faults);
  // A second colon in one line is that line's own trouble.
  const std::string_view before_mark = source.line(mark.line).substr(0, mark.column > 0 ? mark.column - 1 : 0);
  if (before_mark.find(": ") != std::string_view::npos) return false;
  if (report_indentation(mark, faults)) return true;
  for (std::uint32_t number = mark.line; number-- > 1;) {
    const std::string_view text = trimmed(content_of(source.line(number)));
    if (text.empty()) continue;
    const auto slip = slip_in_line(text);
    return slip && report(*slip, source, number, faults);
  }
  return false;
}

}  // namespace knockon::scenario
