// What load and success look like right now: the state of one replication's flows. Demand runs down the graph, success
// runs up; whatever takes a second or more (sessions, retries, backlogs, caches, names, warm-up) is a pool that moves
// between dates.
//
// How it is driven: begin(), then again and again  advance(date) — apply changes with set_… — settle().
// Readings are the left limit after advance(), the right limit after settle(). Dates never go back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/traffic/lanes.hpp"
#include "engine/traffic/network.hpp"
#include "engine/traffic/precision.hpp"
#include "engine/world/world.hpp"

namespace knockon::traffic {

// How an app or journey does for people with a fresh intent now: answered in full, or from a fallback.
struct Success {
  double ok = 0, degraded = 0;  // shares of people
  [[nodiscard]] double total() const { return ok + degraded; }
  [[nodiscard]] double stale() const { return total() > 0 ? degraded / total() : 0; }
};
// Of every app: in each region, and in all of them.
struct AppSuccesses {
  std::vector<double> ok, degraded;  // app x block x lane; in lanes that are no region: anything
  std::vector<Success> all;          // by app
};

// Counted at sources and sinks apart, since begin(), in persons, intents, tries or attempts. Conservation compares
// them:
//   intents = answered + abandoned + suppressed + waiting
//   tries   = tries_answered + tries_failed + tries_turned_away
//   attempts_offered (by calls) = attempts_served + attempts_refused (at nodes)
//   attempts_to_repeat = attempts_repeated + attempts_not_repeated + attempts_pausing, of calls that pause in between
//   cache_entries = what they were + cache_filled - cache_dropped, while no cache is lost
//   holders = valid + unaware + noticing + seeking + resting + dormant, for each session kind
struct Ledger {
  double intents = 0, answered = 0, abandoned = 0, suppressed = 0, waiting = 0;
  double tries = 0, tries_answered = 0, tries_failed = 0, tries_turned_away = 0;
  double attempts_offered = 0, attempts_served = 0, attempts_refused = 0, backlog = 0;
  double attempts_to_repeat = 0, attempts_repeated = 0, attempts_not_repeated = 0, attempts_pausing = 0;
  double cache_filled = 0, cache_dropped = 0, cache_entries = 0;
  double holders = 0, holders_now = 0;
  double sessions_lost = 0, sessions_opened = 0, sessions_missing = 0, sessions_missing_at_begin = 0;
};

class LiveWorld;

class Flow {
 public:
  // `drawn`: the network's world as it is in this replication, with other numbers in places; null: as it was written.
  // REQUIRES: what the network holds outlives it, and so does `drawn`.
  explicit Flow(const Network& network, Precision precision = {}, const world::World* drawn = nullptr);
  ~Flow();
  Flow(Flow&&) noexcept;

  // The scenario's start, nothing broken, everything steady for that hour of the day. Exactly like the first time,
  // whatever was done to it since.
  void begin();
  [[nodiscard]] Precision precision() const;
  [[nodiscard]] quantity::SimTime now() const;
  // When the pools want to be advanced at the latest, so that no reading moves by more than the threshold; may be
  // never().
  [[nodiscard]] quantity::SimTime next_date() const;
  // Moves the pools to `date`. REQUIRES: now() <= date <= next_date().
  void advance(quantity::SimTime date);
  // The same, but whoever only looks does not change how it goes on: unless something is changed at this date, it does
  // so as if nobody had looked. (In a world of thousands of operations at sites it is advance().) REQUIRES: now() <=
  // date <= next_date().
  void look(quantity::SimTime date);
  // Delivers the changes made since through everything they touch.
  void settle();

  // Another number whenever ways, or what is up or announced, may have changed.
  [[nodiscard]] std::uint64_t ways() const;

