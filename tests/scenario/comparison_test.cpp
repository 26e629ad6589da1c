// `knockon compare` as a user meets it: the same days for all, and verdicts that can be trusted.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

json pair_of(const json& result, const std::string& a, const std::string& b, const std::string& measure) {
  for (const json& pair : result.at("pairs")) {
    if (pair.at("a") == a && pair.at("b") == b && pair.at("measure") == measure && pair.at("app").is_null())
      return pair;
  }
  throw std::runtime_error{"no pair of " + a + " and " + b};
}

std::string written(const Folder& folder, const std::string& text) {
  const std::string path = (folder / "scenario.yaml").string();
  std::ofstream{path} << text;
  return path;
}

std::string first_steps() { return text_of_file(KNOCKON_SOURCE_DIR "/scenarios/first-steps/scenario.yaml"); }

// first-steps with `strategies` in the place of wait-and-see.
std::string with_strategies(const std::string& strategies) {
  std::string text = first_steps();
  const std::string old = "  wait-and-see: {steps: {}}\n";
  text.replace(text.find(old), old.size(), strategies);
  return text;
}

TEST_CASE("two strategies that differ only in a step that is never reached do not differ at all") {
  const Folder folder;
  const std::string path =
      written(folder, with_strategies("  and-then-some:\n"
                                      "    like: roll-back\n"
                                      "    steps:\n"
                                      "      never: {do: wait, when: time < 0s, takes: 1m}\n"
                                      "      restart-all: {do: restart, target: [shop, stock, prices], takes: 5m}\n"));

  const json result = json_of("compare " + path + " --replications 60");

  for (const json& pair : result.at("pairs")) {
    INFO(pair.dump());
    if (pair.at("n") == 0) continue;
    CHECK(pair.at("tie_share") == 1);
    CHECK(pair.at("significant") == false);
    if (!pair.at("difference").at("mean").is_null()) CHECK(pair.at("difference").at("mean") == 0);
  }
  CHECK(result.at("ranking").size() == 1);
}

TEST_CASE("an entry's days are those of a run of its own") {
  const json compared = json_of("compare meta-2024-03-05 --replications 20");

  for (const char* strategy : {"rollback-then-ramp", "break-glass"}) {
    const json run = json_of(std::string{"run meta-2024-03-05 --replications 20 --strategy "} + strategy);
    const json& one = entry(compared.at("entries"), "name", strategy);
    CHECK(one.at("fingerprint") == run.at("fingerprint"));
    CHECK(one.at("incident") == run.at("incident"));
    CHECK(one.at("apps") == run.at("apps"));
    CHECK(one.at("minutes") == run.at("minutes"));
  }
}

TEST_CASE("a comparison does not depend on how many workers share it") {
  CHECK(json_of("compare first-steps --replications 50 --jobs 1") ==
        json_of("compare first-steps --replications 50 --jobs 3"));
}

TEST_CASE("Facebook 2021: access that needs nothing of the failing graph wins, and not by chance") {
  const json result = json_of("compare facebook-2021-10-04 --replications 100");

  const json lost = pair_of(result, "as-it-was", "break-glass", "user_minutes_lost");
  CHECK(lost.at("difference").at("ci95").at(0) > 0);  // as it was minus break-glass
  CHECK(lost.at("significant") == true);
  CHECK(result.at("ranking").at(0) == json::array({"break-glass"}));
}

TEST_CASE("both outages have at least four strategies, and doing nothing is no good one") {
  for (const std::string scenario : {"meta-2024-03-05", "facebook-2021-10-04"}) {
    const json result = json_of("compare " + scenario + " --replications 40");

    CHECK(result.at("entries").size() >= 5);
    CHECK(result.at("ranking").back() == json::array({"do-nothing"}));
    for (const json& dominated : result.at("dominated")) CHECK(dominated.at("by") != "do-nothing");
  }
}

TEST_CASE(
    "Meta 2024: where few servers check passwords, letting people in step by step saves what opening the doors loses") {
  const json result = json_of("compare meta-2024-03-05 --variant few-log-in-servers --replications 40");

  const json money = pair_of(result, "rollback-then-ramp", "roll-back", "money_lost");
  CHECK(money.at("difference").at("ci95").at(1) < 0);
}

TEST_CASE("Meta 2024: where log-in collapses, a ramp that begins low gets out, and open doors never do") {
  const json result = json_of("compare meta-2024-03-05 --variant log-in-collapses --replications 40");

  const json lost = pair_of(result, "rollback-then-ramp", "roll-back", "user_minutes_lost");
  CHECK(lost.at("difference").at("ci95").at(1) < 0);
  CHECK(lost.at("significant") == true);
  const auto restored = [&](const char* name) {
    return entry(result.at("entries"), "name", name).at("incident").at("restored_minute");
  };
  CHECK(restored("rollback-then-ramp").at("censored_share") < 0.05);
  CHECK(restored("roll-back").at("censored_share") == 1);
}

TEST_CASE("Meta 2024: a ramp that begins with too many stays in the collapse that it was to prevent") {
  const json result = json_of(
      "run meta-2024-03-05 --replications 12 --set services.password-store.replicas=800 "
      "--set services.password-store.overload=collapse");

  CHECK(result.at("incident").at("restored_minute").at("censored_share") == 1);
}

