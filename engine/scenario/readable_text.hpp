// What a text must be before a YAML parser may see it: UTF-8 of a bounded size, in which everything can be seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// Reports what is wrong.
[[nodiscard]] bool is_readable_text(const SourceText& source, Faults& faults, const Limits& limits);

// The same for a text that was written for another tool, in any language: it has to be UTF-8, and a text.
[[nodiscard]] bool is_foreign_text(const SourceText& source, Faults& faults, const Limits& limits);
// A line that begins with %: a directive of YAML, which costs its parser more than it is worth.
[[nodiscard]] bool has_directive(const SourceText& source, Faults& faults);

// A character that does not show, or makes others show in another order or line than they are read in.
struct HiddenCharacter {
  std::size_t byte;
  std::uint32_t code;
  [[nodiscard]] std::string description() const;  // "a control character (U+0007)"
};
// The first, but for those `allowed`. REQUIRES: `text` is UTF-8.
[[nodiscard]] std::optional<HiddenCharacter> hidden_character_in(std::string_view text, std::string_view allowed);

}  // namespace knockon::scenario
