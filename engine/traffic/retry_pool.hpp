// People whose try failed and who will try again: a chain of waits that grow, each left at random after its mean. Moved
// exactly over a step in which what happens to tries is constant, so it is stable for any step and loses nobody.
#pragma once

#include <array>
#include <cstddef>

#include "engine/world/people.hpp"

namespace knockon::traffic {

// The waits of a population, and what depends on the length of the step alone.
class RetryLadder {
 public:
  static constexpr std::size_t rungs_max = 12;

  explicit RetryLadder(const world::Retry& retry);

  void set_step(double step_s);
  [[nodiscard]] std::size_t rungs() const { return rungs_; }
  [[nodiscard]] double wait_s(std::size_t rung) const { return wait_s_[rung]; }
  [[nodiscard]] double tries_per_s(std::size_t rung) const { return tries_per_s_[rung]; }  // of each who waits there
  [[nodiscard]] double gives_up_per_s() const { return gives_up_per_s_; }
  [[nodiscard]] double returns_per_s() const { return returns_per_s_; }
  [[nodiscard]] double step_s() const { return step_s_; }
  // Mean stay on a rung, in seconds, until the next try or giving up; and the share that stays over a whole step.
  [[nodiscard]] double mean_stay_s(std::size_t rung) const { return mean_stay_s_[rung]; }
  [[nodiscard]] double stay(std::size_t rung) const { return stay_[rung]; }

 private:
  std::size_t rungs_ = 0;
  std::array<double, rungs_max> wait_s_{}, tries_per_s_{}, mean_stay_s_{}, stay_{};
  double gives_up_per_s_, returns_per_s_, step_s_ = 0;
};

// What came out of one step, in people.
struct RetryTally {
  double tries = 0;     // retries made by those who waited (first tries are the caller's)
  double answered = 0;  // of retries
  double gave_up = 0;
};

// People waiting, by how often they have failed.
class RetryPool {
 public:
  void clear() {
    waiting_.fill(0);
    total_ = 0;
  }
  [[nodiscard]] bool is_empty() const { return total_ == 0; }
  [[nodiscard]] double waiting() const { return total_; }
  // Tries a second now.
  [[nodiscard]] double tries_per_s(const RetryLadder& ladder) const;
  // Moves the pool over the ladder's step: `failed_first` people a second join whose first try failed; of retries
  // `success` are answered.
  RetryTally move(const RetryLadder& ladder, double failed_first_per_s, double success);
  // Takes this share of everyone who waits into `other`.
  void hand_over(double share, RetryPool& other);

 private:
  std::array<double, RetryLadder::rungs_max> waiting_{};
  double total_ = 0;
};

}  // namespace knockon::traffic
