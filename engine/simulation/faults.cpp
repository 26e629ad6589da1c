#include "engine/simulation/faults.hpp"

#include <algorithm>
#include <cmath>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

// A fault that spreads by share reaches a tenth more of its targets at each of ten dates, the first at its begin and
// the last when `over` has passed.
constexpr int spread_stages = 10;

}  // namespace

Faults::Faults(Scene& scene) : scene_{scene} {
  std::vector<const world::Effect*> effects;
  const auto& ids = scene.world[scene.plan.cause].faults;
  states_.reserve(ids.size());
  for (const world::FaultId id : ids) {
    State state;
    state.id = id;
    state.fault = &scene.world[id];
    state.begins = scene.alarms.add();
    state.ends = scene.alarms.add();
    state.flaps = scene.alarms.add();
    state.spreads = scene.alarms.add();
    state.looks_again = scene.alarms.add();
    states_.push_back(state);
    effects.push_back(&state.fault->effect);
  }
  for (const world::Reaction& reaction : scene.world.reactions) effects.push_back(&reaction.effect);
  for (const world::StrategyId strategy : world::plans_of(scene.world, scene.plan.strategy)) {
    for (const world::StepId step : scene.world[strategy].steps) {
      if (scene.world[step].harm) effects.push_back(&*scene.world[step].harm);
    }
  }
  scene.effects.divide_users(effects);
  for (State& state : states_) schedule(state);
}

void Faults::schedule(State& state) {
  const world::Fault& fault = *state.fault;
  const Watches::Binding binding{.itself = target_of(state.id), .here = {}};
  if (fault.until) {
    state.until = scene_.watches.add(*fault.until, binding);
    scene_.watches.on_turn(*state.until, [this, &state] { turn(state); });
  }
  if (!fault.when) {
    const Duration at = scene_.draws.duration(fault.at, stream_name("begins/fault", fault.name));
    scene_.alarms.set(state.begins, SimTime::at(std::max(at, Duration{})));
    return;
  }
  state.when = scene_.watches.add(*fault.when, binding);
  scene_.watches.on_turn(*state.when, [this, &state] { turn(state); });
  scene_.watches.activate(*state.when);
}

// A condition turned: `when` begins the fault, `until` ends it.
void Faults::turn(State& state) {
  const SimTime now = scene_.now();
  const bool ends =
      state.is_active && state.until && scene_.watches.is_read(*state.until) && scene_.watches.holds(*state.until);
  const bool begins = !state.is_active && state.when && scene_.watches.holds(*state.when);
  if (!ends && !begins) return;
  if (state.times > 0 && now < state.changed + least_dwell) {
    scene_.alarms.set(state.looks_again, state.changed + least_dwell);
    return;
  }
  const world::Condition& condition = ends ? *state.fault->until : *state.fault->when;
  const SimTime since = scene_.watches.since(ends ? *state.until : *state.when);
  const EventNumber cause = scene_.cause_of(condition, target_of(state.id), since);
  ends ? end(state, later(cause, state.began)) : begin(state, cause);
}

void Faults::pass(SimTime now) {
  for (State& state : states_) {
    if (scene_.alarms.take(state.begins, now)) {
      if (state.fault->every) schedule_again(state);
      if (!state.is_active) begin(state, 0);
    }
    if (scene_.alarms.take(state.looks_again, now)) turn(state);
    if (scene_.alarms.take(state.spreads, now)) spread(state);
    if (scene_.alarms.take(state.flaps, now)) flap(state);
    if (scene_.alarms.take(state.ends, now)) end(state, state.began);
  }
}

// It comes again so long after its onset, whether or not it has gone until then.
void Faults::schedule_again(State& state) {
  const std::string name = stream_name("every/fault", state.fault->name) + "/" + std::to_string(state.onsets++);
  scene_.alarms.set(state.begins,
                    scene_.now() + std::max(scene_.draws.duration(*state.fault->every, name), least_dwell));
}

bool Faults::is_on(const State& state) const { return state.is_active && (!state.flapping || state.flapping->is_on()); }

EventNumber Faults::record(const State& state, EventKind kind, EventNumber cause, double value) {
  const ComponentSet touched = scene_.effects.touched_by(state.fault->effect, {});
  return scene_.record(kind, target_of(state.id), cause, value, &touched);
}

