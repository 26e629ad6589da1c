#include "engine/scenario/provenance.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "engine/scenario/assembly.hpp"
#include "engine/scenario/merge.hpp"

using namespace knockon::scenario;

namespace {

// A scenario in memory, for pieces of it to be shown.
class Shown {
 public:
  explicit Shown(const std::string& rest, const std::vector<std::pair<std::string, std::string>>& set = {})
      : assembly_{files_in_memory({{"blocks/base", "knockon: 1\nservices: {auth: {latency: 9ms, replicas: 3}}\n"}}),
                  faults_} {
    const NodePtr files = assembly_.files("s.yaml", "knockon: 1\n" + rest);
    root_ = resolved(nodes_, assembly_.with_set(nodes_, files, set), faults_);
  }

  // Text and origin of each line; or what is wrong.
  std::string whole() { return joined(shown(*root_)); }
  std::string at(const std::string& path) {
    const auto lines = shown_at(*root_, assembly_.option_source("PATH", path), faults_);
    return lines ? joined(*lines) : text_of(faults_.in_file_order());
  }

 private:
  static std::string joined(const std::vector<ShownLine>& lines) {
    std::string text;
    for (const ShownLine& line : lines) text += line.text + (line.origin.empty() ? "" : " # " + line.origin) + "\n";
    return text;
  }

  Faults faults_;
  Assembly assembly_;
  Nodes nodes_;
  NodePtr root_ = nullptr;
};

}  // namespace

TEST_CASE("each value names the line that said it, also from a block or an option") {
  Shown scenario{"use: [blocks/base]\nservices:\n  auth:\n    replicas: 5\n", {{"services.auth.busy_at_peak", "40%"}}};

  CHECK(scenario.whole() ==
        "knockon: 1 # s.yaml:1\n"
        "\n"
        "services:\n"
        "  auth:\n"
        "    latency: 9ms # blocks/base.yaml:2\n"
        "    replicas: 5 # s.yaml:5\n"
        "    busy_at_peak: 40% # --set\n");
}

TEST_CASE("what one line said stands in one line, unless that would be too long") {
  Shown scenario{
      "services:\n"
      "  feed: {calls: [auth, {to: cache, kind: soft}]}\n"
      "  auth: {calls: [a-service-with-a-long-name, another-service-with-a-long-name, a-third-with-a-long-name]}\n"};

  CHECK(scenario.at("services.feed") == "feed: {calls: [auth, {to: cache, kind: soft}]} # s.yaml:3\n");
  CHECK(scenario.at("services.auth") ==
        "auth:\n"
        "  calls:\n"
        "    - a-service-with-a-long-name # s.yaml:4\n"
        "    - another-service-with-a-long-name # s.yaml:4\n"
        "    - a-third-with-a-long-name # s.yaml:4\n");
}

TEST_CASE("texts that YAML would take for something else are quoted") {
  Shown scenario{"title: \"a: b, #c [d]\"\n"};

  CHECK(scenario.at("title") == "title: \"a: b, #c [d]\" # s.yaml:2\n");
}

TEST_CASE("what could steer a terminal is shown as its number") {
  Shown scenario{"title: \"a\\x9bb\\ec\"\n"};

  CHECK(scenario.at("title") == "title: \"a\\x9bb\\x1bc\" # s.yaml:2\n");
}

TEST_CASE("a path leads through lists, by main key or position, and through names with a dot") {
  Shown scenario{
      "services: {feed: {calls: [auth, {to: cache, timeout: 200ms}]}}\n"
      "populations: {people: {does: {app.open: 3/d}}}\n"};

  CHECK(scenario.at("services.feed.calls[cache].timeout") == "timeout: 200ms # s.yaml:2\n");
  CHECK(scenario.at("services.feed.calls[2]") == "- {to: cache, timeout: 200ms} # s.yaml:2\n");
  CHECK(scenario.at("services.feed.calls[auth].to") == "to: auth # s.yaml:2\n");
  CHECK(scenario.at("populations.people.does.app.open") == "app.open: 3/d # s.yaml:3\n");
}

TEST_CASE("what nobody said is shown with its default") {
  Shown scenario{"services: {feed: {calls: [auth]}}\n"};

  CHECK(scenario.at("services.feed.busy_at_peak") == "busy_at_peak: 50% # the default\n");
  CHECK(scenario.at("services.feed.calls[auth].timeout") == "timeout: 1s # the default\n");
}

TEST_CASE("a path that leads nowhere says how far it got and what was probably meant") {
  Shown scenario{"services: {feed: {calls: [auth]}}\n"};

  CHECK(scenario.at("services.fed") ==
        "PATH:1:10: error: nothing called 'fed' stands in services; did you mean 'feed'?\n"
        "    1 | services.fed\n"
        "      |          ^~~\n");
}

TEST_CASE("paths that cannot be one are refused where they go wrong") {
  for (const char* path :
       {"", ".", "services..feed", "services.feed.calls[", "services.feed.calls[]", "services.feed[1]",
        "services.feed.calls[nobody]", "services.feed.latency.median", "sections"}) {
    Shown scenario{"services: {feed: {calls: [auth]}}\n"};
    CAPTURE(path);
    CHECK(scenario.at(path).find("PATH:1:") == 0);
  }
}
