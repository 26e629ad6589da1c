// Software: services with replicas and capacity at sites, the operations they answer, and whom those call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/place.hpp"

namespace knockon::world {

// Served instead of a failure; what it serves counts as degraded.
struct Fallback {
  std::optional<quantity::Duration>
      stale;  // copies serve until this long after their source failed; none: for ever (a default answer)
  quantity::Share share{1};  // of users who have a copy
  friend bool operator==(const Fallback&, const Fallback&) = default;
};

// Waiting time between the attempts of one call.
struct Backoff {
  quantity::Duration first = quantity::Duration::of_seconds(0.1);
  double factor = 2;
  quantity::Duration up_to = quantity::Duration::seconds(10);
  quantity::Share jitter = quantity::Share::percent(20);
  friend bool operator==(const Backoff&, const Backoff&) = default;
};

enum class CallKind : std::uint8_t { hard, soft, async };

// A call from an operation or a journey; or a group of calls.
struct Call {
  enum class Form : std::uint8_t {
    single,    // `to` and what follows
    any_of,    // `members`, tried in order until `at_least` have answered
    parallel,  // `members` at once: all must answer, none is spared when another fails
  };
  Form form = Form::single;
  OperationId to;
  CallKind kind = CallKind::hard;
  double per_request = 1;  // may be fractional
  quantity::Duration timeout = quantity::Duration::seconds(1);
  int tries = 1;  // attempts at most
  Backoff backoff;
  std::optional<Fallback> fallback;
  std::vector<Call> members;
  int at_least = 1;
  friend bool operator==(const Call&, const Call&) = default;
};

// Service time: lognormal by median and deviation of its logarithm (0: constant).
struct Latency {
  quantity::Duration median = quantity::Duration::of_seconds(0.005);
  double sigma = 0;
  friend bool operator==(const Latency&, const Latency&) = default;
};

struct Operation {
  ServiceId service;
  std::string name;  // "auth.check"; a service without `operations` has one, of the service's name
  double cost = 1;   // in units of the service's capacity
  Latency latency;
  std::vector<Call> calls;           // in the order they are made
  std::optional<Fallback> fallback;  // the operation's, else the service's
  friend bool operator==(const Operation&, const Operation&) = default;
};

// Excess is refused at once.
struct Shed {
  friend constexpr bool operator==(Shed, Shed) = default;
};
// Excess waits; what would wait longer than `limit` is refused.
struct Queue {
  quantity::Duration limit = quantity::Duration::seconds(2);
  friend bool operator==(const Queue&, const Queue&) = default;
};
using Overload = std::variant<Queue, Shed>;

enum class Balance : std::uint8_t { local, nearest, spread, home };

struct Cache {
  OperationId behind;   // answers misses
  quantity::Share hit;  // when warm
  double entries = 0;
  quantity::Share cold;        // share of entries left after a restart or loss
  bool drop_on_error = false;  // an error of the store deletes the entry that was asked for
  friend bool operator==(const Cache&, const Cache&) = default;
};

// Callers find the service by a name that `through` answers.
struct Resolve {
  OperationId through;
  quantity::Duration ttl = quantity::Duration::minutes(5);
  quantity::Duration negative_ttl = quantity::Duration::minutes(1);
  friend bool operator==(const Resolve&, const Resolve&) = default;
};

struct WarmUp {
  quantity::Share from;     // share of capacity right after a start
  quantity::Duration over;  // linear to full capacity
  friend bool operator==(const WarmUp&, const WarmUp&) = default;
};

// Usable when any of these is: an entity with an optional place.
struct Need {
  std::vector<Target> any_of;
  std::string text;  // as written
  friend bool operator==(const Need&, const Need&) = default;
};

struct Service {
  std::string name;
  std::vector<SiteId> sites;                  // ascending
  std::vector<double> replicas;               // per site, parallel to `sites`
  std::optional<quantity::Rate> per_replica;  // none: capacity is sized from busy_at_peak, once, from the base scenario
  quantity::Share busy_at_peak = quantity::Share::percent(50);
  std::vector<Need> needs;  // every one must be met, else the instance is down
  std::vector<OperationId> operations;
  Overload overload = Queue{};
  std::optional<WarmUp> warm_up;
  std::optional<quantity::Rate> restart_rate;  // replicas started a second; none: all at once
  Balance balance = Balance::nearest;
  std::optional<Cache> cache;
  std::optional<Resolve> resolve;
  friend bool operator==(const Service&, const Service&) = default;
};

// Anything granted for a time and held by people.
struct SessionKind {
  std::string name;
  ServiceId store;
  std::optional<PopulationId> holders;  // none: all users
  JourneyId opened_by;
  std::optional<quantity::Duration> lifetime;  // none: unlimited
  quantity::Share held = quantity::Share::percent(95);
  quantity::Duration notice = quantity::Duration::seconds(30);  // mean, of those online
  friend bool operator==(const SessionKind&, const SessionKind&) = default;
};

}  // namespace knockon::world
