// One-line conditions and the things they can be about, as a tree without pointers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/place.hpp"

namespace knockon::world {

// What a reference can name. `Itself` is the thing the condition is written in (an app in its own `down`).
struct Itself {
  friend constexpr bool operator==(Itself, Itself) = default;
};
using Subject = std::variant<Itself, RegionId, SiteId, LinkId, GroupId, ServiceId, OperationId, SessionId, AppId,
                             JourneyId, PopulationId, FaultId, ReactionId, MonitorId, StepId>;

// `feed`, `dns@here`, `session-store@apac`.
struct Target {
  Subject subject;
  std::optional<Place> place;
  friend bool operator==(const Target&, const Target&) = default;
};

enum class Metric : std::uint8_t {
  success,
  degraded,
  stale,
  turned_away,  // shares
  rate,         // a second
  load,         // offered / capacity, a share
  backlog,      // requests
  age,
  wait,
  p50,
  p99,       // seconds
  capacity,  // a second
  hit,
  held,        // shares
  reports,     // a second
  burn,        // error-budget burn rate, a factor
  time,        // seconds since the scenario's start
  local_time,  // seconds since local midnight
};

enum class Comparison : std::uint8_t { less, at_most, greater, at_least, equal, within };

// `within` uses both bounds, the others `low`.
[[nodiscard]] inline bool holds(Comparison comparison, double value, double low, double high) {
  switch (comparison) {
    case Comparison::less:
      return value < low;
    case Comparison::at_most:
      return value <= low;
    case Comparison::greater:
      return value > low;
    case Comparison::at_least:
      return value >= low;
    case Comparison::equal:
      return value == low;
    case Comparison::within:
      return low <= value && value <= high;
  }
  return false;
}

enum class State : std::uint8_t { up, reachable, usable, down, active, alerted, done, failed };

// METRIC(target) OP bound; thresholds are in the metric's unit above.
struct MetricTest {
  Metric metric;
  Target target;
  Comparison comparison;
  double low = 0, high = 0;
  quantity::Duration window = {};  // burn: spent over this time until now
  [[nodiscard]] bool is_true_of(double value) const { return holds(comparison, value, low, high); }
  friend bool operator==(const MetricTest&, const MetricTest&) = default;
};

// STATE(target) or reachable(target from place).
struct StateTest {
  State state;
  Target target;
  std::optional<Place> from;
  friend bool operator==(const StateTest&, const StateTest&) = default;
};

struct Condition {
  enum class Kind : std::uint8_t { metric, state, negation, conjunction, disjunction, held_for };
  struct Node {
    Kind kind;
    std::uint32_t first = 0, second = 0;  // operands: indices of earlier nodes; metric/state: index into tests
    quantity::Duration hold;              // held_for: delays entering and leaving alike
    friend bool operator==(const Node&, const Node&) = default;
  };
  std::vector<Node> nodes;  // operands before operators; the last node is the whole; never empty
  std::vector<MetricTest> metric_tests;
  std::vector<StateTest> state_tests;
  std::string text;  // as written, for reports
  friend bool operator==(const Condition&, const Condition&) = default;
};

}  // namespace knockon::world
