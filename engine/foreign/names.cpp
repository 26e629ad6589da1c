#include "engine/foreign/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/names.hpp"
#include "engine/scenario/readable_text.hpp"

namespace knockon::foreign {
namespace {

constexpr std::size_t length_max = 60;

}  // namespace

std::string spelt_name(std::string_view written, std::string_view noun) {
  std::string name = scenario::spelt_as_name(written).substr(0, length_max);
  if (!name.empty() && name.back() == '-') name.pop_back();
  if (scenario::is_name(name)) return name;
  return name.empty() ? std::string{noun} : fmt::format("{}-{}", noun, name);
}

std::string Names::unique(std::string_view written, std::string_view noun) {
  const std::string name = spelt_name(written, noun);
  if (taken_.insert(name).second) return name;
  for (std::size_t& number = next_.try_emplace(name, 2).first->second;; ++number) {
    std::string numbered = fmt::format("{}-{}", name, number);
    if (taken_.insert(numbered).second) return numbered;
  }
}

std::string shown(std::string_view written) {
  const std::string quoted = scenario::quoted(written);
  const std::string_view inside = std::string_view{quoted}.substr(1, quoted.size() - 2);
  return scenario::hidden_character_in(inside, "") ? std::string{"?"} : std::string{inside};
}

}  // namespace knockon::foreign
