// How badly failures hit journeys and apps: 256 sets of failures are looked at in one walk over the graph.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/graph/dependence.hpp"

namespace knockon::graph {

// Of a journey: down when nothing is answered, degraded when the answer is poorer than usual or only some get one.
// Of an app: its own conditions, judged on its critical journeys; degraded also when one of these is down. Conditions
// about anything but the app's own success and staleness do not count here.
enum class Severity : std::uint8_t { ok, degraded, down };
[[nodiscard]] const char* text_of(Severity severity);

struct Fates {
  std::vector<Severity> journeys, apps;  // journey-major and app-major, by region
  std::size_t regions = 1;
  [[nodiscard]] Severity of(world::JourneyId id, world::RegionId region) const {
    return journeys[id.index() * regions + region.index()];
  }
  [[nodiscard]] Severity of(world::AppId id, world::RegionId region) const {
    return apps[id.index() * regions + region.index()];
  }
};

// What has failed in one case. Instances are numbered as in Dependence.
struct Failures {
  std::vector<ComponentId> components = {};
  std::vector<std::size_t> instances = {};
};

// Calls `look(case, fates)` for the cases 0 … count - 1 in order; `failures(case)` says what has failed in each. Takes
// O(graph · count / 256).
void for_each_case(const Dependence& dependence, std::size_t count,
                   const std::function<Failures(std::size_t)>& failures,
                   const std::function<void(std::size_t, const Fates&)>& look);

[[nodiscard]] Fates fates_of(const Dependence& dependence, const Failures& failures);

}  // namespace knockon::graph
