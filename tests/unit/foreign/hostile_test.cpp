// Whatever is in a file, there is an answer: a scenario that check accepts, or what is wrong. How long it takes and how
// much memory is the bench's to say.
#include <catch2/catch.hpp>

#include "tests/foreign.hpp"
#include "tests/hostile_files.hpp"

using namespace knockon;
using namespace knockon::tests;

TEST_CASE("files made to hurt are answered") {
  for (const HostileFile& file : hostile_files()) {
    INFO(file.format << ": " << file.name);

    const auto imported = foreign::imported(file.format, {{"file", file.text()}});

    CHECK(imported.has_value() == file.is_accepted);
    if (imported) {
      CHECK_NOTHROW(read_scenario(*imported));
    } else {
      CHECK_FALSE(imported.error().empty());
      CHECK(scenario::text_of(imported.error().front()).size() < 4000);
    }
  }
}

TEST_CASE("an entity is not looked up: what another file says does not get into the scenario") {
  const auto imported = foreign::imported(
      "graphml",
      {{"file", "<!DOCTYPE g SYSTEM 'file:///etc/hostname'><graphml><graph><node id='a'/></graph></graphml>"}});

  REQUIRE(imported.has_value());
  CHECK(shape_of(read_scenario(*imported).world).services == std::set<std::string>{"a"});
}
