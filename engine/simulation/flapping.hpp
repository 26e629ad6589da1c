// The turns of what comes and goes while it is present: on for a part of each period, or for whole periods by a chance
// that is drawn anew for each; and the share of its targets that take part, which may move.
#pragma once

#include <string>

#include "engine/quantity/time.hpp"
#include "engine/simulation/draws.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Flapping {
 public:
  // Present from `now` on. Draws are named after `name`.
  Flapping(const world::Flaps& flaps, const Draws& draws, std::string name, quantity::SimTime now);

  [[nodiscard]] bool is_on() const { return is_on_; }
  // Of its targets, those that take part while it is on.
  [[nodiscard]] double nodes(quantity::SimTime now) const;
  // When it turns, or when another share takes part.
  [[nodiscard]] quantity::SimTime next_date(quantity::SimTime now) const;
  // Whether it has come or gone by `now`.
  [[nodiscard]] bool pass(quantity::SimTime now);

 private:
  void set_next_turn(quantity::SimTime now);
  [[nodiscard]] bool draw();

  const world::Flaps* flaps_;
  const Draws* draws_;
  std::string name_;
  quantity::SimTime began_, next_turn_;
  int period_ = 0;
  bool is_on_ = true;
};

}  // namespace knockon::simulation
