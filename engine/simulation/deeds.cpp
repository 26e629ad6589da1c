// What a step that succeeded does to the world, and how its end is recorded.
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
    case Verb::admit:
      return record_done(id, let_in(id, cause));
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
  change_world(id, done);
  go_by_stages(id, done);
  return end_faults(id, done);
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

void Recovery::change_world(world::StepId id, EventNumber done) {
  const world::Effect& effect = step(id).effect;
  const auto hits = [&] { return hits_of(scene_.world, effect.targets); };
  switch (effect.verb) {
    case Verb::fail_over:
    case Verb::drain:
      scene_.effects.drain(hits(), effect.to);
      data_lost_ += effect.loses;
      break;
    case Verb::undrain:
      scene_.effects.undrain(hits());
      break;
    case Verb::add_capacity:
      add_capacity(id, done);
      break;
    case Verb::switch_off:
      switched_off_.emplace_back(id, scene_.effects.begin(effect, {}, 1, done));
      break;
    case Verb::switch_on: {
      // Undoes every switching off that its targets meet.
      const ComponentSet touched = scene_.effects.touched_by(effect, {});
      std::erase_if(switched_off_, [&](const auto& off) {
        if (!scene_.effects.touched_by(step(off.first).effect, {}).meets(touched)) return false;
        scene_.effects.end(off.second, done);
        return true;
      });
      break;
    }
    case Verb::disable:
      for (const world::ReactionId reaction : hits().reactions) reactions_.disable(reaction, done);
      break;
    case Verb::enable:
      for (const world::ReactionId reaction : hits().reactions) reactions_.enable(reaction, done);
      break;
    default:
      break;
  }
}

EventNumber Recovery::end_faults(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  const EventNumber before = scene_.trace.last();
  // A restart of some replicas leaves the others as they are.
  const bool leaves_some = own.effect.verb == Verb::restart && own.effect.share < quantity::Share{1};
  if (!leaves_some) {
    for (const world::FaultId fault : own.ends) faults_.end(fault, cause);
  }
  for (const world::ReactionId reaction : own.ends_reactions) reactions_.end(reaction, cause);
  return scene_.trace.last() > before ? scene_.trace.last() : cause;
}

}  // namespace knockon::simulation
