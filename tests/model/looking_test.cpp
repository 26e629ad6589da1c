// Who looks at a flow does not change how it goes on; and a flow that goes where others went before it, for a while or
// all the way, is to the last bit as it would be alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
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

// A service fails at the start, another one `second` later, and both are mended in the end.
struct Day {
  const world::World& world;
  Duration second;
  std::size_t broken;  // the second service
  Duration look_every = Duration::minutes(1000);

  using Readings = std::vector<std::vector<double>>;

  Readings gone_through_by(traffic::Flow& flow) const {
    Readings all;
    flow.begin();
    const world::ServiceId first{0}, other{broken};
    const world::SiteId site = world[first].sites.front(), elsewhere = world[other].sites.front();
    flow.set_service_up(first, site, false);
    flow.settle();
    run_until(flow, SimTime::at(second), all);
    flow.set_capacity(other, elsewhere, Share{0.2});
    flow.settle();
    run_until(flow, SimTime::at(second + Duration::minutes(7)), all);
    flow.set_service_up(first, site, true);
    flow.set_capacity(other, elsewhere, Share{1});
    flow.settle();
    run_until(flow, SimTime::at(second + Duration::minutes(20)), all);
    return all;
  }

 private:
  // Readings at every step, and not where a look is taken beside.
  void run_until(traffic::Flow& flow, SimTime end, Readings& all) const {
    SimTime seen = flow.now();
    while (flow.now() < end) {
      const SimTime step = std::min(end, flow.next_date());
      for (SimTime look = seen + look_every; look < step; look = look + look_every) {
        flow.look(look);
        CHECK(flow.now() == look);
      }
      flow.look(step);  // and changes it, if that is the end
      flow.settle();
      seen = step;
      all.push_back(tests::all_readings(flow, world));
    }
  }
};

}  // namespace

TEST_CASE("a flow that is looked at in between goes on as if nobody had looked") {
  for (const auto& folder : tests::shipped_scenario_folders()) {
    INFO(folder.string());
    const scenario::Read read = tests::read_shipped(folder);
    const traffic::Network network{read.world};
    traffic::Flow looked_at{network}, alone{network};
    const Day day{read.world, Duration::minutes(11), read.world.services.size() / 2};
    Day with_looks = day;
    with_looks.look_every = Duration::of_seconds(2.5);

    CHECK(with_looks.gone_through_by(looked_at) == day.gone_through_by(alone));
  }
}

TEST_CASE("what is looked at is what would be there if one had gone so far") {
  const scenario::Read read = tests::read_shipped(KNOCKON_SOURCE_DIR "/scenarios/meta-2024-03-05");
  const traffic::Network network{read.world};
  // Now and then something is changed, before whatever step.
  const auto change = [&](traffic::Flow& flow, int step) {
    if (step % 4 != 0) return;
    const std::size_t services = read.world.services.size();
    for (const std::size_t s : {std::size_t{0}, static_cast<std::size_t>(step), services - 1}) {
      const world::ServiceId service{s};
      flow.set_service_up(service, read.world[service].sites.front(), step % 8 == 4);
    }
    flow.settle();
  };
  traffic::Flow looked_at{network};
  // What is seen is worked out, worked out and kept for the next ones, and then found.
  for (int time = 1; time <= 4; ++time) {
    looked_at.begin();
    change(looked_at, 0);
    for (int steps = 0; steps < 13; ++steps) {
      INFO(steps << " steps, time " << time);
      traffic::Flow gone{network};
      gone.begin();
      change(gone, 0);
      for (int step = 1; step <= steps; ++step) {
        gone.advance(gone.next_date());
        change(gone, step);
      }
      const SimTime next = gone.next_date(), between = gone.now() + (next - gone.now()) * 0.5;
      CHECK(looked_at.next_date() == next);

      looked_at.look(between);
      gone.advance(between);

      CHECK(looked_at.next_date() == next);  // it is no step of its own
      auto seen = tests::all_readings(looked_at, read.world), found = tests::all_readings(gone, read.world);
      seen.front() = found.front() = 0;
      CHECK(seen == found);
      if (steps < 12) {
        looked_at.advance(next);
        change(looked_at, steps + 1);
        continue;
      }
      // What is changed is changed at the date that is looked at.
      for (traffic::Flow* flow : {&looked_at, &gone}) {
        change(*flow, 16);
        flow->advance(flow->next_date());
      }
      CHECK(tests::all_readings(looked_at, read.world) == tests::all_readings(gone, read.world));
    }
  }
}

TEST_CASE("flows that go the same way for a while, or all the way, are as flows that go alone") {
  for (const auto& folder : tests::shipped_scenario_folders()) {
    INFO(folder.string());
    const scenario::Read read = tests::read_shipped(folder);
    const traffic::Network network{read.world};
    traffic::Flow together{network};
    const std::size_t last = read.world.services.size() - 1;
    // The same day three times over, one that parts from it late, and one that parts from that by what is changed.
    const std::vector<Day> days = {
        {read.world, Duration::minutes(9), last},     {read.world, Duration::minutes(9), last},
        {read.world, Duration::minutes(9), last},     {read.world, Duration::minutes(10), last},
        {read.world, Duration::minutes(9), last / 2}, {read.world, Duration::minutes(9), last}};
    for (const Day& day : days) {
      traffic::Flow alone{network};
      CHECK(day.gone_through_by(together) == day.gone_through_by(alone));
    }
  }
}

