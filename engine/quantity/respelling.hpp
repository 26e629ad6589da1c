// Guesses at what an author meant by a quantity that cannot be read: `5 min` is 5m, `$3` is 3 USD. Every guess is
// offered only if it reads, so a hint never suggests another mistake.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/quantity/text.hpp"

namespace knockon::quantity {

// Numbers (tidied: no leading zeros, digit groups or signs), words and single symbols, without the spaces between them.
// Empty for texts that are too long to be a slip of the pen.
[[nodiscard]] std::vector<std::string> pieces_of(std::string_view text);

[[nodiscard]] bool is_number(std::string_view piece);
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);

// `min`, `Minutes`, `M` -> m, and so on for us ms s h d; empty for what is no unit of time.
[[nodiscard]] std::string time_unit_meant(std::string_view word);
// `K`, `thousand`, `bn` -> k, G, and so on; empty for what is no multiple.
[[nodiscard]] std::string metric_meant(std::string_view word);

// A word such as `req` or `users` that names what is counted and that no quantity writes.
[[nodiscard]] bool is_counted_noun(std::string_view word);

// `strict(text)`, or a fault with the first guesses that `strict` can read. Guesses joined by " or " are offered
// together.
template <class Quantity, class Strict>
Parsed<Quantity> parsed_or_hint(std::string_view text, Strict strict, const char* expected,
                                std::vector<std::string> (*guesses)(std::string_view)) {
  if (auto value = strict(text)) return *value;
  TextFault fault{.expected = expected, .hint = {}};
  for (const auto& guess : guesses(text)) {
    const std::size_t joint = guess.find(" or ");
    const std::string_view first = std::string_view{guess}.substr(0, joint);
    const std::string_view second = joint == std::string::npos ? first : std::string_view{guess}.substr(joint + 4);
    if (!strict(first) || !strict(second)) continue;
    fault.hint = "did you mean " + guess + "?";
    break;
  }
  return tl::make_unexpected(std::move(fault));
}

}  // namespace knockon::quantity