// Lost sessions are lost evenly over the time, whatever way they spread.
int Faults::stages_of(const State& state) const {
  const world::Fault& fault = *state.fault;
  if (fault.over <= Duration{} || fault.effect.verb == world::Verb::log_out) return 1;
  switch (fault.by) {
    case world::Spread::share:
      return spread_stages;
    case world::Spread::site:
      return std::max(1, static_cast<int>(scene_.effects.sites_struck_by(fault.effect)));
    case world::Spread::rollout:
      return std::max(1, fault.stages);
  }
  return 1;
}

// The part of its share, or of its targets, that it has come to: in a roll-out each stage adds twice as much as the one
// before.
double Faults::reached(const State& state) const {
  if (state.stage == state.stages) return 1;
  if (state.fault->by == world::Spread::rollout)
    return std::expm1(state.stage * std::log(2)) / std::expm1(state.stages * std::log(2));
  return static_cast<double>(state.stage) / state.stages;
}

void Faults::begin(State& state, EventNumber cause) {
  const SimTime now = scene_.now();
  const world::Fault& fault = *state.fault;
  if (!scene_.marks.onset) scene_.marks.onset = now;
  state.is_active = true;
  state.changed = now;
  state.stage = 1;
  state.stages = stages_of(state);
  state.remaining = 1;
  state.began = record(state, EventKind::fault_began, cause);
  scene_.situation.set(scene_.situation.faults[state.id.index()], true, state.began);
  const auto way = fault.by == world::Spread::site ? Effects::Way::site_by_site : Effects::Way::evenly;
  state.flapping.reset();
  if (fault.flaps) {
    const std::string name = stream_name("flaps/fault", fault.name) + "/" + std::to_string(state.times);
    scene_.alarms.set(state.flaps, state.flapping.emplace(*fault.flaps, scene_.draws, name, now).next_date(now));
  }
  state.turned = state.began;
  state.effect = scene_.effects.begin(fault.effect, {}, level(state), state.began, fault.over, way);
  if (state.stages > 1) scene_.alarms.set(state.spreads, now + fault.over * (1.0 / (state.stages - 1)));
  if (fault.lasts) {
    const std::string name = stream_name("lasts/fault", fault.name) + "/" + std::to_string(state.times);
    scene_.alarms.set(state.ends, now + std::max(scene_.draws.duration(*fault.lasts, name), Duration{}));
  }
  ++state.times;
  if (state.until) scene_.watches.activate(*state.until);
}

void Faults::end(State& state, EventNumber cause) {
  if (!state.is_active) return;
  state.is_active = false;
  state.changed = scene_.now();
  const EventNumber ended = record(state, EventKind::fault_ended, cause);
  scene_.situation.set(scene_.situation.faults[state.id.index()], false, ended);
  scene_.effects.end(state.effect, ended);
  for (const Alarms::Id alarm : {state.ends, state.flaps, state.spreads}) scene_.alarms.clear(alarm);
  if (state.until) scene_.watches.deactivate(*state.until);
}

void Faults::spread(State& state) {
  ++state.stage;
  set_level(state, state.began);
  if (state.stage == state.stages) return;
  scene_.alarms.set(state.spreads, scene_.now() + state.fault->over * (1.0 / (state.stages - 1)));
}

// In the quiet part of its period the fault is still there, and does nothing.
void Faults::flap(State& state) {
  const SimTime now = scene_.now();
  if (state.flapping->pass(now)) {
    const EventKind kind = state.flapping->is_on() ? EventKind::fault_began : EventKind::fault_ended;
    state.turned = record(state, kind, state.began, 1);
  }
  set_level(state, state.turned);
  scene_.alarms.set(state.flaps, state.flapping->next_date(now));
}

double Faults::level(const State& state) const {
  if (!is_on(state)) return 0;
  const double nodes = state.flapping ? state.flapping->nodes(scene_.now()) : 1;
  return reached(state) * state.remaining * nodes;
}

void Faults::set_level(State& state, EventNumber cause) { scene_.effects.set_level(state.effect, level(state), cause); }

void Faults::recede(world::FaultId fault, double level, EventNumber cause) {
  for (State& state : states_) {
    if (state.id != fault || !state.is_active) continue;
    state.remaining = level;
    set_level(state, cause);
  }
}

void Faults::end(world::FaultId fault, EventNumber cause) {
  for (State& state : states_) {
    if (state.id == fault) end(state, cause);
  }
}

bool Faults::is_active(world::FaultId fault) const {
  return std::any_of(states_.begin(), states_.end(),
                     [fault](const State& state) { return state.id == fault && state.is_active; });
}

}  // namespace knockon::simulation
