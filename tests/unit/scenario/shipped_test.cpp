#include "tests/shipped.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace fs = std::filesystem;
using namespace knockon;

TEST_CASE("every scenario we ship is read without a warning, with each of its variants") {
  for (const fs::path& folder : tests::shipped_scenario_folders()) {
    const scenario::Source source{(folder / "scenario.yaml").string(), {KNOCKON_SOURCE_DIR "/models"}};
    const auto read = scenario::read(source);
    INFO((read ? scenario::text_of(read->warnings) : scenario::text_of(read.error())));
    REQUIRE(read);
    CHECK(read->warnings.empty());
    CHECK(read->world.name == folder.filename().string());

    const auto checked = scenario::checked(source);
    INFO(scenario::text_of(checked.diagnostics));
    CHECK(checked.read);
    CHECK(checked.diagnostics.empty());
  }
}

TEST_CASE("every scenario we ship is shown as a scenario that means the same, with each of its variants") {
  for (const fs::path& folder : tests::shipped_scenario_folders()) {
    const scenario::Source source{(folder / "scenario.yaml").string(), {KNOCKON_SOURCE_DIR "/models"}};
    const auto read = scenario::read(source);
    REQUIRE(read);
    std::vector<scenario::Options> all{{}};
    for (const std::string& variant : read->variant_names) all.push_back({.variants = {variant}});
    for (const scenario::Options& options : all) {
      const auto varied = scenario::read(source, options);
      const auto lines = scenario::shown(source, options, "");
      REQUIRE(varied);
      REQUIRE(lines);
      std::string text;
      for (const scenario::ShownLine& line : *lines) text += line.text + "  # " + line.origin + "\n";

      const auto again = scenario::read_text(text);

      INFO((again ? std::string{} : scenario::text_of(again.error())));
      REQUIRE(again);
      CHECK(again->merged_text == varied->merged_text);
    }
  }
}

TEST_CASE("a scenario as merged is read to the same merged text") {
  for (const fs::path& folder : tests::shipped_scenario_folders()) {
    const scenario::Source source{(folder / "scenario.yaml").string(), {KNOCKON_SOURCE_DIR "/models"}};
    const auto read = scenario::read(source);
    REQUIRE(read);

    const auto again = scenario::read_text(read->merged_text);

    INFO((again ? std::string{} : scenario::text_of(again.error())));
    REQUIRE(again);
    CHECK(again->merged_text == read->merged_text);
  }
}

TEST_CASE("the two outages have thirty services each, and Meta's people are worth 257,000 USD a minute together") {
  for (const char* name : {"meta-2024-03-05", "facebook-2021-10-04"}) {
    const auto read = scenario::read(
        {std::string{KNOCKON_SOURCE_DIR "/scenarios/"} + name + "/scenario.yaml", {KNOCKON_SOURCE_DIR "/models"}});
    REQUIRE(read);
    CHECK(read->world.services.size() >= 30);
    CHECK(read->world.regions.size() >= 3);
    if (read->world.name != "meta-2024-03-05") continue;
    double worth = 0;
    for (const world::Population& population : read->world.populations) worth += population.worth.per_minute();
    CHECK(worth == Approx(257'000));
  }
}
