// How `admit` lets people in: by stages, as long as its guard holds.
#include <algorithm>
#include <cmath>

#include "engine/simulation/deeds.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Share;

// The shares of users let in, stage by stage.
class Ramp {
 public:
  explicit Ramp(const world::Admission& admission)
      : from_{admission.from.value()},
        to_{admission.to.value()},
        by_{admission.every > Duration{} ? admission.by.value() : 0} {}

  [[nodiscard]] double share() const {
    const double moved = by_ > 0 ? by_ * stage_ : stage_ > 0 ? std::abs(to_ - from_) : 0;
    const double share = from_ < to_ ? std::min(to_, from_ + moved) : std::max(to_, from_ - moved);
    return std::abs(share - to_) < 1e-9 ? to_ : share;  // three times 30 % and 10 % are everybody
  }
  [[nodiscard]] bool is_over() const { return share() == to_; }
  [[nodiscard]] bool is_at_first() const { return stage_ == 0; }
  void go_on() { ++stage_; }
  void go_back() { --stage_; }

 private:
  double from_, to_, by_;
  int stage_ = 0;
};

}  // namespace

// The door is set to `from` when the step's own time is over (at once, where it takes none: at the date at which the
// step before it ended, before anybody has come in), and moves by `by` every `every` while the guard holds. A broken
// guard holds it where it is; or, one that backs off, takes it a stage back every `every` until the guard holds again.
EventNumber Deeds::let_in(Deed& deed, EventNumber cause) {
  const world::Admission admission = deed.effect.admission.value_or(world::Admission{});
  const Hits doors = hits(deed);
  const ComponentSet touched = scene_.cones.touched_by(doors);
  Ramp ramp{admission};
  const auto set = [&] {
    cause = scene_.record(EventKind::admitted, deed.who, cause, ramp.share(), &touched);
    if (!deed.is_kept_up) {
      scene_.effects.admit(doors, Share{ramp.share()});
    } else if (deed.effects.empty()) {
      deed.effects.push_back(scene_.effects.begin(deed.effect, deed.here, 1 - ramp.share(), cause));
    } else {
      scene_.effects.set_level(deed.effects.front(), 1 - ramp.share(), cause);
    }
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
