#include "engine/simulation/deeds.hpp"

#include <algorithm>

namespace knockon::simulation {

using quantity::SimTime;
using world::Verb;

bool is_deed(Verb verb) {
  switch (verb) {
    case Verb::repair:
    case Verb::roll_back:
    case Verb::replace:
    case Verb::switch_off:
    case Verb::switch_on:
    case Verb::restart:
    case Verb::purge:
    case Verb::warm:
    case Verb::admit:
    case Verb::fail_over:
    case Verb::drain:
    case Verb::undrain:
    case Verb::add_capacity:
      return true;
    default:
      return false;
  }
}

bool takes_time(Verb verb) {
  return verb == Verb::roll_back || verb == Verb::restart || verb == Verb::purge || verb == Verb::warm ||
         verb == Verb::admit;
}

void Deeds::carry_out(Deed& deed, EventNumber cause) {
  switch (deed.effect.verb) {
    case Verb::fail_over:
    case Verb::drain:
      deed.drain = scene_.effects.drain(hits(deed), deed.effect.to, deed.here);
      data_lost_ += deed.effect.loses;
      return;
    case Verb::undrain:
      return scene_.effects.undrain(hits(deed));
    case Verb::restore:
    case Verb::copy:
      data_lost_ += deed.effect.loses;
      return;
    case Verb::add_capacity:
      return add_capacity(deed, cause);
    case Verb::switch_off:
      deed.effects.push_back(scene_.effects.begin(deed.effect, deed.here, 1, cause));
      switched_off_.push_back({.effect = &deed.effect, .here = deed.here, .id = deed.effects.back()});
      return;
    case Verb::set:
      deed.effects.push_back(scene_.effects.begin(deed.effect, deed.here, 1, cause));
      return;
    case Verb::switch_on:
      return switch_on(deed, cause);
    case Verb::roll_back:
      return roll_back(deed, cause);
    case Verb::restart:
      return restart(deed, cause);
    case Verb::purge:
      return purge(deed);
    case Verb::warm:
      return warm(deed, cause);
    default:
      return;
  }
}

// Undoes every switching off that its targets meet.
void Deeds::switch_on(const Deed& deed, EventNumber cause) {
  const ComponentSet touched = scene_.effects.touched_by(deed.effect, deed.here);
  std::erase_if(switched_off_, [&](const SwitchedOff& off) {
    if (!scene_.effects.touched_by(*off.effect, off.here).meets(touched)) return false;
    scene_.effects.end(off.id, cause);
    return true;
  });
}

void Deeds::end_faults(const Deed& deed, EventNumber cause) {
  // A restart of some replicas leaves the others as they are.
  const bool leaves_some = deed.effect.verb == Verb::restart && deed.effect.share < quantity::Share{1};
  if (leaves_some || deed.is_called_off) return;
  for (const world::FaultId fault : deed.ends) faults_.end(fault, cause);
}

void Deeds::take_back(Deed& deed, EventNumber cause) {
  deed.is_called_off = true;
  deed.bell.ring();
  if (deed.drain) scene_.effects.end_drain(*deed.drain);
  if (deed.cap) scene_.effects.set_cap(*deed.cap, std::nullopt);
  for (const Effects::Id effect : deed.effects) {
    scene_.effects.end(effect, cause);
    std::erase_if(switched_off_, [effect](const SwitchedOff& off) { return off.id == effect; });
  }
}

bool Deeds::sleep_until(const Deed& deed, SimTime date) {
  if (deed.is_kept_up) {
    while (scene_.now() < date && !deed.is_called_off) deed.bell.wait_until(date);
  } else if (date > scene_.now()) {
    scene_.clockwork.sleep_until(date);
  }
  return !deed.is_called_off;
}

bool Deeds::wait_for(const Deed& deed, const world::Condition& condition, EventNumber& cause) {
  const Watches::Id watch = scene_.watches.add(condition, {.itself = deed.who, .here = deed.here});
  Bell& bell = deed.bell;
  scene_.watches.on_turn(watch, [&bell] { bell.ring(); });
  scene_.watches.activate(watch);
  const SimTime asked = scene_.now();
  while (!deed.is_called_off && (!scene_.watches.is_read(watch) || !scene_.watches.holds(watch))) bell.wait();
  scene_.watches.deactivate(watch);
  if (deed.is_called_off) return false;
  if (scene_.now() > asked) cause = later(cause, scene_.cause_of(condition, deed.who, scene_.watches.since(watch)));
  return true;
}

}  // namespace knockon::simulation
