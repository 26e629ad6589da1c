// The share of journeys that are served when k of all instances are gone, chosen at random, each at most once.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/graph/random_choices.hpp"
#include "engine/graph/severity.hpp"

namespace knockon::graph {

struct RandomFailures {
  std::size_t gone = 0, instances = 0;  // k of n
  std::size_t cases = 0;                // looked at
  bool is_exact = false;                // all choices were; else a sample of them
  std::vector<double> served;           // by app: the expected share of its daily use that is served, all regions
  std::vector<double> standard_error;   // by app; zero when exact
};

// Folds what is served in each case into the mean and how sure it is.
class ServedShares {
 public:
  explicit ServedShares(std::size_t apps) : sum_(apps, 0), squares_(apps, 0) {}
  void add(world::AppId app, double share);
  // REQUIRES: found.cases shares were added for each app.
  void fill(RandomFailures& found) const;

 private:
  std::vector<double> sum_, squares_;
};

// REQUIRES: gone <= dependence.instances().
[[nodiscard]] RandomFailures random_failures(const Dependence& dependence, std::size_t gone,
                                             const RandomFailureLimits& limits = {});

}  // namespace knockon::graph
