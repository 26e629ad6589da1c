#include "engine/traffic/retry_pool.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace knockon::traffic {
namespace {

// Of those on a rung, in a step: differences between such and all would lose digits.
constexpr double few_leave = 1e-2;
// The same of the last rung.
constexpr double few_leave_last = 1e-6;

// Of few who leave in a step, Rung::late for each second of it: a series, to ten digits.
template <class Number>
Number late_of_few(const Number& leave) {
  return leave / 12 * (1 - leave / 2 * (1 - leave * (3.0 / 10) * (1 - leave * (2.0 / 9))));
}

// How many a second more join at the end of a step than at its beginning, from twice their mean and twice as many as do
// at the end. Nobody can join less than not at all.
template <class Number>
Number more_at_end(const Number& mean_twice, const Number& at_end_twice) {
  return at_most(mean_twice, at_end_twice - mean_twice);
}

}  // namespace

RetryLadder::RetryLadder(const world::Retry& retry, double held_up_s)
    : gives_up_per_s_{retry.gives_up.per_second()},
      // Return times are drawn by nobody in particular: an exponential of the same median stands for them.
      returns_per_s_{std::numbers::ln2 / std::max(retry.returns.median().in_seconds(), 1.0)} {
  double wait = std::max(retry.first.in_seconds(), 1e-3);
  const double longest = std::max(retry.up_to.in_seconds(), wait);
  while (rungs_ + 1 < rungs_max && wait < longest && retry.factor > 1) {
    steps_[rungs_++].wait_s = wait + held_up_s;
    wait *= retry.factor;
  }
  steps_[rungs_++].wait_s = std::min(wait, longest) + held_up_s;
  for (Rung& rung : steps_) rung.tries_per_s = rung.wait_s > 0 ? 1 / rung.wait_s : 0;
}

void RetryLadder::set_step(double step_s) {
  if (step_s == step_s_) return;
  step_s_ = step_s;
  steps_per_s_ = 1 / step_s;
  static_assert(rungs_max % lanes == 0);
  Lanes stay;
  for (std::size_t n = 0; n < rungs_; ++n) {
    if (n % lanes == 0) {
      Lanes tries_per_s;
      for (std::size_t lane = 0; lane < lanes; ++lane) tries_per_s.set(lane, steps_[n + lane].tries_per_s);
      stay = exp_of_loss((tries_per_s + gives_up_per_s_) * -step_s);
    }
    Rung& rung = steps_[n];
    const double leave_per_s = rung.tries_per_s + gives_up_per_s_, x = leave_per_s * step_s;
    if (x > few_leave) {
      rung.stay = stay[n % lanes];
      rung.here_s = (1 - rung.stay) / leave_per_s;
      rung.coming_tries = (step_s - rung.here_s) / leave_per_s * rung.tries_per_s;
      rung.late = ((1 + rung.stay) / 2 - rung.here_s * steps_per_s_) / leave_per_s;
    } else {
      // The same as series, of which what is left out is less than a double tells apart.
      rung.here_s = step_s * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5))));
      rung.stay = 1 - leave_per_s * rung.here_s;
      rung.coming_tries =
          step_s * step_s / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6)))) * rung.tries_per_s;
      rung.late = step_s * late_of_few(x);
    }
    rung.tries = rung.here_s * rung.tries_per_s;
    rung.late_tries = rung.late * rung.tries_per_s / leave_per_s;
  }
}

