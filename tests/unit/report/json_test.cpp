#include "engine/report/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

using Json = nlohmann::ordered_json;

Json parsed(const world::World& world, study::Replications replications, study::Subject subject = invented::subject()) {
  return Json::parse(json_of(study::results_of(world, std::move(subject), std::move(replications))));
}

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  return keys;
}

TEST_CASE("the head says which run it was") {
  const world::World world = invented::two_apps();
  study::Subject subject = invented::subject();
  subject.variants = {"tools-apart"};
  subject.set = {{"services.feed.latency", "9ms"}};
  study::Replications replications = invented::finished(invented::feed_down_from(50, 20));
  replications.died = {{.index = 20, .error = "no route \xff left"}};
  replications.requested = 21;

  const Json json = parsed(world, replications, subject);

  CHECK(json["knockon"] == "0.1.0");
  CHECK(json["format"] == 1);
  CHECK(json["scenario"] == "two-apps");
  CHECK(json["cause"] == "bad-push");
  CHECK(json["strategy"] == "roll-back");
  CHECK(json["variants"] == Json{"tools-apart"});
  CHECK(json["set"][0] == Json::array({"services.feed.latency", "9ms"}));
  CHECK(json["starts"] == "2024-03-05T15:00:00Z");
  CHECK(json["horizon_minutes"] == 360);
  CHECK(json["replications"] == 20);
  CHECK(json["requested"] == 21);
  CHECK(json["died"][0]["index"] == 20);
  CHECK(json["fingerprint"].get<std::string>().size() == 16);
}

TEST_CASE("apps, regions and the incident have every measure of the contract") {
  const world::World world = invented::two_apps();

  const Json json = parsed(world, invented::finished(invented::feed_down_from(50, 20)));

  for (const char* key : {"down_minutes", "degraded_minutes", "first_impact_minute", "mitigated_minute",
                          "restored_minute", "ever_down_share", "unrestored_share", "dips", "user_minutes_lost",
                          "failed_journeys", "slo_budget_spent", "money_lost", "money_deferred", "credits_owed"}) {
    CAPTURE(key);
    CHECK(json["apps"][0].contains(key));
    CHECK(json["apps"][1]["regions"][1].contains(key));
  }
  for (const char* key :
       {"detected_minute", "acknowledged_minute", "diagnosed_minute", "announced_minute", "mitigated_minute",
        "restored_minute", "staff_hours", "data_lost_minutes", "user_minutes_lost", "money_lost"}) {
    CAPTURE(key);
    CHECK(json["incident"].contains(key));
  }
  CHECK(json["apps"][1]["regions"][1]["region"] == "west");
  CHECK(json["apps"][0]["money_lost"]["currency"] == "USD");
}

TEST_CASE("a statistic has the contract's keys in its order") {
  const world::World world = invented::two_apps();

  const Json json = parsed(world, invented::finished(invented::feed_down_from(50, 20)));

  const Json& down = json["apps"][0]["down_minutes"];
  CHECK(keys_of(down) == std::vector<std::string>{"n", "undefined_share", "censored_share", "mean", "ci95", "p05",
                                                  "p50", "p95", "p50_ci95", "p95_ci95"});
  CHECK(down["p50"] == 59);
  CHECK(down["ci95"].size() == 2);
}

TEST_CASE("what does not exist is null: a date that never was, beyond the horizon, an objective nobody set") {
  const world::World world = invented::two_apps();
  std::vector<simulation::Outcome> outcomes(20, invented::feed_never_restored(world, 0));

  const Json json = parsed(world, invented::finished(outcomes));

  CHECK(json["apps"][1]["restored_minute"]["p50"].is_null());
  CHECK(json["apps"][0]["restored_minute"]["p50"].is_null());
  CHECK(json["apps"][0]["restored_minute"]["mean"].is_null());
  CHECK(json["apps"][0]["restored_minute"]["censored_share"] == 1);
  CHECK(json["apps"][0]["down_minutes"]["p50"] == 358);
  CHECK(json["apps"][0]["slo_budget_spent"].is_null());
  CHECK(json["apps"][0]["down_minutes"]["p95_ci95"][1].is_null());
}

TEST_CASE("minutes are written to a thousandth and shares to a millionth") {
  const world::World world = invented::two_apps();
  auto outcomes = invented::feed_down_from(50, 3);
  outcomes[0].apps[0].down[0].to = quantity::Duration::of_seconds(3000.12345);
  outcomes[2].apps[0].down.clear();

  const Json json = parsed(world, invented::finished(outcomes));

  CHECK(json["apps"][0]["ever_down_share"].dump() == "0.666667");
  CHECK(json["apps"][0]["down_minutes"]["p50"].dump() == "48.002");
}

TEST_CASE("all phases are there, in order") {
  const world::World world = invented::two_apps();

  const Json json = parsed(world, invented::finished(invented::feed_down_from(50, 20)));

  std::vector<std::string> phases;
  for (const Json& phase : json["minutes"]) phases.push_back(phase["phase"]);
  CHECK(phases == std::vector<std::string>{"detect", "acknowledge", "access", "diagnose", "misdiagnose", "wait", "fix",
                                           "propagate", "ramp", "tail", "unresolved"});
}

TEST_CASE("a run in which nothing finished is still valid JSON") {
  const world::World world = invented::two_apps();

  const Json json = parsed(world, {});

  CHECK(json["replications"] == 0);
  CHECK(json["apps"][0]["down_minutes"]["mean"].is_null());
  CHECK(json["minutes"][0]["mean"].is_null());
}

}  // namespace
}  // namespace knockon::report
