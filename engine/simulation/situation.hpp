// What is so by name: which faults and reactions are active, which monitors alert, which steps are done, which apps are
// down; and the event that made it so. Conditions read it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/simulation/hits.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Situation {
 public:
  // A thing that is so or not, since an event.
  struct Fact {
    bool holds = false;
    EventNumber since = 0;
  };
  // A reaction, at one of its places when it has several.
  struct ReactionFact : Fact {
    std::optional<world::SiteId> site;
  };

  explicit Situation(const world::World& world)
      : faults(world.faults.size()),
        reactions(world.reactions.size()),
        alerts(world.monitors.size()),
        done(world.steps.size()),
        failed(world.steps.size()),
        apps_down(world.apps.size() * (world.regions.size() + 1)),
        regions_{world.regions.size()} {
    for (std::size_t i = 0; i < world.reactions.size(); ++i) {
      for (const world::SiteId site : world.reactions[i].per) reactions[i].push_back({{}, site});
      if (world.reactions[i].per.empty()) reactions[i].push_back({{}, std::nullopt});
    }
  }

  // No region: judged on all users together.
  [[nodiscard]] Fact& app_down(world::AppId app, std::optional<world::RegionId> region) {
    return apps_down[app.index() * (regions_ + 1) + (region ? region->index() : regions_)];
  }
  [[nodiscard]] const Fact& app_down(world::AppId app, std::optional<world::RegionId> region) const {
    return apps_down[app.index() * (regions_ + 1) + (region ? region->index() : regions_)];
  }
  // Counts changes, so that a reader knows when to look again.
  void set(Fact& fact, bool holds, EventNumber event) {
    fact.holds = holds;
    fact.since = event;
    ++changes_;
  }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  std::vector<Fact> faults;
  std::vector<std::vector<ReactionFact>> reactions;
  std::vector<Fact> alerts;
  std::vector<Fact> done, failed;
  std::vector<Fact> apps_down;

 private:
  std::size_t regions_;
  std::uint64_t changes_ = 0;
};

}  // namespace knockon::simulation
