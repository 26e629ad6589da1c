// How the flows of a world are laid out in memory: what Network holds. A node is an operation at a site, an instance a
// service at a site, a slot a leaf (one call) at one place of its caller. Everything of one subject lies side by side,
// places innermost, and subjects in the order in which a sweep comes to them: slots as their callee adds them up. How
// calls end is read by their caller, and lies in the order of leaves: such a slot is called an answer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/graph/order.hpp"
#include "engine/traffic/answer_time.hpp"
#include "engine/traffic/lanes.hpp"
#include "engine/traffic/network.hpp"
#include "engine/traffic/reach.hpp"
#include "engine/traffic/retry_pool.hpp"
#include "engine/world/world.hpp"

namespace knockon::traffic {

inline constexpr std::uint32_t nowhere = 0xffffffff;

// One entry of a caller's list: a single call or a group with its leaves.
struct Item {
  const world::Call* call;  // null: the misses of a cache
  std::uint32_t first_leaf, last_leaf;
  bool gates;                  // what comes later is only called when this has answered
  bool is_single;              // no group: its first leaf is all of it
  std::uint32_t first_answer;  // of its first leaf
  // Of a single plain call: where its callee is in Parts::arrivals, and its first node. Else nowhere.
  std::uint32_t plain_arrival = nowhere, first_node_of_callee = nowhere;
};

// An operation or a journey as a caller.
struct Caller {
  std::uint32_t first_item, last_item;
  std::uint32_t first_node;   // of an operation; journeys: first of their outcomes, one a region
  std::uint32_t first_entry;  // where its requests come in: nodes, and behind them outcomes
  std::uint32_t places;       // sites of the service, or regions
  std::uint32_t first_leaf, last_leaf;
  std::uint32_t first_mask, last_mask;  // of the tasks that add up what it calls, in Parts::masks
  // Of an operation: of the tasks that read how it answers through plain calls; likewise.
  std::uint32_t first_answer_mask = 0, last_answer_mask = 0;
  std::uint32_t finish_task;  // answer or outcome
  std::uint32_t service;      // of an operation
  bool is_all_its_service_does;
  bool is_journey;
  bool is_handed_work;  // by someone who does not wait for it
};

// Tasks as bits of one word of all tasks.
struct TaskMask {
  std::uint32_t word;
  std::uint64_t bits;
};

struct LeafLayout {
  std::uint32_t caller;  // operations first, then journeys
  std::uint32_t item;    // in Parts::items
  std::uint32_t first_slot, first_answer;
  std::uint32_t places;       // of the caller
  std::uint32_t first_entry;  // the caller's
  std::uint32_t first_node_of_callee;
  std::uint32_t weigh_task;
  std::uint32_t arrive_task;  // of the callee
  std::uint32_t name;         // by which the callee is found, in Parts::names; nowhere: by none
  int tries;
  double per_request;               // not of a cache's misses
  std::optional<double> hit;        // of a cache's misses: what is answered without them when the cache is full
  std::uint32_t first_instance;     // the caller's; of operations
  std::uint32_t careful = nowhere;  // in Parts::careful
  std::uint32_t wired = nowhere;    // first of its places, among those of calls whose bytes are counted
  // One attempt a request, whose answer is the caller's own: nothing is tried again, replaced, or looked up by name.
  bool is_plain = false;
  // How often it is made hangs on the call before it in the list, beside its own tries: it is in no group, behind none,
  // no miss of a cache, and goes neither by name nor by bytes.
  bool is_weighed_simply = false;
  std::vector<std::uint32_t> told;  // leaves that are called more or less often by how this call ends; ascending
};

// A call whose caller looks after itself, or whose callee may keep it waiting for longer than it waits.
struct CarefulCall {
  static constexpr std::size_t pauses_max = 12;
  struct Pause {
    double least_s, most_s;
  };
  std::uint32_t leaf, places;
  std::uint32_t first;      // of its places, among those of all careful calls
  const world::Call* call;  // null: the misses of a cache
  double timeout_s;         // of an attempt, no longer than the request's deadline
  double patience_s;   // of the person whose journey makes it, since its beginning; endless where nothing lasts so long
  double cost;         // of one attempt at the callee
  AnswerTime latency;  // of the callee
  bool callee_waits, refusals_are_late, dead_work_is_dropped;
  bool browns_out;  // is not made when its caller's service is busier than this
  double brownout_from;
  bool retries_wait;
  std::vector<Pause> pauses;                // before each further attempt; the last one stands for all that follow
  std::size_t late_retries, early_retries;  // of them: those before the deadline, after timeouts and after early noes
  double again;                             // share of those failing after the last pause who pause there once more
};

// A call whose bytes are counted on the links that it goes over.
struct WiredCall {
  std::uint32_t leaf;
  double bytes;  // of one attempt
};

// What is read of an operation when what arrives at it is added up. Slots of calls to it lie side by side, in the order
// of its callers.
struct Arrival {
  std::uint32_t first_slot, last_slot, first_call;
  std::uint32_t first_node, places;
  std::uint32_t first_mask, last_mask;  // as its caller's
  std::uint32_t operation, service, load_task;
  bool is_all_its_service_does, is_resent_to;
  // Where it is: of its service, as in ServiceLayout.
  bool is_in_loop, is_watched;
  std::uint32_t first_instance;
  double cost;
};

// The same of a service, when that is compared with what it can do.
struct ServiceLayout {
  std::uint32_t first_instance, sites;
  std::uint32_t first_resident, last_resident;
  bool is_in_loop;        // its admission is relaxed
  bool is_watched;        // a condition, or something that moves by it, reads how much it is asked
  bool answers_are_read;  // or how it answers: a mean over its sites, by how much each is asked
  bool by_priority;
};

// An operation as part of what its service does.
struct Resident {
  std::uint32_t operation;
  std::uint32_t first_node;
  double cost;
};

// People of one population who do one journey, in the regions of one block.
struct Stream {
  Block block;
  std::uint32_t ladder;
  world::JourneyId journey;
  world::PopulationId population;
  std::uint32_t outcome;        // in the first region; the others' follow
  std::uint32_t level;          // of activity there: curve x region
  double per_user_s;            // intents a second and person, the day's mean
  Lanes users;                  // of the population
  Lanes per_s;                  // intents of all of them
  Lanes part_of_outcome;        // of all intents of this outcome, the day's mean
  std::uint32_t holding;        // of the session the journey needs; nowhere: needs none
  double for_each_opening = 0;  // intents of those who have just opened that session
};

// People of one population as holders of one kind of session, in the regions of one block.
struct Holding {
  Block block;
  std::uint32_t ladder;
  world::PopulationId population;
  std::uint32_t outcome;  // of the journey that opens one, in the first region
  std::uint32_t level;    // of activity there: curve x region
  world::SessionId session;
  Lanes holders;                              // persons
  Lanes dormant;                              // of them: never want one
  double per_holder_s;                        // intents a second and person on journeys that need it, the day's mean
  std::vector<quantity::Duration> lifetimes;  // each as likely as another; none: never expires
  double notices_per_s;
  std::optional<world::OperationId> renewed_by{};  // what keeps them alive, without anybody's doing
  std::uint32_t behind = nowhere;                  // of the session that one must hold to open this one; nowhere: none
  [[nodiscard]] double expires_per_s() const;
  // Those in which there are any, with their lanes.
  template <class Visit>
  void for_each_region(const Visit& visit) const {
    for (std::uint32_t lane = 0; lane < block.regions; ++lane) {
      if (holders[lane] > 0) visit(world::RegionId{block.first_region + lane}, lane);
    }
  }
};

// Where users' homes are, of services that keep each user at a home: a class of users for each.
struct Homes {
  std::vector<world::SiteId> sites;                   // empty: no service has any
  std::vector<double> share;                          // region x home: of the users there
  std::vector<std::vector<std::uint32_t>> positions;  // by service: of each home, which of its sites; nowhere: none
  [[nodiscard]] std::size_t count() const { return sites.empty() ? 1 : sites.size(); }
  [[nodiscard]] double share_of(std::size_t region, std::size_t home) const {
    return sites.empty() ? 1 : share[region * sites.size() + home];
  }
};

// A service that is found by name, as seen from one place.
struct NameLayout {
  world::ServiceId service;
  world::OperationId through;
  double ttl_s;
};

// How long a machine waits for an answer of the service before it takes it that none will come.
[[nodiscard]] double patience_of_machines_s(const world::Service& service);

struct Network::Parts {
  const world::World* world;
  graph::Order order;
  Reach reach;

