// How every app does right now, as its users see it, read from the flow once for all who ask.
#pragma once

#include <vector>

#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Readings {
 public:
  Readings(const world::World& world, const traffic::Flow& flow);
  void refresh();

  [[nodiscard]] double success(world::AppId app, world::RegionId region) const {
    return success_[first_of(app) + region.index()];
  }
  // In lanes that are no region: anything.
  [[nodiscard]] traffic::Lanes success(world::AppId app, traffic::Block block) const {
    return traffic::Lanes::of_all(&success_[first_of(app) + block.first_region]);
  }
  // Where a metric of an app or a journey is read, in a region or in all by their daily rates; it stays there. Null: it
  // is not read.
  [[nodiscard]] const double* find(world::Metric metric, const world::Target& target) const;

  // Journeys that are their app's only critical one say what it says, and are not read.
  [[nodiscard]] bool reads(world::JourneyId journey) const { return is_read_[journey.index()] != 0; }

  // Whether anybody in the region uses the app: elsewhere it is not judged.
  [[nodiscard]] bool has_users(world::AppId app, world::RegionId region) const {
    return has_users_[app.index() * regions_ + region.index()] != 0;
  }

 private:
  struct Reading {
    double success = 0, degraded = 0, stale = 0;
  };
  static Reading reading_of(const traffic::Success& success);
  [[nodiscard]] std::size_t first_of(world::AppId app) const { return app.index() * blocks_ * traffic::lanes; }

  const traffic::Flow& flow_;
  std::size_t regions_, blocks_;
  traffic::AppSuccesses apps_now_;
  std::vector<double> success_, stale_;  // of apps in regions, as there
  std::vector<Reading> apps_, journeys_, journeys_in_regions_;
  std::vector<char> has_users_, is_read_;  // per app and region; per journey
  std::vector<double> weights_;            // per journey and region: share of its daily rate
};

}  // namespace knockon::simulation
