#include "engine/study/measures.hpp"

#include <algorithm>
#include <optional>

#include "engine/quantity/contract.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;
using statistics::Nature;
using statistics::Reading;
using world::Measure;

// A date that did not come by the end, of something that was to come.
Reading date(const std::optional<Duration>& date, bool was_to_come, Duration end) {
  if (date) return Reading::exact(date->in_minutes());
  return was_to_come ? Reading::censored(end.in_minutes()) : Reading{};
}

// An amount that would have grown on when the run ended.
Reading amount(double value, bool is_cut_off) { return is_cut_off ? Reading::censored(value) : Reading::exact(value); }

bool reaches(const std::vector<simulation::Interval>& intervals, Duration end) {
  return !intervals.empty() && intervals.back().to >= end;
}

// Time in which at least one app was down in at least one region.
Duration down_anywhere(const simulation::Outcome& outcome) {
  std::vector<simulation::Interval> intervals;
  for (const simulation::AppOutcome& app : outcome.apps_in_regions)
    intervals.insert(intervals.end(), app.down.begin(), app.down.end());
  std::sort(intervals.begin(), intervals.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  Duration sum, reached;
  for (const simulation::Interval& interval : intervals) {
    sum += std::max(Duration{}, interval.to - std::max(interval.from, reached));
    reached = std::max(reached, interval.to);
  }
  return sum;
}

AppMeasure of_app(Measure measure) {
  switch (measure) {
    case Measure::down:
      return AppMeasure::down;
    case Measure::degraded:
      return AppMeasure::degraded;
    case Measure::first_impact:
      return AppMeasure::first_impact;
    case Measure::restored:
      return AppMeasure::restored;
    case Measure::user_minutes:
      return AppMeasure::user_minutes_lost;
    case Measure::money:
      return AppMeasure::money_lost;
    case Measure::credits:
      return AppMeasure::credits_owed;
    case Measure::ever_down:
      return AppMeasure::ever_down;
    default:
      throw quantity::ContractError{"a measure with an app is one that apps have"};
  }
}

IncidentMeasure of_incident(Measure measure) {
  switch (measure) {
    case Measure::detected:
      return IncidentMeasure::detected;
    case Measure::acknowledged:
      return IncidentMeasure::acknowledged;
    case Measure::diagnosed:
      return IncidentMeasure::diagnosed;
    case Measure::announced:
      return IncidentMeasure::announced;
    case Measure::mitigated:
      return IncidentMeasure::mitigated;
    case Measure::restored:
      return IncidentMeasure::restored;
    case Measure::staff_hours:
      return IncidentMeasure::staff_hours;
    case Measure::data_lost:
      return IncidentMeasure::data_lost;
    case Measure::user_minutes:
      return IncidentMeasure::user_minutes_lost;
    case Measure::money:
      return IncidentMeasure::money_lost;
    case Measure::credits:
      return IncidentMeasure::credits_owed;
    case Measure::stuck:
      return IncidentMeasure::stuck;
    default:
      throw quantity::ContractError{"a measure without an app is one that the incident has"};
  }
}

}  // namespace

Unit unit_of(Measure measure) {
  switch (measure) {
    case Measure::user_minutes:
      return Unit::user_minutes;
    case Measure::money:
    case Measure::credits:
      return Unit::money;
    case Measure::ever_down:
      return Unit::share;
    case Measure::staff_hours:
      return Unit::hours;
    case Measure::stuck:
    case Measure::single_points:
    case Measure::knots:
      return Unit::count;
    default:
      return Unit::minutes;
  }
}

Nature nature_of(Measure measure) {
  switch (measure) {
    case Measure::first_impact:
    case Measure::restored:
    case Measure::detected:
    case Measure::acknowledged:
    case Measure::diagnosed:
    case Measure::mitigated:
    case Measure::announced:
      return Nature::date;
    default:
      return Nature::amount;
  }
}

bool is_of_graph(Measure measure) { return measure == Measure::single_points || measure == Measure::knots; }

Nature nature_of(AppMeasure measure) {
  const bool is_date =
      measure == AppMeasure::first_impact || measure == AppMeasure::mitigated || measure == AppMeasure::restored;
  return is_date ? Nature::date : Nature::amount;
}

Nature nature_of(IncidentMeasure measure) {
  return measure <= IncidentMeasure::restored ? Nature::date : Nature::amount;
}

