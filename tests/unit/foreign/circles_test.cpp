// Services that call each other in circles, which files of other tools are full of, and the language has none of.
#include "engine/foreign/circles.hpp"

#include <catch2/catch.hpp>

#include "tests/foreign.hpp"

using namespace knockon;
using namespace knockon::tests;

namespace {

using Strings = std::set<std::string>;

Strings operation_calls(const world::World& world) {
  Strings calls;
  for (const world::Operation& operation : world.operations) {
    for (const world::Call& call : operation.calls) calls.insert(operation.name + " -> " + world[call.to].name);
  }
  return calls;
}

}  // namespace

TEST_CASE("two services that call each other have an operation for each direction, and both calls stay hard") {
  const world::World world = imported_world("csv", "a,b,100\nb,a,10\na,store,110\n");

  CHECK(shape_of(world).calls == Strings{"a -> b", "b -> a", "a -> store"});
  CHECK(operation_calls(world) ==
        Strings{"a.answer -> b.for-a", "a.answer -> store", "a.for-b -> store", "b.answer -> a.for-b"});
}

TEST_CASE("of a longer circle of hard calls the least called becomes soft, and what it asks answers alone") {
  const std::string text = imported_text("csv", "a,b,100\nb,c,60\nc,a,5\n");
  const world::World world = read_scenario(text).world;

  CHECK(shape_of(world).calls == Strings{"a -> b", "b -> c", "c -> a (soft)"});
  CHECK(operation_calls(world) == Strings{"a.answer -> b", "b -> c", "c -> a.alone"});
  CHECK(text.find("5 times, line 3, soft is assumed") != std::string::npos);
  CHECK(text.find("1 call closed a circle") != std::string::npos);
}

TEST_CASE("of a circle with a call that nobody waits for, that call is the one that ends there") {
  const world::World world = imported_world("csv", "from,to,calls,kind\na,b,1,hard\nb,c,100,async\nc,a,50,hard\n");

  CHECK(shape_of(world).calls == Strings{"a -> b", "b -> c (async)", "c -> a"});
}

TEST_CASE("a service that calls itself asks another operation of its own") {
  const world::World world = imported_world("csv", "a,a,3\na,b,9\n");

  CHECK(shape_of(world).calls == Strings{"a -> a (soft)", "a -> b"});
  CHECK(operation_calls(world) == Strings{"a.answer -> a.alone", "a.answer -> b"});
}

TEST_CASE("in two circles through one call, giving up that call is enough") {
  const world::World world = imported_world("csv", "a,b,1\nb,c,50\nc,a,50\nb,d,70\nd,e,70\ne,a,70\n");

  CHECK(shape_of(world).calls == Strings{"a -> b (soft)", "b -> c", "c -> a", "b -> d", "d -> e", "e -> a"});
}

TEST_CASE("a circle of operations in traces is ended without touching the others") {
  const std::string service = R"({"p1": {"serviceName": "a"}, "p2": {"serviceName": "b"}})";
  const auto span = [](const char* id, const char* operation, const char* process, const char* parent) {
    return fmt::format(
        R"({{"spanID": "{}", "operationName": "{}", "processID": "{}", "references": [{{"refType": "CHILD_OF", "spanID": "{}"}}]}})",
        id, operation, process, parent);
  };
  const std::string traces =
      fmt::format(R"({{"data": [{{"spans": [{}, {}, {}], "processes": {}}}]}})", span("1", "visit", "p1", ""),
                  span("2", "ask", "p2", "1"), span("3", "visit", "p1", "2"), service);

  const world::World world = imported_world("jaeger-traces", traces);

  CHECK(shape_of(world).services == Strings{"a", "b"});
  CHECK(operation_calls(world) == Strings{"a.visit -> b.alone", "b.ask -> a.visit"});
}

TEST_CASE("what is given up leaves no circle, and nothing is given up where there is none") {
  using foreign::given_up;

  CHECK(given_up(3, {{0, 1}, {1, 2}, {0, 2}}) == std::vector<bool>{false, false, false});
  CHECK(given_up(2, {{0, 1, 2, 5}, {1, 0, 2, 4}}) == std::vector<bool>{false, true});
  CHECK(given_up(2, {{0, 1, 2, 4}, {1, 0, 2, 4}}) == std::vector<bool>{true, false});  // the first of equals
  CHECK(given_up(1, {{0, 0, 2, 9}}) == std::vector<bool>{true});
  CHECK(given_up(2, {{0, 1, 0, 9}, {1, 0, 2, 1}}) == std::vector<bool>{true, false});  // the lower rank first
}
