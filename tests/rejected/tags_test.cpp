// Which mistakes an editor sees: each is one of shape or one of meaning, and the JSON Schema refuses those of shape.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/schema.hpp"
#include "tests/file_content.hpp"
#include "tests/json_schema.hpp"

namespace fs = std::filesystem;
using namespace knockon;
using tests::content_of;

namespace {

const std::string folder = KNOCKON_SOURCE_DIR "/tests/rejected/";

// Every word that a file is tagged with.
std::map<std::string, std::vector<std::string>> tags() {
  std::map<std::string, std::vector<std::string>> tags;
  std::istringstream lines{content_of(folder + "tags.txt")};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words{line};
    std::string tag, name;
    words >> tag >> name;
    tags[name].push_back(tag);
  }
  return tags;
}

}  // namespace

TEST_CASE("each mistake is tagged once, as one of shape or one of meaning") {
  auto tagged = tags();

  for (const fs::directory_entry& entry : fs::directory_iterator{folder}) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string name = entry.path().stem().string();
    INFO(name);
    REQUIRE(tagged.count(name) == 1);
    REQUIRE(tagged[name].size() == 1);
    CHECK((tagged[name].front() == "shape" || tagged[name].front() == "meaning"));
    tagged.erase(name);
  }
  for (const auto& [name, words] : tagged) {
    INFO(name);
    CHECK(fs::exists(folder + name + ".yaml"));
  }
}

TEST_CASE("the schema refuses every mistake of shape that is YAML") {
  const tests::JsonSchema schema{scenario::schema_text()};
  int refused = 0;

  for (const auto& [name, words] : tags()) {
    if (words.front() != "shape") continue;
    const scenario::SourceText source{name, content_of(folder + name + ".yaml"), 0};
    scenario::Faults faults;
    scenario::Nodes nodes;
    const scenario::NodePtr root = scenario::parsed(source, nodes, faults);
    if (!root || faults.any_errors()) continue;
    INFO(name);
    CHECK_FALSE(schema.accepts(tests::json_of(*root, tests::Scalars::plain)));
    CHECK_FALSE(schema.accepts(tests::json_of(*root, tests::Scalars::quoted)));
    ++refused;
  }
  CHECK(refused >= 40);
}
