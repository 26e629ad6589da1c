// The commands around a scenario's text, as a shell sees them: check, show, new, schema.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/json_schema.hpp"
#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

constexpr const char* shop =
    "knockon: 1\n"
    "title: A shop\n"
    "starts: 2024-03-05T15:00:00Z\n"
    "horizon: 8h\n"
    "regions: {home: {users: 1M}}\n"
    "services: {api: {calls: [store]}, store: {}}\n"
    "apps: {shop: {journeys: {buy: {calls: [api]}}}}\n"
    "populations: {people: {does: {shop.buy: 4/d}}}\n"
    "causes: {crash: {faults: {gone: {do: down, target: api, lasts: 10m}}}}\n"
    "strategies: {do-nothing: {steps: {}}}\n";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

// `line` in a shell, in the folder, where $KNOCKON is the command.
Ran shell(const Folder& folder, const std::string& line) {
  const Folder streams;
  const std::string out = (streams / "out").string(), err = (streams / "err").string();
  write(streams / "line.sh", "cd '" + folder.string() + "'\n" + line + "\n");
  const std::string whole = "env -u GITHUB_ACTIONS KNOCKON='" KNOCKON_COMMAND "' bash '" +
                            (streams / "line.sh").string() + "' >'" + out + "' 2>'" + err + "' </dev/null";
  const int status = std::system(whole.c_str());
  return {text_of_file(out), text_of_file(err), WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

struct Checked {
  explicit Checked(const std::string& rest) { write(folder / "shop.yaml", shop + rest); }
  [[nodiscard]] Ran run(const std::string& line) const { return shell(folder, line); }
  Folder folder;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("a mistake that only a variant makes is found, once, with the variant's name") {
  const Checked shop_with{"variants: {alone: {services: {store: ~}}, quick: {horizon: 6h}}\n"};

  const Ran all = shop_with.run("$KNOCKON check shop.yaml");
  const Ran quick = shop_with.run("$KNOCKON check shop.yaml --variant quick");
  const Ran alone = shop_with.run("$KNOCKON check shop.yaml --variant alone");

  CHECK(all.status == 2);
  CHECK(has(all.errors, "shop.yaml:6:26: error: with variant alone: no service or operation called 'store'"));
  CHECK(all.errors.find("error:") == all.errors.rfind("error:"));
  CHECK(quick.status == 0);
  CHECK(alone.status == 2);
  CHECK(has(alone.errors, "shop.yaml:6:26: error: no service or operation called 'store'"));
}

TEST_CASE("one mistake in a block of two scenarios is said once") {
  const Folder folder;
  write(folder / "block.yaml", "knockon: 1\nservices: {api: {latnecy: 3ms}}\n");
  for (const char* name : {"one.yaml", "two.yaml"})
    write(folder / name, std::string{"knockon: 1\nuse: [block]\n"} + (shop + std::string{shop}.find("title")));

  const Ran ran = shell(folder, "$KNOCKON check ./one.yaml ./two.yaml");

  CHECK(ran.status == 2);
  CHECK(ran.errors.find("latnecy") != std::string::npos);
  CHECK(ran.errors.find("error:") == ran.errors.rfind("error:"));
}

TEST_CASE("a bad option is shown with a caret into its text, by every command that reads a scenario") {
  for (const char* command : {"run", "check", "show"}) {
    const Checked good{""};

    const Ran ran = good.run(std::string{"$KNOCKON "} + command + " shop.yaml --set horizon=6");

    CAPTURE(command);
    CHECK(ran.status == 2);
    CHECK(ran.output.empty());
    CHECK(has(ran.errors, "--set:1:9: error: '6': expected a duration"));
    CHECK(has(ran.errors, "    1 | horizon=6\n      |         ^\n"));
  }
}

TEST_CASE("warnings pass, and with --strict they do not") {
  const Checked doubtful{"promises: [down(shop) < 100h]\n"};

  const Ran lenient = doubtful.run("$KNOCKON check shop.yaml");
  const Ran strict = doubtful.run("$KNOCKON check shop.yaml --strict");

  CHECK(lenient.status == 0);
  CHECK(has(lenient.errors, "shop.yaml:11:12: warning: "));
  CHECK(has(lenient.output, "well-formed (2 services, 1 app, 1 cause, 1 strategy), 1 warning"));
  CHECK(strict.status == 2);
  CHECK(strict.output.empty());
}

TEST_CASE("a service that its own people overload before anything breaks is warned of where it was sized") {
  const Checked sized{"curves: {level: {points: {0h: 100%}}}\n"};
  // A million people who buy four times a day, at one rate all day: 46.3 a second.
  const std::string check =
      "$KNOCKON check shop.yaml --set populations.people.curve=level --set services.store.replicas=2 "
      "--set services.store.per_replica=";

  const Ran short_of = sized.run(check + "23/s");
  const Ran enough = sized.run(check + "24/s");

  CHECK(has(short_of.errors, "--set:1:28: warning: before anything breaks, 'store' is asked for 46.3/s at home"));
  CHECK(has(short_of.errors, "and can do 46/s"));
  CHECK(enough.errors == "");
}

TEST_CASE("every shipped scenario is clean under --strict") {
  const Ran ran = knockon("check --strict $(find scenarios -name scenario.yaml)");

  CHECK(ran.status == 0);
  CHECK(ran.errors.empty());
}

TEST_CASE("check's JSON is what its schema says, and nothing else is on standard output") {
  const Checked wrong{"promises: [down(shpo) < 1h, down(shop) < 100h]\n"};

  const Ran ran = wrong.run("$KNOCKON check shop.yaml --json -");

  CHECK(ran.status == 2);
  CHECK(ran.errors.empty());
  REQUIRE(json::accept(ran.output));
  const JsonSchema schema{knockon("schema --of check").output};
  CHECK(schema.objections(json::parse(ran.output)) == "");
  CHECK(json::parse(ran.output)["diagnostics"][0]["hint"] == "did you mean 'shop'?");
}

TEST_CASE("SARIF holds what the standard requires") {
  const Checked wrong{"promises: [down(shpo) < 1h]\n"};

  const Ran ran = wrong.run("$KNOCKON check shop.yaml --set services.apl.replicas=3 --sarif -");

  REQUIRE(json::accept(ran.output));
  const json sarif = json::parse(ran.output);
  CHECK(sarif["version"] == "2.1.0");
  REQUIRE(sarif["runs"].size() == 1);
  const json run = sarif["runs"][0];
  CHECK(run["tool"]["driver"]["name"] == "knockon");
  REQUIRE(run["results"].size() == 2);
  for (const json& result : run["results"]) {
    CHECK(result["level"] == "error");
    CHECK_FALSE(result["message"]["text"].get<std::string>().empty());
    CHECK(run["tool"]["driver"]["rules"].at(result["ruleIndex"].get<std::size_t>())["id"] == result["ruleId"]);
  }
  const json place = run["results"][0]["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "shop.yaml");
  CHECK(place["region"]["startLine"] == 11);
  CHECK(place["region"]["startColumn"] == 17);
  CHECK(place["region"]["endColumn"] == 21);
  // An option is no file that a reader of SARIF could open.
  CHECK_FALSE(run["results"][1].contains("locations"));
}

TEST_CASE("on GitHub each mistake is annotated, with what could end a line escaped") {
  const Checked wrong{"promises: [down(shpo) < 50%]\n"};

  const Ran there = wrong.run("mv shop.yaml 'a,b.yaml'; GITHUB_ACTIONS=true $KNOCKON check ./a,b.yaml");
  const Ran here = wrong.run("$KNOCKON check ./a,b.yaml");

  CHECK(has(there.errors,
            "::error file=./a%2Cb.yaml,line=11,col=17,endColumn=21,title=unknown-name::no app called 'shpo'"));
  CHECK_FALSE(has(here.errors, "::error"));
}

TEST_CASE("mistakes are coloured only where it is wanted") {
  const Checked wrong{"promises: [down(shpo) < 1h]\n"};

  CHECK_FALSE(has(wrong.run("$KNOCKON check shop.yaml").errors, "\033"));
  CHECK(has(wrong.run("$KNOCKON check shop.yaml --color always").errors, "\033[1;31merror:\033[0m "));
}

TEST_CASE("what show prints is a scenario, and the same one") {
  const Folder folder;

  const Ran ran =
      shell(folder, "cd '" KNOCKON_SOURCE_DIR "'; F='" + folder.string() +
                        "'; $KNOCKON show meta-2024-03-05 > $F/shown.yaml && $KNOCKON check --strict $F/shown.yaml "
                        "&& $KNOCKON show $F/shown.yaml > $F/again.yaml; "
                        "sed 's/ *# .*//' $F/shown.yaml > $F/a; sed 's/ *# .*//' $F/again.yaml > $F/b; cmp $F/a $F/b");

  CHECK(ran.status == 0);
  CHECK(ran.errors.empty());
}

TEST_CASE("show answers for one value, and asks back about a misspelt one") {
  const Checked good{""};

  const Ran one = good.run("$KNOCKON show shop.yaml services.api.calls[store]");
  const Ran set = good.run("$KNOCKON show shop.yaml horizon --set horizon=5h");
  const Ran wrong = good.run("$KNOCKON show shop.yaml services.apy");

  CHECK(one.output == "- store  # shop.yaml:6\n");
  CHECK(set.output == "horizon: 5h  # --set\n");
  CHECK(wrong.status == 2);
  CHECK(wrong.output.empty());
  CHECK(has(wrong.errors, "nothing called 'apy' stands in services; did you mean 'api'?"));
}

TEST_CASE("a new scenario is well-formed, runs, and is never overwritten") {
  const Folder folder;

  const Ran made = shell(folder,
                         "$KNOCKON new my-outage && $KNOCKON check --strict my-outage && "
                         "$KNOCKON run my-outage --strict --replications 20 > ran");
  const std::string text = text_of_file(folder / "scenarios/my-outage/scenario.yaml");
  const Ran again = shell(folder, "$KNOCKON new my-outage");

  CHECK(made.status == 0);
  CHECK(has(made.output, "scenarios/my-outage/scenario.yaml is written"));
  CHECK(again.status == 2);
  CHECK(has(again.errors, "is there already"));
  CHECK(text_of_file(folder / "scenarios/my-outage/scenario.yaml") == text);
  const auto files = std::filesystem::directory_iterator{folder / "scenarios/my-outage"};
  CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("a new scenario builds on blocks, and says which are missing") {
  const Folder folder;

  const Ran whole = shell(folder,
                          "$KNOCKON new big --from platforms/three-continents --from services/social && "
                          "$KNOCKON check --strict big && $KNOCKON run big --replications 20 > ran");
  const Ran half = shell(folder, "$KNOCKON new half --from services/social; ls scenarios");
  const Ran misspelt = shell(folder, "$KNOCKON new odd --from services/socail");

  CHECK(whole.errors == "");
  CHECK(whole.status == 0);
  CHECK(has(half.errors, "add the blocks it builds on"));
  CHECK(half.output == "big\n");
  CHECK(misspelt.status == 2);
  CHECK(has(misspelt.errors, "did you mean 'services/social'?"));
}

TEST_CASE("names that cannot be a scenario's are explained") {
  const Folder folder;
  struct Mistake {
    const char* name;
    const char* answer;
  };
  const std::vector<Mistake> mistakes{{"'My Outage!'", "did you mean 'my-outage'?"},
                                      {"../escape", "'../escape' cannot be a scenario's name"},
                                      {"''", "cannot be a scenario's name"},
                                      {"2024", "a letter first"},
                                      {"true", "cannot be a scenario's name"}};
  for (const Mistake& mistake : mistakes) {
    const Ran ran = shell(folder, std::string{"$KNOCKON new "} + mistake.name);

    CAPTURE(mistake.name, ran.errors);
    CHECK(ran.status == 2);
    CHECK(has(ran.errors, mistake.answer));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "scenarios"));
}

TEST_CASE("a folder that cannot be written to is the world's fault") {
  const Folder folder;

  const Ran ran = shell(folder, "touch scenarios; $KNOCKON new mine");

  CHECK(ran.status == 3);
  CHECK(has(ran.errors, "scenarios/mine: cannot be made"));
}

TEST_CASE("each schema is JSON, and one that does not exist is refused with those that do") {
  for (const char* of : {"", "--of scenario", "--of run", "--of compare", "--of graph", "--of explain", "--of check"}) {
    const Ran ran = knockon(std::string{"schema "} + of);

    CAPTURE(of);
    CHECK(ran.status == 0);
    REQUIRE(json::accept(ran.output));
    CHECK(json::parse(ran.output).contains("$schema"));
  }
  const Ran wrong = knockon("schema --of runs");
  CHECK(wrong.status == 2);
  CHECK(has(wrong.errors, "--of runs: expected scenario, run, compare, graph, explain or check"));
}

}  // namespace
}  // namespace knockon::tests
