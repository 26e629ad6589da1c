#include "engine/simulation/readings.hpp"

#include <algorithm>

namespace knockon::simulation {
namespace {

double daily_rate(const world::World& world, world::JourneyId journey, world::RegionId region) {
  double rate = 0;
  for (std::size_t p = 0; p < world.populations.size(); ++p) {
    rate += world::daily_rate(world, journey, world::PopulationId{p}, region).per_second();
  }
  return rate;
}

bool uses(const world::Population& population, world::AppId app) {
  return std::any_of(population.apps.begin(), population.apps.end(),
                     [app](const auto& share) { return share.app == app; });
}

std::size_t critical_journeys(const world::World& world, const world::App& app) {
  return static_cast<std::size_t>(
      std::count_if(app.journeys.begin(), app.journeys.end(), [&](world::JourneyId id) { return world[id].critical; }));
}

}  // namespace

Readings::Readings(const world::World& world, const traffic::Flow& flow)
    : flow_{flow},
      regions_{world.regions.size()},
      blocks_{traffic::blocks_of(regions_)},
      apps_(world.apps.size()),
      journeys_(world.journeys.size()),
      journeys_in_regions_(world.journeys.size() * regions_),
      has_users_(world.apps.size() * regions_, 0),
      is_read_(world.journeys.size(), 0),
      weights_(world.journeys.size() * regions_, 0) {
  for (std::vector<double>* plane : {&apps_now_.ok, &apps_now_.degraded, &success_, &stale_})
    plane->resize(world.apps.size() * blocks_ * traffic::lanes);
  apps_now_.all.resize(world.apps.size());
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    for (const world::Population& population : world.populations) {
      if (!uses(population, world::AppId{a})) continue;
      for (std::size_t r = 0; r < regions_; ++r) {
        if (population.users[r] > 0) has_users_[a * regions_ + r] = 1;
      }
    }
    // A single critical journey says what its app says; it need not be read twice.
    const bool several = critical_journeys(world, world.apps[a]) > 1;
    for (const world::JourneyId id : world.apps[a].journeys)
      is_read_[id.index()] = several && world[id].critical ? 1 : 0;
  }
  for (std::size_t j = 0; j < world.journeys.size(); ++j) {
    double sum = 0;
    for (std::size_t r = 0; r < regions_; ++r) {
      sum += weights_[j * regions_ + r] = daily_rate(world, world::JourneyId{j}, world::RegionId{r});
    }
    for (std::size_t r = 0; r < regions_; ++r) {
      double& weight = weights_[j * regions_ + r];
      weight = sum > 0 ? weight / sum : 1.0 / static_cast<double>(regions_);
    }
  }
}

Readings::Reading Readings::reading_of(const traffic::Success& success) {
  return {.success = success.total(), .degraded = success.degraded, .stale = success.stale()};
}

const double* Readings::find(world::Metric metric, const world::Target& target) const {
  const auto* region = target.place ? std::get_if<world::RegionId>(&*target.place) : nullptr;
  if (target.place && region == nullptr) return nullptr;
  const auto* app = std::get_if<world::AppId>(&target.subject);
  const auto* journey = std::get_if<world::JourneyId>(&target.subject);
  if (app == nullptr && (journey == nullptr || !reads(*journey))) return nullptr;
  const auto place = [&](const std::vector<double>& plane, double Reading::*value) {
    if (app != nullptr) return region ? &plane[first_of(*app) + region->index()] : &(apps_[app->index()].*value);
    const Reading& reading =
        region ? journeys_in_regions_[journey->index() * regions_ + region->index()] : journeys_[journey->index()];
    return &(reading.*value);
  };
  switch (metric) {
    case world::Metric::success:
      return place(success_, &Reading::success);
    case world::Metric::degraded:
      return place(apps_now_.degraded, &Reading::degraded);
    case world::Metric::stale:
      return place(stale_, &Reading::stale);
    default:
      return nullptr;
  }
}

void Readings::refresh() {
  flow_.read(apps_now_);
  for (std::size_t a = 0; a < apps_.size(); ++a) apps_[a] = reading_of(apps_now_.all[a]);
  for (std::size_t i = 0; i < success_.size(); i += traffic::lanes) {
    const traffic::Lanes degraded = traffic::Lanes::of_all(&apps_now_.degraded[i]);
    const traffic::Lanes total = traffic::Lanes::of_all(&apps_now_.ok[i]) + degraded;
    total.put_all(&success_[i]);
    (any(degraded > 0) ? where(total > 0, degraded / total, 0) : 0).put_all(&stale_[i]);
  }
  for (std::size_t j = 0; j < journeys_.size(); ++j) {
    if (is_read_[j] == 0) continue;
    traffic::Success all;
    for (std::size_t r = 0; r < regions_; ++r) {
      const traffic::Success here = flow_.success(world::JourneyId{j}, world::RegionId{r});
      journeys_in_regions_[j * regions_ + r] = reading_of(here);
      all.ok += here.ok * weights_[j * regions_ + r];
      all.degraded += here.degraded * weights_[j * regions_ + r];
    }
    journeys_[j] = reading_of(all);
  }
}

}  // namespace knockon::simulation
