// The share of journeys that are served when k of all instances are gone, chosen at random, each at most once.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/graph/severity.hpp"

namespace knockon::graph {

struct RandomFailures {
  std::size_t gone = 0, instances = 0;  // k of n
  std::size_t cases = 0;                // looked at
  bool is_exact = false;                // all choices were; else a sample of them
  std::vector<double> served;           // by app: the expected share of its daily use that is served, all regions
  std::vector<double> standard_error;   // by app; zero when exact
};

struct RandomFailureLimits {
  std::size_t enumerated = 20'000;  // choices up to which all are looked at
  std::size_t sampled = 6'400;      // cases otherwise
  std::uint64_t seed = 1;
};

// REQUIRES: gone <= dependence.instances().
[[nodiscard]] RandomFailures random_failures(const Dependence& dependence, std::size_t gone,
                                             const RandomFailureLimits& limits = {});

}  // namespace knockon::graph
