// The two reconstructions against what was published, and what must hold of every run whatever the scenario.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/scenario/command.hpp"

using knockon::tests::column;
using knockon::tests::entry;
using knockon::tests::Folder;
using knockon::tests::json_of;
using nlohmann::json;

namespace {

double median(const json& statistic) { return statistic.at("p50").get<double>(); }

const json& app(const json& result, const std::string& name) { return entry(result.at("apps"), "app", name); }

std::vector<std::string> fingerprints(const std::string& words) {
  const Folder folder;
  json_of(words + " --csv " + folder.string());
  for (const auto& file : std::filesystem::directory_iterator{folder.string()}) {
    std::vector<std::string> found = column(file.path(), "fingerprint");
    if (!found.empty()) return found;
  }
  return {};
}

// One value for each replication, from a file with several rows for each.
std::vector<std::string> each_once(const std::vector<std::string>& rows) {
  std::vector<std::string> once;
  for (const std::string& row : rows) {
    if (once.empty() || once.back() != row) once.push_back(row);
  }
  return once;
}

}  // namespace

TEST_CASE("Meta 2024: Facebook is down 65 to 127 minutes in each region, WhatsApp never") {
  const json result = json_of("run meta-2024-03-05");

  for (const json& region : app(result, "facebook").at("regions")) {
    INFO(region.at("region"));
    CHECK(median(region.at("down_minutes")) >= 65);
    CHECK(median(region.at("down_minutes")) <= 127);
  }
  CHECK(app(result, "whatsapp").at("ever_down_share") == 0);
  CHECK(app(result, "whatsapp").at("down_minutes").at("mean") == 0);
  CHECK(median(app(result, "instagram").at("degraded_minutes")) > median(app(result, "instagram").at("down_minutes")));
}

TEST_CASE("Meta 2024: announced and restored at the median within the ranges that were observed") {
  const json result = json_of("run meta-2024-03-05");

  REQUIRE(result.at("observed").size() >= 4);
  for (const json& one : result.at("observed")) {
    INFO(one.dump());
    CHECK(median(one.at("simulated")) >= one.at("observed").at(0).get<double>());
    CHECK(median(one.at("simulated")) <= one.at("observed").at(1).get<double>());
  }
}

TEST_CASE("Meta 2024: every promise of the scenario is kept") {
  const json result = json_of("run meta-2024-03-05");

  REQUIRE(result.at("promises").size() >= 5);
  for (const json& promise : result.at("promises")) {
    INFO(promise.dump());
    CHECK(promise.at("verdict") == "kept");
  }
}

TEST_CASE("Facebook 2021: generally restored within a factor 1.25 of 431 minutes") {
  const json result = json_of("run facebook-2021-10-04");

  const json& restored = entry(result.at("observed"), "what", "generally-restored").at("simulated");
  CHECK(median(restored) >= 431 / 1.25);
  CHECK(median(restored) <= 431 * 1.25);
  CHECK(app(result, "whatsapp").at("ever_down_share") == 1);
}

TEST_CASE("Facebook 2021: access that does not need the backbone cuts the outage to less than half") {
  const json as_it_was = json_of("run facebook-2021-10-04");
  const json apart = json_of("run facebook-2021-10-04 --variant access-apart");

  const auto minutes = [](const json& result) {
    return median(entry(result.at("observed"), "what", "generally-restored").at("simulated"));
  };
  CHECK(minutes(apart) < minutes(as_it_was) / 2);
}

TEST_CASE("a seed gives the same bits with one worker, with two, and for a part of the run") {
  for (const std::string scenario : {"meta-2024-03-05", "facebook-2021-10-04", "first-steps"}) {
    INFO(scenario);
    const auto one = each_once(fingerprints("run " + scenario + " --replications 40 --jobs 1"));
    const auto two = each_once(fingerprints("run " + scenario + " --replications 40 --jobs 2"));
    const auto part = each_once(fingerprints("run " + scenario + " --only 13-29 --jobs 2"));
    const auto single = each_once(fingerprints("run " + scenario + " --only 37"));

    REQUIRE(one.size() == 40);
    CHECK(one == two);
    CHECK(part == std::vector<std::string>(one.begin() + 13, one.begin() + 30));
    CHECK(single == std::vector<std::string>{one[37]});
    CHECK(one[0] != one[1]);
  }
}

TEST_CASE("another seed is another run, and all causes and strategies of the shipped scenarios run") {
  CHECK(json_of("run first-steps --seed 2 --replications 5").at("fingerprint") !=
        json_of("run first-steps --seed 3 --replications 5").at("fingerprint"));
  for (const char* choice :
       {"meta-2024-03-05 --cause config-verifier-loop", "meta-2024-03-05 --cause key-fault",
        "meta-2024-03-05 --cause login-flood", "meta-2024-03-05 --strategy restart-everything",
        "meta-2024-03-05 --strategy fail-over", "meta-2024-03-05 --strategy break-glass",
        "meta-2024-03-05 --strategy do-nothing", "meta-2024-03-05 --strategy roll-back",
        "meta-2024-03-05 --variant few-log-in-servers", "facebook-2021-10-04 --strategy drive-at-once",
        "meta-2024-03-05 --variant log-in-collapses", "meta-2024-03-05 --variant site-off",
        "meta-2024-03-05 --variant advertisers-are-paid", "meta-2024-03-05 --variant tools-apart",
        "facebook-2021-10-04 --strategy break-glass", "facebook-2021-10-04 --strategy all-at-once",
        "facebook-2021-10-04 --strategy site-by-site", "facebook-2021-10-04 --strategy do-nothing",
        "first-steps --strategy wait-and-see"}) {
    INFO(choice);
    const json result = json_of(std::string{"run "} + choice + " --replications 6");
    CHECK(result.at("replications") == 6);
    CHECK(result.at("died").empty());
  }
}

TEST_CASE("doing nothing never ends an outage that only people can end") {
  const json result = json_of("run facebook-2021-10-04 --strategy do-nothing --replications 8");

  CHECK(app(result, "facebook").at("unrestored_share") == 1);
  CHECK(result.at("incident").at("restored_minute").at("censored_share") == 1);
}

TEST_CASE("the minutes add up to the outage") {
  for (const char* choice : {"meta-2024-03-05", "facebook-2021-10-04", "first-steps"}) {
    const json result = json_of(std::string{"run "} + choice + " --replications 30");
    double sum = 0;
    for (const json& phase : result.at("minutes")) sum += phase.at("mean").get<double>();
    INFO(choice);
    CHECK(result.at("minutes").size() == 11);
    if (result.at("incident").at("restored_minute").at("censored_share") == 0) {
      CHECK(sum == Approx(result.at("incident").at("restored_minute").at("mean").get<double>()).epsilon(1e-3));
    }
  }
}
