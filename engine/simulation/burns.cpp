#include "engine/simulation/burns.hpp"

#include <algorithm>
#include <cmath>

#include "engine/simulation/hits.hpp"

namespace knockon::simulation {

using quantity::Duration;
using quantity::SimTime;

Burns::Id Burns::add(const world::Target& target, std::optional<world::SiteId> here, Duration window) {
  Burn burn;
  burn.app = std::get<world::AppId>(target.subject);
  burn.regions = regions_of(world_, target.place, here);
  const auto& objective = world_[burn.app].slo_target;
  burn.budget = objective ? 1 - objective->value() : 0;
  burn.longest = window;
  // One history for all who ask of the same people: who asks later knows what was before.
  const auto known = std::find_if(burns_.begin(), burns_.end(), [&](const Burn& other) {
    return other.app == burn.app && other.regions == burn.regions;
  });
  if (known != burns_.end()) {
    known->longest = std::max(known->longest, window);
    return static_cast<Id>(known - burns_.begin());
  }
  burns_.push_back(std::move(burn));
  return burns_.size() - 1;
}

Burns::Rates Burns::read(const Burn& burn) const {
  Rates rates;
  for (const world::RegionId region : burn.regions) {
    double people = 0;
    for (std::size_t p = 0; p < world_.populations.size(); ++p) {
      for (const auto& share : world_.populations[p].apps) {
        if (share.app == burn.app) people += share.uses.value() * flow_.activity(world::PopulationId{p}, region);
      }
    }
    const auto success = flow_.value(world::Metric::success, {burn.app, region});
    rates.all += people;
    rates.failing += people * (1 - success.value_or(1));
  }
  return rates;
}

void Burns::look_left(SimTime now) {
  for (Burn& burn : burns_) {
    if (burn.history.empty() || now <= burn.history.back().at) continue;
    const Rates before = burn.now;
    burn.now = read(burn);
    const Point& last = burn.history.back();
    const double seconds = (now - last.at).in_seconds();
    burn.history.push_back({.at = now,
                            .failed = last.failed + seconds * (before.failing + burn.now.failing) / 2,
                            .all = last.all + seconds * (before.all + burn.now.all) / 2});
    // The last one before the window is needed to reach back to its begin.
    while (burn.history.size() > 2 && burn.history[1].at.since_start() + burn.longest < now.since_start()) {
      burn.history.pop_front();
    }
  }
}

void Burns::look_right(SimTime now, bool jumped) {
  for (Burn& burn : burns_) {
    const bool is_first = burn.history.empty();
    if (jumped || is_first) burn.now = read(burn);
    if (!is_first) continue;
    burn.usual = burn.now;
    burn.history.push_back({.at = now, .failed = 0, .all = 0});
  }
}

Burns::Point Burns::at(const Burn& burn, Duration before_now) {
  const Duration date = burn.history.back().at.since_start() - before_now;
  const Point& first = burn.history.front();
  if (date <= first.at.since_start()) {
    const double seconds = (first.at.since_start() - date).in_seconds();
    return {
        .at = {}, .failed = first.failed - seconds * burn.usual.failing, .all = first.all - seconds * burn.usual.all};
  }
  const auto after = std::find_if(burn.history.begin(), burn.history.end(),
                                  [date](const Point& point) { return point.at.since_start() >= date; });
  const Point& before = *std::prev(after);
  const double part = (date - before.at.since_start()) / (after->at - before.at);
  return {.at = {},
          .failed = before.failed + part * (after->failed - before.failed),
          .all = before.all + part * (after->all - before.all)};
}

std::optional<double> Burns::value(Id id, Duration window) const {
  const Burn& burn = burns_[id];
  if (burn.budget <= 0 || burn.history.empty()) return std::nullopt;
  const Point before = at(burn, window);
  const double all = burn.history.back().all - before.all;
  if (all <= 0) return std::nullopt;
  return (burn.history.back().failed - before.failed) / all / burn.budget;
}

bool Burns::is_moving(Id id, Duration window) const {
  const Burn& burn = burns_[id];
  const std::optional<double> so_far = value(id, window);
  if (!so_far || burn.now.all <= 0) return false;
  constexpr double as_good_as_equal = 1e-6;
  return std::abs(*so_far * burn.budget - burn.now.failing / burn.now.all) > as_good_as_equal;
}

}  // namespace knockon::simulation
