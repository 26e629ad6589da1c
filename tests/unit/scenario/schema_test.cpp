// The language's JSON Schema against everything that the reader is tested with.
#include "engine/scenario/schema.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "tests/file_content.hpp"
#include "tests/json_schema.hpp"
#include "tests/unit/scenario/texts.hpp"

namespace fs = std::filesystem;
using namespace knockon;
using nlohmann::json;
using tests::content_of;
using tests::JsonSchema;

namespace {

std::vector<fs::path> yaml_files(const char* folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{fs::path{KNOCKON_SOURCE_DIR} / folder}) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

const JsonSchema& schema() {
  static const JsonSchema schema{scenario::schema_text()};
  return schema;
}

std::string objections_to(const std::string& text) { return tests::objections_to(text, schema()); }

// A file of one service, with `extra` in it.
std::string with_service(const std::string& extra) { return "knockon: 1\nservices:\n  api: {" + extra + "}\n"; }
std::string with_step(const std::string& step) {
  return "knockon: 1\nstrategies: {plan: {steps: {one: {" + step + "}}}}\n";
}

}  // namespace

TEST_CASE("the schema accepts every scenario and every block we ship, as written") {
  for (const char* folder : {"scenarios", "models"}) {
    for (const fs::path& file : yaml_files(folder)) {
      INFO(file.string());
      CHECK(objections_to(content_of(file)) == "");
    }
  }
}

TEST_CASE("the schema accepts every scenario we ship, merged") {
  for (const fs::path& file : yaml_files("scenarios")) {
    const auto read = scenario::read({file.string(), {KNOCKON_SOURCE_DIR "/models"}});
    REQUIRE(read);

    INFO(file.string());
    CHECK(objections_to(read->merged_text) == "");
  }
}

TEST_CASE("what may be left to blocks, `like` and `defaults` is not asked for") {
  CHECK(objections_to("knockon: 1\n") == "");
  CHECK(objections_to(with_service("like: cache, cache: {hit: 99%}")) == "");
  CHECK(objections_to(with_step("takes: {p90: 60m}")) == "");
  CHECK(objections_to("knockon: 1\nvariants: {v: {strategies: {plan: {steps: {one: {rate: 5/s}}}}}}\n") == "");
}

TEST_CASE("`~` is accepted wherever something could be removed") {
  CHECK(objections_to("knockon: 1\nservices: {api: ~}\npromises: ~\nhorizon: ~\n") == "");
  CHECK(objections_to(with_step("like: other, do: diagnose, target: ~, rate: ~")) == "");
  CHECK(objections_to("knockon: 1\ncauses: {c: {faults: {f: {lasts: 5m, until: ~}}}}\n") == "");
}

TEST_CASE("both spellings of a number and of a truth are accepted, and a list of one without its brackets") {
  for (const char* extra :
       {"replicas: 5", "replicas: '5'", "replicas: 1.5k", "replicas: {emea: 5, other: 2}",
        "cache: {drop_on_error: true}", "cache: {drop_on_error: 'true'}", "calls: auth", "calls: [auth]",
        "calls: {to: auth}", "overload: shed", "overload: {policy: shed}", "overload: [shed]",
        "needs: {any_of: [a, b@emea]}", "latency: 5ms", "latency: {median: 2ms, p99: 15ms}"}) {
    INFO(extra);
    CHECK(objections_to(with_service(extra)) == "");
  }
}

TEST_CASE("mistakes of shape are refused") {
  for (const char* extra :
       {"replics: 5", "replicas: many", "replicas: -1", "busy_at_peak: 140%", "busy_at_peak: 0.5", "latency: 5M",
        "latency: {mean: 5ms}", "latency: {uniform: [1ms]}", "calls: [{too: auth}]", "calls: [{timeout: 5s}]",
        "calls: [{to: auth, parallel: [auth]}]", "balance: neerest", "overload: [{limit: 3s}]", "calls: [[auth]]",
        "operations: {Check: {}}", "cache: {drop_on_error: yes}", "fallback: none"}) {
    INFO(extra);
    CHECK(objections_to(with_service(extra)) != "");
  }
}

