#include "engine/report/comparison_json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/report/comparison_csv.hpp"
#include "tests/unit/study/compared.hpp"

namespace knockon::report {
namespace {

using invented::comparison_of;
using invented::days_from;
using Json = nlohmann::ordered_json;

Json parsed(const study::Comparison& comparison) { return Json::parse(json_of(comparison)); }

Json pair_by(const Json& json, const std::string& measure) {
  for (const Json& pair : json["pairs"]) {
    if (pair["measure"] == measure && pair["app"].is_null()) return pair;
  }
  return nullptr;
}

TEST_CASE("a comparison's JSON has the keys of the contract") {
  const world::World world = invented::two_apps();

  const Json json = parsed(comparison_of(world, {{"quick", days_from(50)}, {"slow", days_from(90)}}, 1));

  CHECK(json["format"] == 1);
  CHECK(json["across"] == "strategies");
  CHECK(json["baseline"] == "slow");
  CHECK(json["pairs_of"] == "all");
  CHECK(json["replications"] == 40);
  CHECK(json["ranking"] == Json::array({Json::array({"quick"}), Json::array({"slow"})}));
  REQUIRE(json["entries"].size() == 2);
  CHECK(json["entries"][0]["name"] == "quick");
  CHECK(json["entries"][0]["apps"][0]["app"] == "feed");
  CHECK(json["entries"][0]["incident"]["user_minutes_lost"]["n"] == 40);
  CHECK(json["entries"][0]["minutes"].size() == 11);
  REQUIRE(json["dominated"].size() == 1);
  CHECK(json["dominated"][0]["name"] == "slow");
  CHECK(json["dominated"][0]["by"] == "quick");
  CHECK(json["dominated"][0]["on"] == Json::array({"user_minutes_lost", "money_lost"}));
}

TEST_CASE("a pair has a difference, an interval and shares that add up to one") {
  const world::World world = invented::two_apps();

  const Json json = parsed(comparison_of(world, {{"quick", days_from(50)}, {"slow", days_from(90)}}));

  const Json lost = pair_by(json, "user_minutes_lost");
  CHECK(lost["a"] == "quick");
  CHECK(lost["difference"]["mean"] == -16000);
  CHECK(lost["difference"]["ci95"] == Json::array({-16000, -16000}));
  CHECK(lost["a_better_share"] == 1);
  CHECK(lost["tie_share"] == 0);
  CHECK(lost["b_better_share"] == 0);
  CHECK(lost["significant"] == true);
}

TEST_CASE("what differs between entries is null in the head") {
  const world::World world = invented::two_apps();
  study::Comparison comparison = comparison_of(world, {{"one", days_from(50)}, {"other", days_from(60)}});

  CHECK(parsed(comparison)["strategy"].is_null());
  CHECK(parsed(comparison)["cause"] == "bad-push");
  CHECK(parsed(comparison)["paired_on"] == "everything");
  comparison.across = study::Across::causes;
  CHECK(parsed(comparison)["cause"].is_null());
  CHECK(parsed(comparison)["strategy"] == "roll-back");
  CHECK(parsed(comparison)["paired_on"] == "people and demand");
}

TEST_CASE("a pair without a day has nulls and no verdict") {
  const world::World world = invented::two_apps();
  std::vector<study::Replications> replications(2);
  for (auto& entry : replications) entry.requested = 5;

  const Json json = parsed(study::compared(study::Across::strategies, invented::entries_of(world, {"one", "other"}), 0,
                                           std::move(replications)));

  const Json lost = pair_by(json, "user_minutes_lost");
  CHECK(lost["n"] == 0);
  CHECK(lost["difference"]["mean"].is_null());
  CHECK(lost["difference"]["ci95"].is_null());
  CHECK(lost["tie_share"].is_null());
  CHECK(lost["significant"] == false);
}

TEST_CASE("every pair and every replication of every entry is a row of CSV") {
  const world::World world = invented::two_apps();
  const study::Comparison comparison =
      comparison_of(world, {{"quick", days_from(50)}, {"folder, with \"comma\"/x.yaml", days_from(90)}});

  const std::string pairs = csv_of_pairs(comparison), incidents = csv_of_incidents(comparison);

  CHECK(pairs.starts_with(
      "a,b,measure,app,n,mean,ci95_low,ci95_high,a_better_share,tie_share,b_better_share,significant\n"));
  CHECK(
      pairs.find("quick,\"folder, with \"\"comma\"\"/x.yaml\",user_minutes_lost,,40,-16000,-16000,-16000,1,0,0,1\n") !=
      std::string::npos);
  CHECK(incidents.starts_with("entry,replication,"));
  CHECK(std::count(incidents.begin(), incidents.end(), '\n') == 1 + 2 * 40);
  CHECK(incidents.find("\nquick,39,") != std::string::npos);
}

}  // namespace
}  // namespace knockon::report
