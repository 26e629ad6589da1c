// Texts that are small and ask for much: each is refused in a moment.
#include "tests/hostile.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "tests/apart.hpp"
#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using tests::faults_of;
using tests::with_small;

namespace {

// One line for each number below `count`, with # in it replaced by the number and + by the next.
std::string lines(int count, const std::string& pattern) { return tests::numbered(count, pattern + "\n"); }

// In the sanitizers' builds memory is theirs.
#ifdef __SANITIZE_ADDRESS__
constexpr long mebibytes_at_most = 4096;
#else
constexpr long mebibytes_at_most = 250;
#endif

long mebibytes_used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Ends this process when it takes too long; says what came instead of the code.
bool is_answered(const std::string& text, const std::string& code) {
  alarm(60);  // a second or less where nothing else runs: tests/bench measures it
  const auto read = scenario::read_text(text);
  const auto& faults = read ? read->warnings : read.error();
  const bool is_right =
      code == "accepted"
          ? read.has_value()
          : !read && std::any_of(faults.begin(), faults.end(), [&](const auto& fault) { return fault.code == code; });
  if (!is_right) std::fputs(read ? "accepted\n" : scenario::text_of(faults.front()).c_str(), stderr);
  const bool is_short = scenario::text_of(faults).size() < 3'000'000 && mebibytes_used() <= mebibytes_at_most;
  if (!is_short) std::fprintf(stderr, "%ld MiB\n", mebibytes_used());
  return is_right && is_short;
}

bool has(const std::string& faults, const std::string& code) {
  return faults.find(" " + code + " ") != std::string::npos;
}

}  // namespace

TEST_CASE("five megabytes of anything are answered, in bounded memory") {
  for (const tests::HostileText& hostile : tests::hostile_texts()) {
    INFO(hostile.name);
    CHECK(tests::holds_apart([&] { return is_answered(hostile.text(), hostile.code); }));
  }
}

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

TEST_CASE("a default that holds what it is the default of is refused, not followed for ever") {
  const std::string services = "services: {web: {calls: [b, c]}, b: {}, c: {}}\n";

  CHECK(has(faults_of(with_small(services + "defaults: {calls: {any_of: [b]}}\n")), "too-deep"));
  CHECK(has(faults_of(with_small(services + "defaults: {calls: {parallel: [{any_of: [b, c]}, c]}}\n")), "too-deep"));
}

TEST_CASE("a mistake in an option of several lines is shown in its first") {
  const std::string world = with_small("services: {web: {}}\nvariants: {more: {}}\n");

  CHECK(faults_of(world, {.variants = {"mo\rre and more"}}).substr(0, 4) == "1:1 ");
  CHECK(faults_of(world, {.set = {{"services.w\neb.calls", "b"}}}).substr(0, 5) == "1:10 ");
  CHECK(faults_of(world, {.set = {{"services.web\n.[", "b"}}}).substr(0, 5) == "1:13 ");
}
