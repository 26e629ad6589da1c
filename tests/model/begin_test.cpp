// A flow that is begun again is exactly as one that begins for the first time, whatever was done to it in between.
#include <catch2/catch.hpp>
#include <vector>

#include "engine/traffic/flow.hpp"
#include "tests/flow_readings.hpp"
#include "tests/shipped.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;

namespace {

void run_until(traffic::Flow& flow, SimTime date) {
  while (flow.now() < date) {
    flow.advance(std::min(date, flow.next_date()));
    flow.settle();
  }
}

// Every third service fails in one of several ways, a while later some are mended.
void go_through_a_day(traffic::Flow& flow, const world::World& world) {
  for (std::size_t s = 0; s < world.services.size(); s += 3) {
    const world::ServiceId service{s};
    const world::SiteId site = world.services[s].sites.front();
    if (s % 4 == 0) flow.set_service_up(service, site, false);
    if (s % 4 == 1) flow.set_capacity(service, site, Share{0.3});
    if (s % 4 == 2) flow.set_errors(world.services[s].operations.front(), site, Share{0.5});
    if (s % 4 == 3)
      flow.set_slower(world.services[s].operations.front(), site, {.times = 3, .added = Duration::of_seconds(0.2)});
  }
  flow.settle();
  run_until(flow, SimTime::at(Duration::minutes(20)));
  for (std::size_t s = 0; s < world.services.size(); s += 6)
    flow.set_service_up(world::ServiceId{s}, world.services[s].sites.front(), true);
  flow.settle();
  run_until(flow, SimTime::at(Duration::minutes(40)));
}

}  // namespace

TEST_CASE("a flow that is begun again goes through the same day to the last bit") {
  for (const auto& folder : tests::shipped_scenario_folders()) {
    INFO(folder.string());
    const scenario::Read read = tests::read_shipped(folder);
    const traffic::Network network{read.world};
    traffic::Flow first{network}, again{network};

    go_through_a_day(again, read.world);
    again.begin();
    first.begin();

    CHECK(tests::all_readings(again, read.world) == tests::all_readings(first, read.world));
    go_through_a_day(again, read.world);
    go_through_a_day(first, read.world);
    CHECK(tests::all_readings(again, read.world) == tests::all_readings(first, read.world));
  }
}
