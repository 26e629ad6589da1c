// How tries will end over the coming step: carried on along a parabola through the last three dates, or as far as there
// are such since the last jump (Adams and Bashforth's steps, of unequal length). By how much that was wrong over the
// step before is known when it is over, and made good in the next.
#pragma once

#include <cstddef>
#include <vector>

namespace knockon::traffic {

// Of so many numbers side by side, each the share of some tries that are answered.
class Foresight {
 public:
  void begin(std::size_t numbers);
  // How tries end now, to be kept so by who knows it.
  [[nodiscard]] double* now() { return now_.data(); }
  // How they end on average over the step; and at its end, if they go straight, or as they settled when it was gone
  // through in parts. Some lanes longer.
  [[nodiscard]] const std::vector<double>& within() const { return within_; }
  [[nodiscard]] const std::vector<double>& at_end() const { return at_end_; }

  // Nothing goes farther than that, in either direction.
  void look_ahead(double step_s, double most_moved);
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
  std::vector<double> now_, within_, at_end_;
  // At the start of this step; how fast that moved over the step before; and what is expected on average over this one,
  // and at its end.
  std::vector<double> ended_, slope_, mean_, expected_;
  double step_before_s_ = 0, step_before_that_s_ = 0;  // 0: there was a jump since
};

}  // namespace knockon::traffic
