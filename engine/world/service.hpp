// Software: services with replicas and capacity at sites, the operations they answer, and whom those call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/contract.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/place.hpp"
#include "engine/world/retry.hpp"

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

// Stops calling what fails: after `errors` of the attempts within `window` failed, none for `open`, then `probes`.
struct Breaker {
  quantity::Share errors = quantity::Share::percent(50);
  quantity::Duration window = quantity::Duration::seconds(10);
  quantity::Duration open = quantity::Duration::seconds(30);
  int probes = 1;
  friend bool operator==(const Breaker&, const Breaker&) = default;
};

// What the caller does while nobody answers: it fails, it goes on as if the answer were yes, or it uses the last answer
// for a time and then fails.
enum class Silent : std::uint8_t { closed, open, last_answer };

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
  double per_request = 1;    // may be fractional
  quantity::DataSize bytes;  // of one attempt over the links between, there and back; zero: not counted
  quantity::Duration timeout = quantity::Duration::seconds(1);
  int tries = 1;  // attempts at most
  Backoff backoff;
  std::optional<quantity::Share> retry_budget;  // retries at most, of first attempts
  std::optional<Breaker> breaker;
  std::optional<int> bulkhead;                    // calls under way at most, from one caller's site
  std::optional<quantity::Duration> hedge_after;  // a second attempt beside a first that takes longer
  std::optional<quantity::Duration> deadline;     // for the whole request, handed on; none: the caller's own
  std::optional<Fallback> fallback;
  Silent silent = Silent::closed;
  quantity::Duration static_for = quantity::Duration::minutes(5);  // last_answer: how long it is used
  std::optional<quantity::Duration> late;  // async: degraded when delivered later; none: however late
  std::vector<Call> members;
  int at_least = 1;
  bool retries_change = false;  // something in the world sets its tries or pauses while it runs
  friend bool operator==(const Call&, const Call&) = default;
};

// Service time: lognormal by median and deviation of its logarithm (0: constant).
struct Latency {
  quantity::Duration median = quantity::Duration::of_seconds(0.005);
  double sigma = 0;
  std::optional<random::DurationDistribution> other;  // neither lognormal nor constant: this, with that median
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
enum class QueueOrder : std::uint8_t { fifo, lifo, codel };
// Excess waits; what would wait longer than `limit` is refused.
struct Queue {
  quantity::Duration limit = quantity::Duration::seconds(2);
  bool serves_abandoned = false;  // work whose caller has gone is served all the same
  QueueOrder order = QueueOrder::fifo;
  std::optional<quantity::Duration> expires;  // older work is dropped; none: only what nobody waits for
  friend bool operator==(const Queue&, const Queue&) = default;
};
// A queue without end, whose callers leave after `patience` while it goes on serving them.
struct Collapse {
  quantity::Duration patience = quantity::Duration::seconds(10);
  friend bool operator==(const Collapse&, const Collapse&) = default;
};
// Each request in service makes every other take this much longer.
struct Slowdown {
  quantity::Duration per_request;
  friend bool operator==(const Slowdown&, const Slowdown&) = default;
};
// Soft calls are no longer made from this load on.
struct Brownout {
  quantity::Share from = quantity::Share::percent(90);
  friend bool operator==(const Brownout&, const Brownout&) = default;
};
// As much is refused as keeps the wait at this.
struct Adaptive {
  quantity::Duration wait;
  friend bool operator==(const Adaptive&, const Adaptive&) = default;
};
using Overload = std::variant<Queue, Shed, Collapse, Slowdown, Brownout, Adaptive>;

enum class Balance : std::uint8_t { local, nearest, spread, home };

struct Cache {
  OperationId behind;   // answers misses
  quantity::Share hit;  // when warm
  double entries = 0;
  quantity::Share cold;                       // share of entries left after a restart or loss
  std::optional<quantity::Duration> expires;  // an entry's life; none: until it is lost
  bool drop_on_error = false;                 // an error of the store deletes the entry that was asked for
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
  std::vector<Call> calls;  // made by each starting replica, once
  friend bool operator==(const WarmUp&, const WarmUp&) = default;
};

// Adds and takes away replicas at each site so that the share `keep` of their capacity is in use.
struct Autoscale {
  quantity::Share keep;
  double from = 1, to = 1;                                    // replicas at a site; from <= to
  quantity::Duration every = quantity::Duration::minutes(1);  // between looks
  quantity::Duration delay = quantity::Duration::minutes(3);  // until a replica that was added answers
  friend bool operator==(const Autoscale&, const Autoscale&) = default;
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
  std::vector<Overload> overload_besides;  // policies that combine with it, each another alternative
  bool priority_by_journey = false;        // sheds journeys of low priority first
  std::optional<WarmUp> warm_up;
  std::optional<quantity::Rate> restart_rate;  // replicas started a second; none: all at once
  std::vector<SiteId> restart_order;           // these one after the other, then the rest together
  Balance balance = Balance::nearest;
  std::optional<Cache> cache;
  std::optional<Resolve> resolve;
  std::optional<Autoscale> autoscale;
  std::optional<SessionId> scaled_by;      // capacity goes with the share of these sessions that is held
  std::optional<quantity::DataRate> disk;  // of each site; none: unlimited
  // Those at a site where the service is. REQUIRES: it is there.
  [[nodiscard]] double replicas_at(SiteId site) const;
  friend bool operator==(const Service&, const Service&) = default;
};

// Whoever uses a journey that needs the session.
struct AllUsers {
  friend constexpr bool operator==(AllUsers, AllUsers) = default;
};
// So many machines; a loss is noticed at the next use or renewal.
struct Machines {
  double count = 0;
  Retry retry;
  friend bool operator==(const Machines&, const Machines&) = default;
};
using Holders = std::variant<AllUsers, PopulationId, Machines>;

// What keeps a session alive.
struct Renewal {
  OperationId by;
  quantity::Duration every;
  friend bool operator==(const Renewal&, const Renewal&) = default;
};

// Anything granted for a time and held by people or machines.
struct SessionKind {
  std::string name;
  ServiceId store;
  Holders holders;
  std::variant<JourneyId, OperationId> opened_by;  // machines open theirs by an operation
  std::optional<Renewal> renewal;
  std::optional<random::DurationDistribution> lifetime;  // none: unlimited
  quantity::Share held = quantity::Share::percent(95);
  quantity::Duration notice = quantity::Duration::seconds(30);  // mean, of those online

  // REQUIRES: people hold it.
  [[nodiscard]] JourneyId opening_journey() const {
    quantity::require(std::holds_alternative<JourneyId>(opened_by), "people open their sessions by a journey");
    return std::get<JourneyId>(opened_by);
  }
  friend bool operator==(const SessionKind&, const SessionKind&) = default;
};

}  // namespace knockon::world