  // --- changes: what is so from now on; setting what already is so costs nothing
  // ---------------------------------------------
  void set_link_up(world::LinkId link, bool up);
  void set_site_up(world::SiteId site, bool up);
  void set_bandwidth(world::LinkId link, quantity::Share of_normal);
  void set_moved(world::LinkId link, quantity::DataRate moved);  // bytes that are moved over it, beside calls
  void set_service_up(world::ServiceId service, world::SiteId site, bool up);        // REQUIRES: the service is there
  void set_reachable(world::ServiceId service, world::SiteId site, bool reachable);  // a withdrawn route
  void set_errors(world::OperationId operation, world::SiteId site, quantity::Share of_tries);
  // Errors of users: everybody in class `bit` (0 … sticky_bits - 1) gets errors from the operation there. The shares of
  // users in the classes are given once, by set_sticky_share.
  static constexpr int sticky_bits = 3;
  void set_sticky_errors(int bit, world::OperationId operation, world::SiteId site, bool failing);
  void set_sticky_share(int bit, quantity::Share of_users);                         // REQUIRES: now() is the start
  void set_serves_stale(world::ServiceId service, world::SiteId site, bool stale);  // answers count as degraded
  void set_capacity(world::ServiceId service, world::SiteId site, quantity::Share of_normal);
  // Answers take so many times as long, and so much longer on average; what is added differs by its deviation.
  struct Slower {
    double times = 1;
    quantity::Duration added;
    double variance_s2 = 0;
  };
  void set_slower(world::OperationId operation, world::SiteId site, const Slower& slower);
  void set_slower(world::LinkId link, const Slower& slower);  // one way
  // Who looks up the service's name is told that there is no address, and believes it for the name's negative TTL.
  void set_record_empty(world::ServiceId service, bool empty);  // REQUIRES: it is found by name
  // A live parameter of the thing, by its path, has this value, or the one that was written or drawn. REQUIRES:
  // world::parameter_of has it, and some effect of the world sets parameters.
  void set_parameter(const world::Subject& subject, const std::string& path, std::optional<double> value);
  void set_load(world::OperationId operation, double times, quantity::Rate added);  // on top of what callers bring
  void set_load(world::JourneyId journey, double times);
  void set_load(world::PopulationId population, double times);
  void lose_cache(world::ServiceId service, world::SiteId site, quantity::Share share);  // at once
  // Warm-up and cold caches begin now, for this share of the replicas.
  void restart(world::ServiceId service, world::SiteId site, quantity::Share of_replicas = quantity::Share{1});
  void drop_backlog(world::ServiceId service, world::SiteId site, quantity::Share share);
  void fill_cache(world::ServiceId service, world::SiteId site, quantity::Share at_least);  // of a warm cache's entries
  // Callers that come to the service at this site when all is well go to one of `to` while there is one that answers;
  // nowhere else in particular when `to` is empty.
  void set_detour(world::ServiceId service, world::SiteId site, const std::vector<world::SiteId>& to);
  // Sessions of these regions (all when empty) are lost by `share` of their holders, evenly over `over`; while this
  // goes on, those who open a new one lose it again after `again_after` on average. Ends with end_log_out. Several may
  // go on at once.
  using LogOut = std::size_t;
  LogOut begin_log_out(world::SessionId session, quantity::Share share, quantity::Duration over,
                       std::optional<quantity::Duration> again_after);
  void end_log_out(LogOut log_out);
  // Lets this share of users try; the others are turned away (shares of their own: no service sees them).
  void set_admission(world::JourneyId journey, world::RegionId region, quantity::Share of_users);
  // The same for machines at the site that open their sessions by this operation.
  void set_admission(world::OperationId opening, world::SiteId site, quantity::Share of_machines);
  // At an operation, where nobody knows users: of attempts. Those that are refused count against nobody there.
  void set_gate(world::OperationId operation, world::SiteId site, quantity::Share of_attempts);
  // No more tries and attempts a second than that get past all of these places together, each try for itself.
  using Cap = std::size_t;
  struct CappedPlaces {
    std::vector<std::pair<world::JourneyId, world::RegionId>> doors;
    std::vector<std::pair<world::OperationId, world::SiteId>> operations;
  };
  Cap add_cap();
  void set_cap(Cap cap, const CappedPlaces& places, std::optional<quantity::Rate> most);

