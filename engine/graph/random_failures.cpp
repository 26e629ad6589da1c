#include "engine/graph/random_failures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/quantity/contract.hpp"
#include "engine/random/stream.hpp"

namespace knockon::graph {
namespace {

using Choice = std::vector<std::size_t>;

// n over k, or anything above `most` when it is more than that.
std::size_t choices(std::size_t n, std::size_t k, std::size_t most) {
  k = std::min(k, n - k);
  double count = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    count = count * static_cast<double>(n - k + i) / static_cast<double>(i);
    if (count > static_cast<double>(most) + 0.5) return most + 1;
  }
  return static_cast<std::size_t>(std::llround(count));
}

Choice first_choice(std::size_t k) {
  Choice choice(k);
  std::iota(choice.begin(), choice.end(), std::size_t{0});
  return choice;
}

// The next one in lexicographic order. REQUIRES: there is one.
void advance(Choice& choice, std::size_t n) {
  std::size_t i = choice.size();
  while (i > 0 && choice[i - 1] == n - choice.size() + (i - 1)) --i;
  ++choice[i - 1];
  for (; i < choice.size(); ++i) choice[i] = choice[i - 1] + 1;
}

// R. Floyd's way: k different numbers below n from k draws.
Choice drawn(std::size_t k, std::size_t n, random::Stream& stream) {
  Choice choice;
  std::vector<bool> is_taken(n, false);
  for (std::size_t last = n - k; last < n; ++last) {
    const auto candidate = static_cast<std::size_t>(stream.uniform() * static_cast<double>(last + 1));
    choice.push_back(is_taken[candidate] ? last : candidate);
    is_taken[choice.back()] = true;
  }
  return choice;
}

// By app: the share of its daily use that is answered, over all regions.
class Served {
 public:
  explicit Served(const Dependence& dependence) : world_{dependence.world()}, rates_(world_.journeys.size()) {
    const std::size_t regions = world_.regions.size();
    for (auto& rates : rates_) rates.assign(regions, 0);
    for (const world::Population& population : world_.populations) {
      for (const auto& habit : population.does) {
        for (std::size_t r = 0; r < regions; ++r) {
          rates_[habit.journey.index()][r] += population.users[r] * habit.per_user.per_second();
        }
      }
    }
    for (const world::App& app : world_.apps) {
      double sum = 0;
      for (const world::JourneyId journey : app.journeys) {
        sum = std::accumulate(rates_[journey.index()].begin(), rates_[journey.index()].end(), sum);
      }
      for (const world::JourneyId journey : app.journeys) {
        const double alike = 1 / static_cast<double>(app.journeys.size() * regions);
        for (double& rate : rates_[journey.index()]) rate = sum > 0 ? rate / sum : alike;
      }
    }
  }

  [[nodiscard]] double of(world::AppId app, const Fates& fates) const {
    double served = 0;
    for (const world::JourneyId journey : world_[app].journeys) {
      for (std::size_t r = 0; r < world_.regions.size(); ++r) {
        if (fates.of(journey, world::RegionId{r}) != Severity::down) served += rates_[journey.index()][r];
      }
    }
    return served;
  }

 private:
  const world::World& world_;
  std::vector<std::vector<double>> rates_;  // by journey and region; of an app they add up to one
};

}  // namespace

RandomFailures random_failures(const Dependence& dependence, std::size_t gone, const RandomFailureLimits& limits) {
  const std::size_t n = dependence.instances(), apps = dependence.world().apps.size();
  quantity::require(gone <= n, "no more instances can be gone than there are");
  RandomFailures found{.gone = gone, .instances = n};
  const std::size_t all = choices(n, gone, limits.enumerated);
  found.is_exact = all <= limits.enumerated;
  found.cases = found.is_exact ? all : limits.sampled;
  Choice choice = first_choice(gone);
  random::Stream stream{{.seed = limits.seed, .index = 0}, "graph/random-failures/" + std::to_string(gone)};
  const auto next = [&](std::size_t i) {
    if (!found.is_exact) return Failures{.instances = drawn(gone, n, stream)};
    if (i > 0) advance(choice, n);
    return Failures{.instances = choice};
  };
  const Served served{dependence};
  std::vector<double> sum(apps, 0), squares(apps, 0);
  for_each_case(dependence, found.cases, next, [&](std::size_t, const Fates& fates) {
    for (std::size_t a = 0; a < apps; ++a) {
      const double share = served.of(world::AppId{a}, fates);
      sum[a] += share;
      squares[a] += share * share;
    }
  });
  const auto count = static_cast<double>(found.cases);
  for (std::size_t a = 0; a < apps; ++a) {
    const double mean = sum[a] / count;
    const double variance = std::max(0.0, squares[a] / count - mean * mean);
    found.served.push_back(mean);
    found.standard_error.push_back(found.is_exact || count < 2 ? 0 : std::sqrt(variance / (count - 1)));
  }
  return found;
}

}  // namespace knockon::graph
