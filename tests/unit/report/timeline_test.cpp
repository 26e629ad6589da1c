#include "engine/report/timeline.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

using quantity::Duration;

const Paint no_colour{false};

TEST_CASE("regions share a row while they fare alike, and the axis has round times") {
  const world::World world = invented::two_apps();

  const std::string drawn = timeline_of(world, invented::feed_down_for(48), 50, no_colour);

  CHECK(drawn ==
        "feed      ·█████████████████████████████████··\n"
        "chat      ····································\n"
        "          ┴─────────┴─────────┴─────────┴─────\n"
        "          0         15m       30m       45m\n");
}

TEST_CASE("regions that fare differently have a row each, and degraded looks different from down without colour") {
  const world::World world = invented::two_apps();
  simulation::Outcome outcome = invented::feed_down_for(20);
  outcome.apps_in_regions[1].degraded = {{Duration::minutes(22), Duration::minutes(26)}};

  const std::string drawn = timeline_of(world, outcome, 50, no_colour);

  CHECK(drawn ==
        "feed east ··████████████████████·······\n"
        "     west ··████████████████████▒▒▒▒···\n"
        "chat      ·····························\n"
        "          ┴─────────┴─────────┴────────\n"
        "          0         10m       20m\n");
}

TEST_CASE("an outage of seconds is not lost between two blocks") {
  const world::World world = invented::two_apps();
  simulation::Outcome outcome = invented::feed_down_for(60);
  outcome.apps_in_regions[2].down =
      outcome.apps_in_regions[3].down = {{Duration::seconds(601), Duration::seconds(602)}};

  CHECK(timeline_of(world, outcome, 50, no_colour).find("chat      ·····█····") != std::string::npos);
}

TEST_CASE("what lasts to the horizon is drawn to the horizon and no further") {
  const world::World world = invented::two_apps();

  const std::string drawn = timeline_of(world, invented::feed_never_restored(world, 0), 80, no_colour);

  CHECK(drawn.substr(0, drawn.find('\n')).ends_with("█"));
  CHECK(drawn.find("6h") == std::string::npos);
}

}  // namespace
}  // namespace knockon::report
