// The language reference is what the program says of its own language. With KNOCKON_APPROVE set in the environment the
// page is written anew, to be reviewed as a diff.
#include "engine/scenario/reference.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

#include "engine/scenario/description.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "tests/scenario/command.hpp"

using namespace knockon;

namespace {

const std::string page = KNOCKON_SOURCE_DIR "/docs/guide/language.md";

bool is_said(const std::string& text, const std::string& word) {
  return text.find("`" + word + "`") != std::string::npos;
}

}  // namespace

TEST_CASE("the language reference is up to date") {
  const std::string text = scenario::reference_text();

  if (std::getenv("KNOCKON_APPROVE")) std::ofstream{page, std::ios::binary} << text;
  CHECK(text == tests::text_of_file(page));
}

TEST_CASE("the language reference tells every verb, metric, state, measure and key of the file") {
  const std::string text = scenario::reference_text();

  for (const scenario::VerbRow& row : scenario::verb_rows()) {
    INFO(world::text_of(row.verb));
    CHECK(is_said(text, world::text_of(row.verb)));
    for (const scenario::Key& key : row.arguments) CHECK(is_said(text, std::string{key.name}));
  }
  for (const scenario::MetricRow& row : scenario::metric_rows()) CHECK(is_said(text, std::string{row.text}));
  for (const scenario::StateRow& row : scenario::state_rows()) CHECK(is_said(text, std::string{row.text}));
  for (const scenario::MeasureRow& row : scenario::measure_rows()) CHECK(is_said(text, world::text_of(row.measure)));
  for (const scenario::Key& key : scenario::scenario_record().keys) CHECK(is_said(text, std::string{key.name}));
}
