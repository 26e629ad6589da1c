#include "engine/scenario/diagnostic.hpp"

#include <catch2/catch.hpp>

#include "engine/scenario/faults.hpp"
#include "tests/unit/scenario/texts.hpp"

using namespace knockon::scenario;

namespace {

Diagnostic fault_at(int column, int end_column, const std::string& line) {
  Diagnostic fault;
  fault.path = "x.yaml";
  fault.line = 7;
  fault.column = column;
  fault.end_column = end_column;
  fault.message = "no";
  fault.source_line = line;
  return fault;
}

}  // namespace

TEST_CASE("a fault is printed with its line and a caret under the words") {
  CHECK(text_of(fault_at(4, 7, "a: bcd")) ==
        "x.yaml:7:4: error: no\n"
        "    7 | a: bcd\n"
        "      |    ^~~\n");
}

TEST_CASE("a caret beyond the end of its line still shows") {
  CHECK(text_of(fault_at(9, 30, "a: bcd")) ==
        "x.yaml:7:9: error: no\n"
        "    7 | a: bcd\n"
        "      |         ^\n");
}

TEST_CASE("of a very long line only the neighbourhood is shown") {
  const std::string text = text_of(fault_at(5000, 5002, std::string(9000, 'x')));

  CHECK(text.size() < 500);
  CHECK(text.find("…") != std::string::npos);
}

TEST_CASE("nothing an author writes can steer a terminal") {
  CHECK(printable("a\x1b[31mb\tc\x7f\xC2\x9B") == "a?[31mb c??");
  CHECK(quoted(std::string(200, 'x')).size() < 80);
}

TEST_CASE("what is near is suggested, what is far is not") {
  CHECK(did_you_mean("sesion-store", {"session-store", "auth"}) == "did you mean 'session-store'?");
  CHECK(did_you_mean("dwon", {"down", "up"}) == "did you mean 'down'?");
  CHECK(did_you_mean("x", {"a", "b"}).empty());
  CHECK(did_you_mean("shoes", {"people", "hours"}).empty());
  CHECK(nearest("ab", {"ac", "ad"}) == "ac");
}

TEST_CASE("faults come in the order of the file, each once") {
  const SourceText source{"x.yaml", "a\nb\n", 0};
  Faults faults;

  faults.error({&source, 2, 1, 2}, "b", "second");
  faults.error({&source, 1, 1, 2}, "a", "first");
  faults.error({&source, 2, 1, 2}, "b", "second");

  const Diagnostics all = faults.in_file_order();
  REQUIRE(all.size() == 2);
  CHECK(all[0].message == "first");
  CHECK(all[1].message == "second");
}

TEST_CASE("thousands of faults are cut, and the cut is said") {
  std::string text = "services:\n";
  for (int i = 0; i < 5000; ++i) text += "  s" + std::to_string(i) + ": {nonsense: 1}\n";
  const auto read = read_text(knockon::tests::with_small(text));

  REQUIRE_FALSE(read);
  CHECK(read.error().size() <= 2002);
  CHECK(read.error().back().code == "too-many-faults");
}
