// The number inside a quantity: digits with an optional fraction, no sign, no exponent, no leading zero. Reading and
// printing are exact to the last bit and blind to the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace knockon::quantity {

// How many characters at the start of `text` are a number; 0 when it does not begin with one.
[[nodiscard]] std::size_t number_length(std::string_view text);

// The double nearest to `number` times ten to the `power_of_ten`; nothing when no double is near it.
[[nodiscard]] std::optional<double> number_value(std::string_view number, int power_of_ten = 0);

// The shortest number, written out in full, that reads back as exactly `value` when times ten to the `power_of_ten`.
[[nodiscard]] std::string number_text(double value, int power_of_ten = 0);

// What `k`, `M`, `G` and `T` stand for, as a power of ten (0 for nothing); no value for any other suffix.
[[nodiscard]] std::optional<int> metric_power(std::string_view suffix);

// A number with at most one metric suffix and nothing else: 1.3G.
[[nodiscard]] std::optional<double> metric_value(std::string_view text);

// The spelling of `value` with the suffix that leaves one to three digits before the point, where there is one.
[[nodiscard]] std::string metric_text(double value);

}  // namespace knockon::quantity
