// How fast apps spend the budgets of their objectives: what share of wishes failed over a time until now, against the
// share that may. Failures are weighed by the people who are awake to meet them; those turned away on purpose are none.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Burns {
 public:
  using Id = std::size_t;

  Burns(const world::World& world, const traffic::Flow& flow) : world_{world}, flow_{flow} {}

  // Watches the app where the target lies, everywhere without a place. What was so at the first look has long been so.
  // REQUIRES: the target is an app.
  Id add(const world::Target& target, std::optional<world::SiteId> here, quantity::Duration window);
  // The left limits at `now`, and the right ones after something has changed.
  void look_left(quantity::SimTime now);
  void look_right(quantity::SimTime now, bool jumped);
  // None where the app has no objective, or nobody uses it.
  [[nodiscard]] std::optional<double> value(Id id, quantity::Duration window) const;
  // Whether the value will change by itself, because older times are not like now.
  [[nodiscard]] bool is_moving(Id id, quantity::Duration window) const;

 private:
  struct Rates {
    double failing = 0, all = 0;  // persons
  };
  struct Point {
    quantity::SimTime at;
    double failed, all;  // person-seconds since the first look
  };
  struct Burn {
    world::AppId app;
    std::vector<world::RegionId> regions;
    double budget = 0;  // share that may fail
    quantity::Duration longest;
    Rates usual, now;
    std::deque<Point> history;
  };

  [[nodiscard]] Rates read(const Burn& burn) const;
  [[nodiscard]] static Point at(const Burn& burn, quantity::Duration before_now);

  const world::World& world_;
  const traffic::Flow& flow_;
  std::vector<Burn> burns_;
};

}  // namespace knockon::simulation
