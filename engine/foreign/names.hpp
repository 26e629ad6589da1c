// Names from elsewhere, in the spelling of the scenario language.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace knockon::foreign {

// a-z, 0-9 and -, a letter first; `noun` stands in for, or before, what has no letters of that kind.
[[nodiscard]] std::string spelt_name(std::string_view written, std::string_view noun);

// Hands out names of one name space, each once.
class Names {
 public:
  // What has been said already is not given again: cart, cart-2, cart-3.
  [[nodiscard]] std::string unique(std::string_view written, std::string_view noun);

 private:
  std::set<std::string, std::less<>> taken_;
  std::map<std::string, std::size_t, std::less<>> next_;  // the number to try for a name that is taken
};

// For a comment: one line, shortened, without characters that do not show or that turn text around.
[[nodiscard]] std::string shown(std::string_view written);

}  // namespace knockon::foreign
