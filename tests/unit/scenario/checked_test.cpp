// A scenario as `check` looks at it: with each of its variants, and with what others doubt.
#include <catch2/catch.hpp>
#include <string>

#include "engine/scenario/scenario.hpp"
#include "tests/unit/scenario/texts.hpp"

using namespace knockon;

namespace {

// "LINE:COLUMN severity message" for each diagnostic.
std::string findings(const std::string& rest, const scenario::Examine& examine = {}) {
  const auto checked =
      scenario::checked({.path = "scenario.yaml", .model_folders = {}}, tests::with_small(rest), examine);
  std::string result;
  for (const scenario::Diagnostic& one : checked.diagnostics) {
    const bool is_error = one.severity == scenario::Severity::error;
    result += std::to_string(one.line) + ":" + std::to_string(one.column) + (is_error ? " error " : " warning ") +
              one.message + "\n";
    CHECK((!is_error || !checked.read));
  }
  return result;
}

}  // namespace

TEST_CASE("what only a variant breaks is an error that names it") {
  CHECK(findings("services: {web: {calls: [db]}, db: {}}\n"
                 "variants: {small: {services: {db: ~}}}\n") ==
        "6:26 error with variant small: no service or operation called 'db'\n");
}

TEST_CASE("what is wrong anyway is not said again for each variant") {
  CHECK(findings("services: {web: {calls: [dv]}, db: {}}\n"
                 "variants: {one: {horizon: 2h}, two: {horizon: 3h}}\n") ==
        "6:26 error no service or operation called 'dv'\n");
}

TEST_CASE("what two variants break alike is said for the first") {
  CHECK(findings("services: {web: {calls: [db]}, db: {}}\n"
                 "variants: {one: {services: {db: ~}}, two: {services: {db: ~}}}\n") ==
        "6:26 error with variant one: no service or operation called 'db'\n");
}

TEST_CASE("a doubt becomes a warning at the value it is about, or as near as the text comes to it") {
  const auto doubt = [](std::vector<std::string> keys) {
    return [keys = std::move(keys)](const scenario::Read&) {
      return std::vector<scenario::Doubt>{{.keys = keys, .code = "x", .message = "hm", .hint = {}}};
    };
  };
  const std::string text = "services: {web: {replicas: 3}}\n";

  CHECK(findings(text, doubt({"services", "web", "replicas"})) == "6:28 warning hm\n");
  CHECK(findings(text, doubt({"services", "web", "per_replica"})) == "6:12 warning hm\n");
  CHECK(findings(text, doubt({"nothing"})) == "1:1 warning hm\n");
}

TEST_CASE("a scenario with errors is not examined") {
  bool is_asked = false;
  const auto examine = [&](const scenario::Read&) {
    is_asked = true;
    return std::vector<scenario::Doubt>{};
  };

  CHECK_FALSE(findings("services: {web: {calls: [db]}}\n", examine).empty());
  CHECK_FALSE(is_asked);
}
