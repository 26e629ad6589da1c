#include "engine/report/page.hpp"

#include <algorithm>

namespace knockon::report {
namespace {

const char* escape_of(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::strong:
      return "\033[1m";
    case Ink::faint:
      return "\033[2m";
    case Ink::good:
      return "\033[32m";
    case Ink::doubtful:
      return "\033[33m";
    case Ink::bad:
      return "\033[31m";
  }
  return "";
}

// Bytes 0x80 to 0xbf continue a character of UTF-8.
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    if (to > from) words.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

}  // namespace

std::string Paint::operator()(Ink ink, std::string_view text) const {
  if (!has_colour_ || ink == Ink::plain || text.empty()) return std::string{text};
  return escape_of(ink) + std::string{text} + "\033[0m";
}

std::string section(const std::string& title, const std::string& about, const Paint& paint) {
  return "\n" + paint(Ink::strong, title) + (about.empty() ? "" : paint(Ink::faint, "  " + about)) + "\n";
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string left(std::string_view text, std::size_t width) {
  return std::string{text} + std::string(width - std::min(width, width_of(text)), ' ');
}

std::string right(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, width_of(text)), ' ') + std::string{text};
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = 0;
  for (const std::string_view word : words_of(text)) {
    if (column > 0 && column + 1 + width_of(word) > width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += width_of(word);
  }
  return result;
}

std::string hung(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  for (const char letter : wrapped(text, width - std::min(width, indent))) {
    result += letter;
    if (letter == '\n') result += std::string(indent, ' ');
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls, the terminal's other escape characters, are 0xc2 0x80 to 0xc2 0x9f in UTF-8.
    const bool is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (is_c1) ++i;
    result += byte < 0x20 || byte == 0x7f || is_c1 ? ' ' : text[i];
  }
  return result;
}

std::string listed(const std::vector<std::string>& names, std::size_t at_most) {
  const std::size_t shown = names.size() <= at_most ? names.size() : at_most - 1;
  std::vector<std::string> parts(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < names.size()) parts.push_back(std::to_string(names.size() - shown) + " more");
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace knockon::report
