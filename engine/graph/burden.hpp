// What calls cost before anything fails: how deep and how wide they go, how long they take, how much more of them there
// are when everything is tried again, and where the caller does not wait as long as the callee may take.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/graph/dependence.hpp"

namespace knockon::graph {

// How many services call a service (fan-in), and how many it calls.
struct Fan {
  world::ServiceId service;
  std::size_t in = 0, out = 0;
};

// The slowest journey's calls: medians of service times and ways there and back, one call after the other unless they
// are parallel; async calls are not waited for.
struct LatencyPath {
  world::JourneyId journey;
  world::RegionId region;
  quantity::Duration total;
  std::vector<world::OperationId> path;  // at each level the call that takes longest
};

// When everything behind fails, each level tries again: tries multiply along the path.
struct Amplification {
  world::OperationId operation;
  double times = 1;                      // attempts for one try of a person, the product along the path
  std::vector<world::OperationId> path;  // from the journey's call down to the operation
};

// A call that gives up before what it calls would have.
struct Impatience {
  std::size_t caller_journey = none;  // the journey that calls, or
  std::size_t caller_operation = none;
  world::OperationId callee;
  quantity::Duration waits, may_take;  // the caller's timeout; all attempts and pauses of the callee's own calls
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

struct Burden {
  std::size_t depth = 0;                      // services on the longest chain of calls
  std::vector<world::ServiceId> deepest;      // that chain
  std::vector<Fan> fans;                      // by service; calls alone count
  std::vector<LatencyPath> latency_paths;     // one a journey, in the region where it takes longest; longest first
  std::vector<Amplification> amplifications;  // above one, the largest first
  std::vector<Impatience> impatience;         // the largest may_take / waits first
};

// Takes O(calls · sites).
[[nodiscard]] Burden burden_of(const Dependence& dependence);

}  // namespace knockon::graph
