// Each lesson teaches what its page says.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/scenario/command.hpp"
#include "tests/shipped.hpp"

using knockon::tests::entry;
using knockon::tests::json_of;
using nlohmann::json;

namespace {

// Of the one app: minutes down, at the median over 20 replications.
double down(const std::string& lesson, const std::string& options = {}) {
  const json result = json_of("run scenarios/lessons/" + lesson + " --replications 20 " + options);
  return result.at("apps").at(0).at("down_minutes").at("p50").get<double>();
}

constexpr double hour = 60;

}  // namespace

TEST_CASE("every lesson is clean, has a page, and its page's commands run") {
  int lessons = 0;
  for (const auto& folder : knockon::tests::shipped_scenario_folders()) {
    if (folder.parent_path().filename() != "lessons") continue;
    ++lessons;
    INFO(folder);
    CHECK(knockon::tests::knockon("check --strict '" + folder.string() + "'").status == 0);
    const std::string page = knockon::tests::text_of_file(folder / "README.md");
    const std::string begins = "    tools/knockon ";
    int commands = 0;
    for (std::size_t at = page.find(begins); at != std::string::npos; at = page.find(begins, at + 1)) {
      const std::size_t first = at + begins.size();
      ++commands;
      CHECK(knockon::tests::knockon(page.substr(first, page.find('\n', at + 1) - first) + " --replications 5").status ==
            0);
    }
    CHECK(commands > 0);
  }
  CHECK(lessons == 10);
}

TEST_CASE("retry storm: half a minute of errors is for good with retries in three layers, and over with them in one") {
  CHECK(down("retry-storm") > 2.8 * hour);
  CHECK(down("retry-storm", "--variant one-layer-retries") == 0);
  CHECK(down("retry-storm", "--variant retry-budgets") == 0);
}

TEST_CASE("metastable collapse: ten seconds of twice the load are for good, unless attempts are limited") {
  CHECK(down("metastable-collapse") > 1.8 * hour);
  CHECK(down("metastable-collapse", "--variant retry-budget") == 0);
  CHECK(down("metastable-collapse", "--variant breaker") == 0);
  CHECK(down("metastable-collapse", "--variant a-second-replica") == 0);
}

TEST_CASE("queue of the dead: a minute's dip is for good, unless nothing is served that nobody waits for") {
  CHECK(down("queue-of-the-dead") > 2.8 * hour);
  for (const char* variant : {"dead-removed", "newest-first", "shorter-queue", "deadlines"}) {
    INFO(variant);
    CHECK(down("queue-of-the-dead", std::string{"--variant "} + variant) == 0);
  }
}

TEST_CASE("cold cache: an unlimited restart ends in collapse, the guarded ramp recovers") {
  CHECK(down("cold-cache", "--strategy restart-at-once") > 7.8 * hour);
  CHECK(down("cold-cache", "--strategy guarded-ramp") < 2 * hour);

  const json compared = json_of("compare scenarios/lessons/cold-cache --across strategies --replications 40");
  for (const json& pair : compared.at("pairs")) {
    if (pair.at("measure") != "user_minutes_lost") continue;
    CHECK(pair.at("a") == "restart-at-once");
    CHECK(pair.at("difference").at("ci95").at(0).get<double>() > 0);  // the interval excludes that they are alike
    CHECK(pair.at("b_better_share") == 1);
  }
  CHECK(compared.at("ranking").at(0) == json{"guarded-ramp"});
}

TEST_CASE("login surge: whoever waits for it to pass waits for good, and doors end it") {
  CHECK(down("login-surge", "--strategy watch") > 7.7 * hour);
  CHECK(down("login-surge", "--strategy doors") < 2 * hour);
}

TEST_CASE("restart herd: a fleet started at once never warms up, started in turns it is never down") {
  CHECK(down("restart-herd", "--strategy all-at-once") > 5 * hour);
  CHECK(down("restart-herd", "--strategy in-turns") == 0);
}

TEST_CASE("mass re-lease: ten thousand hosts that ask at once get nothing for good, and let in by turns they all do") {
  CHECK(down("mass-re-lease", "--strategy mend-and-wait") > 10 * hour);
  CHECK(down("mass-re-lease", "--strategy throttled") < 3 * hour);
  CHECK(down("mass-re-lease", "--strategy mend-and-wait --variant store-that-sheds") < 2 * hour);
  CHECK(down("mass-re-lease", "--strategy mend-and-wait --variant longer-leases") == 0);
}

TEST_CASE("flapping health checks: ejection turns a degraded site into one that is down for good") {
  CHECK(down("flapping-health-checks") > 2.5 * hour);
  CHECK(down("flapping-health-checks", "--variant no-ejection") == 0);
  CHECK(down("flapping-health-checks", "--variant room-for-two") == 0);
}

TEST_CASE("blind failover: five minutes of a shared fault become an hour, and calling sites back early never ends") {
  CHECK(down("blind-failover") > 30);
  CHECK(down("blind-failover", "--variant last-one-stays") < 10);
  CHECK(down("blind-failover", "--variant permissions-remembered") == 0);
  CHECK(down("blind-failover", "--strategy bring-back") > 3 * hour);
}

// 4 TB at the 4, 8 and 1 Gbit/s that are left of the way: 2 h 13 min, 1 h 7 min and 8 h 53 min, and what people take
// before and after.
TEST_CASE("restore from afar: bytes take the time that the slowest thing on their way leaves them") {
  CHECK(down("restore-from-afar") > 133);
  CHECK(down("restore-from-afar", "--variant smaller-pages") > 66);
  CHECK(down("restore-from-afar", "--variant smaller-pages") < 133);
  CHECK(down("restore-from-afar", "--variant slow-disks") > 533);
  CHECK(down("restore-from-afar", "--strategy fail-over") < hour);
}
