// `knockon import` as a shell sees it.
#include <catch2/catch.hpp>
#include <string>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

const std::string examples = KNOCKON_SOURCE_DIR "/tests/foreign/";

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("import prints a scenario that check, graph and run take") {
  const Folder folder;
  const std::string path = (folder / "imported.yaml").string();

  const Ran imported = knockon("import kiali " + examples + "kiali.json");
  std::ofstream{path, std::ios::binary} << imported.output;

  CHECK(imported.status == 0);
  CHECK(imported.errors.empty());
  CHECK(contains(knockon("check " + path).output, "well-formed (7 services"));
  CHECK(contains(knockon("graph " + path).output, "components take an app down alone"));
  CHECK(knockon("run " + path + " --replications 2 -q").status == 0);
}

TEST_CASE("what is imported of a platform is a scenario that check, graph and run take") {
  const Folder folder;
  const std::string path = (folder / "imported.yaml").string();

  const Ran imported = knockon("import auto " + examples + "platform.xml --out " + path);
  const Ran checked = knockon("check --strict " + path);

  CHECK(imported.status == 0);
  CHECK(text_of_file(path).starts_with("# Imported from platform.xml (simgrid): 2 regions, 5 sites, 4 links."));
  INFO(checked.output << checked.errors);
  CHECK(checked.status == 0);
  CHECK(knockon("graph " + path).status == 0);
  CHECK(knockon("run " + path + " --replications 2 -q").status == 0);
}

TEST_CASE("import recognises each of its formats, and says where the scenario comes from") {
  const auto head_of = [](const std::string& file) {
    const Ran ran = knockon("import auto " + examples + file);
    return ran.output.substr(0, ran.output.find('\n'));
  };

  CHECK(head_of("jaeger-dependencies.json") ==
        "# Imported from jaeger-dependencies.json (jaeger-dependencies): 7 services, 7 calls.");
  CHECK(head_of("graph.dot") == "# Imported from graph.dot (dot): 8 services, 7 calls.");
  CHECK(head_of("docker-compose.yaml") == "# Imported from docker-compose.yaml (docker-compose): 6 services, 5 calls.");
}

TEST_CASE("import writes to a file, and to that alone") {
  const Folder folder;
  const std::string path = (folder / "imported.yaml").string();

  const Ran ran = knockon("import csv " + examples + "calls.csv --out " + path);

  CHECK(ran.status == 0);
  CHECK(ran.output.empty());
  CHECK(contains(text_of_file(path), "\nknockon: 1\n"));
}

TEST_CASE("import answers what is no such file with its line, and writes nothing") {
  const Folder folder;
  const std::string path = (folder / "imported.yaml").string();
  std::ofstream{folder / "wrong.csv", std::ios::binary} << "a,b,1\na,c,several\n";

  const Ran ran = knockon("import csv " + (folder / "wrong.csv").string() + " --out " + path);

  CHECK(ran.status == 2);
  CHECK(contains(ran.errors, "wrong.csv:2:5: error: expected a number of zero or more, found 'several'"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("import says which formats there are when it is asked for another, and when it recognises none") {
  const Folder folder;
  std::ofstream{folder / "letter.txt", std::ios::binary} << "Dear all\n";

  const Ran misspelt = knockon("import kialli " + examples + "kiali.json");
  const Ran unknown = knockon("import auto " + (folder / "letter.txt").string());

  CHECK(misspelt.status == 2);
  CHECK(contains(misspelt.errors, "no format called 'kialli'; did you mean 'kiali'? There are jaeger-dependencies, "));
  CHECK(unknown.status == 2);
  CHECK(contains(unknown.errors, "letter.txt: not recognised; say which format it is: jaeger-dependencies, "));
}

TEST_CASE("import needs files that can be read") {
  const Ran ran = knockon("import csv /nowhere/calls.csv");

  CHECK(ran.status == 3);
  CHECK(contains(ran.errors, "cannot read /nowhere/calls.csv: No such file or directory"));
  CHECK(knockon("import csv").status == 2);
}

TEST_CASE("import does not read a file without an end to its end") {
  const Ran ran = knockon("import csv /dev/zero");

  CHECK(ran.status == 2);
  CHECK(contains(ran.errors, "more than 16777216 bytes in one file"));
}

}  // namespace knockon::tests
