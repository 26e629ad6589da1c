// Three incidents that use the language to its edges: the reader takes all of each, and each can be run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/scenario/command.hpp"

using namespace knockon;

namespace {

const std::string folder = KNOCKON_SOURCE_DIR "/tests/scenario/whole_language/";
const std::vector<std::string> incidents{"meta-2024-03-05", "facebook-2021-10-04", "aws-dynamodb-2025-10-20"};

auto read(const std::string& incident, const scenario::Options& options = {}) {
  return scenario::read({folder + incident + ".yaml", {}}, options);
}

}  // namespace

TEST_CASE("an incident at the edges of the language is read without a doubt") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto found = read(incident);

    INFO((found ? std::string{} : scenario::text_of(found.error())));
    REQUIRE(found);
    INFO(scenario::text_of(found->warnings));
    CHECK(found->warnings.empty());
  }
}

TEST_CASE("what is read of an incident is what its own merged text says") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto found = read(incident);
    REQUIRE(found);

    auto again = scenario::read_text(found->merged_text);

    REQUIRE(again);
    again->world.name = found->world.name;
    CHECK(again->world == found->world);
  }
}

TEST_CASE("every variant of an incident can be looked at") {
  for (const std::string& incident : incidents) {
    const auto found = read(incident);
    REQUIRE(found);
    REQUIRE_FALSE(found->variant_names.empty());
    for (const std::string& variant : found->variant_names) {
      INFO(incident << " " << variant);
      const auto varied = read(incident, {.variants = {variant}});
      REQUIRE(varied);
      CHECK(varied->base == found->world);
      CHECK_FALSE(varied->world == found->world);
    }
  }
}

TEST_CASE("the command checks an incident with status 0, and runs it") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const std::string file = "tests/scenario/whole_language/" + incident + ".yaml";

    const tests::Ran checked = tests::knockon("check " + file);
    const tests::Ran run = tests::knockon("run " + file + " --replications 2");

    CHECK(checked.status == 0);
    CHECK(checked.output.find("well-formed") != std::string::npos);
    INFO(run.errors);
    CHECK(run.output.find("fingerprint") != std::string::npos);
  }
}
