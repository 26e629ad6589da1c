// Where the pieces of a scenario are said, also when several files say them.
#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/quantity/contract.hpp"
#include "engine/scenario/scenario.hpp"

using namespace knockon;
using scenario::Location;

namespace {

const std::string root = KNOCKON_SOURCE_DIR;

scenario::Locate locate_in(const std::string& name, const scenario::Options& options = {}) {
  return scenario::locations({root + "/scenarios/" + name + "/scenario.yaml", {root + "/models"}}, options);
}

std::string file_of(const std::optional<Location>& location) {
  return location ? std::filesystem::path{location->path}.filename().string() : "nowhere";
}

}  // namespace

TEST_CASE("a thing is where its name stands, in the file that said it last") {
  const auto locate = locate_in("facebook-2021-10-04");

  CHECK(file_of(locate({"services", "internal-dns"})) == "scenario.yaml");
  CHECK(file_of(locate({"groups", "backbone"})) == "three-continents.yaml");
  const auto region = locate({"regions"});
  REQUIRE(region.has_value());
  CHECK(region->end_column - region->column == 7);
}

TEST_CASE("what is not there has no place, nor has anything inside a value") {
  const auto locate = locate_in("first-steps");

  CHECK_FALSE(locate({"services", "nobody"}).has_value());
  CHECK_FALSE(locate({"title", "further"}).has_value());
  CHECK(locate({"title"}).has_value());
}

TEST_CASE("what an option says is in the option") {
  const auto locate = locate_in("first-steps", {.set = {{"horizon", "3h"}}});

  REQUIRE(locate({"horizon"}).has_value());
  CHECK(locate({"horizon"})->path == "--set");
}

TEST_CASE("nothing is anywhere in a scenario that cannot be read, and one that is not there is an error of the world") {
  const auto locate = scenario::locations({root + "/tests/rejected/a-tab-in-the-indentation.yaml", {}});

  CHECK_FALSE(locate({"services"}).has_value());
  CHECK_THROWS_AS(locate_in("no-such-scenario"), quantity::IoError);
}
