#include "engine/simulation/flapping.hpp"

#include <algorithm>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {
namespace {

// A share that moves is followed in this many equal steps.
constexpr int steps = 20;

}  // namespace

Flapping::Flapping(const world::Flaps& flaps, const Draws& draws, std::string name, quantity::SimTime now)
    : flaps_{&flaps}, draws_{&draws}, name_{std::move(name)}, began_{now} {
  if (flaps.chance) is_on_ = draw();
  set_next_turn(now);
}

bool Flapping::draw() { return draws_->happens(*flaps_->chance, name_ + "/" + std::to_string(period_++)); }

void Flapping::set_next_turn(quantity::SimTime now) {
  const double duty = flaps_->duty.value();
  const double part = flaps_->chance ? 1 : is_on_ ? duty : 1 - duty;
  next_turn_ = now + std::max(flaps_->period * part, least_dwell);
}

double Flapping::nodes(quantity::SimTime now) const {
  const auto& [from, to, over] = flaps_->nodes;
  if (over <= quantity::Duration{}) return to.value();
  const double gone = std::min(1.0, (now - began_) / over);
  return from.value() + gone * (to.value() - from.value());
}

quantity::SimTime Flapping::next_date(quantity::SimTime now) const {
  const quantity::Duration over = flaps_->nodes.over;
  if (over <= quantity::Duration{} || now >= began_ + over) return next_turn_;
  return std::min(next_turn_, std::min(began_ + over, now + std::max(over * (1.0 / steps), least_dwell)));
}

bool Flapping::pass(quantity::SimTime now) {
  if (now < next_turn_) return false;
  const bool was_on = is_on_;
  is_on_ = flaps_->chance ? draw() : !is_on_;
  set_next_turn(now);
  return is_on_ != was_on;
}

}  // namespace knockon::simulation
