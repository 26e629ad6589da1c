// How one replication went over time, for pictures: apps on an even grid of dates, services and sessions as spells of
// one state. It is recorded only where a plan asks for it, and changes nothing of what happens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/quantity/time.hpp"

namespace knockon::simulation {

// What is recorded; nothing by default.
struct Recording {
  quantity::Duration step;    // of the grid, from onset on; zero: no course
  bool keeps_spells = false;  // needs a step
  friend bool operator==(const Recording&, const Recording&) = default;
};

enum class Health : std::uint8_t { ok, degraded, down };
[[nodiscard]] const char* text_of(Health health);

// From a date of the grid until the next spell of the same thing, or the end.
struct Spell {
  quantity::Duration from;  // after onset
  Health health = Health::ok;
};

struct Course {
  quantity::Duration step;  // zero: not recorded
  std::size_t points = 0;   // the first at onset (what people were used to), the last not after the horizon
  // Of apps in regions, app-major, each a row of `points`: success as of fresh intents, and tries a second.
  std::vector<float> success, tries_per_s;
  std::vector<double> user_minutes_lost, money_lost;  // of the incident, from onset to each point
  // Ascending, the first at onset; a service is down when it can be used nowhere, degraded when at one of its sites it
  // cannot or fewer than 98 of 100 attempts are answered in full; a kind of session by the share of what is usually
  // held.
  std::vector<std::vector<Spell>> services, sessions;
};

}  // namespace knockon::simulation
