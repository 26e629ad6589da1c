// Scenarios as authors' fingers and bad disks leave them: the shipped texts, and ways to damage them.
#pragma once

#include <rapidcheck.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/file_content.hpp"
#include "tests/shipped.hpp"

namespace knockon::tests {

namespace fs = std::filesystem;

using Texts = std::map<std::string, std::string>;

// The blocks we ship, by the names that `use` calls them.
inline Texts shipped_blocks() {
  Texts blocks;
  const fs::path folder = KNOCKON_SOURCE_DIR "/models";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.path().extension() != ".yaml") continue;
    blocks[fs::path{entry.path()}.replace_extension().lexically_relative(folder).generic_string()] =
        content_of(entry.path());
  }
  return blocks;
}

inline Texts shipped_scenarios() {
  Texts scenarios;
  for (const fs::path& folder : shipped_scenario_folders()) {
    scenarios[folder.filename().string()] = content_of(folder / "scenario.yaml");
  }
  return scenarios;
}

// What authors' fingers slip on, and what parsers stumble over.
inline const std::vector<std::string_view> pieces{" ",
                                                  "\n",
                                                  "  ",
                                                  "\t",
                                                  ":",
                                                  ": ",
                                                  ",",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  "(",
                                                  ")",
                                                  "~",
                                                  "{}",
                                                  "[]",
                                                  "-",
                                                  "- ",
                                                  "?",
                                                  "#",
                                                  "\"",
                                                  "'",
                                                  "&a ",
                                                  "*a",
                                                  "!t ",
                                                  "<<: ",
                                                  "|",
                                                  ">",
                                                  "%",
                                                  "@",
                                                  "@here",
                                                  "..",
                                                  "0",
                                                  "-1",
                                                  "1e309",
                                                  "100%",
                                                  "101%",
                                                  "0s",
                                                  "5M",
                                                  "1h30m",
                                                  "9999999d",
                                                  "1G",
                                                  "null",
                                                  "yes",
                                                  "like",
                                                  "like: ",
                                                  "use: ",
                                                  "extends: ",
                                                  "do: ",
                                                  "target: ",
                                                  "needs: ",
                                                  "any_of",
                                                  "parallel",
                                                  "not ",
                                                  " for ",
                                                  " and ",
                                                  " or ",
                                                  "in ",
                                                  "from",
                                                  "median",
                                                  "p90",
                                                  "\xC3\xA9",
                                                  "\xF0\x9F\x92\xA5",
                                                  "\xFF",
                                                  "\x01",
                                                  "start",
                                                  "never",
                                                  "2024-03-05T15:00:00Z"};

struct Mutation {
  int kind;
  unsigned place, length, piece;
};

inline std::string mutated(std::string text, const Mutation& mutation) {
  const std::size_t at = text.empty() ? 0 : mutation.place % text.size();
  const std::string piece{pieces[mutation.piece % pieces.size()]};
  const std::size_t line = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
  const std::size_t next = text.find('\n', at) == std::string::npos ? text.size() : text.find('\n', at) + 1;
  switch (mutation.kind) {
    case 0:
      return text.erase(at, 1 + mutation.length % 8);
    case 1:
      return text.insert(at, piece);
    case 2:
      return text.replace(at, 1 + mutation.length % 4, piece);
    case 3:
      return next > line ? text.erase(line, next - line) : text;
    case 4:
      return text.insert(line, text.substr(line, next - line));
    default: {
      // A word from somewhere else: names where other kinds of names belong.
      const std::size_t from = mutation.length % (text.size() + 1);
      const std::string word = text.substr(from, text.find_first_of(" ,:[]{}\n", from) - from);
      return text.replace(at, std::min(text.find_first_of(" ,:[]{}\n", at), text.size()) - at, word.substr(0, 60));
    }
  }
}

inline rc::Gen<Mutation> a_mutation() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::arbitrary<unsigned>(),
                                     rc::gen::arbitrary<unsigned>(), rc::gen::arbitrary<unsigned>()),
                      [](const std::tuple<int, unsigned, unsigned, unsigned>& parts) {
                        return Mutation{std::get<0>(parts), std::get<1>(parts) * 2654435761U,
                                        std::get<2>(parts) * 40503U, std::get<3>(parts)};
                      });
}

}  // namespace knockon::tests
