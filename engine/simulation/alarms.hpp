// Dates at which something is due. Few and fixed in number, so that the next one is found by looking at all: nothing is
// allocated, nothing is left over, and what is due at one date comes in the order in which the alarms were made.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/quantity/time.hpp"

namespace knockon::simulation {

class Alarms {
 public:
  using Id = std::uint32_t;

  Id add() {
    dates_.push_back(quantity::SimTime::never());
    return static_cast<Id>(dates_.size() - 1);
  }
  void set(Id id, quantity::SimTime date) {
    const bool was_next = dates_[id] == next_;
    dates_[id] = date;
    if (date <= next_) {
      next_ = date;
    } else if (was_next) {
      find_next();
    }
  }
  void clear(Id id) { set(id, quantity::SimTime::never()); }
  [[nodiscard]] quantity::SimTime date(Id id) const { return dates_[id]; }
  [[nodiscard]] quantity::SimTime next() const { return next_; }
  // Whether the alarm has gone off by `now`; it is cleared then.
  [[nodiscard]] bool take(Id id, quantity::SimTime now) {
    if (dates_[id] > now) return false;
    clear(id);
    return true;
  }

 private:
  void find_next() {
    next_ = quantity::SimTime::never();
    for (const quantity::SimTime date : dates_) next_ = std::min(next_, date);
  }

  std::vector<quantity::SimTime> dates_;
  quantity::SimTime next_ = quantity::SimTime::never();
};

}  // namespace knockon::simulation