  std::vector<Caller> callers;  // operations, then journeys
  std::vector<TaskMask> masks;
  std::vector<Item> items;
  std::vector<LeafLayout> leaves;             // parallel to order.leaves
  std::vector<std::uint32_t> first_instance;  // per service
  std::vector<std::uint32_t> service_of_instance;
  std::vector<Resident> residents;                   // by service
  std::vector<std::uint32_t> first_resident;         // per service, and behind the last
  std::vector<std::uint32_t> site_position;          // [service * sites + site]: place within the service, or nowhere
  std::vector<std::vector<std::uint32_t>> calls_to;  // per operation: leaves that call it, ascending
  std::vector<std::vector<std::uint32_t>> other_calls_to;  // of these, those that are not plain
  std::vector<graph::Task> tasks;         // as in order.tasks, but arrivals' subjects are positions in:
  std::vector<Arrival> arrivals;          // in the order of a sweep
  std::vector<std::uint32_t> arrival_of;  // per operation
  std::vector<std::uint32_t> entry_of_slot, leaf_of_slot;      // where what is called there comes in; and by which call
  std::vector<std::uint32_t> entry_of_call;                    // where that of its first place comes in; as slots lie
  std::vector<std::vector<std::uint32_t>> resending_calls_to;  // per operation: those made again after a pause
  std::vector<std::uint32_t> name_of_service;                  // per service: position in names, or nowhere
  std::vector<NameLayout> names;
  Homes homes;
  std::vector<std::size_t> all_sites;          // as places
  std::vector<std::size_t> all_users;          // likewise, in each region
  std::vector<ServiceLayout> service_layouts;  // per service
  // Per service, as bits of so many words: journeys whose requests may reach it.
  std::size_t journey_words = 0;
  std::vector<std::uint64_t> journeys_above;
  std::vector<double> relax_s;         // per service in a loop: time constant; 0: none
  std::vector<std::uint32_t> looping;  // services with a time constant
  // Where services shed the less important first, requests are told apart by the priority of their journey: levels, the
  // most important one first. What no journey asks for counts as of priority 0.
  std::size_t levels = 1;
  std::vector<std::uint32_t> level_of_journey;
  std::size_t usual_level = 0;
  std::vector<double> queue_s;              // per service: the longest wait that work can have; 0: sheds
  std::vector<double> room_s;               // the same where filling it takes time; else 0
  std::vector<double> least_patience_s;     // per service: of its callers
  std::vector<double> patience_s;           // per journey: of who does it; endless where none of its calls last so long
  std::vector<AnswerTime> own_time;         // per service: of its own work
  std::vector<AnswerTime> answer_time;      // per operation: with what it waits for below, between places apart
  std::vector<AnswerTime> own_answer_time;  // per operation: of its own work
  std::vector<double> farthest_s;           // per operation: between places, at most, of what it waits for below
  std::vector<CarefulCall> careful;         // by leaf
  std::uint32_t careful_slots = 0;          // their places
  std::vector<WiredCall> wired;             // by leaf
  std::uint32_t wired_slots = 0;            // their places
  std::vector<std::uint32_t> arrive_task, answer_task, load_task, outcome_task;
  std::uint32_t nodes = 0, instances = 0, slots = 0, outcomes = 0;

