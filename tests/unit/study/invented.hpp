// A small world and outcomes for it, made up: what study and report are tested on without a simulation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/study/replications.hpp"
#include "engine/study/results.hpp"
#include "engine/world/world.hpp"

namespace knockon::invented {

using quantity::Duration;

// Apps feed and chat in regions east and west; one cause, one strategy (diagnose, announce); six hours.
inline world::World two_apps() {
  world::World world;
  world.name = "two-apps";
  world.title = "A push goes wrong";
  world.starts = 1709650800;  // 2024-03-05T15:00:00Z
  world.horizon = Duration::hours(6);
  world.regions = {{.name = "east", .users = 100}, {.name = "west", .users = 300}};
  world.apps = {{.name = "feed"}, {.name = "chat"}};
  world.causes = {{.name = "bad-push", .title = "a bad push"}};
  world::Step find_out{.name = "find-out"};
  find_out.effect.verb = world::Verb::diagnose;
  world::Step tell{.name = "tell"};
  tell.effect.verb = world::Verb::announce;
  world.steps = {find_out, tell};
  world.strategies = {{.name = "roll-back"}};
  world.strategies[0].steps = {world::StepId{0}, world::StepId{1}};
  world.cause = world::CauseId{0};
  world.strategy = world::StrategyId{0};
  return world;
}

inline simulation::AppOutcome down_between(Duration from, Duration to, double user_minutes) {
  simulation::AppOutcome app;
  app.down = {{from, to}};
  app.hit = true;
  app.first_impact = from;
  app.mitigated = app.restored = to;
  app.user_minutes_lost = user_minutes;
  app.failed_journeys = user_minutes / 2;
  app.gross = quantity::Money{user_minutes / 10};
  app.deferred = quantity::Money{user_minutes / 40};
  return app;
}

// Feed is down in both regions from minute 2 for `minutes`; chat is spared.
inline simulation::Outcome feed_down_for(std::int64_t minutes, std::uint64_t index = 0) {
  const Duration begin = Duration::minutes(2), end = Duration::minutes(2 + minutes);
  simulation::Outcome outcome;
  outcome.index = index;
  outcome.fingerprint = 1000 + index;
  outcome.apps = {down_between(begin, end, static_cast<double>(minutes) * 400), {}};
  outcome.apps_in_regions = {down_between(begin, end, static_cast<double>(minutes) * 100),
                             down_between(begin, end, static_cast<double>(minutes) * 300),
                             {},
                             {}};
  auto& incident = outcome.incident;
  incident.hit = true;
  incident.detected = Duration::minutes(4);
  incident.acknowledged = Duration::minutes(9);
  incident.diagnosed = Duration::minutes(20);
  incident.announced = Duration::minutes(15);
  incident.mitigated = incident.restored = end;
  incident.staff_hours = 3;
  incident.user_minutes_lost = outcome.apps[0].user_minutes_lost;
  incident.gross = outcome.apps[0].gross;
  incident.deferred = outcome.apps[0].deferred;
  outcome.phases[static_cast<std::size_t>(simulation::Phase::detect)] = Duration::minutes(4);
  outcome.phases[static_cast<std::size_t>(simulation::Phase::fix)] = end - Duration::minutes(4);
  return outcome;
}

// Feed goes down and stays down until the horizon.
inline simulation::Outcome feed_never_restored(const world::World& world, std::uint64_t index) {
  simulation::Outcome outcome = feed_down_for(world.horizon.ticks() / Duration::minutes(1).ticks() - 2, index);
  for (auto* app : {&outcome.apps[0], &outcome.apps_in_regions[0], &outcome.apps_in_regions[1]}) {
    app->mitigated.reset();
    app->restored.reset();
  }
  outcome.incident.mitigated.reset();
  outcome.incident.restored.reset();
  outcome.incident.mitigated_censored = outcome.incident.restored_censored = true;
  return outcome;
}

inline study::Replications finished(std::vector<simulation::Outcome> outcomes) {
  study::Replications replications;
  replications.requested = outcomes.size();
  replications.outcomes = std::move(outcomes);
  return replications;
}

// Feed down for `shortest`, `shortest` + 1, … minutes, one replication each.
inline std::vector<simulation::Outcome> feed_down_from(std::int64_t shortest, std::size_t count) {
  std::vector<simulation::Outcome> outcomes;
  for (std::size_t i = 0; i < count; ++i) outcomes.push_back(feed_down_for(shortest + static_cast<std::int64_t>(i), i));
  return outcomes;
}

inline study::Subject subject() {
  study::Subject subject;
  subject.version = "0.1.0";
  subject.scenario_sha256 = std::string(64, 'a');
  return subject;
}

}  // namespace knockon::invented
