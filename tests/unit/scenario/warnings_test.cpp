#include "engine/scenario/warnings.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;

namespace {

// "LINE:COLUMN code" for each warning of a text without errors.
std::string warnings_of(const std::string& rest) {
  const std::string text = tests::with_small(rest);
  const auto read = scenario::read_text(text);
  if (!read) return scenario::text_of(read.error());
  std::string result;
  for (const scenario::Diagnostic& warning : read->warnings) {
    CHECK(warning.severity == scenario::Severity::warning);
    result += fmt::format("{}:{} {}\n", warning.line, warning.column, warning.code);
  }
  return result;
}

}  // namespace

TEST_CASE("a queue that holds work longer than anybody waits for it is warned of at its limit") {
  const std::string with_limit =
      "services: {web: {calls: [{to: db, timeout: 3s}]}, db: {overload: {policy: queue, limit: ";

  CHECK(warnings_of(with_limit + "4s}}}\n") == "6:89 callee-outwaits-caller\n");
  CHECK(warnings_of(with_limit + "3s}}}\n").empty());
  CHECK(warnings_of(with_limit + "2s}}}\n").empty());
}

TEST_CASE("the most patient caller decides whether a queue is too long") {
  CHECK(warnings_of("services:\n"
                    "  web: {calls: [db, {to: db, timeout: 9s}]}\n"
                    "  db: {overload: {policy: queue, limit: 8s}}\n")
            .empty());
}

TEST_CASE("a queue that nobody sized is nobody's mistake") {
  CHECK(warnings_of("services: {web: {calls: [{to: db, timeout: 200ms}]}, db: {}}\n").empty());
}

TEST_CASE("monitors that need what they watch are warned of, unless another one sees") {
  const std::string circle =
      "services: {web: {calls: [auth]}, auth: {}, dashboards: {calls: [auth]}}\n"
      "monitors:\n"
      "  log-ins: {alert: success(auth) < 90% for 2m, needs: [dashboards]}\n";

  CHECK(warnings_of(circle) == "8:20 blind-alert\n");
  CHECK(warnings_of(circle + "  people: {alert: reports > 10/m}\n").empty());
}

TEST_CASE("a monitor that only prefers what it watches is not blind") {
  const std::string monitor = "monitors: {log-ins: {alert: success(auth) < 90%, needs: [dashboards]}}\n";

  CHECK(
      warnings_of("services: {web: {}, auth: {}, dashboards: {calls: [{to: auth, kind: soft}]}}\n" + monitor).empty());
  CHECK(warnings_of("services: {web: {}, auth: {}, spare: {}, dashboards: {needs: [{any_of: [auth, spare]}]}}\n" +
                    monitor)
            .empty());
}

TEST_CASE("a horizon is held against twice what was observed") {
  const std::string observed = "services: {web: {}}\nobserved: {restored(app): 60m..90m}\nhorizon: ";

  CHECK(warnings_of(observed + "119m\n") == "8:10 short-horizon\n");
  CHECK(warnings_of(observed + "2h\n").empty());
}

TEST_CASE("without an observation a horizon is held against the plan's medians, side by side or one after another") {
  const auto plan = [](const std::string& after, const std::string& horizon) {
    return "services: {web: {}}\n"
           "teams: {crew: {acknowledge: 10m}}\n"
           "causes: {bad: {faults: {gone: {do: down, target: web}}}}\n"
           "strategies:\n"
           "  plan:\n"
           "    steps:\n"
           "      look: {do: diagnose, team: crew, takes: {median: 20m, p90: 1h}}\n"
           "      mend: {do: repair, target: web, takes: 30m" +
           after + "}\nhorizon: " + horizon + "\n";
  };

  // 10m to answer, 20m to look, 30m to mend: an hour; side by side the longer of 10m + 20m and 30m: half an hour.
  CHECK(warnings_of(plan("", "119m")) == "14:10 short-horizon\n");
  CHECK(warnings_of(plan("", "2h")).empty());
  CHECK(warnings_of(plan(", after: start", "59m")) == "14:10 short-horizon\n");
  CHECK(warnings_of(plan(", after: start", "1h")).empty());
}

TEST_CASE("a promise that no result could break, or keep, is warned of") {
  const auto promise = [](const std::string& text) {
    return warnings_of("services: {web: {}}\nhorizon: 4h\npromises:\n  - " + text + "\n");
  };

  CHECK(promise("down(app) <= 4h") == "9:5 certain-promise\n");
  CHECK(promise("down(app) >= 0s") == "9:5 certain-promise\n");
  CHECK(promise("ever_down(app) <= 100%") == "9:5 certain-promise\n");
  CHECK(promise("mean degraded(app) in 0s..5h") == "9:5 certain-promise\n");
  CHECK(promise("median down(app) > 4h") == "9:5 hopeless-promise\n");
  CHECK(promise("restored < 0s") == "9:5 hopeless-promise\n");
}

TEST_CASE("a promise that a bad day could break is no reason to warn") {
  for (const char* text : {"down(app) < 4h", "down(app) = 0s", "ever_down(app) = 100%", "p95 restored < 10h",
                           "median down(app) in 0s..3h59m"}) {
    CAPTURE(text);
    CHECK(warnings_of(std::string{"services: {web: {}}\nhorizon: 4h\npromises:\n  - "} + text + "\n").empty());
  }
}
