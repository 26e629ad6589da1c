// One replication is a function of its world, plan, seed and index, and of nothing that ran before it.
#include <catch2/catch.hpp>
#include <numeric>

#include "engine/simulation/engine.hpp"
#include "engine/study/outcome_bytes.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Share;
using simulation::EventKind;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

random::DurationDistribution around(Duration median) {
  return random::DurationDistribution{
      random::Distribution{random::lognormal_by(median.in_seconds(), 0.9, 2.5 * median.in_seconds())}};
}

// Something of everything that draws: dates, durations, chances, phases.
Incident eventful() {
  Incident incident{"shop -> front -> back; front -> store"};
  incident.break_down(incident.service("back"), minutes(10));
  const auto errors = incident.add_fault(world::Verb::errors, incident.service("store"), {});
  incident.fault(errors).at = around(minutes(60));
  incident.fault(errors).lasts = around(minutes(40));
  incident.fault(errors).effect.share = Share{0.3};
  incident.watch_success();
  const auto team = incident.add_team("ops", minutes(5));
  incident.world.teams[0].acknowledge = around(minutes(5));
  const auto find_out = incident.add_step("find-out", world::Verb::diagnose, minutes(10), team);
  incident.step(find_out).ways[0].takes = around(minutes(10));
  incident.step(find_out).wrong = Share{0.3};
  const auto fix = incident.add_step("fix", world::Verb::repair, minutes(20), team);
  incident.step(fix).ways[0].succeeds = Share{0.7};
  return incident;
}

std::vector<std::string> all_bytes(const std::vector<simulation::Outcome>& outcomes) {
  std::vector<std::string> bytes;
  for (const simulation::Outcome& outcome : outcomes) bytes.push_back(study::bytes_of(outcome));
  return bytes;
}

}  // namespace

TEST_CASE("a replication has the same bits whichever slots of the clock ran before it", "[simgrid]") {
  const Incident incident = eventful();
  std::vector<std::uint64_t> block(16);
  std::iota(block.begin(), block.end(), 0);

  const auto whole = all_bytes(tests::outcomes_of(incident.world, block));
  const auto some = all_bytes(tests::outcomes_of(incident.world, {5, 6, 15}));
  const auto last = all_bytes(tests::outcomes_of(incident.world, {15}));

  CHECK(some == std::vector{whole[5], whole[6], whole[15]});
  CHECK(last.front() == whole[15]);
}

TEST_CASE("every replication has bits of its own", "[simgrid]") {
  const Incident incident = eventful();

  const auto found = tests::outcomes_of(incident.world, {3, 19});

  CHECK(found[0].fingerprint != found[1].fingerprint);
}

TEST_CASE("a replication has the same bits in the first and in the last slot of the clock", "[simgrid]") {
  Incident incident = eventful();
  incident.world.horizon = Duration::hours(24 * 365);
  const std::uint64_t slots = simulation::Engine::replications_in_a_process(incident.world);
  CHECK(slots == 256);
  std::vector<std::uint64_t> indices(slots, 3);
  std::iota(indices.begin() + 1, indices.end() - 1, 4);

  const auto all = tests::outcomes_of(incident.world, indices);

  REQUIRE(all.front().events.size() > 10);
  CHECK(study::bytes_of(all.front()) == study::bytes_of(all.back()));
}

TEST_CASE("a horizon that is itself a power of two of seconds keeps its slots apart", "[simgrid]") {
  Incident incident = eventful();
  incident.world.horizon = Duration::seconds(16384);

  const auto both = all_bytes(tests::outcomes_of(incident.world, {0, 1}));
  const auto second = all_bytes(tests::outcomes_of(incident.world, {1}));

  CHECK(both[1] == second[0]);
}

TEST_CASE("every cause is recorded before what it brings about, and happens no later", "[simgrid]") {
  const Incident incident = eventful();

  const simulation::Outcome outcome = tests::outcome_of(incident.world, 2);

  REQUIRE(outcome.events.size() > 10);
  for (std::size_t i = 0; i < outcome.events.size(); ++i) {
    const simulation::Event& event = outcome.events[i];
    INFO("event " << i + 1 << ": " << text_of(event.kind));
    CHECK(event.cause <= i);
    if (event.cause > 0) CHECK(outcome.events[event.cause - 1].at <= event.at);
  }
}

TEST_CASE("two strategies that differ in a step that is never reached have the same outcome, but for that step's name",
          "[simgrid]") {
  Incident incident = eventful();
  Incident longer = incident;
  const auto never = longer.add_step("never", world::Verb::restart, minutes(5));
  longer.step(never).when = tests::negated(tests::state_of(world::State::up, longer.service("front")));

  const simulation::Outcome with = tests::outcome_of(longer.world, 4);
  const simulation::Outcome without = tests::outcome_of(incident.world, 4);

  CHECK(with.fingerprint == without.fingerprint);
  CHECK(with.incident.user_minutes_lost == without.incident.user_minutes_lost);
  CHECK(with.incident.restored == without.incident.restored);
}

TEST_CASE("steps of one name draw alike in two strategies, whatever stands around them", "[simgrid]") {
  Incident incident = eventful();
  incident.world.strategies.push_back({.name = "other", .when = {}, .steps = {}});
  incident.add_step("look-around", world::Verb::wait, minutes(7));
  const auto again = incident.add_step("find-out", world::Verb::diagnose, minutes(10), world::TeamId{0});
  incident.step(again).ways[0].takes = around(minutes(10));
  const auto took = [&](world::StrategyId strategy) {
    const auto outcome = tests::outcomes_of(incident.world, {1}, strategy).front();
    double began = 0;
    for (const simulation::Event& event : outcome.events) {
      const auto* step = std::get_if<world::StepId>(&event.about.subject);
      if (step == nullptr || incident.world[*step].name != "find-out") continue;
      if (event.kind == EventKind::step_began) began = event.at.in_minutes();
      if (event.kind == EventKind::step_done) return event.at.in_minutes() - began;
    }
    return 0.0;
  };

  const double first = took(world::StrategyId{0});
  const double second = took(world::StrategyId{1});

  CHECK(first > 0);
  CHECK(first == Approx(second).margin(1e-9));
}

TEST_CASE("a world in which nothing fails was not hit and has no dates", "[simgrid]") {
  Incident incident{"shop -> front"};
  incident.watch_success();

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.onset == incident.world.horizon);
  CHECK_FALSE(outcome.incident.hit);
  CHECK_FALSE(outcome.incident.detected);
  CHECK(outcome.incident.user_minutes_lost == 0);
  CHECK(outcome.events.empty());
}
