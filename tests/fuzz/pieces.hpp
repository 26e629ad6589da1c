// One fuzzed input as everything that a reader may be given: a scenario's text, blocks it may `use`, and options. A
// line that begins with #@ says what follows it:
//   #@ block people/on-call         the lines up to the next #@ are that block's text
//   #@ variant NAME, #@ set PATH=VALUE      are options
// so a scenario as it stands is an input too.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/scenario/scenario.hpp"

namespace knockon::fuzz {

struct Pieces {
  std::string text;
  std::map<std::string, std::string> blocks;
  scenario::Options options;
};

inline void cut_line(Pieces& pieces, std::string*& into, std::string_view line) {
  const auto rest_after = [&](std::string_view begin) {
    std::string_view rest = line.substr(begin.size());
    if (!rest.empty() && rest.back() == '\n') rest.remove_suffix(1);
    return std::string{rest};
  };
  if (line.starts_with("#@ block ")) {
    into = &pieces.blocks[rest_after("#@ block ")];
  } else if (line.starts_with("#@ variant ")) {
    pieces.options.variants.push_back(rest_after("#@ variant "));
  } else if (line.starts_with("#@ set ")) {
    const std::string setting = rest_after("#@ set ");
    const std::size_t equals = setting.find('=');
    pieces.options.set.emplace_back(setting.substr(0, equals),
                                    equals == std::string::npos ? "" : setting.substr(equals + 1));
  } else {
    *into += line;
  }
}

inline Pieces pieces_of(std::string_view input) {
  Pieces pieces;
  std::string* into = &pieces.text;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size() - 1) + 1;
    cut_line(pieces, into, input.substr(0, end));
    input.remove_prefix(end);
  }
  return pieces;
}

}  // namespace knockon::fuzz
