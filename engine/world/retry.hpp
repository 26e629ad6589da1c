// How people, and machines that hold sessions, try again what has failed.
#pragma once

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"

namespace knockon::world {

// How people retry a failed try, one by one.
struct Retry {
  quantity::Duration first = quantity::Duration::seconds(5);
  double factor = 2;
  quantity::Duration up_to = quantity::Duration::minutes(5);
  quantity::Share jitter = quantity::Share::percent(20);
  quantity::Rate gives_up = quantity::Rate::per_hour(0.30);  // of those who are retrying
  random::DurationDistribution returns;                      // after giving up
  friend bool operator==(const Retry&, const Retry&) = default;
};

}  // namespace knockon::world
