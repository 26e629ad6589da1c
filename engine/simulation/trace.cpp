#include "engine/simulation/trace.hpp"

#include <bit>

#include "engine/quantity/contract.hpp"
#include "engine/random/stream.hpp"
#include "engine/simulation/numbering.hpp"

namespace knockon::simulation {
namespace {

std::uint64_t hashed(std::uint64_t hash, const Event& event) {
  hash = random::mixed(hash, static_cast<std::uint64_t>(event.at.ticks()));
  hash = random::mixed(hash, static_cast<std::uint64_t>(event.kind));
  hash = random::mixed(hash, number_of(event.about.subject));
  hash = random::mixed(hash, event.about.place ? 1 + number_of(*event.about.place) : 0);
  hash = random::mixed(hash, std::bit_cast<std::uint64_t>(event.value));
  return random::mixed(hash, event.cause);
}

}  // namespace

EventNumber Trace::add(const Event& event, const ComponentSet* touches) {
  quantity::require(event.cause <= events_.size(), "a cause is recorded before what it brings about");
  events_.push_back(event);
  hash_ = hashed(hash_, event);
  const auto number = static_cast<EventNumber>(events_.size());
  if (touches != nullptr) touches_.push_back({number, *touches});
  return number;
}

EventNumber Trace::latest_touching(const ComponentSet& cone, quantity::SimTime date) const {
  for (auto touch = touches_.rbegin(); touch != touches_.rend(); ++touch) {
    const Event& event = events_[touch->number - 1];
    if (event.at <= date.since_start() && touch->components.meets(cone)) return touch->number;
  }
  return 0;
}

std::uint64_t Trace::fingerprint(std::uint64_t last_draw) const { return random::mixed(hash_, last_draw); }

}  // namespace knockon::simulation
