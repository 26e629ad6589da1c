// One measure over all replications: what reports print of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/statistics/bounds.hpp"
#include "engine/statistics/quantile.hpp"
#include "engine/statistics/reading.hpp"
#include "engine/statistics/resamples.hpp"

namespace knockon::statistics {

// What a censored reading means.
enum class Nature : std::uint8_t {
  amount,  // restricted to the horizon: the amount by then is a value like any other, and only the censored share tells
  date,    // later than the horizon: it has no mean, and orders after every date that was seen
};

struct Quantile {
  double value = 0;
  bool censored = false;  // only known to be this or more
  friend constexpr bool operator==(const Quantile&, const Quantile&) = default;
};

// Everything but the shares is about the replications that read something; what these cannot give is absent.
struct Statistic {
  Nature nature = Nature::amount;
  std::size_t n = 0;  // all replications, also those without a value
  quantity::Share undefined_share, censored_share;
  std::optional<double> mean;
  std::optional<Bounds> ci95;  // of the mean
  std::optional<Quantile> p05, p50, p95;
  std::optional<Bounds> p05_ci95, p50_ci95, p95_ci95;
};

// Summarises samples one after the other, and remembers only what costs time to work out again: a summary is a function
// of its sample alone.
class Estimator {
 public:
  [[nodiscard]] Statistic summary(const Sample& sample, Nature nature);

 private:
  struct RanksOfQuantiles {
    Ranks p05, p50, p95;
  };
  [[nodiscard]] const RanksOfQuantiles& ranks(std::size_t n);
  [[nodiscard]] std::optional<Bounds> mean_bounds(const std::vector<double>& values);

  Resamples resamples_;
  std::map<std::size_t, RanksOfQuantiles> ranks_;
};

}  // namespace knockon::statistics
