// Text for a terminal: width in characters, wrapping, alignment, and colour where it is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace knockon::report {

enum class Ink : std::uint8_t { plain, strong, faint, good, doubtful, bad };

// Colours text, or leaves it alone. Colour only repeats what words and shapes already say.
class Paint {
 public:
  explicit Paint(bool has_colour) : has_colour_{has_colour} {}
  [[nodiscard]] std::string operator()(Ink ink, std::string_view text) const;

 private:
  bool has_colour_;
};

// The head of a part of a page: an empty line, the title, and what it is about.
[[nodiscard]] std::string section(const std::string& title, const std::string& about, const Paint& paint);

// In characters (code points), not bytes.
[[nodiscard]] std::size_t width_of(std::string_view text);
// Filled up with spaces to `width`; longer text is left as it is.
[[nodiscard]] std::string left(std::string_view text, std::size_t width);
[[nodiscard]] std::string right(std::string_view text, std::size_t width);
[[nodiscard]] std::string repeated(std::string_view text, std::size_t times);

// Lines of at most `width` characters, broken at spaces; the second and later ones begin with `indent` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);

// The same for text that begins behind `indent` characters of its first line: all lines end at `width` and begin there.
[[nodiscard]] std::string hung(std::string_view text, std::size_t width, std::size_t indent);

// Without characters that could steer a terminal.
[[nodiscard]] std::string printable(std::string_view text);

// "a", "a and b", "a, b and c"; beyond `at_most` names "a, b and 4 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& names, std::size_t at_most);

}  // namespace knockon::report
