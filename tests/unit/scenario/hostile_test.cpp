// Texts that are small and ask for much: each is refused in a moment.
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using tests::faults_of;
using tests::with_small;

namespace {

// One line for each number below `count`, with # in it replaced by the number and + by the next.
std::string lines(int count, const std::string& pattern) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    for (const char c : pattern) {
      if (c == '#') {
        text += std::to_string(i);
      } else if (c == '+') {
        text += std::to_string(i + 1);
      } else {
        text += c;
      }
    }
    text += '\n';
  }
  return text;
}

bool has(const std::string& faults, const std::string& code) {
  return faults.find(" " + code + " ") != std::string::npos;
}

}  // namespace

TEST_CASE("a file that stands for more values than fit into memory is refused") {
  std::string calls = "web";
  for (int i = 0; i < 5000; ++i) calls += ", web";
  const std::string templates = "templates: {services: {much: {calls: [" + calls + "]}}}\n";

  CHECK(has(faults_of(with_small(templates + "services:\n  web: {}\n" + lines(5000, "  s#: {like: much}"))),
            "too-large"));
}

TEST_CASE("likenesses, groups and calls in endless chains are refused or followed without recursion") {
  CHECK(has(faults_of(with_small("services:\n  web: {}\n" + lines(50'000, "  s#: {like: s+}"))), "too-deep"));
  CHECK(has(faults_of(with_small("services: {web: {}}\ngroups:\n" + lines(9000, "  g#: {has: [g+]}"))), "too-deep"));
  CHECK(faults_of(with_small("services:\n  web: {}\n" + lines(50'000, "  s#: {calls: [s+]}") + "  s50000: {}\n")) ==
        "accepted");
}

TEST_CASE("regions times services are bounded") {
  const std::string head =
      "knockon: 1\ntitle: t\nstarts: 2026-03-02T09:00:00Z\napps: {app: {journeys: {open: {calls: [s0]}}}}\n";

  CHECK(has(faults_of(head + "services: {s0: {}}\nregions:\n" + lines(600, "  r#: {}")), "too-large"));
  CHECK(has(faults_of(head + "services:\n" + lines(5000, "  s#: {}") + "regions:\n" + lines(500, "  r#: {}")),
            "too-large"));
}

TEST_CASE("steps times faults are bounded") {
  const std::string faults = "causes:\n  c:\n    faults:\n" + lines(1200, "      f#: {do: down, target: web}");

  CHECK(has(faults_of(with_small("services: {web: {}}\n" + faults)), "too-large"));
}
