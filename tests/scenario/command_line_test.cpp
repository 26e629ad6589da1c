// The command line as a shell sees it: exit status, what goes to which stream, and files that are whole or not there.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

// One service that crashes for 10 to 50 minutes; `promise` is the only one.
constexpr const char* shop = R"(knockon: 1
title: A shop whose only service crashes
starts: 2024-03-05T15:00:00Z
horizon: 2h
regions:
  home: {users: 1M}
services:
  api: {}
apps:
  shop: {journeys: {buy: {calls: [api]}}}
populations:
  people: {does: {shop.buy: 4/d}}
causes:
  crash: {faults: {gone: {do: down, target: api, lasts: {uniform: [10m, 50m]}}}}
strategies:
  do-nothing: {steps: {}}
)";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

// A folder with a scenario of its own; `path` is ready for a shell.
struct Scenario {
  explicit Scenario(const std::string& promise) {
    write(folder / "shop.yaml", std::string{shop} + "promises:\n  - " + promise + "\n");
  }
  [[nodiscard]] std::string path() const { return "'" + (folder / "shop.yaml").string() + "'"; }
  Folder folder;
};

bool is_valid_json(const std::string& text) { return json::accept(text); }

// `line` in a shell, where $KNOCKON is the command; what it printed is in `folder`.
Ran shell(const Folder& folder, const std::string& line) {
  const std::string out = (folder / "out").string(), err = (folder / "err").string();
  write(folder / "line.sh", "cd '" KNOCKON_SOURCE_DIR "'\n" + line + "\n");
  const std::string whole = "KNOCKON='" KNOCKON_COMMAND "' FOLDER='" + folder.string() + "' bash '" +
                            (folder / "line.sh").string() + "' >'" + out + "' 2>'" + err + "' </dev/null";
  const int status = std::system(whole.c_str());
  return {text_of_file(out), text_of_file(err), WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

TEST_CASE("help and version are answers, not errors") {
  for (const char* words :
       {"--help", "--version", "run --help", "check --help", "show --help", "new --help", "schema --help"}) {
    const Ran ran = knockon(words);

    CAPTURE(words);
    CHECK(ran.status == 0);
    CHECK_FALSE(ran.output.empty());
    CHECK(ran.errors.empty());
  }
}

TEST_CASE("wrong usage exits 2 and prints nothing on standard output") {
  struct Mistake {
    const char* words;
    const char* answer;
  };
  const std::vector<Mistake> mistakes{
      {"", "expected a command"},
      {"rum first-steps", "no command called 'rum'; did you mean 'run'?"},
      {"run", "SCENARIO is required"},
      {"run first-steps --jbs 3", "unknown option '--jbs'; did you mean '--jobs'?"},
      {"run first-steps more", "unexpected 'more'"},
      {"run first-stops", "no scenario called 'first-stops'; did you mean 'first-steps'?"},
      {"run first-steps --only 9-3", "--only 9-3: expected an index such as 7, or a range such as 0-19"},
      {"run first-steps --only -3", "--only -3: expected an index"},
      {"run first-steps --only 3 --replications 5", "--replications excludes --only"},
      {"run first-steps --replications 0", "--replications: expected a whole number from 1 to 10000000, not 0"},
      {"run first-steps --replications many", "--replications: expected a whole number from 1 to 10000000, not many"},
      {"run first-steps --seed -1", "--seed: expected a whole number from 0"},
      {"run first-steps --jobs 0", "--jobs"},
      {"run first-steps --set x", "--set x: expected PATH=VALUE"},
      {"run first-steps --cause bad-relese", "no cause called 'bad-relese'; did you mean 'bad-release'?"},
      {"run first-steps --strategy pray", "no strategy called 'pray'; expected roll-back or wait-and-see"},
      {"run first-steps --color blue", "--color blue: expected auto, always or never"},
      {"run first-steps --baseline roll-back", "--baseline applies to compare only"},
      {"run first-steps --report -", "expected a file such as outage.html"},
      {"check", "SCENARIO is required"},
      {"check first-steps --jobs 3", "--jobs applies to run, compare and explain only"},
  };
  for (const Mistake& mistake : mistakes) {
    const Ran ran = knockon(mistake.words);

    CAPTURE(mistake.words, ran.errors);
    CHECK(ran.status == 2);
    CHECK(ran.output.empty());
    CHECK(ran.errors.find(mistake.answer) != std::string::npos);
  }
}

TEST_CASE("results go to standard output and, when all is well, nothing to standard error") {
  const Ran ran = knockon("run first-steps --replications 20");

  CHECK(ran.status == 0);
  CHECK(ran.output.find("store goes down") != std::string::npos);
  CHECK(ran.output.find("fingerprint ") != std::string::npos);
  CHECK(ran.errors.empty());
}

TEST_CASE("with --json - standard output is valid JSON and nothing else") {
  const Ran ran = knockon("run first-steps --replications 20 --json -");

  CHECK(ran.status == 0);
  REQUIRE(is_valid_json(ran.output));
  CHECK(json::parse(ran.output)["replications"] == 20);
  CHECK(ran.errors.empty());
}

TEST_CASE("a broken promise exits 1, with the results printed all the same") {
  const Scenario broken{"median down(shop) < 5m"};

  const Ran ran = knockon("run " + broken.path());

  CHECK(ran.status == 1);
  CHECK(ran.output.find("BROKEN     median down(shop) < 5m") != std::string::npos);
  CHECK(ran.output.find("fingerprint ") != std::string::npos);
}

TEST_CASE("an undecided promise is a warning, and with --strict a broken one") {
  const Scenario close{"median down(shop) < 30m"};

  const Ran lenient = knockon("run " + close.path() + " --replications 30");
  const Ran strict = knockon("run " + close.path() + " --replications 30 --strict");

  CHECK(lenient.status == 0);
  CHECK(lenient.errors.find("undecided: median down(shop) < 30m (about ") != std::string::npos);
  CHECK(strict.status == 1);
}

TEST_CASE("a wrong scenario exits 2 with every fault in its place") {
  const Scenario wrong{"median down(shopp) < 5m"};

  for (const char* command : {"run ", "check "}) {
    const Ran ran = knockon(command + wrong.path());

    CHECK(ran.status == 2);
    CHECK(ran.output.empty());
    CHECK(ran.errors.find("shop.yaml:18:17: error: ") != std::string::npos);
  }
}

TEST_CASE("a file that is not there exits 3") {
  for (const char* words : {"run ./no/such.yaml", "check no-such.yaml"}) {
    const Ran ran = knockon(words);

    CHECK(ran.status == 3);
    CHECK(ran.output.empty());
    CHECK(ran.errors.find("No such file or directory") != std::string::npos);
  }
}

TEST_CASE("check praises what is well-formed, and tells editors where the rest is wrong") {
  const Scenario wrong{"median down(shopp) < 5m"};

  const Ran well = knockon("check first-steps");
  const Ran ill = knockon("check first-steps " + wrong.path() + " --json -");

  CHECK(well.status == 0);
  CHECK(well.output.starts_with("first-steps: well-formed"));
  CHECK(ill.status == 2);
  REQUIRE(is_valid_json(ill.output));
  const json diagnostic = json::parse(ill.output)["diagnostics"][0];
  CHECK(diagnostic["line"] == 18);
  CHECK(diagnostic["column"] == 17);
  CHECK(diagnostic["end_column"] == 22);
  CHECK(diagnostic["severity"] == "error");
}

TEST_CASE("files are written whole, beside the table") {
  const Folder folder;

  const Ran ran =
      shell(folder, "$KNOCKON run first-steps --replications 20 --json $FOLDER/r.json --csv $FOLDER/deep/er");

  CHECK(ran.status == 0);
  CHECK(ran.output.find("store goes down") != std::string::npos);
  CHECK(is_valid_json(text_of_file(folder / "r.json")));
  CHECK(column(folder / "deep/er/incidents.csv", "replication").size() == 20);
  CHECK(column(folder / "deep/er/replications.csv", "app").size() == 40);
}

TEST_CASE("a file that cannot grow leaves the old one, exits 3, and does not cost the table") {
  const Folder folder;
  write(folder / "r.json", "old");

  // A limit on file sizes stands in for a full disk; standard output must not be a file then.
  const Ran ran = shell(folder, R"(trap '' XFSZ
    { (ulimit -f 1; exec $KNOCKON run first-steps --replications 20 --json $FOLDER/r.json); echo "status $?" >&2; } | wc -l)");

  CHECK(ran.errors.find("r.json: cannot be written: ") != std::string::npos);
  CHECK(ran.errors.find("status 3") != std::string::npos);
  CHECK(std::stoi(ran.output) > 20);
  CHECK(text_of_file(folder / "r.json") == "old");
  const auto files = std::filesystem::directory_iterator{folder.string()};
  CHECK(std::distance(begin(files), end(files)) == 4);  // r.json, line.sh, out, err: no temporary file is left
}

TEST_CASE("a full disk behind standard output exits 3") {
  const Folder folder;

  const Ran ran = shell(folder, "$KNOCKON run first-steps --replications 20 > /dev/full");

  CHECK(ran.status == 3);
  CHECK(ran.errors.find("standard output: cannot be written: ") != std::string::npos);
}

TEST_CASE("a device is written to and not replaced") {
  const Folder folder;

  const Ran ran =
      shell(folder,
            "mkfifo $FOLDER/pipe; cat $FOLDER/pipe > $FOLDER/copy & $KNOCKON run first-steps --replications 20 "
            "--json $FOLDER/pipe > /dev/null; wait; test -p $FOLDER/pipe");

  CHECK(ran.status == 0);
  CHECK(is_valid_json(text_of_file(folder / "copy")));
}

TEST_CASE("output that nobody reads to the end ends quietly") {
  const Folder folder;

  const Ran ran = shell(folder, "$KNOCKON run first-steps --replications 20 | true; echo ${PIPESTATUS[0]}");

  CHECK(ran.output == "0\n");
  CHECK(ran.errors.empty());
}

TEST_CASE("Ctrl-C reports the gap-free prefix and exits 130") {
  const Folder folder;

  const Ran ran =
      shell(folder, "timeout --preserve-status -s INT 1 $KNOCKON run first-steps --replications 9000000 --json -");

  CHECK(ran.status == 130);
  REQUIRE(is_valid_json(ran.output));
  const json result = json::parse(ran.output);
  CHECK(result["interrupted"] == true);
  CHECK(result["requested"] == 9000000);
  CHECK(result["replications"] > 0);
  CHECK(result["replications"] < 9000000);
}

TEST_CASE("there is colour only where it is wanted") {
  const Ran plain = knockon("run first-steps --replications 20");
  const Ran coloured = knockon("run first-steps --replications 20 --color always");

  CHECK(plain.output.find('\033') == std::string::npos);
  CHECK(coloured.output.find('\033') != std::string::npos);
}

TEST_CASE("the same seed gives the same bits for any number of workers and any part of the run") {
  const Folder folder;

  const Ran ran = shell(folder,
                        "for jobs in 1 2 5; do $KNOCKON run first-steps --jobs $jobs --csv $FOLDER/$jobs --json - | "
                        "md5sum; done | uniq | wc -l; "
                        "$KNOCKON run first-steps --only 13-77 --csv $FOLDER/part > /dev/null");

  CHECK(ran.output == "1\n");
  const auto whole = column(folder / "1/incidents.csv", "fingerprint");
  const auto part = column(folder / "part/incidents.csv", "fingerprint");
  REQUIRE(whole.size() == 200);
  CHECK(part == std::vector<std::string>(whole.begin() + 13, whole.begin() + 78));
}

TEST_CASE("another seed gives other bad days") {
  const json first = json_of("run first-steps --replications 20");
  const json second = json_of("run first-steps --replications 20 --seed 2");

  CHECK(first["fingerprint"] != second["fingerprint"]);
  CHECK(second["seed"] == 2);
}

}  // namespace
}  // namespace knockon::tests
