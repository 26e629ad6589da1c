// The words of the project, and the checks of them, each shown able to fail.
#include <catch2/catch.hpp>

#include "tests/house/source_file.hpp"
#include "tests/house/wording.hpp"

using namespace knockon::house;

namespace {

SourceFile engine_source(const char* text) { return {.path = "engine/traffic/flow.cpp", .text = text}; }
SourceFile document(const char* text) { return {.path = "docs/guide.md", .text = text}; }

void check_none(const std::vector<std::string>& faults) {
  INFO(joined(faults));
  CHECK(faults.empty());
}

}  // namespace

TEST_CASE("nothing in the engine asks a clock, an environment, a locale or a foreign random number") {
  check_none(determinism_faults(project_files()));
}

TEST_CASE("a draw from the standard library is found, in code but not in a comment") {
  CHECK(joined(determinism_faults({engine_source("int x;\nstd::normal_distribution<> noise;\n")})) ==
        "engine/traffic/flow.cpp:2: `std::normal_`: draw from random::Stream\n");
  CHECK(determinism_faults({engine_source("auto x = rand();\n")}).size() == 1);
  CHECK(determinism_faults({engine_source("auto x = operand();\n")}).empty());
  CHECK(determinism_faults({engine_source("// std::shuffle differs between libraries\n")}).empty());
}

TEST_CASE("a clock is found outside the study's progress") {
  const char* const asks_clock = "auto now = std::chrono::steady_clock::now();\n";

  CHECK(determinism_faults({{.path = "engine/simulation/actor.cpp", .text = asks_clock}}).size() == 1);
  CHECK(determinism_faults({{.path = "engine/study/progress.cpp", .text = asks_clock}}).empty());
  CHECK(determinism_faults({engine_source("std::chrono::system_clock::now();\n")}).size() == 1);
  CHECK(determinism_faults({engine_source("std::getenv(\"TZ\");\n")}).size() == 1);
}

TEST_CASE("an unordered container needs its reason beside it") {
  CHECK(determinism_faults({engine_source("std::unordered_map<int, int> seen;\n")}).size() == 1);
  CHECK(determinism_faults({engine_source("// Looked up, never walked: its order reaches nothing.\n"
                                          "std::unordered_map<int, int> seen;\n")})
            .empty());
}

TEST_CASE("swallowing every exception is found where actors live") {
  const char* const swallows = "try { wait(); } catch (...) {}\n";

  CHECK(determinism_faults({{.path = "engine/simulation/actor.cpp", .text = swallows}}).size() == 1);
  CHECK(determinism_faults({{.path = "engine/study/worker.cpp", .text = swallows}}).empty());
}

TEST_CASE("no file is unfinished") { check_none(unfinished_faults(project_files())); }

TEST_CASE("a mark of unfinished work is found") {
  CHECK(unfinished_faults({document("Later. TO"
                                    "DO: write this\n")})
            .size() == 1);
  CHECK(unfinished_faults({engine_source("// FIX"
                                         "ME\n")})
            .size() == 1);
  CHECK(unfinished_faults({engine_source("int TO"
                                         "DOS;\n")})
            .empty());
}

TEST_CASE("no file names a path of one machine") { check_none(machine_path_faults(project_files())); }

TEST_CASE("a path of one machine is found") {
  CHECK(machine_path_faults({engine_source("open(\"/ho"
                                           "me/somebody/x\");\n")})
            .size() == 1);
  CHECK(machine_path_faults({document("write to /tmp"
                                      "/x\n")})
            .size() == 1);
  CHECK(machine_path_faults({document("see sha"
                                      "red/notes\n")})
            .size() == 1);
}

TEST_CASE("no file or folder has a name that says nothing") {
  auto paths = project_folders();
  for (const auto& file : project_files()) paths.push_back(file.path);

  check_none(naming_faults(paths));
}

TEST_CASE("a name that says nothing is found") {
  CHECK(naming_faults({"engine/util"}).size() == 1);
  CHECK(naming_faults({"engine/world/helper.hpp", "engine/world/helpful.hpp"}).size() == 1);
}

TEST_CASE("the architecture shows every folder there is") {
  std::string architecture;
  for (const auto& file : project_files()) {
    if (file.path == "docs/architecture.md") architecture = file.text;
  }

  check_none(unpictured_folders(architecture, project_folders()));
}

TEST_CASE("a folder that the architecture does not show is found") {
  const auto missing = unpictured_folders("engine/ world/ tests/", {"engine", "engine/attic", "engine/world", "tests",
                                                                    "tests/unit", "engine/world/deep", "junk"});

  CHECK(missing == std::vector<std::string>{"engine/attic", "tests/unit", "junk"});
}
