#include "engine/scenario/document.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "engine/scenario/faults.hpp"
#include "engine/scenario/merge.hpp"

using namespace knockon::scenario;

namespace {

struct ParsedText {
  explicit ParsedText(std::string text, Limits limits = {}) : source{"x.yaml", std::move(text), 0} {
    root = parsed(source, nodes, faults, limits);
  }
  SourceText source;
  Nodes nodes;
  Faults faults;
  NodePtr root = nullptr;

  [[nodiscard]] std::string first_code() const {
    const Diagnostics all = faults.in_file_order();
    return all.empty() ? "none" : all.front().code;
  }
};

std::string place_of(const Span& span) {
  return std::to_string(span.line) + ":" + std::to_string(span.column) + "-" + std::to_string(span.end_column);
}

}  // namespace

TEST_CASE("a copy of a tree is whole when the place of the other is gone") {
  const SourceText source{"x.yaml", "a: [one, {b: 'two of a length that is no short text', c: ~}]\nd: {}\n", 0};
  Nodes nodes;
  NodePtr copy = nullptr;
  std::string before;
  {
    Nodes passing;
    Faults faults;
    const NodePtr root = parsed(source, passing, faults);
    REQUIRE(root);
    before = text_of(*root);
    copy = nodes.copy_of(*root);
    CHECK(copy->find("a")->value != root->find("a")->value);
  }
  CHECK(text_of(*copy) == before);
  CHECK(place_of(copy->find("a")->value->items.front()->span) == "1:5-8");
}

TEST_CASE("keys and values know their line and column") {
  const ParsedText text{"a: one\nb: {c: two, d: [three]}\n"};

  REQUIRE(text.root);
  CHECK(place_of(text.root->find("a")->key_span) == "1:1-2");
  CHECK(place_of(text.root->find("a")->value->span) == "1:4-7");
  const Node& inner = *text.root->find("b")->value;
  CHECK(place_of(inner.find("d")->key_span) == "2:13-14");
  CHECK(place_of(inner.find("d")->value->items.front()->span) == "2:17-22");
}

TEST_CASE("columns count characters, not bytes") {
  const ParsedText text{"a: {Zürich: x, b: yö}\n"};

  CHECK(place_of(text.root->find("a")->value->find("b")->key_span) == "1:16-17");
  CHECK(place_of(text.root->find("a")->value->find("b")->value->span) == "1:19-21");
}

TEST_CASE("a byte order mark and carriage returns move nothing") {
  const ParsedText text{
      "\xEF\xBB\xBF"
      "a: one\r\nb: two\r\n"};

  REQUIRE(text.root);
  CHECK(text.root->find("b")->value->text == "two");
  CHECK(place_of(text.root->find("b")->value->span) == "2:4-7");
}

TEST_CASE("a part of a quoted text can be pointed at, of a folded one only its start") {
  const ParsedText text{"a: \"one two\"\nb: >\n  one\n  two\n"};

  CHECK(place_of(text.root->find("a")->value->part(4, 3)) == "1:9-12");
  CHECK(text.root->find("b")->value->part(4, 3).line == 2);
}

TEST_CASE("scalars stay text: no octals, no truths, no dates") {
  const ParsedText text{"a: [012, no, 1e3, 2024-03-05, 1:30, 0x1F]\n"};

  std::string all;
  for (const NodePtr item : text.root->find("a")->value->items) all += std::string{item->text} + " ";
  CHECK(all == "012 no 1e3 2024-03-05 1:30 0x1F ");
}

TEST_CASE("an anchor's copies are the anchored value itself") {
  const ParsedText text{"a: &x {b: 1}\nc: *x\n"};

  CHECK(text.root->find("a")->value == text.root->find("c")->value);
}

TEST_CASE("a document is bounded") {
  CHECK(ParsedText{std::string(200, 'x'), {.bytes = 100}}.first_code() == "too-large");
  CHECK(ParsedText{"a: [[[[[]]]]]", {.depth = 3}}.first_code() == "too-deep");
  CHECK(ParsedText{"a:\n b:\n  c:\n   d:\n    e: 1\n", {.depth = 3}}.first_code() == "too-deep");
  CHECK(ParsedText{"a: [1, 2, 3, 4, 5, 6, 7, 8]", {.values = 5}}.first_code() == "too-large");
  CHECK(ParsedText{"a: &a [1, 1]\nb: [*a, *a, *a]\n", {.alias_values = 8}}.first_code() == "too-many-aliases");
  CHECK(ParsedText{"a: &a [[[1]]]\nb: &b [[[*a]]]\n", {.depth = 5}}.first_code() == "too-deep");
}

TEST_CASE("what is no text is refused before it is parsed") {
  CHECK(ParsedText{"a: \xFF"}.first_code() == "not-utf8");
  CHECK(ParsedText{"a: \xC0\xAF"}.first_code() == "not-utf8");          // an overlong slash
  CHECK(ParsedText{"a: \xED\xA0\x80"}.first_code() == "not-utf8");      // half of a surrogate pair
  CHECK(ParsedText{"a: \xF4\x90\x80\x80"}.first_code() == "not-utf8");  // beyond the last character
  CHECK(ParsedText{std::string{"a: \0b", 5}}.first_code() == "control-character");
  CHECK(ParsedText{"\xFF\xFE"
                   "a"}
            .first_code() == "not-utf8");
}

TEST_CASE("brackets in quotes, comments and words are not brackets") {
  const Limits shallow{.depth = 2};

  CHECK(ParsedText{"a: \"[[[[[\"\n", shallow}.first_code() == "none");
  CHECK(ParsedText{"a: '[[[''[['\n", shallow}.first_code() == "none");
  CHECK(ParsedText{"a: 1 # [[[[[\n", shallow}.first_code() == "none");
  CHECK(ParsedText{"a: it's [[[[[ b\n", shallow}.first_code() == "none");
  CHECK(ParsedText{"a: [it's, b]\nc: [[d]]\n", {.depth = 3}}.first_code() == "none");
}

TEST_CASE("five megabytes of brackets are answered at once") {
  for (const char* const piece : {"[", "{", "]", "[]", "{a: ", "[a, ", "- ", "? ", "a: ", "[?", "[,"}) {
    std::string text;
    while (text.size() < 5'000'000) text += piece;

    CHECK(ParsedText{std::move(text)}.first_code() != "none");
  }
}
