#include "engine/scenario/description.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/values.hpp"

using namespace knockon::scenario;

namespace {

void add_records(const Type& type, std::vector<const Record*>& records);

void add_record(const Record& record, std::vector<const Record*>& records) {
  for (const Record* known : records) {
    if (known == &record) return;
  }
  records.push_back(&record);
  for (const Key& key : record.keys) add_records(key.type, records);
}

void add_records(const Type& type, std::vector<const Record*>& records) {
  if (type.record) add_record(type.record(), records);
  for (const Type& part : type.of) add_records(part, records);
}

// Everything the description describes.
std::vector<const Record*> all_records() {
  std::vector<const Record*> records;
  add_record(scenario_record(), records);
  return records;
}

std::vector<const Key*> all_keys() {
  std::vector<const Key*> keys;
  for (const Record* record : all_records()) {
    for (const Key& key : record->keys) keys.push_back(&key);
  }
  for (const VerbRow& row : verb_rows()) {
    for (const Key& key : row.arguments) keys.push_back(&key);
  }
  return keys;
}

bool is_judged_as_text(const Type& type) {
  using Form = Type::Form;
  return type.form == Form::share || type.form == Form::duration || type.form == Form::count ||
         type.form == Form::whole || type.form == Form::rate || type.form == Form::share_rate ||
         type.form == Form::flag || type.form == Form::money_rate || type.form == Form::clock ||
         type.form == Form::hours;
}

}  // namespace

TEST_CASE("every default is a value that an author could write") {
  for (const Key* key : all_keys()) {
    if (key->fallback.empty()) continue;
    const SourceText source{"default", std::string{key->fallback}, 0};
    Faults faults;
    Nodes nodes;
    const NodePtr node = parsed(source, nodes, faults);
    INFO(key->name);

    REQUIRE(node);
    CHECK_FALSE(faults.any_errors());
    if (is_judged_as_text(key->type)) CHECK_FALSE(wrong_with(key->type, node->text));
    if (key->type.form == Type::Form::distribution) CHECK(distribution_of(*node, key->type.of.front(), nullptr));
  }
}

TEST_CASE("every record and every key says what it is for") {
  for (const Record* record : all_records()) {
    INFO(record->name);
    CHECK_FALSE(record->doc.empty());
  }
  for (const Key* key : all_keys()) {
    INFO(key->name);
    CHECK_FALSE(key->doc.empty());
  }
}

TEST_CASE("a record has each key once, and the keys it speaks of") {
  for (const Record* record : all_records()) {
    INFO(record->name);
    std::set<std::string_view> names;
    for (const Key& key : record->keys) CHECK(names.insert(key.name).second);
    if (!record->main.empty()) CHECK(record->find(record->main));
    for (const std::string_view name : record->exactly_one) CHECK(record->find(name));
    for (const std::string_view name : record->at_most_one) CHECK(record->find(name));
    for (const Key& key : record->keys) CHECK((key.only_with.empty() || record->find(key.only_with)));
  }
}

TEST_CASE("the table of verbs has every verb, in order") {
  for (const VerbRow& row : verb_rows()) {
    CHECK(&row_of(row.verb) == &row);
    CHECK((row.target_rule == TargetRule::refused) == (row.targets == Kinds::none));
  }
}

TEST_CASE("no verb's argument has the name of a key that steps, faults or reactions have") {
  for (const VerbRow& row : verb_rows()) {
    for (const Key& argument : row.arguments) {
      INFO(argument.name);
      if (row.can_be(Use::step)) CHECK_FALSE(step_record().find(argument.name));
      if (row.can_be(Use::reaction)) CHECK_FALSE(reaction_record().find(argument.name));
    }
  }
}
