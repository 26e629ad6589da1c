// How long answers take.
#pragma once

#include "engine/world/service.hpp"

namespace knockon::traffic {

// When nothing is broken and nothing waits.
struct AnswerTime {
  double mean_s = 0, variance_s2 = 0;
};

// Of an operation's own work: the moments of what is written, whatever its shape.
[[nodiscard]] AnswerTime time_of(const world::Latency& latency);

// The share of answers that come within the limit when their times are lognormal with this mean and variance. Times
// differ from one request to the next by at least a twentieth, so that the share is never a step.
[[nodiscard]] double share_within(double limit_s, AnswerTime time);

// A wait, and by which part of it (at least a twentieth) it differs from one request to the next.
struct Wait {
  double mean_s = 0, unevenness = 0;
};

// The same answers behind a wait.
[[nodiscard]] AnswerTime after_waiting(Wait wait, AnswerTime time);

}  // namespace knockon::traffic
