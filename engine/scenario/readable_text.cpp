#include "engine/scenario/readable_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace knockon::scenario {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The first byte that is not part of well-formed UTF-8, or nothing.
std::optional<std::size_t> not_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = 1;
    std::uint32_t code = lead;
    if (lead >= 0x80) {
      length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
      if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return i;
      code = lead & (0xFFU >> (length + 1));
      for (std::size_t k = 1; k < length; ++k) {
        if (!continues_character(text[i + k])) return i;
        code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      }
      const bool is_overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
      if (is_overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return i;
    }
    i += length;
  }
  return std::nullopt;
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFFFE || code == 0xFFFF;
}
// Some readers of YAML end a line here, and most editors do not.
bool breaks_lines(std::uint32_t code) { return code == 0x2028 || code == 0x2029; }
bool is_byte_order_mark(std::uint32_t code) { return code == 0xFEFF; }
// Embeddings, overrides and isolates of the bidirectional algorithm (Boucher and Anderson, "Trojan Source", 2021).
bool turns_text_around(std::uint32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

// Of a character of two bytes or more that begins at `byte`; of well-formed UTF-8.
std::uint32_t code_at(std::string_view text, std::size_t byte) {
  const auto lead = static_cast<unsigned char>(text[byte]);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) code = (code << 6U) | (static_cast<unsigned char>(text[byte + k]) & 0x3FU);
  return code;
}

}  // namespace

bool has_directive(const SourceText& source, Faults& faults) {
  for (std::size_t i = 0; i < source.line_starts.size(); ++i) {
    const std::size_t start = source.line_starts[i];
    if (start == source.text.size() || source.text[start] != '%') continue;
    faults.error(span_at(source, i, 0), "yaml-directive",
                 "a line that begins with % is a directive, and they are not "
                 "part of this language",
                 "put quotes around a text that begins with %");
    return true;
  }
  return false;
}

std::string HiddenCharacter::description() const {
  const char* const kind = is_byte_order_mark(code)  ? "a byte order mark"
                           : breaks_lines(code)      ? "a line separator"
                           : turns_text_around(code) ? "a character that turns text around"
                                                     : "a control character";
  return fmt::format("{} (U+{:04X})", kind, code);
}

std::optional<HiddenCharacter> hidden_character_in(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F) continue;
    if (continues_character(text[i]) || allowed.find(text[i]) != std::string_view::npos) continue;
    const std::uint32_t code = byte < 0x80 ? byte : code_at(text, i);
    if (is_control(code) || breaks_lines(code) || turns_text_around(code) || is_byte_order_mark(code))
      return HiddenCharacter{i, code};
  }
  return std::nullopt;
}

namespace {

Span span_of_byte(const SourceText& source, std::size_t byte) {
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), byte);
  const auto line = static_cast<std::size_t>(after - source.line_starts.begin()) - 1;
  const std::size_t start = source.line_starts[line];
  return span_at(source, line, characters_in(std::string_view{source.text}.substr(start, byte - start)));
}

}  // namespace

namespace {

bool is_utf8(const SourceText& source, Faults& faults) {
  const auto byte = not_utf8(source.text);
  if (byte) faults.error(span_of_byte(source, *byte), "not-utf8", "a byte that is not UTF-8", "save the file as UTF-8");
  return !byte;
}

}  // namespace

bool is_foreign_text(const SourceText& source, Faults& faults, const Limits& limits) {
  if (source.text.size() > limits.bytes) {
    faults.error({&source, 1, 1, 2}, "too-large", fmt::format("more than {} bytes in one file", limits.bytes),
                 "give it in several files");
    return false;
  }
  if (!is_utf8(source, faults)) return false;
  const std::size_t zero = source.text.find('\0');
  if (zero == std::string::npos) return true;
  faults.error(span_of_byte(source, zero), "control-character", HiddenCharacter{zero, 0}.description() + " in the text",
               "is this really a text file?");
  return false;
}

bool is_readable_text(const SourceText& source, Faults& faults, const Limits& limits) {
  if (source.text.size() > limits.bytes) {
    faults.error(
        {&source, 1, 1, 2}, "too-large",
        fmt::format("{} bytes; a scenario has at most {}, all its files together", source.text.size(), Limits{}.bytes),
        "describe what is alike once, with `like`");
    return false;
  }
  if (!is_utf8(source, faults)) return false;
  if (const auto hidden = hidden_character_in(source.text, "\t\n\r")) {
    faults.error(span_of_byte(source, hidden->byte), "control-character", hidden->description() + " in the text",
                 "remove it; is this really a text file?");
    return false;
  }
  return !has_directive(source, faults);
}

}  // namespace knockon::scenario