  std::vector<double> capacity;  // per instance, in units of cost a second; infinite where nothing is ever asked
  std::vector<double> peak;      // per instance, in the same units: the most it is asked on a day without a fault
  std::vector<double> usual;     // per node: attempts a second, the day's mean

  std::vector<RetryLadder> ladders;
  std::vector<Stream> streams;
  std::vector<Holding> holdings;
  // Per journey x block; of streams those that anything comes of.
  std::vector<std::vector<std::uint32_t>> streams_of_journey, holdings_of_journey;
  std::vector<std::uint32_t> journey_of_outcome, region_of_outcome;
  std::vector<double> weight_of_outcome;  // per journey x region, and some lanes: tries a second, the day's mean
  std::vector<std::vector<std::uint32_t>> journeys_of_app, critical_journeys;  // per app
  // How much they count in their app's success in a region, per journey x block, and all of them, per app x block; and
  // how much regions count in an app's, and all of them, per app. By the weight of critical journeys; alike where
  // nobody ever does any. Sums are of these very numbers, in order, so that a mean of ones is one.
  std::vector<Lanes> counts_in_region, all_count_in_region, region_counts;
  std::vector<double> all_regions_count;

  explicit Parts(const world::World& w);
  [[nodiscard]] std::span<const Resident> residents_of(std::size_t service) const {
    return {residents.data() + first_resident[service], residents.data() + first_resident[service + 1]};
  }
  [[nodiscard]] std::size_t regions() const { return regions_; }
  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] Block block(std::size_t number) const { return block_of(regions(), number); }
  [[nodiscard]] std::uint32_t caller_of(world::JourneyId journey) const {
    return operations_ + static_cast<std::uint32_t>(journey.index());
  }
  [[nodiscard]] std::uint32_t outcome_of(world::JourneyId journey, world::RegionId region) const {
    return static_cast<std::uint32_t>(journey.index() * regions() + region.index());
  }
  // The instance or node of a service's operation at a site; nowhere when it is not there.
  [[nodiscard]] std::uint32_t instance_at(world::ServiceId service, world::SiteId site) const;
  [[nodiscard]] std::uint32_t node_at(world::OperationId operation, world::SiteId site) const;
  // Where a caller's nth place is, in Reach's numbering.
  [[nodiscard]] std::size_t place_of_caller(std::uint32_t caller, std::uint32_t place) const;

