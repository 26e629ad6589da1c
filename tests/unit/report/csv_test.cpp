#include "engine/report/csv.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t fields_in(const std::string& line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
}

study::Results three_runs(const world::World& world) {
  auto outcomes = invented::feed_down_from(50, 2);
  outcomes.push_back(invented::feed_never_restored(world, 2));
  return study::results_of(world, invented::subject(), invented::finished(outcomes));
}

TEST_CASE("every replication has a row for each app and region, and one for all of an app's users") {
  const world::World world = invented::two_apps();

  const auto lines = lines_of(csv_of_apps(three_runs(world)));

  REQUIRE(lines.size() == 1 + 3 * 2 * 3);
  CHECK(lines[0].starts_with(
      "replication,app,region,first_impact_min,down_min,degraded_min,restored_min,user_minutes_lost,money_lost,"));
  CHECK(lines[0].ends_with(",fingerprint"));
  CHECK(lines[1] == "0,feed,,2,50,0,52,20000,1500,500,0,52,0,0,0,10000,,0,00000000000003e8");
  CHECK(lines[3].starts_with("0,feed,west,"));
  for (const auto& line : lines) CHECK(fields_in(line) == fields_in(lines[0]));
}

TEST_CASE("a date that does not exist is empty, and one beyond the horizon says so") {
  const world::World world = invented::two_apps();

  const auto lines = lines_of(csv_of_apps(three_runs(world)));

  CHECK(lines[4] == "0,chat,,,0,0,,0,0,0,0,,0,0,0,0,,0,00000000000003e8");
  CHECK(lines[13] == "2,feed,,2,358,0,,143200,10740,3580,0,,1,1,0,71600,,0,00000000000003ea");
}

TEST_CASE("the incident has a row for each replication, with its phases") {
  const world::World world = invented::two_apps();

  const auto lines = lines_of(csv_of_incidents(three_runs(world)));

  REQUIRE(lines.size() == 4);
  CHECK(lines[0].find(",detect_min,acknowledge_min,") != std::string::npos);
  for (const auto& line : lines) CHECK(fields_in(line) == fields_in(lines[0]));
}

}  // namespace
}  // namespace knockon::report
