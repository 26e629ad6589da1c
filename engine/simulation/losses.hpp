// What the outage took: user-minutes, money, failed journeys and error budget, integrated from onset on.
//
// Success and the curves of the day are straight between two samples (both limits are sampled where they jump), so that
// the integral of their product is exact there.
#pragma once

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
  // What an app's users weigh there, in persons and money per second of its lost success.
  struct Weights {
    Lanes persons, time, gross, deferred;
  };
  struct Part {  // of a population, that uses the app
    std::size_t population;
    double uses, time, money_per_s, deferred;
  };
  struct Sample {
    Lanes success, failing_per_s;
  };
  // An app there.
  struct Cell {
    Sample before;
    Lanes usual;      // q0
    Weights weights;  // at what was looked at last
    Weights lost;
    Lanes bad_person_s, failed;
    bool has_objective;
  };
  // Of a population there: its users times its curves.
  struct Level {
    Lanes activity, worth;
  };

  [[nodiscard]] traffic::Block block(std::size_t number) const { return traffic::block_of(regions_, number); }
  [[nodiscard]] Sample read(world::AppId app, traffic::Block block) const;
  void read_levels();
  [[nodiscard]] Weights weights(world::AppId app, traffic::Block block) const;
  void add(world::AppId app, traffic::Block block, double seconds);

  const Scene& scene_;
  std::size_t regions_, blocks_;
  std::vector<std::vector<Part>> parts_;  // by app
  std::vector<Lanes> users_;              // population x block
  std::vector<Level> levels_;             // likewise, at what was looked at last
  std::vector<Cell> cells_;               // app x block
  quantity::SimTime last_;
  bool has_begun_ = false;
};

}  // namespace knockon::simulation
