// What a step that succeeded does to the world, and how its end is recorded.
#include <algorithm>
#include <cmath>

#include "engine/simulation/recovery.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Share;
using quantity::SimTime;
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

void Recovery::change_world(world::StepId id, EventNumber done) {
  const world::Effect& effect = step(id).effect;
  const auto hits = [&] { return hits_of(scene_.world, effect.targets); };
  switch (effect.verb) {
    case Verb::restart:
      scene_.effects.restart(hits());
      break;
    case Verb::fail_over:
    case Verb::drain:
      scene_.effects.drain(hits());
      break;
    case Verb::undrain:
      scene_.effects.undrain(hits());
      break;
    case Verb::add_capacity:
      scene_.effects.begin(effect, {}, 1, done);
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

// A roll-back by stages takes a fault back by equal parts; the step is over when the last is done.
EventNumber Recovery::end_faults(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  const Duration every = own.staged_every.value_or(Duration{});
  const int stages = every > Duration{} ? std::max(own.stages, 1) : 1;
  for (int stage = 1; stage < stages; ++stage) {
    for (const world::FaultId fault : own.ends) {
      faults_.recede(fault, 1 - static_cast<double>(stage) / stages, cause);
    }
    scene_.clockwork.sleep_until(scene_.now() + every);
  }
  const EventNumber before = scene_.trace.last();
  for (const world::FaultId fault : own.ends) faults_.end(fault, cause);
  for (const world::ReactionId reaction : own.ends_reactions) reactions_.end(reaction, cause);
  return scene_.trace.last() > before ? scene_.trace.last() : cause;
}

// The door is set to `from` when the step's own time is over (at once, where it takes none: at the date at which the
// step before it ended, before anybody has come in), and moves by `by` every `every` while the guard holds; a broken
// guard holds it.
EventNumber Recovery::let_in(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  const world::Admission admission = own.admission.value_or(world::Admission{});
  const Hits hits = hits_of(scene_.world, own.effect.targets);
  const ComponentSet touched = scene_.cones.touched_by(hits);
  const auto set = [&](double share) {
    scene_.effects.admit(hits, Share{share});
    cause = scene_.record(EventKind::admitted, target_of(id), cause, share, &touched);
    progress(id).last = cause;
  };
  const double from = admission.from.value(), to = admission.to.value();
  const double by = admission.every > Duration{} ? admission.by.value() : 0;
  set(from);
  for (int stage = 1; from != to; ++stage) {
    const double moved = by > 0 ? by * stage : std::max(to, from);
    double share = from < to ? std::min(to, from + moved) : std::max(to, from - moved);
    if (std::abs(share - to) < 1e-9) share = to;  // three times 30 % and 10 % are everybody
    scene_.clockwork.sleep_until(scene_.now() + admission.every);
    if (admission.guard) wait_for(id, *admission.guard, cause);
    set(share);
    if (share == to) break;
  }
  return cause;
}

}  // namespace knockon::simulation
