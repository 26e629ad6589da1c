// What the commands write as JSON is what their schemas say, and their schemas leave nothing out.
#include "engine/report/result_schema.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "engine/quantity/contract.hpp"
#include "tests/json_schema.hpp"
#include "tests/scenario/command.hpp"

using namespace knockon;
using nlohmann::json;
using tests::JsonSchema;

namespace {

// Fields of `value` that `schema` says nothing about, as paths.
std::string undescribed(const json& value, json schema, const json& definitions, const std::string& path) {
  if (schema.contains("anyOf")) schema = schema.at("anyOf").front();
  if (schema.contains("$ref")) {
    const std::string name = schema.at("$ref").get<std::string>().substr(std::string{"#/definitions/"}.size());
    schema = definitions.at(name);
  }
  std::string text;
  if (value.is_array() && schema.contains("items")) {
    for (const json& item : value) text += undescribed(item, schema.at("items"), definitions, path + "[]");
  }
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      const bool is_described = schema.contains("properties") && schema.at("properties").contains(key);
      text += is_described ? undescribed(inner, schema.at("properties").at(key), definitions, path + "." + key)
                           : path + "." + key + "\n";
    }
  }
  return text;
}

void check_described(const char* command, const json& result) {
  const std::string text = report::result_schema_text(command);
  const json schema = json::parse(text);
  CHECK(JsonSchema{text}.objections(result) == "");
  CHECK(undescribed(result, schema, schema.at("definitions"), "") == "");
}

}  // namespace

TEST_CASE("what `run` writes is what its schema says, for every scenario we ship") {
  for (const char* words :
       {"run meta-2024-03-05 --replications 4", "run facebook-2021-10-04 --replications 4 --seed 7",
        "run first-steps --replications 1", "run meta-2024-03-05 --only 3 --variant advertisers-are-paid",
        "run first-steps --replications 3 --strategy wait-and-see --set teams.shopkeepers.people=3"}) {
    INFO(words);
    check_described("run", tests::json_of(words));
  }
}

TEST_CASE("what `compare` and `explain` write is what their schemas say") {
  for (const char* words :
       {"compare meta-2024-03-05 --replications 12", "compare meta-2024-03-05 --across causes --replications 2",
        "compare facebook-2021-10-04 --across variants --replications 3", "compare first-steps first-steps --only 5"}) {
    INFO(words);
    check_described("compare", tests::json_of(words));
  }
  for (const char* words : {"explain meta-2024-03-05 --only 3", "explain facebook-2021-10-04 --only 0",
                            "explain facebook-2021-10-04 --only 0 --strategy do-nothing"}) {
    INFO(words);
    check_described("explain", tests::json_of(words));
  }
}

TEST_CASE("what `graph` writes is what its schema says, for every scenario we ship") {
  for (const char* words : {"graph meta-2024-03-05", "graph facebook-2021-10-04", "graph first-steps"}) {
    INFO(words);
    check_described("graph", tests::json_of(words));
  }
}

TEST_CASE("what `check` writes is what its schema says, of good scenarios and of bad ones") {
  const tests::Ran good = tests::knockon("check first-steps --json -");
  const tests::Ran bad = tests::knockon("check tests/rejected/many-at-once.yaml --json -");

  check_described("check", json::parse(good.output));
  check_described("check", json::parse(bad.output));
  CHECK(json::parse(bad.output).at("diagnostics").size() > 3);
}

TEST_CASE("a result without a field, or with one of another type, is refused") {
  const JsonSchema schema{report::result_schema_text("run")};
  const json whole = tests::json_of("run first-steps --replications 2");
  REQUIRE(schema.accepts(whole));

  for (const auto& [key, value] : whole.items()) {
    json lacking = whole;
    lacking.erase(key);
    INFO(key);
    CHECK_FALSE(schema.accepts(lacking));
  }
  json renamed = whole, texts = whole, impossible = whole;
  renamed["promises"][0]["verdict"] = "fine";
  texts["apps"][0]["down_minutes"]["mean"] = "38";
  impossible["apps"][0]["ever_down_share"] = 1.5;
  CHECK_FALSE(schema.accepts(renamed));
  CHECK_FALSE(schema.accepts(texts));
  CHECK_FALSE(schema.accepts(impossible));
}

TEST_CASE("every command that writes JSON has a schema, and no other") {
  for (const std::string_view command : report::described_results()) {
    const json schema = json::parse(report::result_schema_text(command));
    INFO(command);
    CHECK(schema.at("$schema") == "http://json-schema.org/draft-07/schema#");
    CHECK_FALSE(schema.at("required").empty());
  }
  CHECK_THROWS_AS(report::result_schema_text("import"), quantity::ContractError);
}
