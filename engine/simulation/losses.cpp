#include "engine/simulation/losses.hpp"

#include <algorithm>
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
      cells_(scene.world.apps.size() * blocks_) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const world::AppId app{i / blocks_};
    cells_[i].has_objective = scene.world[app].slo_target.has_value();
    add_users(cells_[i], app, block(i % blocks_));
  }
  levels_.resize(curves_.size() * blocks_);
  levels_before_.resize(levels_.size());
}

void Losses::add_users(Cell& cell, world::AppId app, Block block) {
  for (const world::Population& population : scene_.world.populations) {
    const double people = people_in(population);
    const double worth_per_s = people > 0 ? population.worth.per_minute() / 60 / people : 0;
    const Lanes users = Lanes::of(&population.users[block.first_region], block.regions);
    for (const auto& use : population.apps) {
      if (use.app != app) continue;
      const Lanes money_per_s = users * (worth_per_s * use.time.value());
      Weights& present = weights(cell, population.curve);
      present.persons += users * use.uses.value();
      present.time += users * use.time.value();
      Weights& spending = weights(cell, population.worth_curve);
      spending.gross += money_per_s;
      spending.deferred += money_per_s * population.deferred.value();
    }
  }
}

// Of its users who go by the curve; there are such from now on.
Losses::Weights& Losses::weights(Cell& cell, world::CurveId curve) {
  auto known = std::ranges::find(curves_, curve);
  if (known == curves_.end()) known = curves_.insert(curves_.end(), curve);
  const auto position = static_cast<std::size_t>(known - curves_.begin());
  const auto users = std::ranges::find(cell.users, position, &ByCurve::curve);
  if (users != cell.users.end()) return users->weights;
  return cell.users.emplace_back(ByCurve{.curve = position, .weights = {}, .lost_s = {}, .bad_s = {}}).weights;
}

Losses::Sample Losses::read(world::AppId app, Block block) const {
  return {.success = scene_.readings.success(app, block),
          .failing_per_s = scene_.flow.failing_intents_per_s(app, block)};
}

void Losses::read_levels() {
  levels_.swap(levels_before_);
  for (std::size_t c = 0; c < curves_.size(); ++c) {
    for (std::size_t b = 0; b < blocks_; ++b) levels_[c * blocks_ + b] = scene_.flow.level(curves_[c], block(b));
  }
}

void Losses::begin() {
  has_begun_ = true;
  last_ = scene_.now();
  look_right();
  read_levels();
  for (Cell& cell : cells_) cell.usual = cell.before.success;
}

void Losses::look_left(quantity::SimTime now) {
  if (!has_begun_) return;
  read_levels();
  const double seconds = (now - last_).in_seconds();
  for (std::size_t a = 0; a < scene_.world.apps.size(); ++a) {
    for (std::size_t b = 0; b < blocks_; ++b) add(world::AppId{a}, block(b), seconds);
  }
  last_ = now;
}

void Losses::look_right() {
  if (!has_begun_) return;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i].before = read(world::AppId{i / blocks_}, block(i % blocks_));
}

void Losses::add(world::AppId app, Block block, double seconds) {
  Cell& cell = cells_[app.index() * blocks_ + block.number];
  const Sample before = std::exchange(cell.before, read(app, block));
  const Lanes success = cell.before.success;
  cell.failed += (seconds / 2) * (before.failing_per_s + cell.before.failing_per_s);
  const Stretch missed{seconds, at_least(0, cell.usual - before.success), at_least(0, cell.usual - success)};
  const Stretch bad{seconds, 1 - before.success, 1 - success};
  for (ByCurve& users : cell.users) {
    const Lanes from = levels_before_[users.curve * blocks_ + block.number];
    const Lanes to = levels_[users.curve * blocks_ + block.number];
    users.lost_s += missed.integral(from, to);
    if (cell.has_objective) users.bad_s += bad.integral(from, to);
  }
}

// Nobody is in lanes that are no region.
Losses::Toll Losses::toll() const {
  Toll toll;
  for (const Cell& cell : cells_) {
    for (const ByCurve& users : cell.users) {
      toll.user_minutes += (users.weights.time * users.lost_s).sum() / 60;
      toll.money += ((users.weights.gross - users.weights.deferred) * users.lost_s).sum();
    }
  }
  return toll;
}

void Losses::fill(Outcome& outcome) const {
  for (std::size_t a = 0; a < scene_.world.apps.size(); ++a) {
    const world::App& app = scene_.world.apps[a];
    AppOutcome& all = outcome.apps[a];
    double bad_person_s = 0, budget_person_s = 0;
    for (std::size_t r = 0; r < regions_; ++r) {
      const Cell& cell = cells_[a * blocks_ + r / traffic::lanes];
      const std::size_t lane = r % traffic::lanes;
      AppOutcome& here = outcome.apps_in_regions[a * regions_ + r];
      here.failed_journeys = cell.failed[lane];
      double persons = 0, bad_here_s = 0;
      for (const ByCurve& users : cell.users) {
        const double lost_s = users.lost_s[lane];
        persons += users.weights.persons[lane];
        bad_here_s += users.weights.persons[lane] * users.bad_s[lane];
        here.user_minutes_lost += users.weights.persons[lane] * lost_s / 60;
        here.gross += Money{users.weights.gross[lane] * lost_s};
        here.deferred += Money{users.weights.deferred[lane] * lost_s};
        outcome.incident.user_minutes_lost += users.weights.time[lane] * lost_s / 60;
      }
      all.user_minutes_lost += here.user_minutes_lost;
      all.failed_journeys += here.failed_journeys;
      all.gross += here.gross;
      all.deferred += here.deferred;
      outcome.incident.gross += here.gross;
      outcome.incident.deferred += here.deferred;
      if (!app.slo_target) continue;
      const double budget = persons * (1 - app.slo_target->value()) * app.slo_window.in_seconds();
      if (budget > 0) here.slo_budget_spent = quantity::Share{bad_here_s / budget};
      bad_person_s += bad_here_s;
      budget_person_s += budget;
    }
    if (budget_person_s > 0) all.slo_budget_spent = quantity::Share{bad_person_s / budget_person_s};
  }
}

}  // namespace knockon::simulation
