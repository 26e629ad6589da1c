// One replication told from its fault to its end: what brought each app down, where the minutes went, what was waited
// for, and what would have saved time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/phases.hpp"
#include "engine/study/entry.hpp"
#include "engine/study/replications.hpp"
#include "engine/study/results.hpp"

namespace knockon::study {

// How one app in one region went down (or, if it never did, became degraded): recorded causes only, from the first on.
struct Chain {
  world::AppId app;
  world::RegionId region;
  std::vector<simulation::EventNumber> events;  // the last is the app's own; never empty
};

// A step that had not got what it needs by the horizon.
struct Waiting {
  world::StepId step;
  bool is_stuck = false;               // what it waits for hangs on what it, or a step after it, must mend
  std::vector<std::string> waits_for;  // needs, as written
  std::vector<std::string> because;    // faults and reactions that were still active and can keep it from them
};

// A service that was not ok at the horizon though everything it hangs on, apart from circles, was: where the trouble
// sits.
struct Unwell {
  world::ServiceId service;
  simulation::Health health = simulation::Health::ok;
  quantity::Duration since;               // after onset
  std::vector<std::string> because;       // faults and reactions still active that touch it or what it hangs on
  std::vector<world::ServiceId> with_it;  // those that hang on it and are not ok either
};

// The same replication with one thing changed.
struct Counterfactual {
  std::string without;       // "the need for dashboards"
  double saves_minutes = 0;  // of the time from onset to restored (or the horizon); below zero: it costs as many
  double saves_user_minutes = 0;
  bool is_at_least = false;  // the outage itself was not over by the horizon, so it saves that or more
};

struct Explanation {
  Results results;                              // of this replication alone, its events among them
  std::vector<Chain> chains;                    // by app, then region; of those that were hit
  std::vector<simulation::Stretch> stretches;   // from onset to the end, each with the event that ended it
  std::vector<Waiting> waiting;                 // in the plan's order
  std::vector<Unwell> unwell;                   // by service; empty when all was restored, or no spells were recorded
  std::vector<Counterfactual> counterfactuals;  // the most helpful first

  [[nodiscard]] const simulation::Outcome& outcome() const { return results.outcomes.front(); }
  [[nodiscard]] const world::World& world() const { return *results.world; }
};

// Replication `index` of the entry, played again with everything recorded, and once for every change that can be asked
// about. When it dies, or is interrupted before it ends, there is no outcome: `results` says why.
// REQUIRES: this process has not itself played. Throws IoError when no worker can be started.
[[nodiscard]] Explanation explained(const Entry& entry, std::uint64_t index, unsigned jobs, const Watch& watch = {},
                                    const simulation::Recording& recording = {});

// The same without what would have helped: one replication is played instead of dozens.
[[nodiscard]] Explanation told(const Entry& entry, std::uint64_t index, const Watch& watch = {},
                               const simulation::Recording& recording = {});

}  // namespace knockon::study
