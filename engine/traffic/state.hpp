// What a Flow holds, apart from its interface.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/traffic/ages.hpp"
#include "engine/traffic/careful_calls.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/crowd.hpp"
#include "engine/traffic/fleets.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/foresight.hpp"
#include "engine/traffic/gates.hpp"
#include "engine/traffic/latencies.hpp"
#include "engine/traffic/link_use.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/slow_times.hpp"
#include "engine/traffic/waits.hpp"

namespace knockon::traffic {

// A service that callers at one place find by its name.
struct NameUse {
  std::uint32_t name, place;
  double known = 1;               // share of answers still held there
  double answered = 1;            // how often the name service gives an address to those there, now
  double found = 1;               // how often it answers at all
  double resolving = 1;           // of calls from there, the share that has an address
  std::uint32_t asked = nowhere;  // the node of the name service that is nearest there,
  std::uint32_t asked_as = 0;     // and which of all that are asked
  // Shares of those there, by when the empty answers that they hold run out: their first ones, and later ones.
  DelayLine first_empty, empty;
  [[nodiscard]] double believing() const { return first_empty.waiting() + empty.waiting(); }
};

// A fallback that only serves what is not too old, and since when its source has been failing.
struct Copies {
  bool of_journey;
  std::uint32_t subject;  // operation or journey
  std::uint32_t place;    // node or outcome
  double good_for_s;
  quantity::SimTime failing_since = quantity::SimTime::never();
};

// Assigning makes it exactly like another over the same layout, whatever has happened to it.
struct Flow::State {
  const Network::Parts* parts;
  Precision precision;
  Circuit circuit;
  Crowd crowd;
  Reach reach;
  Waits waits;
  SlowTimes slow;
  Gates gates;
  CarefulCalls careful;
  Fleets fleets;
  Ages ages;
  mutable Latencies latencies;  // known so far; readings work out what they are asked
  LinkUse link_use;

  quantity::SimTime now;
  int class_bits = 0;
  std::vector<double> sticky_shares;
  bool sizing = false;  // nothing is cached by name: every attempt asks
  bool touched = true;  // something was set since the last settle()
  bool routes_touched = false;
  bool slow_times_stale = false;
  std::uint64_t ways_version = 0;  // counted up whenever ways, or what is up or announced, may have changed
  std::vector<world::ServiceId> services_touched;  // whose routes have to be found anew; ascending
  // Per node: attempts a second that no caller of the world makes; none while nobody has made any.
  struct BesideCalls {
    double own = 0, lookups = 0;
    double starters = 0;  // of replicas that start
    double machines = 0;  // for sessions
  };
  std::vector<BesideCalls> beside_calls;
  BesideCalls& asked_at(std::uint32_t node) {
    if (beside_calls.empty()) beside_calls.resize(parts->nodes);
    return beside_calls[node];
  }
  std::vector<double> lookups_now;  // per node
  std::vector<NameUse> name_uses;
  std::uint64_t names_asked_by = 0;           // the ways by which they were found
  std::vector<std::uint32_t> nodes_asked;     // for names
  std::vector<double> found_there;            // how often these answer now
  bool names_stand = false;                   // everybody knows every name, and nothing has changed that
  bool names_are_looked_up = true;            // they were, when it was last brought to the services
  std::vector<std::uint8_t> record_is_empty;  // per name
  std::vector<quantity::SimTime> warm_since;  // per instance; never: warm
  std::vector<std::uint32_t> warming;         // instances that are not
  // Some of an instance's replicas, started anew while the others went on.
  struct Newcomers {
    std::uint32_t instance;
    quantity::SimTime since;
    double share;  // of its replicas
  };
  std::vector<Newcomers> newcomers;
  // An instance whose capacity follows its load or a session.
  struct Scaled {
    struct Coming {
      quantity::SimTime date;
      double replicas;
    };
    std::uint32_t instance;
    double written = 1, replicas = 1;  // as in the scenario, and now
    double left = 1;                   // share that faults and steps leave of them
    double held_at_begin = 1;
    quantity::SimTime next_look = quantity::SimTime::never();
    std::vector<Coming> coming;
  };
  std::vector<Scaled> scaled;
  std::vector<std::uint32_t> asking_starters;  // instances whose replicas call somebody when they start
  bool sessions_ask = false;                   // machines hold some, or something renews them
  std::vector<DelayLine> entries_by_age;       // of each cache whose entries expire: when they will
  std::vector<double> fullest;                 // of each cache: what it would hold if nothing expired, to what it does
  std::vector<Copies> copies;
  std::vector<std::uint32_t> long_queues, caches;  // instances with more than the usual to look after
  // An instance that cannot do without others, and where from it reaches for them.
  struct Needy {
    struct Need {
      world::Subject subject;
      std::optional<std::vector<world::SiteId>> only;  // none: wherever it is
      bool goes_by_ways = false;                       // and not by answers: serves as it did as long as these stand
      bool served = false;
      std::uint64_t ways = 0;  // when it was looked at last
    };
    std::uint32_t instance;
    std::vector<std::size_t> from;
    std::vector<std::vector<Need>> needs;  // each met by any of these
  };
  std::vector<Needy> needy;
  std::vector<double> resolver_tries;  // per place
  double step_s = 1;
  double part_s = 1;       // what was good enough to follow waits by
  double moved_per_s = 0;  // how fast what moved most did, over the step before; 0: there was a jump since
  Foresight foresight;     // per outcome and class of users
  // Per outcome: how fresh intents fare, as users meet it and without the turned away; and what it was a step ago.
  Successes success, success_among_admitted;
  std::vector<double> last_success, last_tries;  // some lanes longer
  double attempts_offered = 0, attempts_served = 0, attempts_refused = 0;
  double cache_filled = 0, cache_dropped = 0;

