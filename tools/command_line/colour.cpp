#include "tools/command_line/colour.hpp"

#include <cstdlib>
#include <string_view>

namespace knockon::command_line {

bool is_wanted(Colour colour, bool is_terminal) {
  if (colour != Colour::automatic) return colour == Colour::always;
  const char* refusal = std::getenv("NO_COLOR");
  const bool is_refused = refusal != nullptr && *refusal != '\0';
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view{terminal} == "dumb";
  return is_terminal && !is_refused && !is_dumb;
}

}  // namespace knockon::command_line
