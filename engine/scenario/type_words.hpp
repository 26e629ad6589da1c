// Types of the description in words, for people: what editors show and what the language reference prints.
#pragma once

#include <string>

#include "engine/scenario/description.hpp"

namespace knockon::scenario {

// "duration, or a distribution of durations"; "name of a service or group"; "call, or a list of them".
[[nodiscard]] std::string in_words(const Type& type);

// "0s"; "sized so that …"; empty when there is none.
[[nodiscard]] std::string default_in_words(const Key& key);

// How a fault, reaction or step is called.
[[nodiscard]] std::string_view noun_of(Use use);

}  // namespace knockon::scenario
