#include "engine/simulation/losses.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace knockon::simulation {
namespace {

using quantity::Money;

// What a value that runs straight over a stretch makes of another that does: how much the other's first and last count
// in the integral of their product.
struct Stretch {
  double first, last;
  Stretch(double length, double from, double to)
      : first{length * (from / 3 + to / 6)}, last{length * (to / 3 + from / 6)} {}
  [[nodiscard]] double integral(double from, double to) const { return from * first + to * last; }
};

double people_in(const world::Population& population) {
  return std::accumulate(population.users.begin(), population.users.end(), 0.0);
}

}  // namespace

Losses::Losses(const Scene& scene)
    : scene_{scene},
      regions_{scene.world.regions.size()},
      parts_(scene.world.apps.size()),
      activity_(scene.world.populations.size() * regions_, 0),
      worth_(activity_.size(), 0),
      activity_before_(activity_.size(), 0),
      worth_before_(activity_.size(), 0),
      before_(scene.world.apps.size() * regions_),
      now_(before_.size()),
      usual_(before_.size(), 0),
      weights_(before_.size()),
      weighed_at_(before_.size(), quantity::SimTime::never()),
      lost_(before_.size()) {
  for (std::size_t p = 0; p < scene.world.populations.size(); ++p) {
    const world::Population& population = scene.world.populations[p];
    const double people = people_in(population);
    const double worth_per_s = people > 0 ? population.worth.per_minute() / 60 / people : 0;
    for (const auto& share : population.apps) {
      parts_[share.app.index()].push_back({.population = p,
                                           .uses = share.uses.value(),
                                           .time = share.time.value(),
                                           .money_per_s = worth_per_s * share.time.value(),
                                           .deferred = population.deferred.value()});
    }
  }
}

void Losses::read(std::vector<Sample>& samples) const {
  for (std::size_t a = 0; a < parts_.size(); ++a) {
    for (std::size_t r = 0; r < regions_; ++r) {
      const world::AppId app{a};
      const world::RegionId region{r};
      samples[a * regions_ + r] = {.success = scene_.readings.of(app, region).success,
                                   .failing_per_s = scene_.flow.failing_intents(app, region).per_second()};
    }
  }
}

void Losses::read_levels() {
  for (std::size_t p = 0; p < scene_.world.populations.size(); ++p) {
    for (std::size_t r = 0; r < regions_; ++r) {
      activity_[p * regions_ + r] = scene_.flow.activity(world::PopulationId{p}, world::RegionId{r});
      worth_[p * regions_ + r] = scene_.flow.worth_level(world::PopulationId{p}, world::RegionId{r});
    }
  }
}

Losses::Weights Losses::weights(std::size_t app, std::size_t region, const std::vector<double>& activity,
                                const std::vector<double>& worth) const {
  Weights sum;
  for (const Part& part : parts_[app]) {
    const std::size_t cell = part.population * regions_ + region;
    sum.persons += part.uses * activity[cell];
    sum.time += part.time * activity[cell];
    sum.gross += part.money_per_s * worth[cell];
    sum.deferred += part.money_per_s * part.deferred * worth[cell];
  }
  return sum;
}

void Losses::begin() {
  has_begun_ = true;
  last_ = scene_.now();
  read(before_);
  read_levels();
  activity_before_ = activity_;
  worth_before_ = worth_;
  for (std::size_t cell = 0; cell < before_.size(); ++cell) usual_[cell] = before_[cell].success;
}

void Losses::look_left(quantity::SimTime now) {
  if (!has_begun_) return;
  read(now_);
  read_levels();
  const double seconds = (now - last_).in_seconds();
  for (std::size_t app = 0; app < parts_.size(); ++app) {
    for (std::size_t region = 0; region < regions_; ++region) add(app, region, seconds, now);
  }
  std::swap(before_, now_);
  std::swap(activity_before_, activity_);
  std::swap(worth_before_, worth_);
  last_ = now;
}

void Losses::look_right() {
  if (has_begun_) read(before_);
}

void Losses::add(std::size_t app, std::size_t region, double seconds, quantity::SimTime now) {
  const std::size_t cell = app * regions_ + region;
  Lost& lost = lost_[cell];
  lost.failed += seconds * (before_[cell].failing_per_s + now_[cell].failing_per_s) / 2;
  const double from = std::max(0.0, usual_[cell] - before_[cell].success);
  const double to = std::max(0.0, usual_[cell] - now_[cell].success);
  const bool has_objective = scene_.world.apps[app].slo_target.has_value();
  if (from == 0 && to == 0 && !has_objective) return;
  if (weighed_at_[cell] != last_) weights_[cell] = weights(app, region, activity_before_, worth_before_);
  const Weights w0 = std::exchange(weights_[cell], weights(app, region, activity_, worth_));
  weighed_at_[cell] = now;
  const Weights& w1 = weights_[cell];
  const Stretch missed{seconds, from, to};
  lost.sum.persons += missed.integral(w0.persons, w1.persons);
  lost.sum.time += missed.integral(w0.time, w1.time);
  lost.sum.gross += missed.integral(w0.gross, w1.gross);
  lost.sum.deferred += missed.integral(w0.deferred, w1.deferred);
  if (!has_objective) return;
  const Stretch bad{seconds, 1 - before_[cell].success, 1 - now_[cell].success};
  lost.bad_person_s += bad.integral(w0.persons, w1.persons);
}

Losses::Toll Losses::toll() const {
  Toll toll;
  for (const Lost& lost : lost_) {
    toll.user_minutes += lost.sum.time / 60;
    toll.money += lost.sum.gross - lost.sum.deferred;
  }
  return toll;
}

void Losses::fill(Outcome& outcome) const {
  for (std::size_t a = 0; a < parts_.size(); ++a) {
    const world::App& app = scene_.world.apps[a];
    AppOutcome& all = outcome.apps[a];
    double bad_person_s = 0, budget_person_s = 0;
    for (std::size_t r = 0; r < regions_; ++r) {
      const Lost& lost = lost_[a * regions_ + r];
      AppOutcome& here = outcome.apps_in_regions[a * regions_ + r];
      here.user_minutes_lost = lost.sum.persons / 60;
      here.failed_journeys = lost.failed;
      here.gross = Money{lost.sum.gross};
      here.deferred = Money{lost.sum.deferred};
      all.user_minutes_lost += here.user_minutes_lost;
      all.failed_journeys += here.failed_journeys;
      all.gross += here.gross;
      all.deferred += here.deferred;
      outcome.incident.user_minutes_lost += lost.sum.time / 60;
      outcome.incident.gross += here.gross;
      outcome.incident.deferred += here.deferred;
      if (!app.slo_target) continue;
      double users = 0;
      for (const Part& part : parts_[a]) users += part.uses * scene_.world.populations[part.population].users[r];
      const double budget = users * (1 - app.slo_target->value()) * app.slo_window.in_seconds();
      if (budget > 0) here.slo_budget_spent = quantity::Share{lost.bad_person_s / budget};
      bad_person_s += lost.bad_person_s;
      budget_person_s += budget;
    }
    if (budget_person_s > 0) all.slo_budget_spent = quantity::Share{bad_person_s / budget_person_s};
  }
}

}  // namespace knockon::simulation
