#include "engine/scenario/condition.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using tests::with_small;
using Kind = world::Condition::Kind;

namespace {

// The alert of a monitor over a small world with two services.
world::Condition alert(const std::string& condition) {
  const auto read = scenario::read_text(
      with_small("services: {web: {calls: [b]}, b: {}}\nmonitors: {m: {alert: \"" + condition + "\"}}\n"));
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  return read->world.monitors.front().alert;
}

// The tree as text, to compare shapes: (a and b) for 2m.
std::string shape(const world::Condition& condition, std::size_t at) {
  const auto& node = condition.nodes[at];
  switch (node.kind) {
    case Kind::metric:
      return world::Metric::load == condition.metric_tests[node.first].metric ? "load" : "success";
    case Kind::state:
      return "state";
    case Kind::negation:
      return "not " + shape(condition, node.first);
    case Kind::held_for:
      return "[" + shape(condition, node.first) + "]" + std::to_string(static_cast<int>(node.hold.in_seconds()));
    case Kind::conjunction:
      return "(" + shape(condition, node.first) + " and " + shape(condition, node.second) + ")";
    case Kind::disjunction:
      return "(" + shape(condition, node.first) + " or " + shape(condition, node.second) + ")";
  }
  return {};
}
std::string shape_of(const std::string& condition) {
  const world::Condition read = alert(condition);
  return shape(read, read.nodes.size() - 1);
}

}  // namespace

TEST_CASE("not binds before for, for before and, and before or") {
  CHECK(shape_of("not reachable(b) for 30s") == "[not state]30");
  CHECK(shape_of("success(b) < 90% and load(b) > 50% for 2m") == "(success and [load]120)");
  CHECK(shape_of("success(b) < 90% or load(b) > 50% and success(web) < 10%") == "(success or (load and success))");
  CHECK(shape_of("(success(b) < 90% or load(b) > 50%) for 1m") == "[(success or load)]60");
  CHECK(shape_of("not (success(b) < 90% or not up(b))") == "not (success or not state)");
}

TEST_CASE("thresholds are read in the metric's unit") {
  CHECK(alert("success(b) < 90%").metric_tests.front().low == Approx(0.9));
  CHECK(alert("rate(b) > 120/m").metric_tests.front().low == Approx(2));
  CHECK(alert("wait(b) >= 1m").metric_tests.front().low == Approx(60));
  CHECK(alert("backlog(b) > 5k").metric_tests.front().low == Approx(5000));
  CHECK(alert("time > 2h").metric_tests.front().low == Approx(7200));
  CHECK(alert("local_time(home) > 9h").metric_tests.front().low == Approx(9 * 3600));
  CHECK(alert("reports > 20k/m").metric_tests.front().low == Approx(20000 / 60.0));
  const auto range = alert("load(b) in 50%..120%").metric_tests.front();
  CHECK(range.comparison == world::Comparison::within);
  CHECK(range.low == Approx(0.5));
  CHECK(range.high == Approx(1.2));
}

TEST_CASE("a name with a place is the part of the thing there") {
  const auto test = alert("success(app@home) < 90%").metric_tests.front();

  CHECK(std::holds_alternative<world::AppId>(test.target.subject));
  REQUIRE(test.target.place);
  CHECK(std::holds_alternative<world::RegionId>(*test.target.place));
}

TEST_CASE("reachable may be seen from a place") {
  const auto test = alert("reachable(b from home)").state_tests.front();

  REQUIRE(test.from);
  CHECK(std::holds_alternative<world::RegionId>(*test.from));
}

TEST_CASE("an app's own conditions mean the app") {
  const auto read = scenario::read_text(with_small("services: {web: {}}\n"));

  REQUIRE(read);
  const world::App& app = read->world.apps.front();
  CHECK(app.down.text == "success < 50% for 2m");
  CHECK(std::holds_alternative<world::Itself>(app.down.metric_tests.front().target.subject));
  CHECK(app.degraded.metric_tests.size() == 2);
}

TEST_CASE("a step's condition knows the steps of its own strategy") {
  const auto read =
      scenario::read_text(with_small("services: {web: {}}\n"
                                     "strategies:\n"
                                     "  a: {steps: {one: {do: wait}, two: {do: wait, if: failed(one)}}}\n"
                                     "  b: {like: a}\n"));

  REQUIRE(read);
  const auto step_of = [&](std::size_t strategy) {
    const auto& step = read->world[read->world.strategies[strategy].steps[1]];
    return std::get<world::StepId>(step.only_if->state_tests.front().target.subject);
  };
  CHECK(step_of(0) == read->world.strategies[0].steps[0]);
  CHECK(step_of(1) == read->world.strategies[1].steps[0]);
}

TEST_CASE("a condition in parentheses without end is refused, not followed") {
  std::string deep(500, '(');
  std::string negative;
  for (int i = 0; i < 500; ++i) negative += "not ";
  for (const std::string& condition : {deep, negative + "up(b)"}) {
    const auto faults =
        tests::faults_of(with_small("services: {web: {}, b: {}}\nmonitors: {m: {alert: \"" + condition + "\"}}\n"));
    CHECK(faults.find("too-deep") != std::string::npos);
  }
}

TEST_CASE("a condition that nobody could read is refused by its length") {
  std::string endless = "up(b)";
  while (endless.size() < 20'000) endless += " and up(b)";

  const auto faults =
      tests::faults_of(with_small("services: {web: {}, b: {}}\nmonitors: {m: {alert: \"" + endless + "\"}}\n"));

  CHECK(faults.find("too-large") != std::string::npos);
}
