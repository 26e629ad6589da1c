// For how long the oldest work of each queue has waited. Work is served in the order in which it came, so it is what
// came when as much had come in all as has gone since.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/traffic/circuit.hpp"
#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

class Ages {
 public:
  // Of queues that move in seconds; others are full or empty.
  explicit Ages(const Network::Parts& parts);

  [[nodiscard]] bool is_empty() const { return queues_.empty(); }

  void begin();
  // What waits has moved over a step in which arrivals were constant. What was thrown away is taken to be the oldest.
  void move(double from_s, double to_s, const Circuit& circuit);
  // 0 while nothing waits; none: it is not one of these queues.
  [[nodiscard]] std::optional<double> oldest_s(std::uint32_t instance, double now_s) const;

 private:
  // Work that came evenly over a span, as far as it still waits.
  struct Parcel {
    double from_s, to_s, amount;
  };
  struct Queue {
    std::uint32_t instance;
    double backlog = 0;  // when last moved
    std::deque<Parcel> waiting;
  };
  static void join(Queue& queue, Parcel parcel);
  static void leave(Queue& queue, double amount);

  std::vector<Queue> queues_;  // by instance
};

}  // namespace knockon::traffic