TEST_CASE(
    "Meta 2024: the loop that deletes its cache outlives the fix in every plan, and ends when the site is let in") {
  const json compared = json_of("compare meta-2024-03-05 --cause config-verifier-loop --replications 12");
  REQUIRE_FALSE(compared.at("entries").empty());
  for (const json& plan : compared.at("entries"))
    CHECK(plan.at("incident").at("restored_minute").at("censored_share") == 1);

  const json let_in = json_of("run meta-2024-03-05 --cause config-verifier-loop --variant site-off --replications 12");
  CHECK(let_in.at("incident").at("restored_minute").at("censored_share") < 0.2);
}

TEST_CASE("a difference in time is given up to the horizon where runs are cut off there, for dates it is not") {
  const json result = json_of("compare first-steps --replications 40");

  CHECK(pair_of(result, "roll-back", "wait-and-see", "restored_minute").at("difference").at("mean").is_null());
  CHECK(pair_of(result, "roll-back", "wait-and-see", "outage_minutes").at("difference").at("ci95").at(1) < 0);
}

TEST_CASE("causes are compared too, and said to be paired on people and demand only") {
  const json result = json_of("compare meta-2024-03-05 --across causes --replications 20");

  CHECK(result.at("paired_on") == "people and demand");
  CHECK(result.at("cause").is_null());
  CHECK(result.at("entries").size() == 4);
  CHECK(says(knockon("compare meta-2024-03-05 --across causes --replications 12").output,
             "Causes share people and demand, not faults"));
}

TEST_CASE("variants are held against the scenario without them") {
  const json result = json_of("compare facebook-2021-10-04 --across variants --replications 20");

  CHECK(result.at("baseline") == "no variant");
  const json lost = pair_of(result, "no variant", "access-apart", "user_minutes_lost");
  CHECK(lost.at("difference").at("ci95").at(0) > 0);
}

TEST_CASE("two scenarios are compared, and one with itself is the same") {
  const json result = json_of("compare first-steps first-steps --replications 20");

  CHECK(result.at("across") == "scenarios");
  CHECK(pair_of(result, "first-steps", "first-steps again", "user_minutes_lost").at("tie_share") == 1);
  CHECK(json_of("compare first-steps meta-2024-03-05 --replications 12").at("entries").size() == 2);
}

TEST_CASE("what cannot be compared is said in a sentence") {
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"compare first-steps --across variants", "the scenario has no variants to compare"},
      {"compare first-steps --across causes", "the scenario has only one cause"},
      {"compare first-steps --across days", "expected strategies, causes or variants"},
      {"compare first-steps --strategy roll-back", "--strategy does not apply across strategies"},
      {"compare meta-2024-03-05 --across causes --cause key-fault", "--cause does not apply across causes"},
      {"compare first-steps --baseline rol-back", "did you mean 'roll-back'?"},
      {"compare first-steps meta-2024-03-05 --across causes", "--across does not apply when two scenarios"},
      {"compare first-steps --variant night", "night"},
      {"compare first-steps nowhere", "nowhere"},
      {"compare first-steps --precision 0%", "expected a share such as 5%"},
      {"compare first-steps --precision 5% --replications 10", "--precision"},
      {"compare first-steps --trace x.json", "--trace"}};
  for (const auto& [words, complaint] : mistakes) {
    INFO(words);
    const Ran ran = knockon(words);
    CHECK(ran.status == 2);
    CHECK(says(ran.errors, complaint));
    CHECK(ran.output.empty());
  }
}

TEST_CASE("Ctrl-C leaves the same days of every entry") {
  const Folder folder;
  const std::string out = (folder / "out.json").string();
  json result;
  // A busy machine may not finish a day of every entry at once.
  for (const int seconds : {2, 8, 30}) {
    const std::string line = "cd '" KNOCKON_SOURCE_DIR "' && timeout -s INT " + std::to_string(seconds) + " '" +
                             KNOCKON_COMMAND + "' compare first-steps -q --replications 1000000 --json '" + out +
                             "' >/dev/null 2>&1";
    REQUIRE(WIFEXITED(std::system(line.c_str())));
    result = json::parse(text_of_file(out));
    if (result.at("replications") > 0) break;
  }

  CHECK(result.at("interrupted") == true);
  const std::size_t days = result.at("replications");
  CHECK(days > 0);
  CHECK(days < 1000000);
  for (const json& one : result.at("entries")) CHECK(one.at("incident").at("user_minutes_lost").at("n") == days);
}

TEST_CASE("a precision that is reached ends the run at a look") {
  const json loose = json_of("run first-steps --precision 20%");
  const json close = json_of("run first-steps --precision 5%");

  CHECK(loose.at("replications") == 200);
  CHECK(close.at("replications") > 200);
  CHECK(close.at("replications").get<int>() % 200 == 0);
  const json& down = close.at("apps").at(0).at("down_minutes");
  const double half = (down.at("ci95").at(1).get<double>() - down.at("ci95").at(0).get<double>()) / 2;
  CHECK(half <= std::max(.05 * down.at("mean").get<double>(), 1.0));
}

TEST_CASE("tables of all pairs and all replications are written") {
  const Folder folder;
  knockon("compare first-steps --replications 12 --csv " + folder.string());

  CHECK(column(folder / "pairs.csv", "measure").front() == "user_minutes_lost");
  CHECK(column(folder / "incidents.csv", "entry").size() == 24);
  CHECK(column(folder / "replications.csv", "entry").back() == "wait-and-see");
}

}  // namespace
}  // namespace knockon::tests
