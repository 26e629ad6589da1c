#include "engine/simulation/reactions.hpp"

#include <algorithm>
#include <utility>

namespace knockon::simulation {

using quantity::Duration;
using quantity::SimTime;

Reactions::Reactions(Scene& scene, Deeds& deeds) : scene_{scene}, deeds_{deeds} {
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
  const SimTime now = scene_.now();
  state.is_active = state.is_spent = true;
  state.changed = now;
  state.began = state.turned = record(state, EventKind::reaction_began, state.seen);
  scene_.situation.set(scene_.situation.reactions[state.id.index()][state.position], true, state.began);
  state.flapping.reset();
  if (const auto& flaps = state.reaction->flaps) {
    std::string name = stream_name("flaps/reaction", state.reaction->name);
    if (state.site) name += "@" + scene_.world[*state.site].name;
    name += "/" + std::to_string(state.times);
    scene_.alarms.set(state.flaps, state.flapping.emplace(*flaps, scene_.draws, name, now).next_date(now));
  }
  ++state.times;
  act(state, state.began);
  if (state.until) scene_.watches.activate(*state.until);
}

// Begins to do what it does, unless it comes and goes and is gone now.
void Reactions::act(State& state, EventNumber cause) {
  const world::Effect& effect = state.reaction->effect;
  const bool is_on = !state.flapping || state.flapping->is_on();
  if (!is_deed(effect.verb)) {
    const double level = !is_on ? 0 : state.flapping ? state.flapping->nodes(scene_.now()) : 1;
    state.effect = scene_.effects.begin(effect, state.site, level, cause);
    return;
  }
  if (!is_on) return;
  const auto& ends = state.reaction->ends;
  state.doing = std::make_shared<Doing>(scene_.clockwork, effect, about(state), state.site,
                                        state.position < ends.size() ? ends[state.position] : world::Endings{});
  if (!takes_time(effect.verb)) return carry_out(*state.doing, cause);
  scene_.clockwork.start_actor("reaction", [this, doing = state.doing, cause] { carry_out(*doing, cause); });
}

void Reactions::carry_out(Doing& doing, EventNumber cause) {
  if (doing.deed.is_called_off) return;
  if (doing.deed.effect.verb == world::Verb::admit) {
    static_cast<void>(deeds_.let_in(doing.deed, cause));
  } else {
    deeds_.carry_out(doing.deed, cause);
  }
  if (doing.deed.is_called_off) return;
  deeds_.end_faults(doing.deed, cause);
  for (const world::ReactionId reaction : doing.ends.reactions) end(reaction, cause);
}

void Reactions::take_back(State& state, EventNumber cause) {
  if (!is_deed(state.reaction->effect.verb)) return scene_.effects.end(state.effect, cause);
  if (const std::shared_ptr<Doing> doing = std::exchange(state.doing, nullptr)) deeds_.take_back(doing->deed, cause);
}

void Reactions::end(State& state, EventNumber cause) {
  if (!state.is_active) return;
  state.is_active = false;
  state.changed = scene_.now();
  const EventNumber ended = record(state, EventKind::reaction_ended, cause);
  scene_.situation.set(scene_.situation.reactions[state.id.index()][state.position], false, ended);
  take_back(state, ended);
  scene_.alarms.clear(state.flaps);
  scene_.alarms.clear(state.looks_again);
  if (state.until) scene_.watches.deactivate(*state.until);
}

void Reactions::flap(State& state) {
  const SimTime now = scene_.now();
  const bool has_turned = state.flapping->pass(now);
  const bool is_on = state.flapping->is_on();
  if (has_turned)
    state.turned = record(state, is_on ? EventKind::reaction_began : EventKind::reaction_ended, state.began, 1);
  if (!is_deed(state.reaction->effect.verb)) {
    scene_.effects.set_level(state.effect, is_on ? state.flapping->nodes(now) : 0, state.turned);
  } else if (has_turned) {
    is_on ? act(state, state.turned) : take_back(state, state.turned);
  }
  scene_.alarms.set(state.flaps, state.flapping->next_date(now));
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
