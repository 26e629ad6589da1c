// How a step ends: what it has done, what it broke, and how that is recorded.
#include <algorithm>

#include "engine/simulation/recovery.hpp"

namespace knockon::simulation {
namespace {

using world::Verb;

bool changes_world(Verb verb) {
  switch (verb) {
    case Verb::restart:
    case Verb::fail_over:
    case Verb::drain:
    case Verb::undrain:
    case Verb::add_capacity:
    case Verb::switch_off:
    case Verb::switch_on:
    case Verb::purge:
    case Verb::warm:
    case Verb::set:
      return true;
    default:
      return false;
  }
}

}  // namespace

EventNumber Recovery::carry_out(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  switch (own.effect.verb) {
    case Verb::diagnose:
      return diagnose(id, cause);
    case Verb::admit: {
      Deed deed = deed_of(id);
      return record_done(id, deeds_.let_in(deed, cause));
    }
    case Verb::announce: {
      const EventNumber done = record_done(id, cause);
      scene_.record(EventKind::announced, target_of(id), done);
      scene_.mark(&Marks::announced);
      return done;
    }
    default:
      break;
  }
  const EventNumber done = record_done(id, cause);
  Deed deed = deed_of(id);
  deeds_.carry_out(deed, done);
  switch_reactions(id, done);
  undo_later(id, deed, done);
  return end_faults(id, deed, done);
}

Deed Recovery::deed_of(world::StepId id) {
  Progress& own = progress(id);
  return {.effect = step(id).effect,
          .who = target_of(id),
          .here = {},
          .ends = step(id).ends,
          .bell = *own.bell,
          .last = &own.last};
}

EventNumber Recovery::record_done(world::StepId id, EventNumber cause, double value) {
  const world::Effect& effect = step(id).effect;
  if (!changes_world(effect.verb)) return scene_.record(EventKind::step_done, target_of(id), cause, value);
  const ComponentSet touched = scene_.effects.touched_by(effect, {});
  return scene_.record(EventKind::step_done, target_of(id), cause, value, &touched);
}

EventNumber Recovery::diagnose(world::StepId id, EventNumber cause) {
  Progress& own = progress(id);
  own.is_wrong = scene_.draws.happens(step(id).wrong, stream_name("wrong", step(id).name, own.attempts - 1));
  if (!own.is_wrong) scene_.mark(&Marks::diagnosed);
  return record_done(id, cause, own.is_wrong ? 1 : 0);
}

// What breaks stays broken; only sessions and caches, which come back, are lost once more by every further attempt.
EventNumber Recovery::do_harm(world::StepId id, EventKind how_it_ended, EventNumber cause) {
  const std::optional<world::Effect>& harm = step(id).harm;
  if (!harm) return scene_.record(how_it_ended, target_of(id), cause);
  const ComponentSet touched = scene_.effects.touched_by(*harm, {});
  const EventNumber event = scene_.record(how_it_ended, target_of(id), cause, 1, &touched);
  std::optional<Effects::Id>& done = progress(id).harm;
  if (harm->verb == Verb::lose_cache) {
    scene_.effects.empty_caches(*harm);
  } else {
    if (done && harm->verb == Verb::log_out) scene_.effects.end(*done, event);
    if (!done || harm->verb == Verb::log_out) done = scene_.effects.begin(*harm, {}, 1, event);
  }
  return event;
}

void Recovery::switch_reactions(world::StepId id, EventNumber done) {
  const world::Effect& effect = step(id).effect;
  if (effect.verb != Verb::disable && effect.verb != Verb::enable) return;
  for (const world::ReactionId reaction : hits_of(scene_.world, effect.targets).reactions) {
    effect.verb == Verb::disable ? reactions_.disable(reaction, done) : reactions_.enable(reaction, done);
  }
}

// What lasts for a time is taken away again by itself.
void Recovery::undo_later(world::StepId id, const Deed& deed, EventNumber done) {
  const world::Step& own = step(id);
  if (!own.lasts || deed.effects.empty()) return;
  const std::string name = stream_name("lasts", own.name, progress(id).attempts - 1);
  const quantity::SimTime end = scene_.now() + std::max(scene_.draws.duration(*own.lasts, name), quantity::Duration{});
  scene_.clockwork.start_actor("undo", [this, id, effects = deed.effects, end, done] {
    if (end > scene_.now()) scene_.clockwork.sleep_until(end);
    const ComponentSet touched = scene_.effects.touched_by(step(id).effect, {});
    const EventNumber undone = scene_.record(EventKind::step_undone, target_of(id), done, 0, &touched);
    for (const Effects::Id effect : effects) scene_.effects.end(effect, undone);
  });
}

EventNumber Recovery::end_faults(world::StepId id, const Deed& deed, EventNumber cause) {
  const EventNumber before = scene_.trace.last();
  deeds_.end_faults(deed, cause);
  for (const world::ReactionId reaction : step(id).ends_reactions) reactions_.end(reaction, cause);
  return scene_.trace.last() > before ? scene_.trace.last() : cause;
}

}  // namespace knockon::simulation
