#include "engine/simulation/reactions.hpp"

#include <algorithm>

namespace knockon::simulation {

using quantity::Duration;
using quantity::SimTime;

Reactions::Reactions(Scene& scene) : scene_{scene} {
  std::size_t count = 0;
  for (const world::Reaction& reaction : scene.world.reactions) count += std::max<std::size_t>(1, reaction.per.size());
  states_.reserve(count);  // listeners keep references
  for (std::size_t i = 0; i < scene.world.reactions.size(); ++i) {
    const world::ReactionId id{i};
    const auto& per = scene.world[id].per;
    if (per.empty()) add(id, std::nullopt, 0);
    for (std::size_t position = 0; position < per.size(); ++position) add(id, per[position], position);
  }
}

void Reactions::add(world::ReactionId id, std::optional<world::SiteId> site, std::size_t position) {
  const world::Reaction& reaction = scene_.world[id];
  State& state = states_.emplace_back();
  state.id = id;
  state.reaction = &reaction;
  state.site = site;
  state.position = position;
  state.is_enabled = reaction.enabled;
  state.acts = scene_.alarms.add();
  state.looks_again = scene_.alarms.add();
  state.flaps = scene_.alarms.add();
  const Watches::Binding binding{.itself = target_of(id), .here = site};
  const auto listener = [this, &state] { turn(state); };
  state.when = scene_.watches.add(reaction.when, binding);
  scene_.watches.on_turn(state.when, listener);
  if (reaction.until) {
    state.until = scene_.watches.add(*reaction.until, binding);
    scene_.watches.on_turn(*state.until, listener);
  }
  if (state.is_enabled) scene_.watches.activate(state.when);
}

bool Reactions::is_over(const State& state) const {
  if (state.reaction->never_ends) return false;
  if (state.until) return scene_.watches.is_read(*state.until) && scene_.watches.holds(*state.until);
  return !scene_.watches.holds(state.when);
}

// Something it looks at turned, or it is time to look again.
void Reactions::turn(State& state) {
  if (!state.is_enabled) return;
  const SimTime now = scene_.now();
  const bool holds = scene_.watches.holds(state.when);
  if (!holds) state.is_spent = false;
  if (state.is_active) {
    if (!is_over(state)) return;
    if (now < state.changed + least_dwell) return scene_.alarms.set(state.looks_again, state.changed + least_dwell);
    const Watches::Id reason = state.until ? *state.until : state.when;
    const world::Condition& condition = state.until ? *state.reaction->until : state.reaction->when;
    const EventNumber cause = scene_.cause_of(condition, target_of(state.id), scene_.watches.since(reason));
    return end(state, later(cause, state.began));
  }
  if (!holds || state.is_spent) return scene_.alarms.clear(state.acts);
  if (!scene_.alarms.date(state.acts).is_never()) return;
  state.seen = scene_.cause_of(state.reaction->when, target_of(state.id), scene_.watches.since(state.when));
  std::string name = stream_name("delay/reaction", state.reaction->name);
  if (state.site) name += "@" + scene_.world[*state.site].name;
  name += "/" + std::to_string(state.times);
  const Duration delay = std::max(scene_.draws.duration(state.reaction->delay, name), Duration{});
  const SimTime earliest = state.times > 0 ? state.changed + least_dwell : now;
  scene_.alarms.set(state.acts, std::max(now + delay, earliest));
}

void Reactions::pass(SimTime now) {
  for (State& state : states_) {
    if (scene_.alarms.take(state.acts, now) && !state.is_active && state.is_enabled) begin(state);
    if (scene_.alarms.take(state.flaps, now)) flap(state);
    if (scene_.alarms.take(state.looks_again, now)) turn(state);
  }
}

world::Target Reactions::about(const State& state) const {
  world::Target target = target_of(state.id);
  if (state.site) target.place = *state.site;
  return target;
}

EventNumber Reactions::record(const State& state, EventKind kind, EventNumber cause, double value) {
  const ComponentSet touched = scene_.effects.touched_by(state.reaction->effect, state.site);
  return scene_.record(kind, about(state), cause, value, &touched);
}

void Reactions::begin(State& state) {
  state.is_active = state.is_on = state.is_spent = true;
  state.changed = scene_.now();
  ++state.times;
  state.began = record(state, EventKind::reaction_began, state.seen);
  scene_.situation.set(scene_.situation.reactions[state.id.index()][state.position], true, state.began);
  state.effect = scene_.effects.begin(state.reaction->effect, state.site, 1, state.began);
  if (const auto& flaps = state.reaction->flaps) {
    scene_.alarms.set(state.flaps, scene_.now() + std::max(flaps->period * flaps->duty.value(), least_dwell));
  }
  if (state.until) scene_.watches.activate(*state.until);
}

void Reactions::end(State& state, EventNumber cause) {
  if (!state.is_active) return;
  state.is_active = state.is_on = false;
  state.changed = scene_.now();
  const EventNumber ended = record(state, EventKind::reaction_ended, cause);
  scene_.situation.set(scene_.situation.reactions[state.id.index()][state.position], false, ended);
  scene_.effects.end(state.effect, ended);
  scene_.alarms.clear(state.flaps);
  scene_.alarms.clear(state.looks_again);
  if (state.until) scene_.watches.deactivate(*state.until);
}

void Reactions::flap(State& state) {
  const world::Flaps& flaps = *state.reaction->flaps;
  state.is_on = !state.is_on;
  const double part = state.is_on ? flaps.duty.value() : 1 - flaps.duty.value();
  const EventKind kind = state.is_on ? EventKind::reaction_began : EventKind::reaction_ended;
  const EventNumber event = record(state, kind, state.began, 1);
  scene_.effects.set_level(state.effect, state.is_on ? 1 : 0, event);
  scene_.alarms.set(state.flaps, scene_.now() + std::max(flaps.period * part, least_dwell));
}

void Reactions::end(world::ReactionId reaction, EventNumber cause) {
  for (State& state : states_) {
    if (state.id == reaction) end(state, cause);
  }
}

void Reactions::disable(world::ReactionId reaction, EventNumber cause) {
  for (State& state : states_) {
    if (state.id != reaction || !state.is_enabled) continue;
    end(state, cause);
    state.is_enabled = false;
    scene_.alarms.clear(state.acts);
    scene_.watches.deactivate(state.when);
  }
}

void Reactions::enable(world::ReactionId reaction, EventNumber cause) {
  for (State& state : states_) {
    if (state.id != reaction || state.is_enabled) continue;
    state.is_enabled = true;
    state.is_spent = false;
    state.seen = cause;
    scene_.watches.activate(state.when);
  }
}

}  // namespace knockon::simulation
