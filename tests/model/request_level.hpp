// A server and its clients request by request, to hold the flow model to: a small discrete-event simulation with
// nothing of the engine in it but its random numbers.
//
// Discipline, as far as the published numbers leave it open: requests come as a Poisson process; each attempt reaches
// the server after a delay of its own, exponential; all in service share the server, so that a request's work of
// `alone` goes on at the pace 1 / (1 + added / alone x in service) (processor sharing); the answer comes back at once;
// a client waits for each attempt from when it was sent, then sends the next, at once or after a pause drawn evenly
// between nothing and its longest, which doubles; what nobody waits for any more is served all the same.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "engine/random/stream.hpp"

namespace knockon::tests {

struct RequestLevel {
  double per_s = 40;       // requests, not counting attempts
  double spike_times = 2;  // that of it, during the spike
  double spike_from_s = 20, spike_lasts_s = 5;
  double alone_s = 1, added_s = 0.01;
  double timeout_s = 3, delay_s = 0.1;
  int tries = 3;
  double longest_pause_s = 0;  // before the second attempt, and twice as long before each further
  double ends_s = 200;

  struct Counts {
    double attempts_per_s = 0, answered_per_s = 0, timeouts_per_s = 0;  // over the last thirty seconds
    [[nodiscard]] bool is_collapsed(double per_s) const { return answered_per_s < per_s / 2; }
  };
  [[nodiscard]] Counts run(std::uint64_t seed) const;
};

}  // namespace knockon::tests
