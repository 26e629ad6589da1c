#include "engine/traffic/day.hpp"

#include <algorithm>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::SimTime;

constexpr int looks = 48;

SimTime date_of(int look) { return SimTime::at(Duration::minutes(30 * look)); }

void count(const Flow::State& state, Day& day) {
  for (std::uint32_t i = 0; i < state.parts->instances; ++i) day.peak[i] = std::max(day.peak[i], state.circuit.load(i));
  for (std::uint32_t n = 0; n < state.parts->nodes; ++n) day.usual[n] += state.circuit.arriving(n) / looks;
}

void ask_for_names(Flow::State& state) {
  state.bring_lookups();
  state.touched = true;
  state.settle();
}

template <class Turn>
Day day_of(const Network::Parts& parts, const Turn& turn_to) {
  Day day{std::vector<double>(parts.instances), std::vector<double>(parts.nodes)};
  Flow::State state{parts, {}, true};
  for (int look = 0; look < looks; ++look) {
    turn_to(state, look);
    ask_for_names(state);
    count(state, day);
  }
  return day;
}

}  // namespace

Day measured_day(const Network::Parts& parts) {
  return day_of(parts, [](Flow::State& state, int look) {
    if (look == 0 || !state.is_alike_at_every_hour()) return state.begin(date_of(look));
    state.turn_to(date_of(look));
  });
}

Day measured_day_hour_by_hour(const Network::Parts& parts) {
  return day_of(parts, [](Flow::State& state, int look) { state.begin(date_of(look)); });
}

}  // namespace knockon::traffic
