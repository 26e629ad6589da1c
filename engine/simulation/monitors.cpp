#include "engine/simulation/monitors.hpp"

#include <algorithm>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

bool is_about_reports(const world::Condition& condition) {
  return std::any_of(condition.metric_tests.begin(), condition.metric_tests.end(),
                     [](const world::MetricTest& test) { return test.metric == world::Metric::reports; });
}

}  // namespace

Monitors::Monitors(Scene& scene) : scene_{scene} {
  states_.reserve(scene.world.monitors.size());  // listeners keep references
  for (std::size_t i = 0; i < scene.world.monitors.size(); ++i) {
    const world::Monitor& monitor = scene.world.monitors[i];
    State& state = states_.emplace_back();
    state.id = world::MonitorId{i};
    state.monitor = &monitor;
    state.is_of_reports = is_about_reports(monitor.alert);
    state.every = std::max(monitor.every, least_dwell);
    state.phase = state.every * scene.draws.uniform(stream_name("phase/monitor", monitor.name));
    state.alert = scene.watches.add(monitor.alert, {});
    scene.watches.on_turn(state.alert, [this, &state] {
      state.alert_turned = scene_.now();
      look_ahead(state);
    });
    scene.watches.activate(state.alert);
    if (monitor.needs.empty() || state.is_of_reports) continue;
    state.needs = scene.watches.add(monitor.needs, std::nullopt);
    scene.watches.on_turn(*state.needs, [this, &state] { look_ahead(state); });
    scene.watches.activate(*state.needs);
  }
}

SimTime Monitors::next_date() const {
  SimTime next = SimTime::never();
  for (const State& state : states_) next = std::min(next, state.next);
  return next;
}

// One reading tells of sight, and of the alert as it is then. What that brings about at this very date is for the next.
void Monitors::pass(SimTime now) {
  for (State& state : states_) {
    if (state.next > now) continue;
    if (sight_changes(state) <= now) change_sight(state);
    if (alert_changes(state) <= now) change_alert(state);
    state.unread = now + Duration::of_ticks(1);
    look_ahead(state);
  }
}

void Monitors::look_ahead(State& state) const { state.next = std::min(sight_changes(state), alert_changes(state)); }

// The first reading at or after the date that has not been taken yet.
SimTime Monitors::first_reading(const State& state, SimTime date) const {
  const std::int64_t every = state.every.ticks();
  const Duration from = std::max(date, state.unread).since_start();
  const std::int64_t since_phase = std::max<std::int64_t>((from - state.phase).ticks(), 0);
  return SimTime::at(state.phase + Duration::of_ticks((since_phase + every - 1) / every * every));
}

SimTime Monitors::sight_changes(const State& state) const {
  if (!state.needs || !scene_.watches.is_read(*state.needs) || scene_.watches.holds(*state.needs) == state.sees) {
    return SimTime::never();
  }
  return first_reading(state, scene_.watches.since(*state.needs));
}

SimTime Monitors::alert_changes(const State& state) const {
  if (!state.sees) {
    const auto& no_data = state.monitor->no_data;
    return no_data && !state.is_on ? first_reading(state, state.sees_since + *no_data) : SimTime::never();
  }
  if (!scene_.watches.is_read(state.alert) || scene_.watches.holds(state.alert) == state.is_on) {
    return SimTime::never();
  }
  SimTime date = state.alert_turned;
  if (state.was_blind) date = std::max(date, state.sees_since + scene_.watches.outer_hold(state.alert));
  return first_reading(state, date);
}

void Monitors::change_sight(State& state) {
  state.sees = scene_.watches.holds(*state.needs);
  state.sees_since = scene_.now();
  state.was_blind = true;
  const EventNumber cause = scene_.cause_of(state.monitor->needs, scene_.watches.since(*state.needs));
  state.sight =
      scene_.record(state.sees ? EventKind::monitor_seeing : EventKind::monitor_blind, target_of(state.id), cause);
}

void Monitors::change_alert(State& state) {
  const bool has_no_data = !state.sees;
  state.is_on = has_no_data || scene_.watches.holds(state.alert);
  const SimTime since = scene_.watches.since(state.alert);
  EventNumber cause = has_no_data ? state.sight : scene_.cause_of(state.monitor->alert, {}, since);
  if (!has_no_data && state.was_blind && state.sees_since > since) cause = later(cause, state.sight);
  const EventKind on = state.is_of_reports ? EventKind::reports_on : EventKind::alert_on;
  const EventNumber event =
      scene_.record(state.is_on ? on : EventKind::alert_off, target_of(state.id), cause, has_no_data ? 1 : 0);
  // What already fires at onset is a false alarm: nobody takes it for this incident until it has been off once.
  Situation::Fact& fact = scene_.situation.alerts[state.id.index()];
  const bool counts = state.is_on && scene_.marks.onset.has_value();
  if (counts != fact.holds) scene_.situation.set(fact, counts, event);
  if (counts) scene_.mark(&Marks::detected);
}

}  // namespace knockon::simulation
