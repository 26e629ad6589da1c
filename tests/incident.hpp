// A drawn world in trouble, for tests: faults, monitors, teams and a plan on top of a picture; and a process of its own
// for the engine that runs it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "tests/drawn.hpp"

namespace knockon::tests {

inline quantity::Duration minutes(double count) { return quantity::Duration::of_seconds(count * 60); }
inline random::DurationDistribution always(quantity::Duration duration) {
  return random::DurationDistribution::constant(duration);
}

// Conditions from parts: STATE(subject), not …, … and …, … for DURATION.
world::Condition state_of(world::State state, world::Subject subject);
world::Condition negated(world::Condition condition);
world::Condition both(const world::Condition& a, const world::Condition& b);
world::Condition held(world::Condition condition, quantity::Duration hold);

class Incident : public Drawn {
 public:
  // One cause and one strategy; the strategy is called by any alert and has no steps yet.
  explicit Incident(std::string_view picture);

  // Another site in a region, where every service is then too.
  world::SiteId add_site(const std::string& name, world::RegionId in = Drawn::region);
  world::LinkId add_link(const std::string& name, world::Endpoint from, world::Endpoint to);
  world::RegionId add_region(const std::string& name, double users);

  // Down from `at` on, until a step repairs it.
  world::FaultId break_down(world::Subject target, quantity::Duration at);
  world::FaultId add_fault(world::Verb verb, world::Subject target, quantity::Duration at);
  world::ReactionId react(const std::string& name, world::Condition when, world::Verb verb, world::Subject target);
  // success(app) < 90 % for 2m, read every 30s.
  world::MonitorId watch_success();
  world::TeamId add_team(const std::string& name, quantity::Duration acknowledges, int members = 1);
  // After the step before it, unless there is none.
  world::StepId add_step(const std::string& name, world::Verb verb, quantity::Duration takes,
                         std::optional<world::TeamId> team = {});
  world::Fault& fault(world::FaultId id) { return world.faults[id.index()]; }
  world::Step& step(world::StepId id) { return world.steps[id.index()]; }
  world::Reaction& reaction(world::ReactionId id) { return world.reactions[id.index()]; }
  static world::Need need(world::Subject subject) { return {.any_of = {{subject, {}}}, .text = "needed"}; }
};

// Replications of the world's first cause and one of its strategies, run in a process of their own: a process can hold
// one engine only. What the engine throws is thrown here.
std::vector<simulation::Outcome> outcomes_of(const world::World& world, const std::vector<std::uint64_t>& indices,
                                             world::StrategyId strategy = world::StrategyId{0}, std::uint64_t seed = 1);
simulation::Outcome outcome_of(const world::World& world, std::uint64_t index = 0);

std::vector<simulation::Event> events_of(const simulation::Outcome& outcome, simulation::EventKind kind);
// Minutes after onset of the first such event (about the subject); -1: there is none.
double minute_of(const simulation::Outcome& outcome, simulation::EventKind kind,
                 std::optional<world::Subject> subject = {});

}  // namespace knockon::tests
