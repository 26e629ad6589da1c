#include "engine/scenario/examples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/schema.hpp"
#include "tests/json_schema.hpp"

using namespace knockon;
using namespace knockon::scenario;
using nlohmann::json;

namespace {

// Everything that the description describes, but pieces of it.
void add_record(const Record& record, std::vector<const Record*>& records);
void add_records(const Type& type, std::vector<const Record*>& records) {
  if (type.is_partial) return;
  if (type.record) add_record(type.record(), records);
  for (const Type& part : type.of) add_records(part, records);
}
void add_record(const Record& record, std::vector<const Record*>& records) {
  for (const Record* known : records) {
    if (known == &record) return;
  }
  records.push_back(&record);
  for (const Key& key : record.keys) add_records(key.type, records);
}

std::string definition_of(const Record& record) {
  std::string name{record.name};
  for (char& c : name) c = c == ' ' ? '-' : c;
  return name;
}

}  // namespace

TEST_CASE("every example is something that the language's schema accepts in its place") {
  const json whole = json::parse(schema_text());
  std::vector<const Record*> records;
  add_record(scenario_record(), records);
  int examples = 0;

  for (const Record* record : records) {
    const std::string name = definition_of(*record);
    const json& definitions = whole.at("definitions");
    const std::string in_a_list = name + "-in-a-list";
    const json& definition = record == &scenario_record()      ? whole
                             : definitions.contains(name)      ? definitions.at(name)
                             : definitions.contains(in_a_list) ? definitions.at(in_a_list)
                                                               : json::object();
    for (const Key& key : record->keys) {
      const std::string example = example_of(*record, key);
      if (example.empty()) continue;
      INFO(record->name << "." << key.name << ": " << example);
      const SourceText source{"example", example, 0};
      Faults faults;
      Nodes nodes;
      const NodePtr node = parsed(source, nodes, faults);
      REQUIRE(node);
      REQUIRE(definition.contains("properties"));
      json property = definition.at("properties").at(std::string{key.name});
      property["definitions"] = definitions;
      CHECK(tests::JsonSchema{property.dump()}.objections(tests::json_of(*node, tests::Scalars::plain)) == "");
      ++examples;
    }
  }
  CHECK(examples > 150);
}
