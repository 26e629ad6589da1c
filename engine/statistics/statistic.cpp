#include "engine/statistics/statistic.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace knockon::statistics {
namespace {

// The readings that say something, ascending; of dates the censored ones last, whatever their bounds.
std::vector<Reading> in_order(const Sample& sample, Nature nature) {
  std::vector<Reading> defined;
  defined.reserve(sample.size());
  std::copy_if(sample.begin(), sample.end(), std::back_inserter(defined),
               [](const Reading& r) { return !r.is_undefined(); });
  std::sort(defined.begin(), defined.end(), [nature](const Reading& a, const Reading& b) {
    const bool a_last = nature == Nature::date && a.is_censored(), b_last = nature == Nature::date && b.is_censored();
    if (a_last != b_last) return b_last;
    if (a.value() != b.value()) return a.value() < b.value();
    return a.is_exact() && b.is_censored();
  });
  return defined;
}

Quantile quantile_of(const std::vector<Reading>& ordered, int percent) {
  const Reading& reading = ordered[quantile_rank(ordered.size(), percent) - 1];
  return {.value = reading.value(), .censored = reading.is_censored()};
}

Bounds quantile_bounds(const std::vector<Reading>& ordered, const Ranks& ranks, Nature nature) {
  const auto end = [&](std::optional<std::size_t> rank) -> std::optional<double> {
    if (!rank) return std::nullopt;
    const Reading& reading = ordered[*rank - 1];
    if (nature == Nature::date && reading.is_censored()) return std::nullopt;
    return reading.value();
  };
  Bounds bounds{.low = end(ranks.low), .high = end(ranks.high)};
  // A lower end among censored dates is still a lower end: the truth is later than that run's horizon.
  if (ranks.low && !bounds.low) bounds.low = ordered[*ranks.low - 1].value();
  return bounds;
}

}  // namespace

Statistic Estimator::summary(const Sample& sample, Nature nature) {
  Statistic statistic;
  statistic.nature = nature;
  statistic.n = sample.size();
  if (sample.empty()) return statistic;

  const std::vector<Reading> ordered = in_order(sample, nature);
  const auto censored = std::count_if(ordered.begin(), ordered.end(), [](const Reading& r) { return r.is_censored(); });
  const auto n = static_cast<double>(sample.size());
  statistic.undefined_share = quantity::Share{static_cast<double>(sample.size() - ordered.size()) / n};
  statistic.censored_share = quantity::Share{static_cast<double>(censored) / n};
  if (ordered.empty()) return statistic;

  if (nature == Nature::amount || censored == 0) {
    std::vector<double> values;  // in replication order, so that measures that belong together are resampled together
    values.reserve(sample.size());
    for (const Reading& reading : sample) {
      if (!reading.is_undefined()) values.push_back(reading.value());
    }
    double sum = 0;
    for (const double value : values) sum += value;
    statistic.mean = sum / static_cast<double>(values.size());
    statistic.ci95 = mean_bounds(values);
  }
  statistic.p05 = quantile_of(ordered, 5);
  statistic.p50 = quantile_of(ordered, 50);
  statistic.p95 = quantile_of(ordered, 95);
  const RanksOfQuantiles& around = ranks(ordered.size());
  statistic.p05_ci95 = quantile_bounds(ordered, around.p05, nature);
  statistic.p50_ci95 = quantile_bounds(ordered, around.p50, nature);
  statistic.p95_ci95 = quantile_bounds(ordered, around.p95, nature);
  return statistic;
}

// Where no value is negative, nor is the lower end: no minutes were ever won by an outage.
std::optional<Bounds> Estimator::mean_bounds(const std::vector<double>& values) {
  std::optional<Bounds> bounds = resamples_.mean_bounds(values);
  const bool is_never_negative = std::all_of(values.begin(), values.end(), [](double value) { return value >= 0; });
  if (bounds && is_never_negative) bounds->low = std::max(*bounds->low, 0.0);
  return bounds;
}

const Estimator::RanksOfQuantiles& Estimator::ranks(std::size_t n) {
  const auto [entry, is_new] = ranks_.try_emplace(n);
  if (is_new) {
    entry->second = {
        .p05 = quantile_bounds_ranks(n, 5), .p50 = quantile_bounds_ranks(n, 50), .p95 = quantile_bounds_ranks(n, 95)};
  }
  return entry->second;
}

}  // namespace knockon::statistics
