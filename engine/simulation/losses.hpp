// What the outage took: user-minutes, money, failed journeys and error budget, integrated from onset on.
//
// Success and the curves of the day are straight between two samples (both limits are sampled where they jump), so that
// the integral of their product is exact there.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Losses {
 public:
  explicit Losses(const Scene& scene);

  // The left limits at `now`; the first call after onset's date is known takes what was read just before it as usual.
  void look_left(quantity::SimTime now);
  // The right limits, after a jump.
  void look_right();
  // Onset: what was read last is what people are used to.
  void begin();
  void fill(Outcome& outcome) const;
  // Of the incident, from onset until what was looked at last.
  struct Toll {
    double user_minutes = 0, money = 0;
  };
  [[nodiscard]] Toll toll() const;

 private:
  using Lanes = traffic::Lanes;  // the regions of a block
  struct Sample {
    Lanes success, failing_per_s;
  };
  // What users weigh where their curve is at 1: in persons, and in money a second, per point of an app's success.
  struct Weights {
    Lanes persons, time, gross, deferred;
  };
  // Of an app's users there, those who go by one curve. What goes by the same curve is integrated once.
  struct ByCurve {
    std::size_t curve;  // position in curves_
    Weights weights;
    Lanes lost_s, bad_s;  // success that was missing, and that was less than all, times the curve's level
  };
  // An app there.
  struct Cell {
    bool has_objective = false;
    std::vector<ByCurve> users;
    Sample before;
    Lanes usual;  // q0
    Lanes failed;
  };

  [[nodiscard]] traffic::Block block(std::size_t number) const { return traffic::block_of(regions_, number); }
  void add_users(Cell& cell, world::AppId app, traffic::Block block);
  Weights& weights(Cell& cell, world::CurveId curve);
  [[nodiscard]] Sample read(world::AppId app, traffic::Block block) const;
  void read_levels();
  void add(world::AppId app, traffic::Block block, double seconds);

  const Scene& scene_;
  std::size_t regions_, blocks_;
  std::vector<world::CurveId> curves_;         // that anybody goes by
  std::vector<Lanes> levels_, levels_before_;  // curve x block: at what was looked at last, and before that
  std::vector<Cell> cells_;                    // app x block
  quantity::SimTime last_;
  bool has_begun_ = false;
};

}  // namespace knockon::simulation
