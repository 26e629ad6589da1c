#include "engine/study/results.hpp"

#include <algorithm>
#include <numeric>

#include "engine/random/stream.hpp"
#include "engine/study/measures.hpp"

namespace knockon::study {
namespace {

using simulation::AppOutcome;
using simulation::Outcome;
using statistics::Sample;
using statistics::ShareEstimate;
using statistics::Statistic;

class Fold {
 public:
  Fold(const world::World& world, const Results& results, const Reader& reader, statistics::Estimator& estimator)
      : world_{world}, outcomes_{results.outcomes}, reader_{reader}, estimator_{estimator} {}

  // `place` finds the app's outcome within a replication's.
  template <class Place>
  AppMeasures app(const Place& place, bool has_objective) {
    const auto sample = [&](AppMeasure measure) {
      return sample_of(
          [&](const Outcome& outcome) { return reading_of(measure, place(outcome), reader_.end_of(outcome)); });
    };
    const auto summary = [&](AppMeasure measure) { return estimator_.summary(sample(measure), nature_of(measure)); };
    AppMeasures measures;
    measures.down_minutes = summary(AppMeasure::down);
    measures.degraded_minutes = summary(AppMeasure::degraded);
    measures.first_impact_minute = summary(AppMeasure::first_impact);
    measures.mitigated_minute = summary(AppMeasure::mitigated);
    measures.restored_minute = summary(AppMeasure::restored);
    measures.ever_down = share_where([&](const Outcome& outcome) { return !place(outcome).down.empty(); });
    measures.ever_hit = share_where([&](const Outcome& outcome) { return place(outcome).hit; });
    measures.unrestored = share_where([&](const Outcome& outcome) { return place(outcome).restored_is_censored(); });
    measures.dips = summary(AppMeasure::dips);
    measures.user_minutes_lost = summary(AppMeasure::user_minutes_lost);
    measures.failed_journeys = summary(AppMeasure::failed_journeys);
    if (has_objective) measures.slo_budget_spent = summary(AppMeasure::slo_budget_spent);
    measures.money_gross = summary(AppMeasure::money_gross);
    measures.money_lost = summary(AppMeasure::money_lost);
    measures.money_deferred = summary(AppMeasure::money_deferred);
    measures.credits_owed = summary(AppMeasure::credits_owed);
    return measures;
  }

  AppResults app(world::AppId id) {
    const bool has_objective = world_[id].slo_target.has_value();
    AppResults results;
    results.all =
        app([id](const Outcome& outcome) -> const AppOutcome& { return outcome.apps[id.index()]; }, has_objective);
    const std::size_t regions = world_.regions.size();
    for (std::size_t r = 0; r < regions; ++r) {
      const world::RegionId region{r};
      results.regions.push_back(app(
          [=](const Outcome& outcome) -> const AppOutcome& { return outcome.of(id, region, regions); }, has_objective));
    }
    return results;
  }

  IncidentMeasures incident() {
    const auto summary = [&](IncidentMeasure measure) {
      const Sample sample = sample_of([&](const Outcome& outcome) { return reader_.reading_of(measure, outcome); });
      return estimator_.summary(sample, nature_of(measure));
    };
    IncidentMeasures measures;
    measures.detected_minute = summary(IncidentMeasure::detected);
    measures.acknowledged_minute = summary(IncidentMeasure::acknowledged);
    measures.diagnosed_minute = summary(IncidentMeasure::diagnosed);
    measures.announced_minute = summary(IncidentMeasure::announced);
    measures.mitigated_minute = summary(IncidentMeasure::mitigated);
    measures.restored_minute = summary(IncidentMeasure::restored);
    measures.staff_hours = summary(IncidentMeasure::staff_hours);
    measures.data_lost_minutes = summary(IncidentMeasure::data_lost);
    measures.user_minutes_lost = summary(IncidentMeasure::user_minutes_lost);
    measures.money_gross = summary(IncidentMeasure::money_gross);
    measures.money_lost = summary(IncidentMeasure::money_lost);
    measures.money_deferred = summary(IncidentMeasure::money_deferred);
    measures.credits_owed = summary(IncidentMeasure::credits_owed);
    measures.staff_cost = summary(IncidentMeasure::staff_cost);
    measures.stuck_steps = summary(IncidentMeasure::stuck);
    measures.down_minutes = summary(IncidentMeasure::down);
    measures.outage_minutes = summary(IncidentMeasure::outage);
    measures.hit = share_where([](const Outcome& outcome) { return outcome.incident.hit; });
    return measures;
  }