Reading reading_of(AppMeasure measure, const simulation::AppOutcome& app, Duration end) {
  const bool goes_on = app.restored_is_censored();
  switch (measure) {
    case AppMeasure::down:
      return amount(app.down_time().in_minutes(), app.mitigated_is_censored());
    case AppMeasure::degraded:
      return amount(app.degraded_time().in_minutes(), reaches(app.degraded, end));
    case AppMeasure::first_impact:
      return date(app.first_impact, app.hit, end);
    case AppMeasure::mitigated:
      return date(app.mitigated, !app.down.empty(), end);
    case AppMeasure::restored:
      return date(app.restored, app.hit, end);
    case AppMeasure::ever_down:
      return Reading::exact(app.down.empty() ? 0 : 1);
    case AppMeasure::unrestored:
      return Reading::exact(goes_on ? 1 : 0);
    case AppMeasure::dips:
      return Reading::exact(app.dips);
    case AppMeasure::user_minutes_lost:
      return amount(app.user_minutes_lost, goes_on);
    case AppMeasure::failed_journeys:
      return amount(app.failed_journeys, goes_on);
    case AppMeasure::slo_budget_spent:
      return app.slo_budget_spent ? amount(app.slo_budget_spent->value(), goes_on) : Reading{};
    case AppMeasure::money_gross:
      return amount(app.gross.amount(), goes_on);
    case AppMeasure::money_lost:
      return amount(app.lost().amount(), goes_on);
    case AppMeasure::money_deferred:
      return amount(app.deferred.amount(), goes_on);
    case AppMeasure::credits_owed:
      return amount(app.credits.amount(), goes_on);
  }
  return {};
}

Reader::Reader(const world::World& world, world::StrategyId strategy) : world_{world} {
  for (const world::StepId step : world[strategy].steps) {
    diagnoses_ = diagnoses_ || world[step].effect.verb == world::Verb::diagnose;
    announces_ = announces_ || world[step].effect.verb == world::Verb::announce;
  }
}

Reading Reader::reading_of(IncidentMeasure measure, const simulation::Outcome& outcome) const {
  const simulation::IncidentOutcome& incident = outcome.incident;
  const Duration end = end_of(outcome);
  const bool goes_on = incident.restored_censored;
  switch (measure) {
    case IncidentMeasure::detected:
      return date(incident.detected, incident.hit, end);
    case IncidentMeasure::acknowledged:
      return date(incident.acknowledged, incident.hit, end);
    case IncidentMeasure::diagnosed:
      return date(incident.diagnosed, incident.hit && diagnoses_, end);
    case IncidentMeasure::announced:
      return date(incident.announced, incident.hit && announces_, end);
    case IncidentMeasure::mitigated:
      return date(incident.mitigated, incident.mitigated_censored, end);
    case IncidentMeasure::restored:
      return date(incident.restored, goes_on, end);
    case IncidentMeasure::staff_hours:
      return amount(incident.staff_hours, goes_on);
    case IncidentMeasure::data_lost:
      return Reading::exact(incident.data_lost.in_minutes());
    case IncidentMeasure::user_minutes_lost:
      return amount(incident.user_minutes_lost, goes_on);
    case IncidentMeasure::money_gross:
      return amount(incident.gross.amount(), goes_on);
    case IncidentMeasure::money_lost:
      return amount((incident.gross - incident.deferred).amount(), goes_on);
    case IncidentMeasure::money_deferred:
      return amount(incident.deferred.amount(), goes_on);
    case IncidentMeasure::credits_owed: {
      quantity::Money owed;
      for (const simulation::AppOutcome& app : outcome.apps) owed += app.credits;
      return amount(owed.amount(), goes_on);
    }
    case IncidentMeasure::staff_cost:
      return amount(incident.staff_cost.amount(), goes_on);
    case IncidentMeasure::stuck:
      return Reading::exact(static_cast<double>(incident.stuck.size()));
    case IncidentMeasure::down:
      return amount(down_anywhere(outcome).in_minutes(), incident.mitigated_censored);
    case IncidentMeasure::outage:
      return amount(incident.hit ? incident.restored.value_or(end).in_minutes() : 0, goes_on);
  }
  return {};
}

Reading Reader::reading_of(const world::MeasureOf& of, const simulation::Outcome& outcome) const {
  if (!of.app) return reading_of(of_incident(of.measure), outcome);
  const simulation::AppOutcome& app =
      of.region ? outcome.of(*of.app, *of.region, world_.regions.size()) : outcome.apps[of.app->index()];
  return study::reading_of(of_app(of.measure), app, end_of(outcome));
}

Reading Reader::reading_of_observed(std::size_t position, const simulation::Outcome& outcome) const {
  const world::Observed& observed = world_.observed[position];
  if (observed.of) return reading_of(*observed.of, outcome);
  return date(outcome.milestones[position], outcome.incident.hit, end_of(outcome));
}

}  // namespace knockon::study
