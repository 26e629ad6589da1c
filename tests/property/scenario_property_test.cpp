// Whatever is done to a scenario's text, the reader answers: with a world, or with what is wrong and where.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace fs = std::filesystem;
using namespace knockon;

namespace {

using Texts = std::map<std::string, std::string>;

std::string content_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The blocks we ship, by the names that `use` calls them.
Texts shipped_blocks() {
  Texts blocks;
  const fs::path folder = KNOCKON_SOURCE_DIR "/models";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.path().extension() != ".yaml") continue;
    blocks[fs::path{entry.path()}.replace_extension().lexically_relative(folder).generic_string()] =
        content_of(entry.path());
  }
  return blocks;
}

Texts shipped_scenarios() {
  Texts scenarios;
  for (const fs::directory_entry& entry : fs::directory_iterator{KNOCKON_SOURCE_DIR "/scenarios"}) {
    scenarios[entry.path().filename().string()] = content_of(entry.path() / "scenario.yaml");
  }
  return scenarios;
}

// What authors' fingers slip on, and what parsers stumble over.
const std::vector<std::string_view> pieces{" ",
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

std::string mutated(std::string text, const Mutation& mutation) {
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

rc::Gen<Mutation> a_mutation() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::arbitrary<unsigned>(),
                                     rc::gen::arbitrary<unsigned>(), rc::gen::arbitrary<unsigned>()),
                      [](const std::tuple<int, unsigned, unsigned, unsigned>& parts) {
                        return Mutation{std::get<0>(parts), std::get<1>(parts) * 2654435761U,
                                        std::get<2>(parts) * 40503U, std::get<3>(parts)};
                      });
}

void assert_answered(const tl::expected<scenario::Read, scenario::Diagnostics>& read) {
  if (read) {
    RC_ASSERT(!read->world.regions.empty());
    return;
  }
  RC_ASSERT(!read.error().empty());
  for (const scenario::Diagnostic& fault : read.error()) {
    RC_ASSERT(!fault.path.empty() && !fault.code.empty() && !fault.message.empty());
    RC_ASSERT(fault.line >= 1 && fault.column >= 1 && fault.end_column > fault.column);
    RC_ASSERT(scenario::text_of(fault).size() < 4000);
  }
}

}  // namespace

TEST_CASE("a damaged scenario is answered, never thrown at or run away from") {
  const Texts blocks = shipped_blocks();

  for (const auto& [name, text] : shipped_scenarios()) {
    const bool holds = rc::check(name, [&, &whole = text] {
      std::string damaged = whole;
      for (const Mutation& mutation :
           *rc::gen::container<std::vector<Mutation>>(*rc::gen::inRange(1, 5), a_mutation())) {
        damaged = mutated(std::move(damaged), mutation);
      }
      assert_answered(scenario::read_text(damaged, {}, blocks));
    });
    CHECK(holds);
  }
}

TEST_CASE("a damaged block is answered in its own file") {
  const Texts blocks = shipped_blocks();
  const std::string text = shipped_scenarios().at("meta-2024-03-05");

  for (const auto& [name, block] : blocks) {
    const bool holds = rc::check(name, [&, &key = name, &whole = block] {
      Texts damaged = blocks;
      damaged[key] = mutated(whole, *a_mutation());
      assert_answered(scenario::read_text(text, {}, damaged));
    });
    CHECK(holds);
  }
}

TEST_CASE("a damaged setting is answered") {
  const Texts blocks = shipped_blocks();
  const std::string text = shipped_scenarios().at("meta-2024-03-05");
  const std::vector<std::pair<std::string, std::string>> settings{
      {"services.feed.calls[auth.check].timeout", "5m"},
      {"populations.people.does.facebook.open-feed", "12/d"},
      {"strategies.rollback-then-ramp.steps.undo.takes", "{median: 6m, p90: 9m}"},
      {"apps.facebook.down", "success < 40% for 3m"}};

  CHECK(rc::check([&] {
    auto [path, value] = settings[*rc::gen::inRange<std::size_t>(0, settings.size())];
    if (*rc::gen::arbitrary<bool>()) path = mutated(path, *a_mutation());
    if (*rc::gen::arbitrary<bool>()) value = mutated(value, *a_mutation());
    assert_answered(scenario::read_text(text, {.set = {{path, value}}}, blocks));
  }));
}

TEST_CASE("what a damaged but accepted scenario is merged to reads as itself") {
  const Texts blocks = shipped_blocks();
  const std::string text = shipped_scenarios().at("facebook-2021-10-04");

  CHECK(rc::check([&] {
    const auto read = scenario::read_text(mutated(text, *a_mutation()), {}, blocks);
    if (!read) return;
    const auto again = scenario::read_text(read->merged_text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->merged_text == read->merged_text);
  }));
}
