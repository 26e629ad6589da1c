#include "engine/scenario/readable_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

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

Span span_of_byte(const SourceText& source, std::size_t byte) {
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), byte);
  const auto line = static_cast<std::uint32_t>(after - source.line_starts.begin());
  const std::size_t start = source.line_starts[line - 1];
  const auto column =
      static_cast<std::uint32_t>(characters_in(std::string_view{source.text}.substr(start, byte - start))) + 1;
  return {&source, line, column, column + 1};
}

// Follows brackets, quotes and comments just closely enough to know how deep and how long a bracketed value is.
class Brackets {
 public:
  explicit Brackets(std::string_view text) : text_{text} {}

  struct Excess {
    std::size_t byte;
    bool is_too_deep;
  };
  // Where brackets are open too deep, or around too many values.
  std::optional<Excess> excess(const Limits& limits) {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      step();
      if (open_.size() > limits.depth) return Excess{at_, true};
      if (marks_ > limits.bracketed_marks) return Excess{open_.empty() ? line_ : open_.front(), false};
    }
    return std::nullopt;
  }

  // After `excess` has found none.
  [[nodiscard]] std::optional<std::size_t> open_quote() const { return open_quote_; }
  [[nodiscard]] std::optional<std::size_t> open_bracket() const {
    return open_.empty() ? std::nullopt : std::optional{open_.back()};
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      line_ = at_ + 1;
      if (!open_.empty()) return;
      begins_value_ = true;
      marks_ = 0;
      return;
    }
    if (c == ' ' || c == '\t' || c == '\r') return;
    const bool after_space = at_ == 0 || is_space(text_[at_ - 1]);
    if (c == '#' && after_space) return skip_to('\n');
    if (begins_value_ && (c == '"' || c == '\'')) return skip_quoted(c);
    if (!open_.empty()) return in_brackets(c);
    const bool is_bracket = c == '[' || c == '{';
    if (begins_value_ && is_bracket) return open();
    if (is_bracket) ++marks_;
    const bool is_before_space = at_ + 1 == text_.size() || is_space(text_[at_ + 1]);
    begins_value_ = is_before_space && (c == ':' || ((c == '-' || c == '?') && begins_value_));
  }

  void in_brackets(char c) {
    if (c == '[' || c == '{') return open();
    const bool closes = c == ']' || c == '}';
    if (closes) open_.pop_back();
    if (c == ',' || c == ':') ++marks_;
    begins_value_ = c == ',' || c == ':';
  }

  void open() {
    open_.push_back(at_);
    ++marks_;
    begins_value_ = true;
  }

  void skip_to(char end) {
    while (at_ + 1 < text_.size() && text_[at_ + 1] != end) ++at_;
  }

  void skip_quoted(char quote) {
    begins_value_ = false;
    const std::size_t opened_at = at_;
    for (++at_; at_ < text_.size(); ++at_) {
      const bool is_escape = quote == '"' ? text_[at_] == '\\' : text_.substr(at_, 2) == "''";
      if (is_escape) {
        ++at_;
      } else if (text_[at_] == quote) {
        return;
      }
    }
    open_quote_ = opened_at;
  }

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view text_;
  std::size_t at_ = 0, marks_ = 0, line_ = 0;
  std::vector<std::size_t> open_;  // where the brackets stand that are open
  std::optional<std::size_t> open_quote_;
  bool begins_value_ = true;
};

bool brackets_are_bounded(const SourceText& source, Faults& faults, const Limits& limits) {
  const auto excess = Brackets{source.text}.excess(limits);
  if (!excess) return true;
  const Span span = span_of_byte(source, excess->byte);
  if (excess->is_too_deep) {
    faults.error(span, "too-deep", fmt::format("nested more than {} levels deep", limits.depth),
                 "a scenario needs less than ten");
  } else {
    faults.error(span, "too-large", fmt::format("more than {} values inside this bracket", limits.bracketed_marks),
                 "write them as lines, without brackets");
  }
  return false;
}

}  // namespace

Unclosed unclosed_in(const SourceText& source) {
  Brackets brackets{source.text};
  static_cast<void>(brackets.excess({}));
  Unclosed unclosed;
  if (const auto byte = brackets.open_quote()) unclosed.quote = span_of_byte(source, *byte);
  if (const auto byte = brackets.open_bracket()) unclosed.bracket = span_of_byte(source, *byte);
  return unclosed;
}

bool is_readable_text(const SourceText& source, Faults& faults, const Limits& limits) {
  if (source.text.size() > limits.bytes) {
    faults.error({&source, 1, 1, 2}, "too-large",
                 fmt::format("the file has {} bytes; at most {} are read", source.text.size(), limits.bytes),
                 "split it into blocks and `use` them");
    return false;
  }
  if (const auto byte = not_utf8(source.text)) {
    faults.error(span_of_byte(source, *byte), "not-utf8", "a byte that is not UTF-8", "save the file as UTF-8");
    return false;
  }
  const std::size_t control =
      std::find_if(source.text.begin(), source.text.end(),
                   [](char byte) {
                     const auto value = static_cast<unsigned char>(byte);
                     return (value < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || value == 0x7F;
                   }) -
      source.text.begin();
  if (control < source.text.size()) {
    const int code = static_cast<unsigned char>(source.text[control]);
    faults.error(span_of_byte(source, control), "control-character",
                 fmt::format("a control character (U+{:04X}) in the text", code),
                 "remove it; is this really a text file?");
    return false;
  }
  return brackets_are_bounded(source, faults, limits);
}

}  // namespace knockon::scenario
