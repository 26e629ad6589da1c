// `knockon explain` as a user meets it: a story that begins at a fault, and minutes that add up.
#include <catch2/catch.hpp>
#include <string>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST_CASE("every chain starts at a fault and follows causes, in all scenarios and strategies") {
  for (const std::string words :
       {"meta-2024-03-05", "facebook-2021-10-04", "first-steps",
        "meta-2024-03-05 --cause config-verifier-loop --only 3",
        "meta-2024-03-05 --cause key-fault --only worst --replications 20",
        "meta-2024-03-05 --cause login-flood --only 5", "meta-2024-03-05 --strategy restart-everything --only 2",
        "facebook-2021-10-04 --strategy do-nothing --only 4"}) {
    INFO(words);
    const json result = json_of("explain " + words);

    REQUIRE_FALSE(result.at("chains").empty());
    for (const json& chain : result.at("chains")) {
      const json& events = chain.at("events");
      CHECK(events.front().at("change") == "fault began");
      CHECK(events.front().at("cause").is_null());
      for (std::size_t i = 1; i < events.size(); ++i) CHECK(events[i].at("cause") == events[i - 1].at("event"));
      const std::string end = events.back().at("change");
      CHECK((end == "down" || end == "degraded"));
    }
  }
}

TEST_CASE("the minutes and the stretches add up to the outage") {
  for (const std::string words : {"meta-2024-03-05 --only 7", "facebook-2021-10-04 --only 7", "first-steps --only 7"}) {
    INFO(words);
    const json result = json_of("explain " + words);
    double minutes = 0, stretches = 0;

    for (const json& phase : result.at("minutes")) minutes += phase.at("mean").get<double>();
    for (const json& one : result.at("recovery"))
      stretches += one.at("to_minute").get<double>() - one.at("from_minute").get<double>();

    CHECK(minutes == Approx(stretches).margin(.02));
    CHECK(result.at("recovery").front().at("from_minute") == 0);
    CHECK(result.at("recovery").back().at("to_minute").get<double>() == Approx(minutes).margin(.02));
  }
}

TEST_CASE("Facebook 2021: lost remote access and doors are named among the minutes, and would have helped") {
  const Ran ran = knockon("explain facebook-2021-10-04 --color never");
  const json result = json_of("explain facebook-2021-10-04");

  CHECK(says(ran.output, "waits for remote-console"));
  CHECK(says(ran.output, "door is done"));
  double by_remote_access = 0, by_doors = 0;
  for (const json& one : result.at("counterfactuals")) {
    if (one.at("without") == "the need for remote-console") by_remote_access = one.at("saves_minutes");
    if (one.at("without") == "the need for badge-doors") by_doors = one.at("saves_minutes");
  }
  CHECK(by_remote_access > 60);
  CHECK(by_doors > 10);
}

TEST_CASE("Facebook 2021: the way to the end begins at the fault, not at what it switched off") {
  const std::string text = knockon("explain facebook-2021-10-04 --color never").output;

  const std::string ended = text.substr(text.find("how it ended"));
  CHECK(says(ended.substr(0, ended.find("detect")), "backbone-off begins"));
}

TEST_CASE("Meta 2024: when nothing is restored though no fault is left, the overloaded database is named") {
  const json result = json_of("explain meta-2024-03-05 --cause config-verifier-loop --only 3");

  REQUIRE_FALSE(result.at("unwell").empty());
  const json& first = result.at("unwell")[0];
  CHECK(first.at("service") == "config-db");
  CHECK(first.at("because").empty());
  CHECK(says(first.at("with_it").dump(), "config-cache"));
  CHECK(says(knockon("explain meta-2024-03-05 --cause config-verifier-loop --only 3 --color never").output,
             "its load keeps it so"));
}

TEST_CASE("the median, the worst and an index are found among the same days as a run's") {
  const Folder folder;
  json_of("run first-steps --replications 40 --csv " + folder.string());
  const std::vector<std::string> lost = column(folder / "incidents.csv", "user_minutes_lost");
  const auto at = [&](const json& result) { return std::stod(lost.at(result.at("replication").get<std::size_t>())); };

  const json worst = json_of("explain first-steps --only worst --replications 40");
  const json median = json_of("explain first-steps --replications 40");
  const json ninth = json_of("explain first-steps --only 9");

  std::size_t worse_than_median = 0;
  for (const std::string& one : lost) {
    CHECK(std::stod(one) <= at(worst));
    worse_than_median += std::stod(one) > at(median) ? 1 : 0;
  }
  CHECK(worse_than_median == 20);  // the lower median of forty
  CHECK(ninth.at("replication") == 9);
  CHECK(column(folder / "incidents.csv", "fingerprint").at(9).size() == 16);
}

TEST_CASE("people who wait for what only they could mend are stuck, and the fault is named") {
  // Doors open by what the outage took away, and nobody has another way in.
  const json result = json_of(
      "explain facebook-2021-10-04 --only 1 --set "
      "'strategies.as-it-was.steps.backbone-on.needs=[remote-console]'");

  REQUIRE(result.at("stuck").size() == 1);
  CHECK(result.at("stuck")[0].at("step") == "backbone-on");
  CHECK(result.at("stuck")[0].at("waits_for") == "remote-console");
  CHECK(says(result.at("stuck")[0].at("because").dump(), "backbone-off"));
}

TEST_CASE("a trace for viewers is JSON in which nothing lasts less than no time, and arrows have two ends") {
  const Folder folder;
  const std::string path = (folder / "trace.json").string();

  knockon("explain meta-2024-03-05 --only 3 -q --trace " + path);

  const json trace = json::parse(text_of_file(path));
  int begun = 0, ended = 0, spans = 0;
  for (const json& event : trace.at("traceEvents")) {
    const std::string phase = event.at("ph");
    REQUIRE(event.contains("pid"));
    REQUIRE(event.contains("tid"));
    begun += phase == "s" ? 1 : 0;
    ended += phase == "f" ? 1 : 0;
    spans += phase == "X" ? 1 : 0;
    if (phase == "X") CHECK(event.at("dur") >= 0);
  }
  CHECK(spans > 20);
  CHECK(begun > 20);
  CHECK(begun == ended);
}

TEST_CASE("what cannot be explained is said in a sentence") {
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"explain first-steps --only best", "expected median, worst, or an index such as 7"},
      {"explain first-steps --only -3", "--only"},
      {"explain first-steps --only 3 --replications 5", "--replications excludes --only"},
      {"explain first-steps --strategy nothing", "no strategy called 'nothing'"},
      {"explain first-steps --precision 5%", "--precision"},
      {"explain nowhere", "nowhere"}};
  for (const auto& [words, complaint] : mistakes) {
    INFO(words);
    const Ran ran = knockon(words);
    CHECK(ran.status == 2);
    CHECK(says(ran.errors, complaint));
    CHECK(ran.output.empty());
  }
}

}  // namespace
}  // namespace knockon::tests
