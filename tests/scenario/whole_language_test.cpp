// Three incidents that use the language to its edges: the reader takes all of each, and says what is not simulated yet
// instead of passing over it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/scenario/command.hpp"

using namespace knockon;
using scenario::Diagnostic;
using scenario::Purpose;
using scenario::Severity;

namespace {

const std::string folder = KNOCKON_SOURCE_DIR "/tests/scenario/whole_language/";
const std::vector<std::string> incidents{"meta-2024-03-05", "facebook-2021-10-04", "aws-dynamodb-2025-10-20"};

auto read_for(Purpose purpose, const std::string& incident) {
  return scenario::read({folder + incident + ".yaml", {}}, {.variants = {}, .set = {}, .purpose = purpose});
}

std::vector<std::string> unsimulated_in(const scenario::Diagnostics& diagnostics) {
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.code == "not-simulated-yet") messages.push_back(diagnostic.message);
  }
  return messages;
}

}  // namespace

TEST_CASE("who looks at an incident sees all of it, with nothing worse than what is not simulated yet") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto read = read_for(Purpose::look, incident);

    INFO((read ? std::string{} : scenario::text_of(read.error())));
    REQUIRE(read);
    CHECK(unsimulated_in(read->warnings).size() == read->warnings.size());
  }
}

TEST_CASE("a run refuses exactly what a look warns of") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto looked = read_for(Purpose::look, incident);
    const auto run = read_for(Purpose::run, incident);
    REQUIRE(looked);

    const std::vector<std::string> warned = unsimulated_in(looked->warnings);
    CHECK(run.has_value() == warned.empty());
    if (!run) CHECK(unsimulated_in(run.error()) == warned);
  }
}

TEST_CASE("what is read of an incident is what its own merged text says") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto read = read_for(Purpose::look, incident);
    REQUIRE(read);

    auto again = scenario::read_text(read->merged_text, {.variants = {}, .set = {}, .purpose = Purpose::look});

    REQUIRE(again);
    again->world.name = read->world.name;
    CHECK(again->world == read->world);
  }
}

TEST_CASE("every variant of an incident can be looked at") {
  for (const std::string& incident : incidents) {
    const auto read = read_for(Purpose::look, incident);
    REQUIRE(read);
    REQUIRE_FALSE(read->variant_names.empty());
    for (const std::string& variant : read->variant_names) {
      INFO(incident << " " << variant);
      const auto varied = scenario::read({folder + incident + ".yaml", {}},
                                         {.variants = {variant}, .set = {}, .purpose = Purpose::look});
      REQUIRE(varied);
      CHECK(varied->base == read->world);
      CHECK_FALSE(varied->world == read->world);
    }
  }
}

TEST_CASE("the command checks an incident with status 0 and says what a run would refuse") {
  for (const std::string& incident : incidents) {
    INFO(incident);
    const auto read = read_for(Purpose::look, incident);
    REQUIRE(read);

    const tests::Ran ran = tests::knockon("check tests/scenario/whole_language/" + incident + ".yaml");

    CHECK(ran.status == 0);
    CHECK(ran.output.find("well-formed") != std::string::npos);
    for (const std::string& message : unsimulated_in(read->warnings)) {
      CHECK(ran.errors.find("warning: " + message) != std::string::npos);
    }
  }
}