  State(const Network::Parts& layout, Precision cut, bool for_sizing);

  void begin(quantity::SimTime start);
  // As begin() at another hour would find it, when nothing has moved since it began. REQUIRES: what happens to a try is
  // the same at every hour.
  void turn_to(quantity::SimTime hour);
  // Whether demand is all that differs from one hour to the next while services have no limits.
  [[nodiscard]] bool is_alike_at_every_hour() const;
  void settle();  // after changes: what follows moves in small steps again
  void advance(quantity::SimTime date);
  [[nodiscard]] quantity::SimTime next_date() const { return touched ? found_next_date() : goes_on_by; }

  void take_parameters();
  void set_slowness(world::OperationId operation, world::SiteId site, const Slowness& slowness);
  void set_slowness(world::LinkId link, const Slowness& slowness);
  // Some call says how many bytes it has.
  [[nodiscard]] bool counts_bytes() const { return !sizing && !link_use.is_empty(); }
  void touch_routes_to(world::ServiceId service);
  void set_up(std::uint32_t instance, bool InstanceState::*what, bool up);
  void start_cold(std::uint32_t instance);
  void start_cold(std::uint32_t instance, double share);
  void bring_lookups();
  void bring_extra(world::OperationId operation, std::uint32_t node);  // what no caller of the world makes
  // Of the holders of a kind, those who have one; of those there alone, where any are.
  [[nodiscard]] double held_share(world::SessionId session, std::optional<world::RegionId> region,
                                  std::optional<world::SiteId> site = {}) const;
  [[nodiscard]] Scaled* scaled_at(std::uint32_t instance);  // null: it is of one size
  void apply_scaling(const Scaled& one);
  [[nodiscard]] std::uint32_t nearest_node(world::OperationId operation, std::size_t place) const;
  [[nodiscard]] Latencies::Now latencies_now() const { return {circuit, waits, reach, slow}; }
  [[nodiscard]] double oldest_s(std::uint32_t instance) const;
  [[nodiscard]] double longest_wait_s(std::uint32_t instance) const;
  [[nodiscard]] std::vector<std::size_t> places_of(const world::Place& place, std::optional<world::SiteId> here) const;
  // Whether the subject (at one of `only`, when given) is up with a way from one of `from`; when `usable`, also whether
  // an attempt from there would succeed with at least 50 %.
  [[nodiscard]] bool serves(const world::Subject& subject, const std::vector<world::SiteId>* only,
                            const std::vector<std::size_t>& from, bool usable) const;

 private:
  quantity::SimTime goes_on_by;  // when it wants to be advanced at the latest; while nothing is touched
  [[nodiscard]] quantity::SimTime found_next_date() const;
  [[nodiscard]] quantity::SimTime next_expiry() const;
  // Over the step that has just been made, in which loops have been settled for so long.
  void deliver(double step_s, double settled_s);
  void find_routes();
  void find_changed_routes();
  void steady_links();
  void follow_loops(double step_s, double settled_s);
  void follow_links(double step_s);
  void follow_waits(double step_s);
  [[nodiscard]] bool needs_exactness() const;
  [[nodiscard]] bool has_waits() const { return std::isfinite(careful.finest_part_s()) || !waits.is_empty(); }
  [[nodiscard]] Needy needs_at(std::uint32_t instance) const;
  bool look_at_needs();
  bool find_name_services();
  bool look_at_names();
  [[nodiscard]] bool is_source_failing(const Copies& copy) const;
  void look_at_copies();
  void choose_step(double done_s);
  void restart_steps();
  double distance_moved();
  double foresee_loops(double step_s);
  [[nodiscard]] std::vector<double> may_go_by_tries() const;
  void find_long_queues();
  void find_resolver_tries();
  void set_link_latencies();
  void move_names(double step_s);
  [[nodiscard]] DelayLine::Delay negative_life(const NameUse& use) const;
  void move_caches(double step_s);
  [[nodiscard]] double fullest_cache(std::uint32_t instance) const;
  [[nodiscard]] double share_expired(std::size_t cache, double step_s);
  void hold_up_starters(double step_s);
  void bring_starters_calls();
  void bring_machines_attempts();
  void hear_machines();
  [[nodiscard]] MachineAnswer answer_to_machines(world::OperationId operation, std::size_t place, double asked_per_s);
  [[nodiscard]] double resolving_share(world::ServiceId service, std::size_t place) const;
  double ask_for_starters(const world::Call& call, std::size_t place, double per_s, std::vector<double>* asked) const;
  [[nodiscard]] double starting_share(std::uint32_t instance) const;
  void move_queues(double step_s);
  void warm_up();
  void begin_scaling();
  [[nodiscard]] double held_by_hosts(const Scaled& one) const;
  void look_at_scaling();
  void look_at_replicas(Scaled& one);
  [[nodiscard]] double share_warmed_up(std::uint32_t instance, quantity::SimTime since) const;
  [[nodiscard]] double warmth(std::uint32_t instance) const;
  void keep_ledger(double step_s);
};

// Every flow of a network begins like this one.
struct Network::Begun {
  Flow::State state;
};

}  // namespace knockon::traffic
