// People whose try failed and who will try again: a chain of waits that grow, each left at random after its mean. What
// joins a wait over a step is taken to go straight to what joins it at the end, and moved exactly from there (on the
// last wait, out of which success leads, to the first order of how far success goes); so it is stable for any step,
// follows what is so at its end where waits are short, and loses nobody.
#pragma once

#include <array>
#include <cstddef>

#include "engine/traffic/lanes.hpp"
#include "engine/world/people.hpp"

namespace knockon::traffic {

// Of a step, where what is meant goes straight over it.
template <class Number>
struct OverStep {
  Number mean{}, at_end{};
  static OverStep even(const Number& all_along) { return {all_along, all_along}; }
  friend OverStep operator*(const OverStep& some, const Number& times) {
    return {some.mean * times, some.at_end * times};
  }
};

// Of a share over a step, the part of so long (of the step) that ends so far into it. Neither end of it is less than
// none or more than all.
template <class Number>
OverStep<Number> part_of(const OverStep<Number>& share, double end, double length) {
  const Number room = at_most(share.mean, 1 - share.mean);
  const Number goes = at_most(room, at_least(-room, share.at_end - share.mean));
  return {share.mean + goes * (2 * end - length - 1), share.mean + goes * (2 * end - 1)};
}

// The waits of a population, and what depends on the length of the step alone.
class RetryLadder {
 public:
  static constexpr std::size_t rungs_max = 12;

  // `held_up_s`: how long it takes on average to find out that a try has failed, before each wait.
  explicit RetryLadder(const world::Retry& retry, double held_up_s = 0);

  void set_step(double step_s);
  [[nodiscard]] std::size_t rungs() const { return rungs_; }
  [[nodiscard]] double gives_up_per_s() const { return gives_up_per_s_; }
  [[nodiscard]] double returns_per_s() const { return returns_per_s_; }
  [[nodiscard]] double step_s() const { return step_s_; }
  [[nodiscard]] double steps_per_s() const { return steps_per_s_; }
  [[nodiscard]] double tries_per_s(std::size_t rung) const { return steps_[rung].tries_per_s; }

  // What becomes of one person on a rung that is left with the next try, over a step: of one who is there when it
  // begins, and of one a second who comes.
  struct Rung {
    double tries_per_s = 0, wait_s = 0;
    double stay = 1;          // share that is there at the end
    double here_s = 0;        // mean time spent there; also how many are there at the end, of one a second who comes
    double tries = 0;         // made by one who is there when it begins
    double coming_tries = 0;  // made by all who come, one a second
    // Where one a second more come at the end than at the beginning, and as many in all: how many more are there at the
    // end, and how many fewer tries they have made.
    double late = 0, late_tries = 0;
  };
  [[nodiscard]] const Rung& rung(std::size_t n) const { return steps_[n]; }

 private:
  std::size_t rungs_ = 0;
  std::array<Rung, rungs_max> steps_{};
  double gives_up_per_s_, returns_per_s_, step_s_ = 0, steps_per_s_ = 0;
};

// What came out of one step, in people. Of one pool, or of several side by side (Lanes).
template <class Number>
struct RetryTally {
  Number tries{};     // retries made by those who waited (first tries are the caller's)
  Number answered{};  // of retries
  Number gave_up{};
};

// People waiting, by how often they have failed.
template <class Number>
class RetryPool {
 public:
  [[nodiscard]] Number waiting() const { return total_; }
  [[nodiscard]] Number tries_per_s() const { return tries_per_s_; }  // now
  // Moves the pool over the ladder's step. `first`: tries a second by people who do not wait yet; of all tries
  // `success` is answered.
  RetryTally<Number> move(const RetryLadder& ladder, const OverStep<Number>& first, const OverStep<Number>& success) {
    if (!any(total_ > 0) && !any(first.mean * (1 - success.mean) > 0)) return {};
    return move_on(ladder, first, success);
  }
  // How many tries a second those who wait will make over the ladder's step, about: what move() would find.
  [[nodiscard]] OverStep<Number> foreseen_tries_per_s(const RetryLadder& ladder, const Number& first_per_s,
                                                      const Number& success) const;
  // Takes this share of everyone who waits into `other`.
  void hand_over(const Number& share, RetryPool& other);

 private:
  RetryTally<Number> move_on(const RetryLadder& ladder, const OverStep<Number>& first, const OverStep<Number>& success);

  std::array<Number, RetryLadder::rungs_max> waiting_{};
  Number total_{}, tries_per_s_{};
};

extern template class RetryPool<double>;
extern template class RetryPool<Lanes>;

}  // namespace knockon::traffic
