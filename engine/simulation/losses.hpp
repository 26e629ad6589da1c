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
  // What one app's share of a population weighs in one region, in persons and money per second of its lost success.
  struct Weights {
    double persons = 0, time = 0, gross = 0, deferred = 0;
  };
  struct Part {  // of a population, that uses the app
    std::size_t population;
    double uses, time, money_per_s, deferred;
  };
  struct Sample {
    double success = 0, failing_per_s = 0;
  };
  struct Lost {
    Weights sum;
    double bad_person_s = 0, failed = 0;
  };

  void read(std::vector<Sample>& samples) const;
  void read_levels();
  [[nodiscard]] Weights weights(std::size_t app, std::size_t region, const std::vector<double>& activity,
                                const std::vector<double>& worth) const;
  void add(std::size_t app, std::size_t region, double seconds, quantity::SimTime now);

  const Scene& scene_;
  std::size_t regions_;
  std::vector<std::vector<Part>> parts_;                                   // by app
  std::vector<double> activity_, worth_, activity_before_, worth_before_;  // population-major
  std::vector<Sample> before_, now_;                                       // app-major
  std::vector<double> usual_;                                              // q0
  std::vector<Weights> weights_;                                           // at the date when they were last asked for
  std::vector<quantity::SimTime> weighed_at_;
  std::vector<Lost> lost_;
  quantity::SimTime last_;
  bool has_begun_ = false;
};

}  // namespace knockon::simulation
