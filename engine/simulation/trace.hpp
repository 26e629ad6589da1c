// The causal trace: every state change, in order, with the change that brought it about; and its hash.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/simulation/cones.hpp"
#include "engine/simulation/outcome.hpp"

namespace knockon::simulation {

class Trace {
 public:
  // Returns the event's number. `touches`: the components whose state this event changes, when it is one that does.
  EventNumber add(const Event& event, const ComponentSet* touches = nullptr);

  // The latest event at or before `date` that changed something in the cone; 0: none.
  [[nodiscard]] EventNumber latest_touching(const ComponentSet& cone, quantity::SimTime date) const;
  [[nodiscard]] const Event& operator[](EventNumber number) const { return events_[number - 1]; }
  [[nodiscard]] EventNumber last() const { return static_cast<EventNumber>(events_.size()); }

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  // Of everything so far and one last draw: runs of another seed differ even where nothing happens.
  [[nodiscard]] std::uint64_t fingerprint(std::uint64_t last_draw) const;

 private:
  struct Touch {
    EventNumber number;
    ComponentSet components;
  };
  std::vector<Event> events_;
  std::vector<Touch> touches_;
  std::uint64_t hash_ = 0;
};

// Of two causes the one that happened last: where causes join, the latest brought the change about.
[[nodiscard]] constexpr EventNumber later(EventNumber a, EventNumber b) { return a > b ? a : b; }

}  // namespace knockon::simulation
