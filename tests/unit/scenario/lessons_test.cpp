#include "engine/scenario/lessons.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon;

namespace {

// The note of the first fault of a small world with `rest`.
std::string note_of(const std::string& rest, const scenario::Options& options = {}) {
  const auto read = scenario::read_text(tests::with_small(rest), options);
  return read ? "accepted" : read.error().front().note;
}

struct Mistake {
  const char* text;
  const char* taught;
};

}  // namespace

TEST_CASE("the likeliest mistakes teach why the language is as it is") {
  const std::vector<Mistake> mistakes{
      {"services: {web: {latency: 5}}\n", "Units are always written"},
      {"services: {web: {latency: 5M}}\n", "Capital letters count"},
      {"horizon: 3 months\nservices: {web: {}}\n", "counted in days"},
      {"services: {web: {busy_at_peak: .5}}\n", "Shares are written in percent"},
      {"services: {web: {per_replica: 50}}\n", "for what time"},
      {"services: {web: {replicas: 3x}}\n", "not 3x"},
      {"services: {web: {replicas: 012}}\n", "octal"},
      {"services:\n\tweb: {}\n", "YAML counts columns"},
      {"services: {web: {<<: {}}}\n", "`like` does the same"},
      {"services: {web: !x {}}\n", "nothing for a tag to say"},
      {"services: {web: {}, web: {}}\n", "keep one of the two in silence"},
      {"services: [{name: web}]\n", "What has a name is a map entry"},
      {"services: {web: {}}\n---\na: b\n", "Everything after ---"},
      {"services: {web: {}}\nmonitors: {m: {alert: success(web) == 90%}}\n", "One sign for one thing"},
      {"services: {web: {}}\nmonitors: {m: {alert: up(web) && up(web)}}\n", "read aloud"},
      {"services: {web: {}, Web: {}}\n", "One spelling"},
      {"services: {web: {}, on: {}}\n", "YAML 1.1"},
      {"services: {web: {like: app}}\n", "from its own section"},
      {"services: {web: {}}\nteams: {crew: {timeout: 3s}}\n", "There is a key 'timeout' in: call, journey."},
  };
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.text);
    CHECK(note_of(mistake.text).find(mistake.taught) != std::string::npos);
  }
}

TEST_CASE("a mistake whose message says everything teaches nothing more") {
  CHECK(note_of("services: {web: {replica: 3}}\n").empty());
  CHECK(note_of("services: {web: {calls: [nobody]}}\n").empty());
}

TEST_CASE("of several mistakes of a kind only the first is followed by the lesson") {
  const auto read = scenario::read_text(tests::with_small("services: {web: {latency: 5}, db: {latency: 6}}\n"));
  REQUIRE_FALSE(read);

  const std::string text = scenario::text_of(read.error());

  CHECK(read.error().size() == 2);
  CHECK(text.find("Units are always written") != std::string::npos);
  CHECK(text.find("Units are always written") == text.rfind("Units are always written"));
}