  // --- readings
  // -------------------------------------------------------------------------------------------------------------- Of a
  // fresh intent's first try; people without a session count as the measures define.
  [[nodiscard]] Success success(world::JourneyId journey, world::RegionId region) const;
  [[nodiscard]] Success success(world::AppId app,
                                world::RegionId region) const;  // critical journeys by their daily rates
  [[nodiscard]] Success success(world::AppId app) const;        // all regions by their daily rates
  void read(AppSuccesses& apps) const;                          // all of them; REQUIRES: just so much room
  // A condition's metric in the unit that world::Metric states; `here` is what @here means. None: no data (nothing is
  // tried). For journeys and apps success, degraded and stale are those of Success above without the turned away; for
  // services and operations they are of attempts. How much a service is asked, and what follows from that, is exact
  // where a condition of the world reads it, or where all is followed (Precision).
  [[nodiscard]] std::optional<double> value(world::Metric metric, const world::Target& target,
                                            std::optional<world::SiteId> here = {}) const;
  // up: on and its needs met; for a group or a place when any member is. An app in a group is while it answers anybody.
  [[nodiscard]] bool is_up(const world::Target& target, std::optional<world::SiteId> here = {}) const;
  // Up, with a way to it: from `from`, else from users of any region. A group when any member is.
  [[nodiscard]] bool is_reachable(const world::Target& target, const std::optional<world::Place>& from,
                                  std::optional<world::SiteId> here = {}) const;
  // Reachable, and one more attempt would succeed with at least 50 %, from `from` (none: from wherever it works best).
  [[nodiscard]] bool is_usable(const world::Target& target, const std::optional<world::Place>& from,
                               std::optional<world::SiteId> here = {}) const;
  [[nodiscard]] bool is_met(const world::Need& need, const std::optional<world::Place>& from) const;
  // People who cannot do what they want to do now, over all populations (what user reports come from), and reports a
  // second.
  [[nodiscard]] double people_failing() const;
  [[nodiscard]] quantity::Rate reports() const;
  // Of an app in a region, first tries and repeated ones together.
  [[nodiscard]] quantity::Rate tries(world::AppId app, world::RegionId region) const;
  // Intents a second that end without an answer now (given up or turned away for good), of an app. In lanes that are
  // no region: anything.
  [[nodiscard]] Lanes failing_intents_per_s(world::AppId app, Block block) const;
  // Where a curve of the day is now, as a multiple of the day's mean. In lanes that are no region: anything.
  [[nodiscard]] Lanes level(world::CurveId curve, Block block) const;
  // A population's users in a region times its curve of activity.
  [[nodiscard]] double activity(world::PopulationId population, world::RegionId region) const;

  // As parameters are now.
  [[nodiscard]] const world::World& world_now() const;
  // The links that calls between two sites go over now, and how long those take; none: there is no way.
  struct Way {
    std::vector<world::LinkId> links;
    quantity::Duration latency;
    friend bool operator==(const Way&, const Way&) = default;
  };
  [[nodiscard]] std::optional<Way> way(world::SiteId from, world::SiteId to) const;
  // Of a link's bandwidth what calls do not take, and at least what is reserved. REQUIRES: it has a bandwidth.
  [[nodiscard]] quantity::DataRate left_for_moving(world::LinkId link) const;

  [[nodiscard]] Ledger ledger() const;
  [[nodiscard]] std::size_t sweeps() const;       // all that led to where it is
  [[nodiscard]] std::size_t evaluations() const;  // of nodes

  struct State;  // for this room's own sources

 private:
  enum class Change : std::uint8_t;
  struct Standing;
  void lay_out(Precision precision);
  template <class... Args>
  State& changing(Change what, const Args&... exactly);

  const Network::Parts* parts_;
  const world::World* drawn_;
  bool has_begun_ = false;           // where it is not made like another
  std::unique_ptr<LiveWorld> live_;  // null: nothing in the world is drawn, or ever set
  std::unique_ptr<Standing> standing_;
  const State* state_ = nullptr;  // what is seen
};

}  // namespace knockon::traffic