TEST_CASE("a verb brings its own arguments and no others") {
  CHECK(objections_to(with_step("do: admit, target: app, by: 10%, guard: success(api) > 98%")) == "");
  CHECK(objections_to(with_step("do: restart, target: api, by: 10%")) != "");
  CHECK(objections_to(with_step("do: diagnose, target: api")) != "");
  CHECK(objections_to(with_step("do: log-out, target: login")) != "");
  CHECK(objections_to(with_step("do: admitt")) != "");
  CHECK(objections_to("knockon: 1\ncauses: {c: {faults: {f: {ended_by: [repair, roll-back]}}}}\n") == "");
  CHECK(objections_to("knockon: 1\ncauses: {c: {faults: {f: {ended_by: [repair, down]}}}}\n") != "");
}

TEST_CASE("a condition must have the shape of one") {
  const auto with_alert = [](const std::string& alert) {
    return "knockon: 1\nmonitors: {m: {alert: \"" + alert + "\"}}\n";
  };

  for (const char* right :
       {"success(a) < 90%", "success(a)<90% for 2m", "not up(a@b) and (load(c) >= 1.5k or held(d) in 5%..10%)",
        "(not (down(x)))", "reachable(dns from home) for 30s", "time > 5m or alerted(m)"}) {
    INFO(right);
    CHECK(objections_to(with_alert(right)) == "");
  }
  for (const char* wrong : {"", "success", "succes(a) < 90%", "success(a) < many", "up(a), up(b)", "and up(a)",
                            "success(a) == 5%", "up", "success(a) in much"}) {
    INFO(wrong);
    CHECK(objections_to(with_alert(wrong)) != "");
  }
}

TEST_CASE("every metric, state, measure and statistic can be written") {
  for (const scenario::MetricRow& row : scenario::metric_rows()) {
    INFO(row.text);
    CHECK(objections_to("knockon: 1\nmonitors: {m: {alert: \"" + std::string{row.text} + "(x) > 5\"}}\n") == "");
  }
  for (const scenario::StateRow& row : scenario::state_rows()) {
    INFO(row.text);
    CHECK(objections_to("knockon: 1\nmonitors: {m: {alert: \"" + std::string{row.text} + "(x)\"}}\n") == "");
  }
  for (const scenario::MeasureRow& row : scenario::measure_rows()) {
    for (const scenario::StatisticRow& statistic : scenario::statistic_rows()) {
      const std::string promise = std::string{statistic.text} + " " + world::text_of(row.measure) + "(x) in 5m..20m";
      INFO(promise);
      CHECK(objections_to("knockon: 1\npromises: [\"" + promise + "\"]\n") == "");
    }
  }
}

TEST_CASE("every key and every verb is explained on hover") {
  const json whole = json::parse(scenario::schema_text());

  for (const auto& [name, definition] : whole.at("definitions").items()) {
    if (!definition.contains("properties")) continue;
    for (const auto& [key, property] : definition.at("properties").items()) {
      INFO(name << "." << key);
      CHECK((property.value("doNotSuggest", false) || property.value("description", "").size() > 3));
    }
  }
  for (const char* verbs : {"verb-of-a-fault", "verb-of-a-reaction", "verb-of-a-step"}) {
    const json& definition = whole.at("definitions").at(verbs);
    CHECK(definition.at("enum").size() == definition.at("enumDescriptions").size());
    CHECK(definition.at("enum").size() > 10);
  }
}

TEST_CASE("every default of the schema is a value that the schema accepts") {
  const json whole = json::parse(scenario::schema_text());
  std::size_t defaults = 0;

  for (const auto& [name, definition] : whole.at("definitions").items()) {
    if (!definition.contains("properties")) continue;
    for (const auto& [key, property] : definition.at("properties").items()) {
      if (!property.contains("default")) continue;
      json alone = property;
      alone["definitions"] = whole.at("definitions");
      INFO(name << "." << key);
      CHECK(JsonSchema{alone.dump()}.accepts(property.at("default")));
      ++defaults;
    }
  }
  CHECK(defaults > 30);
}
