// The language's JSON Schema refuses nothing that the reader accepts.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/schema.hpp"
#include "tests/json_schema.hpp"
#include "tests/property/damage.hpp"

using namespace knockon;
using namespace knockon::tests;

namespace {

const JsonSchema& schema() {
  static const JsonSchema schema{scenario::schema_text()};
  return schema;
}

// Whether the reader accepts the text; if so, the schema must, as an editor sees it and with every scalar in quotes.
bool assert_accepted_alike(const std::string& text, const Texts& blocks) {
  if (!scenario::read_text(text, {}, blocks)) return false;
  const scenario::SourceText source{"scenario.yaml", text, 0};
  scenario::Faults faults;
  scenario::Nodes nodes;
  const scenario::NodePtr root = scenario::parsed(source, nodes, faults);
  for (const Scalars scalars : {Scalars::plain, Scalars::quoted}) {
    const nlohmann::json value = json_of(*root, scalars);
    if (schema().accepts(value)) continue;
    RC_LOG() << text << '\n' << schema().objections(value);
    RC_FAIL("the schema refuses what the reader accepts");
  }
  return true;
}

// ---- damage that leaves YAML whole: a merged scenario has one key or item a line

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Where what stands after "key:" or "-" begins; the line's end when nothing does.
std::size_t value_in(const std::string& line) {
  const std::size_t colon = line.find(": ", indent_of(line));
  if (colon != std::string::npos) return colon + 2;
  return line.compare(indent_of(line), 2, "- ") == 0 ? indent_of(line) + 2 : line.size();
}

// The lines below one that stand deeper.
std::size_t end_of_block(const std::vector<std::string>& lines, std::size_t at) {
  std::size_t end = at + 1;
  while (end < lines.size() && indent_of(lines[end]) > indent_of(lines[at])) ++end;
  return end;
}

const std::vector<std::string> values{"~",
                                      "{}",
                                      "[]",
                                      "5",
                                      "1.5k",
                                      "'5'",
                                      "true",
                                      "\"false\"",
                                      "85%",
                                      "100%",
                                      "0%",
                                      "5m",
                                      "1h30m",
                                      "0s",
                                      "20/s",
                                      "15%/h",
                                      "3M USD",
                                      "2k USD/m",
                                      "UTC+1",
                                      "9h..17h",
                                      "10 Gbit/s",
                                      "never",
                                      "start",
                                      "default",
                                      "repair",
                                      "[repair, roll-back]",
                                      "{constant: 5m}",
                                      "{uniform: [1m, 2m]}",
                                      "{exponential: 5m, max: 1h}",
                                      "{median: 1m, p90: 2m, p95: ~}",
                                      "{empirical: [1m, 5m]}",
                                      "{weibull: {scale: 1h, shape: 1.5}}",
                                      "{triangular: [1m, 2m, 3m]}",
                                      "time > 5m",
                                      "not time > 5m for 1m",
                                      "{any_of: [home]}",
                                      "{stale: 1h}",
                                      "{answer: default}",
                                      "shed",
                                      "[shed]",
                                      "{policy: queue, limit: 1s}",
                                      "{from: 30%, over: 10m}",
                                      "{rate: 5/s}",
                                      "fifo"};

struct Edit {
  int kind;
  std::size_t line, other;
};

std::string edited(const std::string& text, const Edit& edit) {
  std::vector<std::string> lines = lines_of(text);
  const std::size_t at = edit.line % lines.size(), from = edit.other % lines.size();
  const auto erase_block = [&](std::size_t begin) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                lines.begin() + static_cast<std::ptrdiff_t>(end_of_block(lines, begin)));
  };
  const std::size_t begin = value_in(lines[at]);
  const std::string value = lines[at].substr(begin);
  switch (edit.kind) {
    case 0:  // without it
      erase_block(at);
      break;
    case 1:  // another's value
      if (!value.empty()) lines[at].replace(begin, std::string::npos, lines[from].substr(value_in(lines[from])));
      break;
    case 2:  // some value
      if (!value.empty()) lines[at].replace(begin, std::string::npos, values[edit.other % values.size()]);
      break;
    case 3:  // in brackets
      if (!value.empty()) lines[at].replace(begin, std::string::npos, "[" + value + "]");
      break;
    case 4:  // in quotes
      if (!value.empty() && value.find_first_of("\"{[~") != 0)
        lines[at].replace(begin, std::string::npos, "'" + value + "'");
      break;
    case 5: {  // taken away, with what stands below it
      const std::size_t colon = lines[at].find(':', indent_of(lines[at]));
      if (colon == std::string::npos) break;
      std::string removed = lines[at].substr(0, colon) + ": ~";
      erase_block(at);
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::move(removed));
      break;
    }
    default: {  // a key from elsewhere, as deep as this one
      const std::string key = lines[from].substr(indent_of(lines[from]));
      if (end_of_block(lines, from) == from + 1 && key.find(": ") != std::string::npos)
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(indent_of(lines[at]), ' ') + key);
    }
  }
  std::string result;
  for (const std::string& line : lines) result += line + '\n';
  return result;
}

rc::Gen<Edit> an_edit() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 7), rc::gen::arbitrary<unsigned>(), rc::gen::arbitrary<unsigned>()),
      [](const std::tuple<int, unsigned, unsigned>& parts) {
        return Edit{std::get<0>(parts), std::get<1>(parts) * std::size_t{2654435761U} >> 7U,
                    std::get<2>(parts) * std::size_t{40503U}};
      });
}

constexpr int texts_in_a_case = 8;

}  // namespace

TEST_CASE("what the reader accepts of a damaged scenario, the schema accepts") {
  const Texts blocks = shipped_blocks();
  int accepted = 0;

  for (const auto& [name, text] : shipped_scenarios()) {
    CHECK(rc::check(name, [&, &whole = text] {
      for (int i = 0; i < texts_in_a_case; ++i) {
        accepted += assert_accepted_alike(mutated(whole, *a_mutation()), blocks) ? 1 : 0;
      }
    }));
  }
  CHECK(accepted > 400);
}

TEST_CASE("what the reader accepts of an edited scenario in one piece, the schema accepts") {
  const Texts blocks = shipped_blocks();
  int accepted = 0;

  for (const auto& [name, text] : shipped_scenarios()) {
    const auto merged = scenario::read_text(text, {}, blocks);
    REQUIRE(merged);
    CHECK(rc::check(name, [&] {
      for (int i = 0; i < texts_in_a_case; ++i) {
        accepted += assert_accepted_alike(edited(merged->merged_text, *an_edit()), {}) ? 1 : 0;
      }
    }));
  }
  CHECK(accepted > 400);
}

TEST_CASE("what the reader accepts as templates, defaults and variants, the schema accepts") {
  const Texts blocks = shipped_blocks();
  int accepted = 0;

  for (const auto& [name, text] : shipped_scenarios()) {
    const auto merged = scenario::read_text(text, {}, blocks);
    REQUIRE(merged);
    // The same once more as a variant, which is laid over it when it is chosen: a piece from which anything may be
    // missing.
    const std::size_t body = merged->merged_text.find('\n') + 1;
    std::string piece;
    for (const std::string& line : lines_of(merged->merged_text.substr(body))) piece += "    " + line + '\n';
    CHECK(rc::check(name, [&] {
      for (int i = 0; i < texts_in_a_case; ++i) {
        const std::string varied =
            merged->merged_text + "variants:\n  again:\n" + edited(edited(piece, *an_edit()), *an_edit());
        accepted += assert_accepted_alike(varied, {}) ? 1 : 0;
      }
    }));
  }
  CHECK(accepted > 400);
}
