#include "engine/traffic/retry_pool.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace knockon::traffic {

RetryLadder::RetryLadder(const world::Retry& retry)
    : gives_up_per_s_{retry.gives_up.per_second()},
      // Return times are drawn by nobody in particular: an exponential of the same median stands for them.
      returns_per_s_{std::numbers::ln2 / std::max(retry.returns.median().in_seconds(), 1.0)} {
  double wait = std::max(retry.first.in_seconds(), 1e-3);
  const double longest = std::max(retry.up_to.in_seconds(), wait);
  while (rungs_ + 1 < rungs_max && wait < longest && retry.factor > 1) {
    wait_s_[rungs_++] = wait;
    wait *= retry.factor;
  }
  wait_s_[rungs_++] = std::min(wait, longest);
  for (std::size_t rung = 0; rung < rungs_; ++rung) {
    tries_per_s_[rung] = 1 / wait_s_[rung];
    mean_stay_s_[rung] = 1 / (tries_per_s_[rung] + gives_up_per_s_);
  }
}

void RetryLadder::set_step(double step_s) {
  if (step_s == step_s_) return;
  step_s_ = step_s;
  for (std::size_t rung = 0; rung < rungs_; ++rung) stay_[rung] = std::exp(-step_s / mean_stay_s_[rung]);
}

double RetryPool::tries_per_s(const RetryLadder& ladder) const {
  double rate = 0;
  if (total_ == 0) return rate;
  for (std::size_t rung = 0; rung < ladder.rungs(); ++rung) rate += waiting_[rung] * ladder.tries_per_s(rung);
  return rate;
}

RetryTally RetryPool::move(const RetryLadder& ladder, double failed_first_per_s, double success) {
  RetryTally tally;
  if (total_ == 0 && failed_first_per_s <= 0) return tally;
  const double step = ladder.step_s();
  const double gives_up = ladder.gives_up_per_s();
  const double failing_per_s = (1 - success) / step;
  double joining = failed_first_per_s;
  total_ = 0;
  for (std::size_t rung = 0; rung < ladder.rungs(); ++rung) {
    const bool last = rung + 1 == ladder.rungs();
    // Those who fail on the last rung wait there again, so only success and giving up lead out of it.
    const double try_rate = ladder.tries_per_s(rung);
    const double leave = try_rate * success + gives_up;
    const double mean_stay_s = !last ? ladder.mean_stay_s(rung) : leave * step > 1e-9 ? 1 / leave : 0;
    const double before = waiting_[rung];
    double after, person_s;  // person_s: the integral of the number waiting over the step
    if (mean_stay_s > 0) {
      const double level = joining * mean_stay_s;
      after = level + (before - level) * (last ? std::exp(-leave * step) : ladder.stay(rung));
      person_s = (before + joining * step - after) * mean_stay_s;
    } else {
      person_s = (before + joining * step / 2) * step;
      after = before + joining * step - person_s * leave;
    }
    const double tries = person_s * try_rate;
    const double gave_up = person_s * gives_up;
    tally.tries += tries;
    tally.answered += tries * success;
    tally.gave_up += gave_up;
    waiting_[rung] = after;
    total_ += after;
    joining = tries * failing_per_s;
  }
  // A crowd of less than a millionth of a person is nobody; it would be carried on for ever.
  if (total_ < 1e-6) {
    tally.gave_up += total_;
    clear();
  }
  return tally;
}

void RetryPool::hand_over(double share, RetryPool& other) {
  if (total_ == 0) return;
  for (std::size_t rung = 0; rung < waiting_.size(); ++rung) {
    const double moved = waiting_[rung] * share;
    waiting_[rung] -= moved;
    other.waiting_[rung] += moved;
    total_ -= moved;
    other.total_ += moved;
  }
}

}  // namespace knockon::traffic
