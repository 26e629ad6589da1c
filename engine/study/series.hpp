// How apps went over time, over the replications whose courses were recorded: at each point of the grid the median and
// the 5th and 95th percentile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

// By point of the grid.
struct Band {
  std::vector<double> p05, p50, p95;
};

struct Series {
  quantity::Duration step;                 // zero: no course was recorded
  std::size_t points = 0;                  // that all the courses have
  std::size_t replications = 0;            // with a course
  std::vector<Band> success, tries_per_s;  // app-major, of apps in regions
  Band user_minutes_lost, money_lost;      // of the incident, from onset to the point
};

[[nodiscard]] Series series_of(const world::World& world, const std::vector<simulation::Outcome>& outcomes);

// A round step that cuts the scenario's time into 240 to 480 points.
[[nodiscard]] quantity::Duration course_step(const world::World& world);

// How many courses of the world's apps may be kept: memory must not grow with the number of replications.
[[nodiscard]] std::uint64_t courses_max(const world::World& world);

}  // namespace knockon::study
