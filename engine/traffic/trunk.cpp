#include "engine/traffic/trunk.hpp"

namespace knockon::traffic {
namespace {

// As many states are kept as a long outage has steps, and fewer of a large world.
constexpr std::size_t stations_max = 256, nodes_max = 50'000;
// Of the changes that were made once, and of the dates, so many of the last at each station are known again.
constexpr std::size_t known_once_max = 8;

}  // namespace

Trunk::Trunk(const Flow::State& begun)
    : stations_max_{std::min(stations_max, nodes_max / std::max<std::size_t>(begun.parts->nodes, 1))} {
  add(begun).state.circuit.stand_still();
}

Trunk::Station& Trunk::add(const Flow::State& state) {
  return *stations_.emplace_back(std::make_unique<Station>(state));
}

Trunk::Station* Trunk::after(Station& station) {
  if (station.next != nullptr || stations_.size() >= stations_max_) return station.next;
  Station& next = add(station.state);
  next.state.advance(station.state.next_date());
  next.state.circuit.stand_still();
  return station.next = &next;
}

Trunk::Station* Trunk::after(const Station& station, quantity::SimTime date, const ChangeWords& changes) const {
  for (const Branch& branch : station.branches) {
    if (branch.date == date && branch.changes == changes) return branch.station;
  }
  return nullptr;
}

Trunk::Station* Trunk::keep(Station& station, quantity::SimTime date, const ChangeWords& changes,
                            const Flow::State& settled) {
  for (Branch& branch : station.branches) {
    if (branch.date != date || branch.changes != changes) continue;
    if (stations_.size() >= stations_max_) return nullptr;
    branch.station = &add(settled);
    branch.station->state.circuit.stand_still();
    return branch.station;
  }
  const auto known_once = [](const Branch& branch) { return branch.station == nullptr; };
  if (static_cast<std::size_t>(std::ranges::count_if(station.branches, known_once)) >= known_once_max)
    station.branches.erase(std::ranges::find_if(station.branches, known_once));
  station.branches.push_back({date, changes, nullptr});
  return nullptr;
}

}  // namespace knockon::traffic
