// Scalars and distributions as typed values: what is wrong with a text that should be one, and the value when nothing
// is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/text.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"
#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

struct Wrong {
  std::string code, message, hint;
};

// Why `text` is not a value of a scalar type (text … date), within its bounds. Conditions, promises, verbs and names
// are not judged.
[[nodiscard]] std::optional<Wrong> wrong_with(const Type& type, std::string_view text);

// A scalar as a plain number in the unit that distributions have: seconds, a second, a share of 1, or itself.
[[nodiscard]] std::optional<double> number_of(const Type& type, std::string_view text);

// Whether a property may be written as a distribution, to be drawn once a replication.
[[nodiscard]] bool is_drawable(const Key& key);

// Reads `true` and `false`.
[[nodiscard]] std::optional<bool> flag_of(std::string_view text);

// Hours of a day: `9h..17h`, also over midnight: `22h..6h`.
struct Hours {
  quantity::Duration from, to;
};
[[nodiscard]] std::optional<Hours> hours_of(std::string_view text);

// The distribution a node stands for (a bare value is constant); nothing when it is none, and then `faults`, if given,
// says why.
[[nodiscard]] std::optional<random::Distribution> distribution_of(const Node& node, const Type& value, Faults* faults);

// The same for a property that is drawn once a replication: draws beyond what it may be are moved to its bound, as
// those beyond a distribution's own `min` and `max` are.
[[nodiscard]] std::optional<random::Distribution> drawn_of(const Node& node, const Key& key, Faults* faults);

// Turns a quantity's parsing fault into ours: the text that was found, what was expected, what may be meant.
[[nodiscard]] Wrong wrong_quantity(std::string_view text, const quantity::TextFault& fault);

}  // namespace knockon::scenario