template <class Number>
RetryTally<Number> RetryPool<Number>::move_on(const RetryLadder& ladder, const OverStep<Number>& first,
                                              const OverStep<Number>& success) {
  const double step = ladder.step_s();
  const Number failing_per_s = (1 - success.mean) * ladder.steps_per_s(), failing_per_s_twice = 2 * failing_per_s;
  const Number failing_at_end_twice = 2 * (1 - success.at_end);
  Number person_s = 0, tries = 0;       // of all rungs, over the step
  Number waiting = 0, tries_per_s = 0;  // at the end
  // Of those who join the next rung, a second. Every rung waits for the one before it, so as little as can be stands
  // between them.
  Number joining = first.mean * (1 - success.mean), joining_twice = 2 * joining;
  Number joining_at_end_twice = first.at_end * failing_at_end_twice;
  const std::size_t last = ladder.rungs() - 1;
  for (std::size_t n = 0; n < last; ++n) {
    const RetryLadder::Rung& rung = ladder.rung(n);
    const Number before = waiting_[n], more = more_at_end(joining_twice, joining_at_end_twice);
    const Number after = before * rung.stay + joining * rung.here_s + more * rung.late;
    const Number trying = before * rung.tries + joining * rung.coming_tries - more * rung.late_tries;
    joining = trying * failing_per_s;
    joining_twice = trying * failing_per_s_twice;
    joining_at_end_twice = after * (failing_at_end_twice * rung.tries_per_s);
    waiting_[n] = after;
    waiting += after;
    tries_per_s += after * rung.tries_per_s;
    tries += trying;
    person_s += trying * rung.wait_s;
  }
  // Those who fail on the last rung wait there again, so only success and giving up lead out of it.
  const double try_rate = ladder.tries_per_s(last);
  const Number leave = try_rate * success.mean + ladder.gives_up_per_s(), x = leave * step;
  const Number before = waiting_[last], all = before + joining * step;
  const auto some_leave = x > few_leave_last;
  const Number stay_s = 1 / where(some_leave, leave, 1), level = joining * stay_s;
  const Number stay = exp_of_loss(-x);
  const Number evenly_left = level + (before - level) * stay;
  // Of those who are there all along it is the same when they are answered, if as many are. Who joined meanwhile, and
  // is answered later, is like who joins later.
  const Number leaving_more = 2 * try_rate * (success.at_end - success.mean) * level;
  const Number late = where(x > few_leave, ((1 + stay) / 2 - (1 - stay) * stay_s * ladder.steps_per_s()) * stay_s,
                            step * late_of_few(x));
  const Number left =
      at_most(all, at_least(0, evenly_left + (more_at_end(joining_twice, joining_at_end_twice) - leaving_more) * late));
  const Number here_s = where(some_leave, (all - left) * stay_s, (before + joining * step / 2) * step);
  const Number after = where(some_leave, left, all - here_s * leave);
  waiting_[last] = after;
  total_ = waiting + after;
  tries_per_s_ = tries_per_s + after * try_rate;
  RetryTally<Number> tally;
  tally.tries = tries + here_s * try_rate;
  tally.answered = tally.tries * success.mean;
  tally.gave_up = (person_s + here_s) * ladder.gives_up_per_s();
  // A crowd of less than a millionth of a person is nobody; it would be carried on for ever.
  constexpr double nobody = 1e-6;
  if (const auto gone = total_ < nobody; any(gone)) {
    tally.gave_up += where(gone, total_, 0);
    for (Number& some : waiting_) some = where(gone, 0, some);
    total_ = where(gone, 0, total_);
    tries_per_s_ = where(gone, 0, tries_per_s_);
  }
  return tally;
}

template <class Number>
OverStep<Number> RetryPool<Number>::foreseen_tries_per_s(const RetryLadder& ladder, const Number& first_per_s,
                                                         const Number& success) const {
  const Number failing_per_s = (1 - success) * ladder.steps_per_s();
  Number joining = first_per_s * (1 - success), tries = 0, at_end = 0;
  const std::size_t last = ladder.rungs() - 1;
  for (std::size_t n = 0; n < last; ++n) {
    const RetryLadder::Rung& rung = ladder.rung(n);
    const Number trying = waiting_[n] * rung.tries + joining * rung.coming_tries;
    at_end += (waiting_[n] * rung.stay + joining * rung.here_s) * rung.tries_per_s;
    tries += trying;
    joining = trying * failing_per_s;
  }
  const double step = ladder.step_s(), try_rate = ladder.tries_per_s(last);
  const Number leave = try_rate * success + ladder.gives_up_per_s(), x = leave * step;
  const Number before = waiting_[last], all = before + joining * step;
  const auto some_leave = x > few_leave_last;
  const Number stay_s = 1 / where(some_leave, leave, 1), level = joining * stay_s;
  const Number after = where(some_leave, level + (before - level) * exp_of_loss(-x), all);
  const Number here_s = where(some_leave, (all - after) * stay_s, (before + joining * step / 2) * step);
  return {(tries + here_s * try_rate) * ladder.steps_per_s(), at_end + after * try_rate};
}

template <class Number>
void RetryPool<Number>::hand_over(const Number& share, RetryPool& other) {
  if (!any(total_ > 0)) return;
  other.tries_per_s_ += tries_per_s_ * share;
  tries_per_s_ -= tries_per_s_ * share;
  for (std::size_t rung = 0; rung < waiting_.size(); ++rung) {
    const Number moved = waiting_[rung] * share;
    waiting_[rung] -= moved;
    other.waiting_[rung] += moved;
    total_ -= moved;
    other.total_ += moved;
  }
}

template class RetryPool<double>;
template class RetryPool<Lanes>;

}  // namespace knockon::traffic