namespace {

// The same change in two ways that differ in one thing.
using Changes = std::vector<std::pair<std::string, std::function<void(traffic::Flow&, bool otherwise)>>>;

Changes all_changes(const world::World& world) {
  const world::ServiceId first{0}, last{world.services.size() - 1};
  const world::SiteId here = world[first].sites.front();
  const world::OperationId operation = world[first].operations.front();
  const world::JourneyId journey{0};
  const auto share = [](bool otherwise) { return Share{otherwise ? 0.25 : 0.5}; };
  Changes all = {
      {"site", [&world](auto& flow, bool o) { flow.set_site_up(world::SiteId{o ? 1U : 0U}, false); }},
      {"service",
       [=, &world](auto& flow, bool o) {
         flow.set_service_up(o ? last : first, world[o ? last : first].sites.front(), false);
       }},
      {"reachable",
       [=, &world](auto& flow, bool o) {
         flow.set_reachable(o ? last : first, world[o ? last : first].sites.front(), false);
       }},
      {"errors", [=](auto& flow, bool o) { flow.set_errors(operation, here, share(o)); }},
      {"errors of users",
       [=](auto& flow, bool o) {
         flow.set_sticky_share(0, share(o));
         flow.set_sticky_errors(0, operation, here, true);
       }},
      {"stale",
       [=, &world](auto& flow, bool o) {
         flow.set_serves_stale(o ? last : first, world[o ? last : first].sites.front(), true);
       }},
      {"capacity", [=](auto& flow, bool o) { flow.set_capacity(first, here, Share{o ? 0.1 : 0.2}); }},
      {"slower",
       [=](auto& flow, bool o) {
         flow.set_slower(operation, here, {.times = 3, .added = Duration::of_seconds(o ? 9 : 2)});
       }},
      {"load of an operation", [=](auto& flow, bool o) { flow.set_load(operation, o ? 9 : 5, Rate::per_second(3)); }},
      {"load of a journey", [=](auto& flow, bool o) { flow.set_load(journey, o ? 9 : 5); }},
      {"load of a population", [](auto& flow, bool o) { flow.set_load(world::PopulationId{0}, o ? 9 : 5); }},
      {"restart", [=](auto& flow, bool o) { flow.restart(first, here, share(o)); }},
      {"detour",
       [=, &world](auto& flow, bool o) {
         const world::SiteId elsewhere = world[first].sites.back();
         flow.set_detour(first, here, o ? std::vector{elsewhere} : std::vector{here, elsewhere});
         flow.set_service_up(first, here, false);
       }},
      {"admission", [=](auto& flow, bool o) { flow.set_admission(journey, world::RegionId{0}, share(o)); }},
      {"gate", [=](auto& flow, bool o) { flow.set_gate(operation, here, share(o)); }},
      {"cap", [=](auto& flow, bool o) {
         flow.set_cap(flow.add_cap(), {.doors = {{journey, world::RegionId{0}}}, .operations = {{operation, here}}},
                      Rate::per_second(o ? 20 : 2));
       }}};
  if (world.links.size() > 1) {
    all.push_back({"link", [](auto& flow, bool o) { flow.set_link_up(world::LinkId{o ? 1U : 0U}, false); }});
    all.push_back({"slower link", [](auto& flow, bool o) {
                     flow.set_slower(world::LinkId{0}, {.times = o ? 900.0 : 400.0, .added = {}});
                   }});
  }
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    const world::ServiceId service{s};
    const world::SiteId site = world[service].sites.front();
    if (world[service].cache) {
      all.push_back({"cache", [=](auto& flow, bool o) { flow.lose_cache(service, site, share(o)); }});
      all.push_back({"filled cache", [=](auto& flow, bool o) {
                       flow.lose_cache(service, site, Share{1});
                       flow.fill_cache(service, site, share(o));
                     }});
    }
    if (world[service].resolve)
      all.push_back({"record", [=](auto& flow, bool o) { flow.set_record_empty(service, !o); }});
  }
  for (std::size_t s = 0; s < world.sessions.size(); ++s) {
    all.push_back({"log-out", [=](auto& flow, bool o) {
                     flow.begin_log_out(world::SessionId{s}, Share{0.5}, Duration::minutes(1),
                                        o ? std::optional{Duration::minutes(2)} : std::nullopt);
                   }});
    all.push_back({"end of a log-out", [=](auto& flow, bool o) {
                     const auto one = flow.begin_log_out(world::SessionId{s}, Share{0.5}, Duration::minutes(1), {});
                     flow.begin_log_out(world::SessionId{s}, Share{0.25}, Duration::minutes(2), {});
                     flow.end_log_out(one + (o ? 1 : 0));
                   }});
  }
  return all;
}

}  // namespace

TEST_CASE("flows part where the same is changed in another way, whatever it is") {
  for (const auto& folder : tests::shipped_scenario_folders()) {
    const scenario::Read read = tests::read_shipped(folder);
    const world::World& world = read.world;
    if (world.sites.size() < 2) continue;
    const traffic::Network network{world};
    traffic::Flow together{network};
    for (const auto& [name, change] : all_changes(world)) {
      INFO(folder.string() << ": " << name);
      const auto seen_by = [&, &make = change](traffic::Flow& flow, bool otherwise) {
        std::vector<std::vector<double>> all;
        flow.begin();
        make(flow, otherwise);
        flow.settle();
        for (int step = 0; step < 4; ++step) {
          flow.advance(flow.next_date());
          all.push_back(tests::all_readings(flow, world));
        }
        return all;
      };
      traffic::Flow one{network}, other{network};
      const auto seen = seen_by(one, false), seen_otherwise = seen_by(other, true);
      for (const bool otherwise : {false, false, false, true, true, true, false})
        CHECK(seen_by(together, otherwise) == (otherwise ? seen_otherwise : seen));
    }
  }
}
