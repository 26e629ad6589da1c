#include "engine/report/page.hpp"

#include <catch2/catch.hpp>

namespace knockon::report {
namespace {

TEST_CASE("width counts characters, not bytes") {
  CHECK(width_of("5 % – 95 %") == 10);
  CHECK(left("–", 3) == "–  ");
  CHECK(right("█", 3) == "  █");
  CHECK(left("too long", 3) == "too long");
}

TEST_CASE("text is wrapped at spaces, and a word longer than the line stands alone") {
  CHECK(wrapped("one two three four", 9) == "one two\nthree\nfour");
  CHECK(wrapped("a incomprehensibilities b", 5) == "a\nincomprehensibilities\nb");
  CHECK(wrapped("one two three", 9, 2) == "one two\n  three");
}

TEST_CASE("names are listed as people list them") {
  CHECK(listed({}, 4).empty());
  CHECK(listed({"a"}, 4) == "a");
  CHECK(listed({"a", "b"}, 4) == "a and b");
  CHECK(listed({"a", "b", "c", "d"}, 4) == "a, b, c and d");
  CHECK(listed({"a", "b", "c", "d", "e"}, 4) == "a, b, c and 2 more");
}

}  // namespace
}  // namespace knockon::report
