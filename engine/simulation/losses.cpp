#include "engine/simulation/losses.hpp"

#include <numeric>
#include <utility>

namespace knockon::simulation {
namespace {

using quantity::Money;
using traffic::Block;
using traffic::Lanes;

// What a value that runs straight over a stretch makes of another that does: how much the other's first and last count
// in the integral of their product.
struct Stretch {
  Lanes first, last;
  Stretch(double length, const Lanes& from, const Lanes& to)
      : first{(length / 6) * (from + from + to)}, last{(length / 6) * (to + to + from)} {}
  [[nodiscard]] Lanes integral(const Lanes& from, const Lanes& to) const { return from * first + to * last; }
};

double people_in(const world::Population& population) {
  return std::accumulate(population.users.begin(), population.users.end(), 0.0);
}

}  // namespace

Losses::Losses(const Scene& scene)
    : scene_{scene},
      regions_{scene.world.regions.size()},
      blocks_{traffic::blocks_of(regions_)},
      parts_(scene.world.apps.size()),
      levels_(scene.world.populations.size() * blocks_),
      cells_(scene.world.apps.size() * blocks_) {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i].has_objective = scene.world.apps[i / blocks_].slo_target.has_value();
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
    for (std::size_t b = 0; b < blocks_; ++b)
      users_.push_back(Lanes::of(&population.users[block(b).first_region], block(b).regions));
  }
}

Losses::Sample Losses::read(world::AppId app, Block block) const {
  return {.success = scene_.readings.success(app, block),
          .failing_per_s = scene_.flow.failing_intents_per_s(app, block)};
}

void Losses::read_levels() {
  for (std::size_t p = 0; p < scene_.world.populations.size(); ++p) {
    const world::Population& population = scene_.world.populations[p];
    for (std::size_t b = 0; b < blocks_; ++b) {
      const Lanes users = users_[p * blocks_ + b];
      levels_[p * blocks_ + b] = {.activity = users * scene_.flow.level(population.curve, block(b)),
                                  .worth = users * scene_.flow.level(population.worth_curve, block(b))};
    }
  }
}

Losses::Weights Losses::weights(world::AppId app, Block block) const {
  Weights sum;
  for (const Part& part : parts_[app.index()]) {
    const Level& level = levels_[part.population * blocks_ + block.number];
    sum.persons += part.uses * level.activity;
    sum.time += part.time * level.activity;
    sum.gross += part.money_per_s * level.worth;
    sum.deferred += part.money_per_s * part.deferred * level.worth;
  }
  return sum;
}

void Losses::begin() {
  has_begun_ = true;
  last_ = scene_.now();
  look_right();
  read_levels();
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    cells_[i].usual = cells_[i].before.success;
    cells_[i].weights = weights(world::AppId{i / blocks_}, block(i % blocks_));
  }
}

void Losses::look_left(quantity::SimTime now) {
  if (!has_begun_) return;
  read_levels();
  const double seconds = (now - last_).in_seconds();
  for (std::size_t a = 0; a < parts_.size(); ++a) {
    for (std::size_t b = 0; b < blocks_; ++b) add(world::AppId{a}, block(b), seconds);
  }
  last_ = now;
}

void Losses::look_right() {
  if (!has_begun_) return;
  for (std::size_t a = 0; a < parts_.size(); ++a) {
    for (std::size_t b = 0; b < blocks_; ++b) cells_[a * blocks_ + b].before = read(world::AppId{a}, block(b));
  }
}

void Losses::add(world::AppId app, Block block, double seconds) {
  Cell& cell = cells_[app.index() * blocks_ + block.number];
  const Sample before = std::exchange(cell.before, read(app, block));
  cell.failed += (seconds / 2) * (before.failing_per_s + cell.before.failing_per_s);
  const Lanes from = at_least(0, cell.usual - before.success), to = at_least(0, cell.usual - cell.before.success);
  const Weights w0 = std::exchange(cell.weights, weights(app, block));
  const Weights& w1 = cell.weights;
  const Stretch missed{seconds, from, to};
  cell.lost.persons += missed.integral(w0.persons, w1.persons);
  cell.lost.time += missed.integral(w0.time, w1.time);
  cell.lost.gross += missed.integral(w0.gross, w1.gross);
  cell.lost.deferred += missed.integral(w0.deferred, w1.deferred);
  if (!cell.has_objective) return;
  const Stretch bad{seconds, 1 - before.success, 1 - cell.before.success};
  cell.bad_person_s += bad.integral(w0.persons, w1.persons);
}

// Nobody is in lanes that are no region.
Losses::Toll Losses::toll() const {
  Toll toll;
  for (const Cell& cell : cells_) {
    toll.user_minutes += cell.lost.time.sum() / 60;
    toll.money += (cell.lost.gross - cell.lost.deferred).sum();
  }
  return toll;
}

void Losses::fill(Outcome& outcome) const {
  for (std::size_t a = 0; a < parts_.size(); ++a) {
    const world::App& app = scene_.world.apps[a];
    AppOutcome& all = outcome.apps[a];
    double bad_person_s = 0, budget_person_s = 0;
    for (std::size_t r = 0; r < regions_; ++r) {
      const Cell& cell = cells_[a * blocks_ + r / traffic::lanes];
      const std::size_t lane = r % traffic::lanes;
      AppOutcome& here = outcome.apps_in_regions[a * regions_ + r];
      here.user_minutes_lost = cell.lost.persons[lane] / 60;
      here.failed_journeys = cell.failed[lane];
      here.gross = Money{cell.lost.gross[lane]};
      here.deferred = Money{cell.lost.deferred[lane]};
      all.user_minutes_lost += here.user_minutes_lost;
      all.failed_journeys += here.failed_journeys;
      all.gross += here.gross;
      all.deferred += here.deferred;
      outcome.incident.user_minutes_lost += cell.lost.time[lane] / 60;
      outcome.incident.gross += here.gross;
      outcome.incident.deferred += here.deferred;
      if (!app.slo_target) continue;
      double users = 0;
      for (const Part& part : parts_[a]) users += part.uses * scene_.world.populations[part.population].users[r];
      const double budget = users * (1 - app.slo_target->value()) * app.slo_window.in_seconds();
      if (budget > 0) here.slo_budget_spent = quantity::Share{cell.bad_person_s[lane] / budget};
      bad_person_s += cell.bad_person_s[lane];
      budget_person_s += budget;
    }
    if (budget_person_s > 0) all.slo_budget_spent = quantity::Share{bad_person_s / budget_person_s};
  }
}

}  // namespace knockon::simulation
