// The declared layers hold, and the check that says so can fail.
#include "tests/house/layers.hpp"

#include <catch2/catch.hpp>

using namespace knockon::house;

namespace {

const char* const two_rooms =
    "knockon_room(world USES)\nknockon_room(graph USES world)\nknockon_room(study USES graph)\n";

std::vector<std::string> faults_of(const char* path, const char* text) {
  return layer_faults(rooms_declared_in(two_rooms), {{.path = path, .text = text}});
}

}  // namespace

TEST_CASE("no include in the engine or the tools points upward") {
  const auto files = project_files();
  std::string declarations;
  for (const auto& file : files) {
    if (file.path == "engine/CMakeLists.txt") declarations = file.text;
  }

  const auto rooms = rooms_declared_in(declarations);
  const auto faults = layer_faults(rooms, files);

  CHECK(rooms.contains("simulation"));
  INFO(joined(faults));
  CHECK(faults.empty());
}

TEST_CASE("an upward include is found, with its file and line") {
  const auto faults = faults_of("engine/world/place.hpp", "#pragma once\n\n#include \"engine/graph/order.hpp\"\n");

  CHECK(joined(faults) == "engine/world/place.hpp:3: world does not use graph\n");
}

TEST_CASE("a room may include what its rooms use") {
  CHECK(faults_of("engine/study/study.cpp", "#include \"engine/world/world.hpp\"\n").empty());
  CHECK(faults_of("engine/graph/order.cpp", "#include \"engine/graph/order.hpp\"\n#include <vector>\n").empty());
}

TEST_CASE("a room may not include the tools or the tests") {
  CHECK(faults_of("engine/study/study.cpp", "#include \"tools/command_line/options.hpp\"\n").size() == 1);
  CHECK(faults_of("engine/study/study.cpp", "#include \"tests/house/layers.hpp\"\n").size() == 1);
}

TEST_CASE("a folder of the engine that is no room is found, and so is an include from one") {
  CHECK(faults_of("engine/attic/old.cpp", "").size() == 1);
  CHECK(faults_of("engine/graph/order.cpp", "#include \"engine/attic/old.hpp\"\n").size() == 1);
}

TEST_CASE("a library is included in the sources of its room and nowhere else") {
  CHECK(faults_of("engine/graph/order.cpp", "#include <boost/graph/adjacency_list.hpp>\n").empty());
  CHECK(faults_of("engine/graph/order.hpp", "#include <boost/graph/adjacency_list.hpp>\n").size() == 1);
  CHECK(faults_of("engine/study/study.cpp", "#include <simgrid/s4u.hpp>\n").size() == 1);
  CHECK(faults_of("tools/command_line/main.cpp", "#include <yaml.h>\n").size() == 1);
  CHECK(faults_of("engine/study/study.cpp", "  #  include <simgrid/s4u.hpp>\n").size() == 1);
}

TEST_CASE("a room that uses a later room is refused, so the rooms have no cycle") {
  CHECK_THROWS(rooms_declared_in("knockon_room(a USES b)\nknockon_room(b USES a)\n"));
}
