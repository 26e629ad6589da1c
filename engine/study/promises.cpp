#include "engine/study/promises.hpp"

#include "engine/quantity/contract.hpp"
#include "engine/statistics/share.hpp"
#include "engine/statistics/statistic.hpp"

namespace knockon::study {
namespace {

using statistics::Allowed;
using statistics::Bounds;
using statistics::Reading;
using statistics::Sample;
using statistics::Statistic;
using statistics::Verdict;
using world::Comparison;

Allowed allowed_by(const world::Promise& promise) {
  Allowed allowed;
  switch (promise.comparison) {
    case Comparison::less:
    case Comparison::at_most:
      allowed.high = promise.low;
      allowed.without_high = promise.comparison == Comparison::less;
      return allowed;
    case Comparison::greater:
    case Comparison::at_least:
      allowed.low = promise.low;
      allowed.without_low = promise.comparison == Comparison::greater;
      return allowed;
    case Comparison::equal:
      return {.low = promise.low, .high = promise.low};
    case Comparison::within:
      return {.low = promise.low, .high = promise.high};
  }
  return allowed;
}

// What one replication says: a value, or "this or more". What does not exist keeps every promise.
Verdict judged_alone(const Reading& reading, const Allowed& allowed) {
  if (reading.is_undefined()) return Verdict::kept;
  if (reading.is_censored()) return statistics::judged(Bounds{.low = reading.value(), .high = {}}, allowed);
  return statistics::judged(Bounds{.low = reading.value(), .high = reading.value()}, allowed);
}

// A promise without a statistic: one replication breaks it.
PromiseResult judged_in_every(const world::Promise& promise, const Sample& sample) {
  std::size_t kept = 0, broken = 0;
  for (const Reading& reading : sample) {
    const Verdict verdict = judged_alone(reading, allowed_by(promise));
    kept += verdict == Verdict::kept ? 1 : 0;
    broken += verdict == Verdict::broken ? 1 : 0;
  }
  const statistics::ShareEstimate share = statistics::share_of(kept, sample.size());
  PromiseResult result{.text = promise.text};
  if (sample.empty()) return result;
  result.verdict = broken > 0 ? Verdict::broken : kept == sample.size() ? Verdict::kept : Verdict::undecided;
  result.value = share.value.value();
  result.ci95 = Bounds{.low = share.low.value(), .high = share.high.value()};
  return result;
}

// A share of replications has Wilson's interval: 200 of 200 is not yet "always".
Bounds mean_bounds(const world::Promise& promise, const Sample& sample, const Statistic& statistic) {
  if (promise.of.measure == world::Measure::ever_down) {
    std::size_t count = 0;
    for (const Reading& reading : sample) count += reading.value() > 0 ? 1 : 0;
    const statistics::ShareEstimate share = statistics::share_of(count, sample.size());
    return {.low = share.low.value(), .high = share.high.value()};
  }
  Bounds bounds = statistic.ci95.value_or(Bounds{});
  // What the horizon cut off would have been more: its mean is only a lower bound of the true one.
  if (statistic.censored_share.value() > 0) bounds.high.reset();
  return bounds;
}

void take_quantile(PromiseResult& result, const std::optional<statistics::Quantile>& quantile,
                   const std::optional<Bounds>& bounds) {
  if (quantile && !quantile->censored) result.value = quantile->value;
  result.ci95 = bounds;
}

PromiseResult judged_by_statistic(const world::Promise& promise, const Sample& sample,
                                  statistics::Estimator& estimator) {
  // Amounts are ordered like dates here: a run that is still down at the horizon must not count as only that much.
  const bool by_mean = promise.statistic == world::Statistic::mean;
  const Statistic statistic =
      estimator.summary(sample, by_mean ? statistics::Nature::amount : statistics::Nature::date);
  PromiseResult result{.text = promise.text};
  result.unit = unit_of(promise.of.measure);
  switch (promise.statistic) {
    case world::Statistic::mean:
      result.ci95 = mean_bounds(promise, sample, statistic);
      if (statistic.censored_share.value() == 0 || nature_of(promise.of.measure) == statistics::Nature::amount)
        result.value = statistic.mean;
      break;
    case world::Statistic::median:
      take_quantile(result, statistic.p50, statistic.p50_ci95);
      break;
    case world::Statistic::p95:
      take_quantile(result, statistic.p95, statistic.p95_ci95);
      break;
    case world::Statistic::p05:
      take_quantile(result, statistic.p05, statistic.p05_ci95);
      break;
    case world::Statistic::every:
      throw quantity::ContractError{"a promise in every replication has no statistic"};
  }
  const bool nothing_to_judge = statistic.undefined_share.value() == 1;
  result.verdict =
      nothing_to_judge ? Verdict::kept : statistics::judged(result.ci95.value_or(Bounds{}), allowed_by(promise));
  if (result.verdict == Verdict::undecided && result.value) {
    result.replications_needed = statistics::replications_needed(sample.size(), *result.value,
                                                                 result.ci95.value_or(Bounds{}), allowed_by(promise));
  }
  return result;
}

}  // namespace

std::vector<PromiseResult> promises_of(const world::World& world, const Reader& reader,
                                       const std::vector<simulation::Outcome>& outcomes,
                                       statistics::Estimator& estimator) {
  std::vector<PromiseResult> results;
  for (const world::Promise& promise : world.promises) {
    if (is_of_graph(promise.of.measure)) continue;
    Sample sample;
    for (const simulation::Outcome& outcome : outcomes) sample.push_back(reader.reading_of(promise.of, outcome));
    results.push_back(promise.statistic == world::Statistic::every ? judged_in_every(promise, sample)
                                                                   : judged_by_statistic(promise, sample, estimator));
  }
  return results;
}

}  // namespace knockon::study