 private:
  // Asked for in each step, and a division each where the world is asked.
  std::size_t regions_, blocks_;
  std::uint32_t operations_;
  void lay_out_callers();
  void lay_out_leaves();
  void lay_out_tasks();
  void lay_out_masks(Caller& caller);
  void add_to_masks(std::uint32_t first, std::uint32_t task);
  void lay_out_services();
  void lay_out_slots();
  void lay_out_what_is_read();
  [[nodiscard]] std::vector<std::uint32_t> callers_in(const world::Subject& subject) const;
  void lay_out_journeys_above();
  void lay_out_homes();
  [[nodiscard]] std::uint32_t ladder_of(const world::Retry& retry);
  void lay_out_people();
  void lay_out_people(world::PopulationId id, Block block);
  void lay_out_parts_of_apps();
  void lay_out_priorities();
  void lay_out_arrivals();
  void lay_out_plain_calls();
  void lay_out_patience();
  void lay_out_answer_times();
  void lay_out_careful_calls();
  void add_careful_call(std::uint32_t leaf, double deadline_s);
  [[nodiscard]] double patience_behind(std::uint32_t leaf) const;
  [[nodiscard]] double usual_time_before(std::uint32_t leaf) const;
  [[nodiscard]] AnswerTime time_of_call(const world::Call& call) const;
  [[nodiscard]] double farthest_of(const world::Call& call, std::uint32_t caller) const;
  [[nodiscard]] double away_s(std::uint32_t caller, world::OperationId callee) const;
  [[nodiscard]] bool is_asked_by_machines(world::OperationId operation) const;
  std::vector<world::Retry> retries_;  // by ladder
  std::vector<bool> changing_;         // leaves; empty: none
};

}  // namespace knockon::traffic
