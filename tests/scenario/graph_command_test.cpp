// `knockon graph` as a shell sees it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

constexpr const char* shop = R"(knockon: 1
title: A shop
starts: 2024-03-05T15:00:00Z
horizon: 2h
cause: crash
regions:
  home: {users: 1M}
services:
  web: {calls: [api, {to: prices, kind: soft}]}
  api: {}
  prices: {}
  tool: {calls: [api]}
apps:
  shop: {journeys: {buy: {calls: [web]}}}
populations:
  people: {does: {shop.buy: 4/d}}
causes:
  crash: {faults: {gone: {do: down, target: api, ended_by: roll-back}}}
monitors:
  sales: {alert: success(shop.buy) < 90% for 2m}
teams:
  crew: {people: 1}
strategies:
  tied: {steps: {undo: {do: roll-back, target: api, team: crew, takes: 5m, needs: [tool]}}}
)";

struct Shop {
  Shop() { std::ofstream{folder / "shop.yaml", std::ios::binary} << shop; }
  [[nodiscard]] std::string path() const { return (folder / "shop.yaml").string(); }
  Folder folder;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, width = 0;
  for (const char c : text) {
    if (c == '\n') {
      widest = std::max(widest, width);
      width = 0;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++width;
    }
  }
  return widest;
}

}  // namespace

TEST_CASE("graph says what takes the app down alone, and that the plan is tied to what is broken") {
  const Shop scenario;

  const Ran ran = knockon("graph " + scenario.path());

  CHECK(ran.status == 0);
  CHECK(contains(ran.output, "3 components take an app down alone."));
  CHECK(contains(ran.output, "services web and api; site home"));
  CHECK(contains(ran.output, "needs tool → api"));
  CHECK(contains(ran.output, "never ends: undo waits for what only undo would mend"));
}

TEST_CASE("graph fits eighty columns on the shipped scenarios") {
  for (const char* name : {"first-steps", "facebook-2021-10-04", "meta-2024-03-05"}) {
    const Ran ran = knockon(std::string{"graph "} + name + " --availability 99.9% --random-failures 3 --under-load");

    CHECK(ran.status == 0);
    CHECK(widest_line(ran.output) <= 80);
  }
}

TEST_CASE("graph writes JSON alone to standard output") {
  const Shop scenario;

  const json result = json::parse(knockon("graph " + scenario.path() + " --json -").output);

  CHECK(result["services"] == 4);
  CHECK(result["single_points"].size() == 3);
  CHECK(result["single_points"][0] ==
        json{{"app", "shop"}, {"journey", "shop.buy"}, {"region", "home"}, {"component", "web"}, {"kind", "service"}});
  CHECK(result["recovery_knots"][0]["which_needs"] == json{"api"});
  CHECK(result["recovery_knots"][0]["untied_by"].is_null());
  CHECK(result["cut_sets"][0]["complete"] == true);
}

TEST_CASE("graph draws what is near the focus, and nothing else") {
  const Shop scenario;

  const Ran ran = knockon("graph " + scenario.path() + " --dot - --focus prices --depth 1");

  CHECK(ran.status == 0);
  CHECK(contains(ran.output, "\"web\" -> \"prices\" [style=dashed]"));
  CHECK_FALSE(contains(ran.output, "\"api\""));
}

TEST_CASE("graph writes GraphML: what each thing is, and how things hang on each other") {
  const Shop scenario;

  const Ran ran = knockon("graph " + scenario.path() + " --graphml -");

  CHECK(ran.status == 0);
  CHECK(contains(ran.output, "<node id=\"app shop\"><data key=\"knockon\">app</data><data key=\"name\">shop</data>"));
  CHECK(contains(ran.output,
                 "<node id=\"web\"><data key=\"knockon\">service</data><data key=\"name\">web</data>"
                 "<data key=\"apps_down\">1</data></node>"));
  CHECK(contains(ran.output, "<edge source=\"web\" target=\"prices\"><data key=\"kind\">soft</data>"));
}

TEST_CASE("graph hands its drawing to Graphviz") {
  const Shop scenario;
  // Stands in for Graphviz, which need not be there: dot -Tsvg -oOUTPUT INPUT.
  const auto program = scenario.folder / "dot";
  std::ofstream{program} << "#!/bin/sh\n{ echo \"$1\"; cat \"$3\"; } > \"${2#-o}\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string pictures = (scenario.folder / "pictures").string();

  const Ran ran =
      knockon("graph " + scenario.path() + " --svg " + pictures, "PATH=" + scenario.folder.string() + ":$PATH");

  CHECK(ran.status == 0);
  const std::string drawn = text_of_file(pictures + "/graph.svg");
  CHECK(drawn.starts_with("-Tsvg\ndigraph \"shop\" {"));
  CHECK(contains(drawn, "\"app shop\" -> \"web\";"));
  CHECK_FALSE(std::filesystem::exists(pictures + "/graph.svg.dot"));
}

