// How tries will end over the coming step: carried on along a parabola through the last three dates, or as far as there
// are such since the last jump (Adams and Bashforth's steps, of unequal length). By how much that was wrong over the
// step before is known when it is over, and made good in the next.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/traffic/retry_pool.hpp"

namespace knockon::traffic {

// Of so many numbers side by side, each the share of some tries that are answered.
class Foresight {
 public:
  // Some may go by tries (1; else 0, or none given): what that means is said below.
  void begin(std::size_t numbers, const std::vector<double>& may_go_by_tries = {});
  // How tries end now, to be kept so by who knows it.
  [[nodiscard]] double* now() { return now_.data(); }
  // How they end on average over the step; and at its end, if they go straight, or as they settled when it was gone
  // through in parts. Some lanes longer.
  [[nodiscard]] const std::vector<double>& within() const { return within_; }
  [[nodiscard]] const std::vector<double>& at_end() const { return at_end_; }

  // How many tries there are now, a second; and how many were answered over the step that is over, of tries that are
  // minded (below). Likewise.
  [[nodiscard]] double* tries() { return tries_.data(); }
  [[nodiscard]] double* answered() { return answered_.data(); }

  // Nothing goes farther than that, in either direction.
  void look_ahead(double step_s, double most_moved);
  // Who is asked for more than it can do answers so many, however many try. Where how many are answered has been
  // steadier than the share, that is carried on instead, and the share follows from how many try.
  [[nodiscard]] bool any_go_by_tries() const { return any_go_by_tries_; }
  [[nodiscard]] LaneMask go_by_tries(std::size_t first) const { return Lanes::of_all(&by_tries_[first]) > 0; }
  // Of those from `first` on that go by them, so many tries a second are foreseen. What was answered too much or too
  // little is made good in the next step here, too: counted in tries, and what cannot be paid then is kept for later,
  // as long as they go by tries and nothing jumps.
  void mind_tries(std::size_t first, const OverStep<Lanes>& tries);
  // How far the number that was foreseen worst is from what was expected of it at the end of the step.
  [[nodiscard]] double misjudged() const;
  // After a jump nothing can be carried on from before.
  void forget() { step_before_s_ = step_before_that_s_ = 0; }

  // The same step, when how it goes is found part by part instead: what is expected of it is taken back; parts follow,
  // of which so much of the way from one value to the next is behind one on average; and in the end, where something
  // settled, it does not go on as it did, and what people met is known to be so.
  void begin_parts();
  void add_part(double share_of_step, double way);
  void end_parts();
  void forget_what_settled();

 private:
  struct Bounds {
    Lanes least, most;
    [[nodiscard]] Lanes kept(const Lanes& share) const { return at_most(most, at_least(least, share)); }
  };
  [[nodiscard]] Bounds bounds_around(const Lanes& now) const;
  static Lanes at_end_of(const Lanes& now, const Lanes& within, const Lanes& end);

  std::vector<double> now_, within_, at_end_;
  // At the start of this step; how fast that moved over the step before; and what is expected on average over this one,
  // and at its end.
  std::vector<double> ended_, slope_, mean_, expected_;
  // The same in tries a second. Which numbers go by them (1; else 0); how fast what is answered moved over the step
  // before, what is expected of it, and what should have been answered and was not: in tries.
  std::vector<double> tries_, tries_ended_, answered_, by_tries_, answered_slope_, answered_mean_, answered_end_, debt_;
  std::vector<double> may_go_by_tries_;
  std::vector<double> settled_;  // in the step that was gone through in parts: 1; else 0
  bool any_go_by_tries_ = false;
  double most_moved_ = 0;
  double step_before_s_ = 0, step_before_that_s_ = 0;  // 0: there was a jump since
};

}  // namespace knockon::traffic
