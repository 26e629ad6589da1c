// Writes down the course of a replication while it is played.
#pragma once

#include <vector>

#include "engine/simulation/course.hpp"
#include "engine/simulation/losses.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

// Readings are straight between two dates of the clock, so points of the grid between them are interpolated: no date is
// added, and the replication goes as it would have gone unseen.
class CourseRecorder {
 public:
  CourseRecorder(const Scene& scene, const Losses& losses);

  // Onset: what was read last is the first point.
  void begin();
  // The left limits at `now`, after the losses have taken them.
  void look_left(quantity::SimTime now);
  // The right limits, after a jump.
  void look_right();
  // REQUIRES: the horizon has come.
  [[nodiscard]] Course taken();

 private:
  struct Sample {
    std::vector<double> success, tries_per_s;  // app-major
    Losses::Toll toll;
  };

  void read(Sample& sample) const;
  void add_points(quantity::SimTime until);
  void add_point(double share);  // of the way from the sample before to the one now
  void add_spells();
  [[nodiscard]] Health health_of(world::ServiceId service) const;
  [[nodiscard]] Health health_of(world::SessionId session) const;
  [[nodiscard]] double held(world::SessionId session) const;

  const Scene& scene_;
  const Losses& losses_;
  std::size_t regions_;
  quantity::SimTime onset_, last_;
  Sample before_, now_;
  std::vector<double> usually_held_;  // by kind of session
  Course course_;
  std::size_t capacity_ = 0;  // points in all
  bool has_begun_ = false;
};

}  // namespace knockon::simulation
