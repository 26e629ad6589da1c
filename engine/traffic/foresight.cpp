#include "engine/traffic/foresight.hpp"

#include <algorithm>

namespace knockon::traffic {
namespace {

// What slows down to less than this part of its speed has come to a stop, and will not turn back.
constexpr double stopping = 0.5;
// Where more are answered than that there is no lack.
constexpr double all_but = 1 - 1e-9;

}  // namespace

void Foresight::begin(std::size_t numbers, const std::vector<double>& may_go_by_tries) {
  for (std::vector<double>* plane :
       {&now_, &within_, &at_end_, &ended_, &slope_, &mean_, &expected_, &tries_, &tries_ended_, &answered_, &by_tries_,
        &answered_slope_, &answered_mean_, &answered_end_, &debt_, &settled_, &may_go_by_tries_})
    plane->assign(blocks_of(numbers + lanes) * lanes, 0);
  std::copy(may_go_by_tries.begin(), may_go_by_tries.end(), may_go_by_tries_.begin());
  forget();
}

void Foresight::look_ahead(double step_s, double most_moved) {
  const double before_s = step_before_s_, both_before_s = step_before_s_ + step_before_that_s_;
  const double per_step_before = before_s > 0 ? 1 / before_s : 0;
  const double per_both_before = step_before_that_s_ > 0 ? 1 / both_before_s : 0;
  const double owed_part = before_s / step_s;
  // What was so at the last date and is so now, and how fast it moved before: carried on.
  struct Course {
    Lanes slope, mean, end;  // over the step before; on average over the coming one, and at its end
    Lanes was;               // on average over the step before
  };
  const auto course_of = [&](const Lanes& ended, const Lanes& now, const Lanes& slope_before) {
    const Lanes slope = (now - ended) * per_step_before;
    const LaneMask stops = (slope * slope_before <= 0) | (magnitude(slope) < stopping * magnitude(slope_before));
    const Lanes bend = where(stops, 0, (slope - slope_before) * per_both_before);
    return Course{.slope = slope,
                  .mean = now + step_s * (slope / 2 + (step_s / 3 + before_s / 2) * bend),
                  .end = now + step_s * (slope + (step_s + before_s) * bend),
                  .was = (ended + now) / 2 - bend * before_s * before_s / 6};
  };
  any_go_by_tries_ = false;
  most_moved_ = most_moved;
  for (std::size_t i = 0; i < now_.size(); i += lanes) {
    const Lanes now = Lanes::of_all(&now_[i]), ended = Lanes::of_all(&ended_[i]);
    const Course share = course_of(ended, now, Lanes::of_all(&slope_[i]));
    const Lanes owed = (share.was - Lanes::of_all(&mean_[i])) * owed_part;
    const Bounds bounds = bounds_around(now);
    const Lanes mean = bounds.kept(share.mean), within = bounds.kept(share.mean + owed), end = bounds.kept(share.end);

    const Lanes tries = Lanes::of_all(&tries_[i]), tries_ended = Lanes::of_all(&tries_ended_[i]);
    LaneMask by_tries = (Lanes::of_all(&may_go_by_tries_[i]) > 0) & (now < all_but) & (tries > 0) & (tries_ended > 0);
    if (any(by_tries)) {
      const Lanes answered = now * tries, answered_ended = ended * tries_ended;
      const Course flow = course_of(answered_ended, answered, Lanes::of_all(&answered_slope_[i]));
      const LaneMask is_steadier =
          magnitude(answered - answered_ended) * (now + ended) < magnitude(now - ended) * (answered + answered_ended);
      const LaneMask did_before = Lanes::of_all(&by_tries_[i]) > 0;
      by_tries = by_tries & (before_s > 0 ? is_steadier : did_before);
      any_go_by_tries_ = any_go_by_tries_ || any(by_tries);
      flow.slope.put_all(&answered_slope_[i]);
      flow.mean.put_all(&answered_mean_[i]);
      flow.end.put_all(&answered_end_[i]);
      // What was made good as a share has been paid and is no debt.
      const Lanes paid = (Lanes::of_all(&within_[i]) - Lanes::of_all(&mean_[i])) * ((tries + tries_ended) / 2);
      const Lanes lacks = flow.was - (Lanes::of_all(&answered_[i]) - where(did_before, 0, paid));
      const Lanes debt = Lanes::of_all(&debt_[i]) + lacks * before_s;
      (before_s > 0 ? where(by_tries, debt, 0) : 0).put_all(&debt_[i]);
    } else {
      Lanes{0}.put_all(&answered_slope_[i]);
      Lanes{0}.put_all(&debt_[i]);
    }
    where(by_tries, 1, 0).put_all(&by_tries_[i]);

    within.put_all(&within_[i]);
    at_end_of(now, within, end).put_all(&at_end_[i]);
    now.put_all(&ended_[i]);
    tries.put_all(&tries_ended_[i]);
    share.slope.put_all(&slope_[i]);
    mean.put_all(&mean_[i]);
    end.put_all(&expected_[i]);
  }
  step_before_that_s_ = step_before_s_;
  step_before_s_ = step_s;
}

void Foresight::mind_tries(std::size_t first, const OverStep<Lanes>& tries) {
  const LaneMask by_tries = go_by_tries(first) & (tries.mean > 0) & (tries.at_end > 0);
  const Lanes now = Lanes::of_all(&now_[first]);
  const Bounds bounds = bounds_around(now);
  const Lanes per_try = 1 / where(by_tries, tries.mean, 1);
  const Lanes end = bounds.kept(Lanes::of_all(&answered_end_[first]) / where(by_tries, tries.at_end, 1));
  // Either goes straight, and when most try fewest are answered: a third of what half the ways come to is missing.
  const Lanes apart = (end - now) / 2 * (tries.at_end - tries.mean) / 3;
  const Lanes share = (Lanes::of_all(&answered_mean_[first]) - apart) * per_try;
  const Lanes within = bounds.kept(share + Lanes::of_all(&debt_[first]) / step_before_s_ * per_try);
  const auto put = [&](const Lanes& foreseen, std::vector<double>& plane) {
    where(by_tries, foreseen, Lanes::of_all(&plane[first])).put_all(&plane[first]);
  };
  put(within, within_);
  put(at_end_of(now, within, end), at_end_);
  put(bounds.kept(share), mean_);
  put(end, expected_);
}

// Steps are chosen so that nothing goes farther; where it stops short (at 1, say), a parabola would not.
Foresight::Bounds Foresight::bounds_around(const Lanes& now) const {
  return {at_least(0, now - most_moved_), at_most(1, now + most_moved_)};
}

Lanes Foresight::at_end_of(const Lanes& now, const Lanes& within, const Lanes& end) {
  return at_most(1, at_least(0, within + (end - now) / 2));
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
  any_go_by_tries_ = false;
  for (std::size_t i = 0; i < now_.size(); ++i) {
    within_[i] = std::clamp(mean_[i] + within_[i], 0.0, 1.0);
    at_end_[i] = std::clamp(now_[i], 0.0, 1.0);
    settled_[i] = expected_[i] != ended_[i] ? 1 : 0;
    if (settled_[i] > 0) by_tries_[i] = debt_[i] = 0;
    any_go_by_tries_ = any_go_by_tries_ || by_tries_[i] > 0;
  }
}

void Foresight::forget_what_settled() {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    if (settled_[i] == 0) continue;
    ended_[i] = mean_[i] = expected_[i] = now_[i];
    tries_ended_[i] = tries_[i];
    slope_[i] = answered_slope_[i] = 0;
  }
}

}  // namespace knockon::traffic
