// A day on which nothing is broken: what services without a size of their own are sized by, and what conditions and
// added load are counted in.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

struct Day {
  std::vector<double> peak;   // per instance, in units of cost a second: at its busiest
  std::vector<double> usual;  // per node, attempts a second: on average
};

// REQUIRES: no service has a capacity yet.
[[nodiscard]] Day measured_day(const Network::Parts& parts);
// The same with every hour begun from nothing: what the other is held to.
[[nodiscard]] Day measured_day_hour_by_hour(const Network::Parts& parts);

}  // namespace knockon::traffic