TEST_CASE("graph writes findings for code review") {
  const Shop scenario;

  const json result = json::parse(knockon("graph " + scenario.path() + " --sarif -").output);

  CHECK(result["version"] == "2.1.0");
  const json& results = result["runs"][0]["results"];
  REQUIRE(results.size() == 4);  // three single points and the knot
  const auto place_of = [&](std::size_t i) {
    const json& place = results[i]["locations"][0]["physicalLocation"];
    return place["artifactLocation"]["uri"].get<std::string>() + ":" + place["region"]["startLine"].dump() + ":" +
           place["region"]["startColumn"].dump();
  };
  const std::string uri = "file://" + scenario.path();
  CHECK(results[0]["message"]["text"] == "service web alone takes down shop");
  CHECK(place_of(0) == uri + ":9:3");
  CHECK(results[2]["message"]["text"] == "site home alone takes down shop");  // no site is written: its region is
  CHECK(place_of(2) == uri + ":7:3");
  CHECK(results[3]["ruleId"] == "recovery-knot");
  CHECK(place_of(3) == uri + ":24:18");
}

TEST_CASE("graph shows a broken promise, and what a variant says, where they are written") {
  const Shop scenario;
  std::ofstream{scenario.folder / "shop.yaml", std::ios::binary}
      << shop << "promises:\n  - knots <= 1\n  - knots = 0\n"
      << "variants:\n  more:\n    services: {web: {calls: [api, extra]}, extra: {}}\n";

  const json result = json::parse(knockon("graph " + scenario.path() + " --variant more --sarif -").output);

  const auto lines_of = [&](const std::string& text) {
    std::vector<int> lines;
    for (const json& one : result["runs"][0]["results"]) {
      if (contains(one["message"]["text"], text))
        lines.push_back(one["locations"][0]["physicalLocation"]["region"]["startLine"]);
    }
    return lines;
  };
  CHECK(lines_of("knots = 0: it is 1") == std::vector<int>{27});
  CHECK(lines_of("service extra alone") == std::vector<int>{30});
}

TEST_CASE("what only an option says is reviewed without a place") {
  const Shop scenario;

  const Ran ran = knockon("graph " + scenario.path() + " --set 'promises=[knots = 0]' --sarif -");

  const json last = json::parse(ran.output)["runs"][0]["results"].back();
  CHECK(last["message"]["text"] == "knots = 0: it is 1");
  CHECK_FALSE(last.contains("locations"));
}

TEST_CASE("graph simulates random failures when it is asked for them under load") {
  const Shop scenario;

  const json result =
      json::parse(knockon("graph " + scenario.path() + " --random-failures 1 --under-load --json -").output);

  // Of web, api, prices and tool, the app is down without one of the first two.
  CHECK(result["random_failures"]["apps"][0]["served"] == 0.5);
  CHECK(result["random_failures_under_load"]["apps"][0]["served"] == 0.5);
  CHECK(result["random_failures_under_load"]["cases"] == 4);
  CHECK(contains(knockon("graph " + scenario.path() + " --random-failures 1 --under-load").output,
                 "answered after 30 min"));
}

TEST_CASE("graph says what changes from one scenario to another") {
  const Shop before, after;
  std::string softer = shop;
  softer.replace(softer.find("[api, {"), 5, "[{to: api, kind: soft}, ");
  std::ofstream{after.folder / "shop.yaml", std::ios::binary} << softer;

  const Ran ran = knockon("graph " + before.path() + " " + after.path());

  CHECK(ran.status == 0);
  CHECK(contains(ran.output, "- shop: api down in home"));
  CHECK(contains(ran.output, "+ web -> api (soft)"));
}

TEST_CASE("graph refuses what it cannot do, and says what it expected") {
  const Shop scenario;
  const auto refused = [&](const std::string& options, const std::string& answer) {
    const Ran ran = knockon("graph " + scenario.path() + " " + options);
    INFO(options << ": " << ran.errors);
    CHECK(ran.status == 2);
    CHECK(ran.output.empty());
    CHECK(contains(ran.errors, answer));
  };

  refused("--focus webb", "no service, app or session called 'webb'; did you mean 'web'?");
  refused("--availability 120%", "expected a share such as 99.9%");
  refused("--random-failures 5", "the scenario has 4 instances");
  refused("--random-failures many", "expected how many instances are gone");
  refused("--under-load", "It belongs to --random-failures");
  refused("--cause crush", "no cause called 'crush'");
  refused("--json - --dot -", "only one of --json, --dot, --graphml and --sarif");
}

TEST_CASE("graph fails the build when a promise about the graph is broken, and run leaves it to graph") {
  const Shop scenario;
  const auto promise = [&](const std::string& text) {
    std::ofstream{scenario.folder / "shop.yaml", std::ios::binary} << shop << "promises: [" << text << "]\n";
    return knockon("graph " + scenario.path());
  };

  CHECK(promise("single_points(shop) <= 3").status == 0);
  CHECK(promise("knots <= 1").status == 0);
  const Ran broken = promise("knots = 0");
  CHECK(broken.status == 1);
  CHECK(contains(broken.output, "BROKEN     knots = 0 (it is 1)"));
  CHECK(promise("single_points(shop@home) < 3").status == 1);
  CHECK(contains(knockon("run " + scenario.path() + " --replications 1").errors, "it is about the graph"));
}

TEST_CASE("graph without Graphviz says what --svg needs") {
  const Shop scenario;

  const Ran ran =
      knockon("graph " + scenario.path() + " --svg " + (scenario.folder / "pictures").string(), "PATH=/nowhere");

  CHECK(ran.status == 3);
  CHECK(contains(ran.errors, "--svg needs Graphviz"));
  CHECK(contains(ran.output, "components take an app down alone"));
}

}  // namespace knockon::tests
