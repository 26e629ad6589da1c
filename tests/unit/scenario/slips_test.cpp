#include "engine/scenario/slips.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;

namespace {

struct Slip {
  const char* text;
  const char* answer;
};

}  // namespace

TEST_CASE("a missing colon is reported where it is missing, not where the parser stumbles") {
  const std::vector<Slip> slips{
      {"horizon 6h\ncause: x\n", "1:1 yaml-syntax a colon is missing after 'horizon'\n"},
      {"horizon 6h  # six\n\n# more\ncause: x\n", "1:1 yaml-syntax a colon is missing after 'horizon'\n"},
      {"services\n  web: {}\n", "1:1 yaml-syntax a colon is missing after 'services'\n"},
      {"horizon:6h\ncause: x\n", "1:1 yaml-syntax a space is missing after 'horizon:'\n"},
      {"regions:\n  home {users: 2M, clock: UTC}\n", "2:3 yaml-syntax a colon is missing after 'home'\n"},
      {"a: 1\nregions:\n  home {users: 2M}\n  there: {}\nb 2\n", "5:1 yaml-syntax a colon is missing after 'b'\n"},
  };
  for (const Slip& slip : slips) {
    CAPTURE(slip.text);
    CHECK(tests::faults_of(slip.text) == slip.answer);
  }
}

TEST_CASE("what is no missing colon is not called one") {
  CHECK(tests::faults_of("title: Outage: the sequel\n") == "1:14 yaml-syntax a second ': ' in one line\n");
  CHECK(tests::faults_of("services: {web: {}\ncause: x\n").find("colon") == std::string::npos);
}

TEST_CASE("an entry that slipped to the right is reported where it stands, with what it stands beneath") {
  CHECK(tests::faults_of("a: 1\n b: 2\n") ==
        "2:2 yaml-syntax this stands beneath 'a' in line 1, which has a value already\n");
  CHECK(tests::faults_of("title: This is\n  a long title\n  about: things\n") ==
        "3:3 yaml-syntax this stands beneath 'title' in line 1, which has a value already\n");
}
