#include "engine/traffic/foresight.hpp"

#include <algorithm>

#include "engine/traffic/lanes.hpp"

namespace knockon::traffic {
namespace {

// What slows down to less than this part of its speed has come to a stop, and will not turn back.
constexpr double stopping = 0.5;

}  // namespace

void Foresight::begin(std::size_t numbers) {
  for (std::vector<double>* plane : {&now_, &within_, &at_end_, &ended_, &slope_, &mean_, &expected_})
    plane->assign(blocks_of(numbers + lanes) * lanes, 0);
  forget();
}

void Foresight::look_ahead(double step_s, double most_moved) {
  const double before_s = step_before_s_, both_before_s = step_before_s_ + step_before_that_s_;
  const double per_step_before = before_s > 0 ? 1 / before_s : 0;
  const double per_both_before = step_before_that_s_ > 0 ? 1 / both_before_s : 0;
  const double owed_part = before_s / step_s;
  for (std::size_t i = 0; i < now_.size(); i += lanes) {
    const Lanes now = Lanes::of_all(&now_[i]), ended = Lanes::of_all(&ended_[i]);
    const Lanes slope_before = Lanes::of_all(&slope_[i]), mean_before = Lanes::of_all(&mean_[i]);
    const Lanes slope = (now - ended) * per_step_before;
    const LaneMask stops = (slope * slope_before <= 0) | (magnitude(slope) < stopping * magnitude(slope_before));
    const Lanes bend = where(stops, 0, (slope - slope_before) * per_both_before);
    const Lanes was = (ended + now) / 2 - bend * before_s * before_s / 6;
    const Lanes owed = (was - mean_before) * owed_part;
    // Steps are chosen so that nothing goes farther; where it stops short (at 1, say), a parabola would not.
    const Lanes least = at_least(0, now - most_moved), most = at_most(1, now + most_moved);
    const auto clamped = [&](const Lanes& share) { return at_most(most, at_least(least, share)); };
    const Lanes mean = now + step_s * (slope / 2 + (step_s / 3 + before_s / 2) * bend);
    const Lanes end = now + step_s * (slope + (step_s + before_s) * bend);
    const Lanes within = clamped(mean + owed), expected = clamped(end);
    within.put_all(&within_[i]);
    at_most(1, at_least(0, within + (expected - now) / 2)).put_all(&at_end_[i]);
    now.put_all(&ended_[i]);
    slope.put_all(&slope_[i]);
    clamped(mean).put_all(&mean_[i]);
    expected.put_all(&expected_[i]);
  }
  step_before_that_s_ = step_before_s_;
  step_before_s_ = step_s;
}

double Foresight::misjudged() const {
  Lanes farthest = 0;
  for (std::size_t i = 0; i < now_.size(); i += lanes)
    farthest = at_least(farthest, magnitude(Lanes::of_all(&now_[i]) - Lanes::of_all(&expected_[i])));
  return farthest.most();
}

void Foresight::begin_parts() {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    within_[i] -= mean_[i];  // what is owed
    mean_[i] = 0;
    expected_[i] = now_[i];
  }
}

void Foresight::add_part(double share_of_step, double way) {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    mean_[i] += (expected_[i] + (now_[i] - expected_[i]) * way) * share_of_step;
    expected_[i] = now_[i];
  }
}

void Foresight::end_parts() {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    within_[i] = std::clamp(mean_[i] + within_[i], 0.0, 1.0);
    at_end_[i] = std::clamp(now_[i], 0.0, 1.0);
  }
}

void Foresight::forget_what_settled() {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    if (expected_[i] == ended_[i]) continue;
    ended_[i] = mean_[i] = expected_[i] = now_[i];
    slope_[i] = 0;
  }
}

}  // namespace knockon::traffic
