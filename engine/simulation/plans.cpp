#include "engine/simulation/plans.hpp"

#include <algorithm>

namespace knockon::simulation {

Plans::Plans(Scene& scene, Faults& faults, Deeds& deeds, Reactions& reactions, Teams& teams) : scene_{scene} {
  for (const world::StrategyId strategy : world::plans_of(scene.world, scene.plan.strategy)) {
    plans_.emplace_back(scene, faults, deeds, reactions, teams, strategy);
  }
}

void Plans::watch(Bell& director) {
  for (Plan& plan : plans_) {
    const auto& when = scene_.world[plan.strategy].when;
    hang_on_alerts_ = hang_on_alerts_ || !when;
    if (!when) continue;
    plan.when = scene_.watches.add(*when, {});
    scene_.watches.on_turn(*plan.when, [this, &director] { consider(director); });
    scene_.watches.activate(*plan.when);
  }
}

bool Plans::is_called_for(const Plan& plan) const {
  if (plan.when) return scene_.watches.holds(*plan.when);
  const auto& alerts = scene_.situation.alerts;
  return std::any_of(alerts.begin(), alerts.end(), [](const auto& alert) { return alert.holds; });
}

void Plans::consider(Bell& director) {
  if (!scene_.marks.onset) return;
  for (Plan& plan : plans_) {
    if (plan.is_called || !is_called_for(plan)) continue;
    plan.is_called = true;
    director.ring();
  }
}

EventNumber Plans::cause_of(const Plan& plan) const {
  EventNumber latest = 0;
  for (const Situation::Fact& alert : scene_.situation.alerts) {
    if (alert.holds) latest = later(latest, alert.since);
  }
  if (latest != 0 || !plan.when) return latest;
  return scene_.cause_of(*scene_.world[plan.strategy].when, {}, scene_.watches.since(*plan.when));
}

void Plans::begin_called() {
  for (Plan& plan : plans_) {
    if (!plan.is_called || plan.has_begun) continue;
    plan.has_begun = true;
    if (scene_.world[plan.strategy].steps.empty()) continue;
    const bool is_chosen = plan.strategy == scene_.plan.strategy;
    const double beside = is_chosen ? 0 : static_cast<double>(plan.strategy.index()) + 1;
    plan.recovery.begin(scene_.record(EventKind::strategy_began, {}, cause_of(plan), beside));
  }
}

void Plans::fill(IncidentOutcome& outcome) {
  for (Plan& plan : plans_) plan.recovery.fill(outcome);
}

}  // namespace knockon::simulation
