// Names may hold anything elsewhere; here they are words.
#include "engine/foreign/names.hpp"

#include <catch2/catch.hpp>

#include "engine/scenario/names.hpp"
#include "tests/foreign.hpp"

using namespace knockon;
using namespace knockon::tests;
using foreign::Names;
using foreign::spelt_name;

TEST_CASE("a foreign name keeps its letters and figures, with one dash for whatever is between them") {
  CHECK(spelt_name("Cart Service", "service") == "cart-service");
  CHECK(spelt_name("  a__b..c/d ", "service") == "a-b-c-d");
  CHECK(spelt_name("HTTP GET /users/{id}", "operation") == "http-get-users-id");
}

TEST_CASE("a name that would begin with a figure, mean a truth, or be empty gets a noun") {
  CHECK(spelt_name("3scale", "service") == "service-3scale");
  CHECK(spelt_name("Yes", "service") == "service-yes");
  CHECK(spelt_name("\xE6\x94\xAF\xE4\xBB\x98", "service") == "service");
  CHECK(spelt_name("", "service") == "service");
  CHECK(scenario::is_name(spelt_name(std::string(5000, 'x'), "service")));
}

TEST_CASE("two names with one spelling stay two") {
  Names names;

  CHECK(names.unique("Cart", "service") == "cart");
  CHECK(names.unique("cart", "service") == "cart-2");
  CHECK(names.unique("cart-2", "service") == "cart-2-2");
  CHECK(names.unique("CART", "service") == "cart-3");
}

TEST_CASE("a comment shows a foreign name without what would steer a terminal or turn the line around") {
  CHECK(foreign::shown("plain name") == "plain name");
  CHECK(foreign::shown("two\nlines\x1B[31m") == "two?lines?[31m");
  CHECK(foreign::shown("a\xE2\x80\xAEz") == "?");
}

TEST_CASE("services with hostile names are kept apart, and the scenario says what they were called") {
  const std::string text = imported_text(
      "jaeger-dependencies",
      R"([{"parent": "no", "child": "# {x: *y}\n- &z", "callCount": 1}, {"parent": "NO", "child": "example-app"}])");
  const Shape shape = shape_of(read_scenario(text).world);

  CHECK(shape.services == std::set<std::string>{"service-no", "x-y-z", "service-no-2", "example-app-2"});
  CHECK(shape.calls == std::set<std::string>{"service-no -> x-y-z", "service-no-2 -> example-app-2"});
  CHECK(text.find("# \"# {x: *y}?- &z\"\n") != std::string::npos);
}
