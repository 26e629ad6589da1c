// Whether text may hold colours: never where it is not looked at on a terminal, unless somebody insists.
#pragma once

#include <cstdint>

namespace knockon::command_line {

enum class Colour : std::uint8_t { automatic, always, never };

// `is_terminal`: whether the stream that is written to is one. NO_COLOR and a dumb terminal are honoured.
[[nodiscard]] bool is_wanted(Colour colour, bool is_terminal);

}  // namespace knockon::command_line
