#include "engine/scenario/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace knockon::scenario {
namespace {

constexpr std::size_t excerpt_width = 110;  // characters of a source line that are shown
constexpr std::size_t name_width = 60;      // characters of an author's word that are repeated

// Sequences that terminals understand; empty where nothing is coloured.
struct Colours {
  std::string_view strong, alarm, off;
};
constexpr Colours red{"\033[1m", "\033[1;31m", "\033[0m"};
constexpr Colours yellow{"\033[1m", "\033[1;33m", "\033[0m"};

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

// The bytes of characters [from, from + count).
std::string_view characters_of(std::string_view text, std::size_t from, std::size_t count) {
  std::size_t begin = 0;
  while (begin < text.size() && from > 0) {
    do ++begin;
    while (begin < text.size() && !starts_character(text[begin]));
    --from;
  }
  std::size_t end = begin;
  while (end < text.size() && count > 0) {
    do ++end;
    while (end < text.size() && !starts_character(text[end]));
    --count;
  }
  return text.substr(begin, end - begin);
}

// The part of a source line around the caret, and the caret's column in it, from 0.
struct Excerpt {
  std::string text;
  std::size_t caret;
};

Excerpt excerpt_of(const Diagnostic& diagnostic) {
  const std::size_t length = characters(diagnostic.source_line);
  const auto column = static_cast<std::size_t>(std::max(1, diagnostic.column) - 1);
  if (length <= excerpt_width) return {diagnostic.source_line, column};
  const std::size_t from =
      column > excerpt_width / 2 ? std::min(column - excerpt_width / 2, length - excerpt_width) : 0;
  const bool cut_before = from > 0;
  std::string text{characters_of(diagnostic.source_line, from, excerpt_width)};
  if (cut_before) text = "…" + text;
  if (from + excerpt_width < length) text += "…";
  return {std::move(text), column - from + (cut_before ? 1 : 0)};
}

// How many single-character edits, swaps of neighbours counting one, lead from a to b (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last.back();
}

std::string excerpt_text(const Diagnostic& diagnostic, const Colours& colours) {
  const Excerpt excerpt = excerpt_of(diagnostic);
  const std::string number = fmt::format("{:>5}", diagnostic.line);
  const std::size_t shown = characters(excerpt.text);
  const std::size_t room = shown > excerpt.caret ? shown - excerpt.caret : 1;
  const auto width = static_cast<std::size_t>(std::max(1, diagnostic.end_column - diagnostic.column));
  return fmt::format("{} | {}\n{:>{}} | {:>{}}{}^{:~>{}}{}\n", number, excerpt.text, "", number.size(), "",
                     excerpt.caret, colours.alarm, "", std::min(width, room) - 1, colours.off);
}

}  // namespace

std::string text_of(const Diagnostic& diagnostic, Style style) {
  const bool is_error = diagnostic.severity == Severity::error;
  const Colours colours = style.has_colour ? (is_error ? red : yellow) : Colours{};
  std::string text =
      fmt::format("{}{}:{}:{}:{} {}{}:{} {}\n", colours.strong, diagnostic.path, diagnostic.line, diagnostic.column,
                  colours.off, colours.alarm, is_error ? "error" : "warning", colours.off, sentence_of(diagnostic));
  if (!diagnostic.source_line.empty()) text += excerpt_text(diagnostic, colours);
  if (!diagnostic.note.empty()) text += "      = " + diagnostic.note + "\n";
  return text;
}

std::string text_of(const Diagnostics& diagnostics, Style style) {
  std::string text;
  std::set<std::string_view> said;
  for (const Diagnostic& diagnostic : diagnostics) {
    const bool is_new = said.insert(diagnostic.note).second;
    if (is_new) {
      text += text_of(diagnostic, style);
      continue;
    }
    Diagnostic brief = diagnostic;
    brief.note.clear();
    text += text_of(brief, style);
  }
  return text;
}

std::string sentence_of(const Diagnostic& diagnostic) {
  if (diagnostic.hint.empty()) return diagnostic.message;
  const bool is_question = !diagnostic.message.empty() && diagnostic.message.back() == '?';
  return diagnostic.message + (is_question ? " " : "; ") + diagnostic.hint;
}

std::string quoted(std::string_view name) {
  if (characters(name) <= name_width) return "'" + printable(name) + "'";
  return "'" + printable(characters_of(name, 0, name_width)) + "…'";
}

std::string printable(std::string_view text) {
  std::string result{text};
  for (char& byte : result) {
    if (byte == '\t') byte = ' ';
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) byte = '?';
  }
  // U+0080 to U+009F are control characters too: C2 80 to C2 9F.
  for (std::size_t i = 0; i + 1 < result.size(); ++i) {
    if (static_cast<unsigned char>(result[i]) == 0xC2 && static_cast<unsigned char>(result[i + 1]) < 0xA0) {
      result.replace(i, 2, "?");
    }
  }
  return result;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.size() > 2 * name_width) return {};
  // One slip in a short word, two or three in a longer one; beyond that a guess confuses more than it helps.
  const std::size_t allowed = word.size() < 3 ? 1 : std::min<std::size_t>(3, 1 + word.size() / 5);
  std::string_view best;
  std::size_t best_distance = allowed + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - std::min(candidate.size(), word.size()) >= best_distance) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < longer) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view candidate = nearest(word, candidates);
  return candidate.empty() ? std::string{} : fmt::format("did you mean {}?", scenario::quoted(candidate));
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace knockon::scenario
