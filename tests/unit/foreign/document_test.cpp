// JSON and YAML as trees in which every value knows its place.
#include "engine/foreign/document.hpp"

#include <catch2/catch.hpp>

#include "engine/scenario/faults.hpp"

using namespace knockon;
using foreign::View;

namespace {

std::string place_of(const View& view) {
  return std::to_string(view.span().line) + ":" + std::to_string(view.span().column);
}

// What the only document of a YAML text holds at `services.web`, as "key=value" in order.
std::string web_of(const std::string& text) {
  const scenario::SourceText source{"file", text, 0};
  scenario::Faults faults;
  std::string seen;
  foreign::read_yaml_documents(source, faults, [&](const View& root) {
    for (const View value : root.find("services").find("web"))
      seen += (seen.empty() ? "" : " ") + std::string{value.key()} + "=" + std::string{value.text()};
  });
  return faults.any_errors() ? scenario::text_of(faults.in_file_order()) : seen;
}

}  // namespace

TEST_CASE("a value of JSON is where its first character stands, whatever came before it") {
  const scenario::SourceText source{"file",
                                    "{\"a\": 12 ,\n  \"\xC3\xA9\xC3\xA9\": [true, \"x\\ny\", null],\r\n\"c\":{}}", 0};
  scenario::Faults faults;
  const foreign::Document document = foreign::json_document(source, faults);
  const View root = document.root();
  const View list = root.find("\xC3\xA9\xC3\xA9");

  CHECK_FALSE(faults.any_errors());
  CHECK(place_of(root.find("a")) == "1:7");
  CHECK(root.find("a").text() == "12");
  CHECK(place_of(list) == "2:9");
  std::string places;
  for (const View item : list) places += place_of(item) + " ";
  CHECK(places == "2:10 2:16 2:24 ");
  CHECK((*++list.begin()).text() == "x\ny");
  CHECK(place_of(root.find("c")) == "3:5");
  CHECK_FALSE(root.find("d"));
  CHECK_FALSE(list.find("a"));
}

TEST_CASE("what a map says itself goes before what it merges, and of several maps the first") {
  const std::string anchors = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nservices:\n";

  CHECK(web_of(anchors + "  web: {<<: *x, a: 0}\n") == "a=0 b=2");
  CHECK(web_of(anchors + "  web: {a: 0, <<: [*x, *y]}\n") == "a=0 b=2 c=4");
  CHECK(web_of(anchors + "  web: {<<: text, a: 0}\n") == "a=0");
}

TEST_CASE("tags are passed over, and null is nothing, in files that are not scenarios") {
  CHECK(web_of("services: {web: !custom {a: !!str 1, b: null, c: ~, d: }}\n") == "a=1 b= c= d=");
}

TEST_CASE("YAML that is wrong elsewhere is wrong here too") {
  CHECK(web_of("services: {web: {a: 1, a: 2}}\n").find("error: 'a' stands here a second time") != std::string::npos);
  CHECK(web_of("%TAG !a! b\n---\n{}\n").find("a directive") != std::string::npos);
  CHECK(web_of("services: [\n").find("error: ") != std::string::npos);
}
