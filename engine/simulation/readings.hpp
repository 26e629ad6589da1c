// How every app does right now, as its users see it, read from the flow once for all who ask.
#pragma once

#include <vector>

#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Readings {
 public:
  struct Reading {
    double success = 0, degraded = 0, stale = 0;
  };

  Readings(const world::World& world, const traffic::Flow& flow);
  void refresh();

  // The addresses stay: watches keep them.
  [[nodiscard]] const Reading& of(world::AppId app, world::RegionId region) const {
    return apps_in_regions_[app.index() * regions_ + region.index()];
  }
  [[nodiscard]] const Reading& of(world::AppId app) const { return apps_[app.index()]; }
  [[nodiscard]] const Reading& of(world::JourneyId journey, world::RegionId region) const {
    return journeys_in_regions_[journey.index() * regions_ + region.index()];
  }
  // All regions by their daily rates.
  [[nodiscard]] const Reading& of(world::JourneyId journey) const { return journeys_[journey.index()]; }

  // Journeys that are their app's only critical one say what it says, and are not read.
  [[nodiscard]] bool reads(world::JourneyId journey) const { return is_read_[journey.index()] != 0; }

  // Whether anybody in the region uses the app: elsewhere it is not judged.
  [[nodiscard]] bool has_users(world::AppId app, world::RegionId region) const {
    return has_users_[app.index() * regions_ + region.index()] != 0;
  }

 private:
  const traffic::Flow& flow_;
  std::size_t regions_;
  std::vector<traffic::Success> successes_;  // of one app in each region, while it is read
  std::vector<Reading> apps_, apps_in_regions_, journeys_, journeys_in_regions_;
  std::vector<char> has_users_, is_read_;  // per app and region; per journey
  std::vector<double> weights_;            // per journey and region: share of its daily rate
};

}  // namespace knockon::simulation
