// How `admit` lets people in: by stages, as long as its guard holds.
#include <algorithm>
#include <cmath>

#include "engine/simulation/deeds.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Share;

// The shares of users let in, or how many a second, stage by stage.
class Ramp {
 public:
  explicit Ramp(const world::Admission& admission)
      : from_{admission.from.value()}, to_{admission.to.value()}, by_{admission.by.value()} {
    if (const auto& rates = admission.rates) {
      from_ = rates->from.per_second();
      to_ = rates->to.per_second();
      by_ = rates->by.per_second();
    }
    if (admission.every <= Duration{}) by_ = 0;
  }

  [[nodiscard]] double level() const {
    const double moved = by_ > 0 ? by_ * stage_ : stage_ > 0 ? std::abs(to_ - from_) : 0;
    const double level = from_ < to_ ? std::min(to_, from_ + moved) : std::max(to_, from_ - moved);
    return std::abs(level - to_) < 1e-9 * std::max(1.0, to_) ? to_ : level;  // three times 30 % and 10 % are everybody
  }
  [[nodiscard]] bool is_over() const { return level() == to_; }
  [[nodiscard]] bool is_at_first() const { return stage_ == 0; }
  void go_on() { ++stage_; }
  void go_back() { --stage_; }

 private:
  double from_, to_, by_;
  int stage_ = 0;
};

}  // namespace

// To a share of users, or to so many a second: of a step for good, of a reaction for as long as it lasts.
void Deeds::open(Deed& deed, const Hits& doors, double level, EventNumber cause) {
  if (deed.effect.admission && deed.effect.admission->rates) {
    if (!deed.cap) deed.cap = scene_.effects.cap(doors, !deed.is_kept_up);
    return scene_.effects.set_cap(*deed.cap, quantity::Rate::per_second(level));
  }
  if (!deed.is_kept_up) return scene_.effects.admit(doors, Share{level});
  if (!deed.effects.empty()) return scene_.effects.set_level(deed.effects.front(), 1 - level, cause);
  deed.effects.push_back(scene_.effects.begin(deed.effect, deed.here, 1 - level, cause));
}

// The door is set to `from` when the step's own time is over (at once, where it takes none: at the date at which the
// step before it ended, before anybody has come in), and moves by `by` every `every` while the guard holds. A broken
// guard holds it where it is; or, one that backs off, takes it a stage back every `every` until the guard holds again.
EventNumber Deeds::let_in(Deed& deed, EventNumber cause) {
  const world::Admission admission = deed.effect.admission.value_or(world::Admission{});
  const Hits doors = hits(deed);
  const ComponentSet touched = scene_.cones.touched_by(doors);
  Ramp ramp{admission};
  const auto set = [&] {
    cause = scene_.record(EventKind::admitted, deed.who, cause, ramp.level(), &touched);
    open(deed, doors, ramp.level(), cause);
    if (deed.last != nullptr) *deed.last = cause;
  };
  const bool backs_off =
      admission.guard && admission.broken == world::OnBroken::back_off && admission.every > Duration{};
  std::optional<Watches::Id> guard;
  if (backs_off) guard = scene_.watches.add(*admission.guard, {.itself = deed.who, .here = deed.here});
  if (guard) scene_.watches.activate(*guard);
  set();
  while (!ramp.is_over() && sleep_until(deed, scene_.now() + admission.every)) {
    if (guard && !scene_.watches.holds(*guard)) {
      if (ramp.is_at_first()) continue;
      ramp.go_back();
    } else {
      if (admission.guard && !wait_for(deed, *admission.guard, cause)) break;
      ramp.go_on();
    }
    set();
  }
  if (guard) scene_.watches.deactivate(*guard);
  return cause;
}

}  // namespace knockon::simulation
