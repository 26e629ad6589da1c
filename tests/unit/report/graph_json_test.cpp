// What the graph writes for programs is what its schema says.
#include "engine/report/graph_json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/report/result_schema.hpp"
#include "engine/scenario/scenario.hpp"
#include "tests/json_schema.hpp"

using namespace knockon;

TEST_CASE("the graph's JSON is accepted by its schema, with everything that can be asked for") {
  const tests::JsonSchema schema{report::result_schema_text("graph")};
  const std::string root = KNOCKON_SOURCE_DIR;
  for (const std::string name : {"first-steps", "facebook-2021-10-04", "meta-2024-03-05"}) {
    const auto read = scenario::read({root + "/scenarios/" + name + "/scenario.yaml", {root + "/models"}});
    REQUIRE(read.has_value());
    const graph::Findings findings = graph::findings_of(
        read->world,
        {.cause = read->world.cause, .availability = quantity::Share{0.999}, .instances_gone = std::size_t{1}});
    const graph::Difference difference = graph::difference_between(findings, findings);

    const auto json = nlohmann::json::parse(report::json_of(findings, {.version = "test"}, &difference));

    INFO(name);
    CHECK(schema.objections(json).empty());
    CHECK(json["difference"]["components"]["gone"].empty());
  }
}
