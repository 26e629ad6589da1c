// The main charts as SVG.
#include "engine/report/pictures.hpp"

#include <expat.h>

#include <catch2/catch.hpp>

#include "engine/report/svg_picture.hpp"
#include "engine/report/time_axis.hpp"
#include "tests/unit/study/compared.hpp"
#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

bool is_well_formed(const std::string& xml) {
  XML_Parser parser = XML_ParserCreate("UTF-8");
  const bool is_fine = XML_Parse(parser, xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK;
  XML_ParserFree(parser);
  return is_fine;
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

study::Results results_of(const world::World& world, std::size_t replications) {
  study::Replications finished{.outcomes = {}, .died = {}, .first = 0, .requested = replications};
  for (std::size_t i = 0; i < replications; ++i)
    finished.outcomes.push_back(invented::feed_down_for(20 + static_cast<std::int64_t>(i), i));
  study::Subject subject;
  subject.cause = world::CauseId{0};
  subject.strategy = world::StrategyId{0};
  return study::results_of(world, subject, std::move(finished));
}

TEST_CASE("the pictures of a comparison begin with what people lose least under") {
  const world::World world = invented::two_apps();

  const auto pictures = pictures_of(
      invented::comparison_of(world, {{"slow", invented::days_from(90)}, {"quick", invented::days_from(50)}}));

  REQUIRE(pictures.size() == 2);
  for (const Picture& picture : pictures) {
    CAPTURE(picture.file);
    CHECK(picture.svg.find(">quick<") < picture.svg.find(">slow<"));
  }
}

TEST_CASE("a run has its timeline, its durations and its minutes, and success only where it was recorded") {
  const world::World world = invented::two_apps();

  const auto pictures = pictures_of(results_of(world, 20));

  REQUIRE(pictures.size() == 3);
  CHECK(pictures[0].file == "timeline.svg");
  CHECK(pictures[1].file == "durations.svg");
  CHECK(pictures[2].file == "minutes.svg");
  for (const Picture& picture : pictures) {
    CAPTURE(picture.file);
    CHECK(is_well_formed(picture.svg));
  }
}

TEST_CASE("the timeline has a bar for each time that an app was down in a region, and no row for who was spared") {
  const world::World world = invented::two_apps();

  const std::string svg = pictures_of(results_of(world, 1)).front().svg;

  // Feed is down once in each of two regions; one more box stands in the key.
  CHECK(count_of(svg, "<rect class=\"down\"") == 3);
  CHECK(count_of(svg, ">feed<") == 1);
  CHECK(count_of(svg, ">chat<") == 0);
}

TEST_CASE("no name can break a picture") {
  world::World world = invented::two_apps();
  world.title = "</title><script>alert(1)</script> & \"quotes\" \x01 \xF0\x9F\x92\xA5";
  world.apps[0].name = "<b>&'" + std::string(500, 'x');

  for (const Picture& picture : pictures_of(results_of(world, 5))) {
    CAPTURE(picture.file);
    CHECK(is_well_formed(picture.svg));
    CHECK(picture.svg.find("<script") == std::string::npos);
  }
}

TEST_CASE("a run of which nothing finished has no pictures") {
  CHECK(pictures_of(results_of(invented::two_apps(), 0)).empty());
}

TEST_CASE("text that does not fit is cut between characters, not between bytes") {
  CHECK(fitting("short", 70) == "short");
  CHECK(fitting("äöüäöüäöüäöü", 35) == "äöüä…");
}

TEST_CASE("marks of an axis are round, few, and within it") {
  CHECK(round_times(100, 8) == std::vector<double>{0, 15, 30, 45, 60, 75, 90});
  CHECK(round_times(0.5, 8).size() <= 9);
  CHECK(round_times(1e7, 8).size() <= 9);
  CHECK(round_amounts(7.6e6, 4) == std::vector<double>{0, 2e6, 4e6, 6e6, 8e6});
  CHECK(round_amounts(0, 4) == std::vector<double>{0, 1});
}

}  // namespace
}  // namespace knockon::report