  Statistic observed(std::size_t position) {
    const world::Observed& observed = world_.observed[position];
    const Sample sample =
        sample_of([&](const Outcome& outcome) { return reader_.reading_of_observed(position, outcome); });
    return estimator_.summary(sample, observed.of ? nature_of(observed.of->measure) : statistics::Nature::date);
  }

 private:
  template <class Read>
  Sample sample_of(const Read& read) {
    Sample sample;
    sample.reserve(outcomes_.size());
    for (const Outcome& outcome : outcomes_) sample.push_back(read(outcome));
    return sample;
  }

  template <class Holds>
  ShareEstimate share_where(const Holds& holds) {
    const auto count = std::count_if(outcomes_.begin(), outcomes_.end(), holds);
    return statistics::share_of(static_cast<std::size_t>(count), outcomes_.size());
  }

  const world::World& world_;
  const std::vector<Outcome>& outcomes_;
  const Reader& reader_;
  statistics::Estimator& estimator_;
};

std::uint64_t fingerprint_of(const std::vector<Outcome>& outcomes) {
  std::uint64_t hash = random::hash_of("run");
  for (const Outcome& outcome : outcomes) hash = random::mixed(random::mixed(hash, outcome.index), outcome.fingerprint);
  return hash;
}

std::array<double, simulation::phase_count> phase_means(const std::vector<Outcome>& outcomes) {
  std::array<double, simulation::phase_count> means{};
  for (std::size_t phase = 0; phase < means.size(); ++phase) {
    for (const Outcome& outcome : outcomes) means[phase] += outcome.phases[phase].in_minutes();
    if (!outcomes.empty()) means[phase] /= static_cast<double>(outcomes.size());
  }
  return means;
}

}  // namespace

Results results_of(const world::World& world, Subject subject, Replications replications) {
  Results results;
  results.world = &world;
  results.subject = std::move(subject);
  results.first = replications.first;
  results.finished = replications.outcomes.size();
  results.requested = replications.requested;
  results.interrupted = replications.interrupted;
  results.died = std::move(replications.died);
  results.outcomes = std::move(replications.outcomes);
  results.fingerprint = fingerprint_of(results.outcomes);
  results.phase_minutes = phase_means(results.outcomes);
  results.median = median_of(results.outcomes);

  const Reader reader{world, results.subject.strategy};
  statistics::Estimator estimator;
  Fold fold{world, results, reader, estimator};
  for (std::size_t app = 0; app < world.apps.size(); ++app) results.apps.push_back(fold.app(world::AppId{app}));
  results.incident = fold.incident();
  for (std::size_t i = 0; i < world.observed.size(); ++i) results.observed.push_back(fold.observed(i));
  results.promises = promises_of(world, reader, results.outcomes, estimator);
  return results;
}

std::optional<std::size_t> median_of(const std::vector<Outcome>& outcomes) {
  if (outcomes.empty()) return std::nullopt;
  std::vector<std::size_t> positions(outcomes.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  // Stable: outcomes are in the order of their indices, which decide ties.
  std::stable_sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
    return outcomes[a].incident.user_minutes_lost < outcomes[b].incident.user_minutes_lost;
  });
  return positions[(positions.size() - 1) / 2];
}

bool too_many_died(const Results& results) { return results.died.size() * 100 > results.requested; }

}  // namespace knockon::study
