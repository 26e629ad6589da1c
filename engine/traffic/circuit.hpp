// The hot loop: attempts run down the calls, answers run up, over what a change has touched and nothing else.
// A sweep takes what people try and how every instance is, and gives how tries end. It holds no clock: whatever takes
// time (people, caches, names, backlogs, warm-up) is moved by others between sweeps and set here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

// How an attempt ends: answered in full, and answered at all; the rest has failed. What must all answer, for an answer
// in full or for any, is a product of either number.
struct Answer {
  double ok = 0, total = 0;
  [[nodiscard]] double degraded() const { return total - ok; }
  friend Answer operator*(Answer answer, double share) { return {answer.ok * share, answer.total * share}; }
};

// Answers at no more places than there are lanes: two in each half.
struct AnswersBeside {
  Lanes first = 1, last = 1;

  // As wide as they are written: what is read more widely than it was written a moment ago waits until it has arrived.
  static AnswersBeside of(const Answer* answers, std::size_t places) {
    const double* const numbers = &answers->ok;
    switch (places) {
      case 1:
        return {Lanes::of_two(numbers), 1};
      case 2:
        return {Lanes::of_all(numbers), 1};
      case 3:
        return {Lanes::of_all(numbers), Lanes::of_two(numbers + lanes)};
      case lanes:
        return {Lanes::of_all(numbers), Lanes::of_all(numbers + lanes)};
      default:
        return {};
    }
  }
  void put(Answer* answers, std::size_t places) const {
    double* const numbers = &answers->ok;
    switch (places) {
      case 1:
        return first.put_two(numbers);
      case 2:
        return first.put_all(numbers);
      case 3:
        first.put_all(numbers);
        return last.put_two(numbers + lanes);
      case lanes:
        first.put_all(numbers);
        return last.put_all(numbers + lanes);
      default:
        return;
    }
  }
  [[nodiscard]] Answer operator[](std::size_t place) const {
    const Lanes& half = place < lanes / 2 ? first : last;
    return {half[place % (lanes / 2) * 2], half[place % (lanes / 2) * 2 + 1]};
  }
  void set(std::size_t place, Answer answer) {
    Lanes& half = place < lanes / 2 ? first : last;
    half.set(place % (lanes / 2) * 2, answer.ok);
    half.set(place % (lanes / 2) * 2 + 1, answer.total);
  }
  friend AnswersBeside operator*(const AnswersBeside& a, const AnswersBeside& b) {
    return {a.first * b.first, a.last * b.last};
  }
  // Of each place so many.
  friend AnswersBeside operator*(const AnswersBeside& a, const Lanes& shares) {
    return {a.first * shares.twice_first(), a.last * shares.twice_last()};
  }
};

// What is so at an instance, apart from what flows through it; and what a sweep made of it, which is read most often
// and lies side by side.
struct InstanceState {
  bool on = true;  // not switched off
  bool site_up = true;
  bool needs_met = true;
  bool reachable = true;     // its route is announced
  bool stale = false;        // answers count as degraded
  bool is_filling = false;   // its cache, or after a queue; as of the last sweep
  double able = 0;           // units of cost a second that it can do, as of the last sweep
  double admitted = 1;       // share of what is offered that is served, now
  double settled = 1;        // where `admitted` tends to; differs only in loops
  double lagged = 0;         // of loops: by how much it fell short of that when it was last moved
  double backlog = 0;        // work waiting, in units of cost
  double capacity_left = 1;  // share of normal, after losses
  double warmth = 1;         // share of that, while warming up
  double fill = 1;           // of a cache: entries there, as a share of a warm one

  [[nodiscard]] bool is_up() const { return on && site_up && needs_met; }
  [[nodiscard]] bool answers() const { return is_up() && reachable; }
};

struct NodeState {
  double errors = 0;         // share of tries
  std::uint32_t sticky = 0;  // classes of users (as bits) that always get errors
  bool copies_good = true;   // its fallback still has something to serve
};

// What its caller's care, or its callee's slowness, makes of a call from one place.
struct Care {
  double in_time = 1;       // share of answers that come before the caller has gone
  double through = 1;       // share of calls that are made at all
  double hedged = 0;        // second attempts beside each first
  double resent_per_s = 0;  // attempts made again after a pause, now
  double late = 0;          // share of what is handed over that is done too late
  bool copies_good = true, last_answer_good = true;
  friend bool operator==(const Care&, const Care&) = default;
};

// Which of many things have been written to.
class Moved {
 public:
  void add(std::uint32_t thing) {
    std::uint64_t& word = has_moved_[thing >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (thing & 63);
    if ((word & bit) != 0) return;
    word |= bit;
    all_.push_back(thing);
  }
  [[nodiscard]] const std::vector<std::uint32_t>& all() const { return all_; }
  // So many that all things are copied sooner than these are looked for.
  [[nodiscard]] bool are_many() const { return all_.size() * 4 >= things_; }
  void clear(std::size_t things) {
    things_ = things;
    has_moved_.assign(things / 64 + 1, 0);
    all_.clear();
  }

 private:
  std::size_t things_ = 0;
  std::vector<std::uint64_t> has_moved_;  // as bits
  std::vector<std::uint32_t> all_;
};

// What a circuit holds of every call, from every place of its caller. It knows which calls have been written to since
// it was made like another that stands still, and becomes like that one again at the cost of these alone.
class CallStates {
 protected:
  explicit CallStates(const Network::Parts& parts) : parts_{&parts} {}
  CallStates(const CallStates& other);
  CallStates& operator=(const CallStates& other);
  ~CallStates() = default;

  void reset(std::size_t classes);
  void stand_still() { stands_still_ = true; }
  const Network::Parts* parts_;
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> routes_;     // slot: a node, nowhere, everywhere, or each user's home
  std::vector<std::uint32_t> ways_home_;  // slot x home: a node, or nowhere; where any service has homes
  std::vector<double> reached_;           // answer x class: share of requests that get to the item
  std::vector<double> weight_;            // slot x class: attempts a request makes
  // Answer x class: how a call ends, after tries and fallbacks. Of calls that are read at their callee: how they did.
  std::vector<Answer> leaf_answers_;
  std::vector<Care> care_;  // place of a careful call x class
  // Of careful calls, in Parts::careful: callers have held it back, or sent second attempts beside it.
  std::vector<std::uint8_t> has_been_reined_;
  Moved moved_, moved_care_;  // leaves, in Parts::leaves and in Parts::careful; to be told before they are

 private:
  void copy_moved(const CallStates& other);

  const CallStates* like_ = nullptr;  // what it was last made like, where that stands still
  bool stands_still_ = false;
};

class Circuit : CallStates {
 public:
  explicit Circuit(const Network::Parts& parts);

  // Nothing broken, nobody trying. `class_bits`: users fall into 2^class_bits classes by the sticky faults that hit
  // them, and into as many for each of their homes.
  void reset(int class_bits);
  [[nodiscard]] std::size_t classes() const {
    return classes_;
  }  // of requests: of users, by the level of their journey
  [[nodiscard]] std::size_t user_classes() const { return user_classes_; }

  // --- settings
  // --------------------------------------------------------------------------------------------------------------
  // Of outcomes that follow one another, at most as many as there are lanes, of one journey.
  void set_tries(std::uint32_t first, std::size_t count, std::size_t user_class, const Lanes& per_s);
  void set_name_share(std::size_t name, std::size_t place, double share);
  // For changing an instance or a node; everything that hangs on it is evaluated by the next sweep.
  InstanceState& change_instance(world::ServiceId service, std::uint32_t instance);
  // Attempts a second that no caller of the world makes.
  void set_extra(world::OperationId operation, std::uint32_t node, double per_s);
  NodeState& change_node(world::OperationId operation, std::uint32_t node);
  void set_outcome_copies_good(world::JourneyId journey, std::uint32_t outcome, bool good);
  // Where callers go who come to the instance when all is well: to these places of its service, while one of them
  // answers. Routes must be found anew then.
  void set_detour(std::uint32_t instance, std::vector<std::uint32_t> places);
  [[nodiscard]] bool has_detour(std::uint32_t instance, const std::vector<std::uint32_t>& places) const;
  // After `answers()` of an instance, or ways through the network, have changed.
  void find_routes_to(world::ServiceId service, const Reach& reach);
  void find_all_routes(const Reach& reach);

  // Services far from their limits answer alike however often they are asked, so that small changes of what people
  // try who reach no others are kept back; and who has enough for more has enough for less, so that nobody is told of
  // less who need not be. Exactly: nothing is kept back.
  void follow_exactly(bool exactly);

  // Of careful calls. Returns whether it is new.
  bool set_care(std::uint32_t leaf, std::uint32_t place, std::size_t k, const Care& care);
  // The share of this call's attempts that links between have room for. REQUIRES: its bytes are counted.
  void set_carried(std::uint32_t leaf, std::uint32_t place, double share);
  // The share of what the node answers that its callers are still waiting for.
  void set_in_time(std::uint32_t node, double share) { in_time_[node] = share; }

  // Of what arrives at the node, this share is refused before it is any work; `errors`: of all, those included.
  void set_refused(world::OperationId operation, std::uint32_t node, double share, double errors);
  // It is not written to any more, and neither moved nor ended before those that are made like it.
  using CallStates::stand_still;
  // What is read from the layout has changed: everything is evaluated anew.
  void take_parameters();

  // Evaluates what was touched, until nothing moves.
  void sweep();
  // Moves loops' admissions towards where they tend, over `step_s`.
  void relax(double step_s);
  // The largest distance, as a share of what is offered, between a loop's admission and where it tends; and in what
  // time that loop goes there. Of less than `small` that is admitted, a distance counts for as much as the same part of
  // `small` would.
  struct Lag {
    double farthest = 0, time_constant_s = 1;
  };
  [[nodiscard]] Lag farthest_lag(double small = 0) const;
  [[nodiscard]] double lag(double small = 0) const { return farthest_lag(small).farthest; }

  // --- results
  // ---------------------------------------------------------------------------------------------------------------
  [[nodiscard]] const InstanceState& instance(std::uint32_t i) const { return instances_[i]; }
  // Offered to an instance, in units of cost a second.
  [[nodiscard]] double load(std::uint32_t i) const { return load_[i]; }
  [[nodiscard]] const NodeState& node(std::uint32_t n) const { return nodes_[n]; }
  [[nodiscard]] double extra(std::uint32_t node) const { return extra_[node]; }
  [[nodiscard]] double capacity(std::uint32_t instance) const {
    const InstanceState& state = instances_[instance];
    return parts_->capacity[instance] * state.capacity_left * state.warmth;
  }
  [[nodiscard]] double tries(std::uint32_t outcome, std::size_t user_class) const {
    return tries_[outcome * user_classes_ + user_class];
  }
  // Of all users, of as many outcomes that follow one another as there are lanes; nothing in lanes beyond the last.
  [[nodiscard]] Lanes tries_from(std::uint32_t first) const {
    if (user_classes_ == 1) return Lanes::of_all(&tries_[first]);
    const std::size_t count = std::min<std::size_t>(lanes, parts_->outcomes - first);
    Lanes all;
    for (std::size_t k = 0; k < user_classes_; ++k)
      all += Lanes::of(&tries_[first * user_classes_ + k], count, user_classes_);
    return all;
  }
  // How tries end, by outcome and class of users.
  void put_totals(double* totals) const {
    if (classes_ == 1) {
      for (const Answer& answer : outcomes_) *totals++ = answer.total;
      return;
    }
    for (std::uint32_t some = 0; some < parts_->outcomes; ++some) {
      for (std::size_t k = 0; k < user_classes_; ++k) *totals++ = outcome(some, k).total;
    }
  }
  // And how many there are, a second; likewise.
  void put_tries(double* tries) const { std::copy_n(tries_.data(), parts_->outcomes * user_classes_, tries); }
  [[nodiscard]] Answer outcome(std::uint32_t outcome, std::size_t user_class) const {
    return outcomes_[outcome * classes_ + first_class_of(outcome) + user_class];
  }
  // The same of outcomes that follow one another, at most as many as there are lanes, of one journey.
  struct Answers {
    Lanes ok, total;
  };
  [[nodiscard]] Answers outcomes(std::uint32_t first, std::size_t count, std::size_t user_class) const {
    Answers some;
    const Answer* const answers = &outcomes_[first * classes_ + first_class_of(first) + user_class];
    for (std::size_t lane = 0; lane < count; ++lane) {
      some.ok.set(lane, answers[lane * classes_].ok);
      some.total.set(lane, answers[lane * classes_].total);
    }
    return some;
  }
  [[nodiscard]] Answer outcome_before_fallback(world::JourneyId journey, std::uint32_t outcome) const;  // of all users
  [[nodiscard]] double arriving(std::uint32_t node) const;  // attempts a second, all classes
  [[nodiscard]] Answer answer(std::uint32_t node) const;    // mean over what arrives; over classes when nothing does
  [[nodiscard]] Answer answer_however_late(std::uint32_t node) const;  // whether or not its callers still wait
  [[nodiscard]] Answer answer_before_fallback(world::OperationId operation, std::uint32_t node) const;
  [[nodiscard]] double passed(std::uint32_t node) const;  // attempts a second that get past admission and errors
  // Attempts a second to find the service by its name, from one place, before the name is resolved.
  [[nodiscard]] double wanted_by_name(world::ServiceId service, std::size_t place) const;
  [[nodiscard]] double misses_per_s(world::ServiceId service,
                                    std::uint32_t instance) const;           // calls to the cache's store
  [[nodiscard]] double sent(std::uint32_t leaf, std::uint32_t place) const;  // attempts a second, all classes
  [[nodiscard]] double sent_by(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    const LeafLayout& layout = parts_->leaves[leaf];
    const double sent =
        entering_[(layout.first_entry + place) * classes_ + k] * weight_[(layout.first_slot + place) * classes_ + k];
    return layout.careful == nowhere ? sent : sent + care(leaf, place, k).resent_per_s;
  }
  // Of careful calls.
  [[nodiscard]] const Care& care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    return care_[care_slot(leaf, place, k)];
  }
  // The share of attempts that are not answered however long one waits, and that of calls that are after all tries.
  [[nodiscard]] double early_failures(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] double answered_by_source(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    return after_tries(leaf, place, k).total;
  }
  // The nodes that calls from this place go to.
  template <class Visit>
  void for_each_way(std::uint32_t leaf, std::uint32_t place, const Visit& visit) const {
    const std::uint32_t known = route(leaf, place);
    if (known < parts_->nodes) return visit(known);
    if (known == nowhere) return;
    if (is_home(known)) return for_each_home(leaf, place, visit);
    const LeafLayout& layout = parts_->leaves[leaf];
    const std::uint8_t* const can = can_reach(leaf, place);
    const Caller& callee = parts_->callers[parts_->order.leaves[leaf].callee.index()];
    for (std::uint32_t site = 0; site < callee.places; ++site) {
      if (can[site] != 0) visit(layout.first_node_of_callee + site);
    }
  }
  [[nodiscard]] std::uint32_t route(std::uint32_t leaf, std::uint32_t place) const {
    return routes_[parts_->leaves[leaf].first_slot + place];
  }
  // Attempts a second, all classes, that have a way to go.
  [[nodiscard]] double sent_somewhere(std::uint32_t leaf, std::uint32_t place) const;

  // Of a request at this place of the caller: how often it makes the call, and how often the callee's name is known.
  [[nodiscard]] double calls_per_request(const LeafLayout& leaf, std::uint32_t place) const;
  [[nodiscard]] double name_share(const LeafLayout& leaf, std::uint32_t place) const;
  // Of its attempts, those that find the callee's name and room on the links to it.
  [[nodiscard]] double delivered_share(const LeafLayout& leaf, std::uint32_t place) const;

  [[nodiscard]] std::size_t sweeps() const { return sweeps_; }
  [[nodiscard]] std::size_t evaluations() const { return evaluations_; }

 private:
  // Of a journey's requests.
  [[nodiscard]] std::size_t first_class_of(std::uint32_t outcome) const {
    return parts_->levels == 1 ? 0 : parts_->level_of_journey[parts_->journey_of_outcome[outcome]] * user_classes_;
  }
  template <std::size_t fixed>
  [[nodiscard]] double offered(const ServiceLayout& layout, std::uint32_t site) const;
  void share_out(std::uint32_t service, std::uint32_t site);
  void touch(std::uint32_t task) { dirty_[task >> 6] |= std::uint64_t{1} << (task & 63); }
  // They are made more or less often.
  void touch_calls(const Caller& caller) { touch_masks(caller.first_mask, caller.last_mask); }
  void touch_masks(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t i = first; i < last; ++i) dirty_[parts_->masks[i].word] |= parts_->masks[i].bits;
  }
  // One call is made another number of times a request.
  void touch_weight(std::uint32_t leaf) { touch(parts_->leaves[leaf].weigh_task); }
  // The tasks are compiled twice: for the one class of users there nearly always is, and for any number (`fixed` = 0).
  template <std::size_t fixed>
  void run(const graph::Task& task);
  template <std::size_t fixed>
  void arrive(const Arrival& callee);
  template <std::size_t fixed>
  void enter(std::uint32_t operation);
  // That more is asked of them; or less, of which only those who are heeded are told.
  void tell_callees(std::uint32_t first_mask, std::uint32_t last_mask, bool is_more) {
    if (is_more || tells_all_less()) return touch_masks(first_mask, last_mask);
    for (std::uint32_t i = first_mask; i < last_mask; ++i) {
      const TaskMask& mask = parts_->masks[i];
      dirty_[mask.word] |= mask.bits & heeded_tasks_[mask.word];
    }
  }
  // Likewise the callee of one call.
  void tell_callee(const LeafLayout& call, bool is_more, bool is_less) {
    const std::uint32_t task = call.arrive_task;
    if (is_more || (is_less && tells_all_less())) return touch(task);
    if (is_less) dirty_[task >> 6] |= heeded_tasks_[task >> 6] & std::uint64_t{1} << (task & 63);
  }
  template <std::size_t fixed>
  bool add_up(const Arrival& callee);
  template <std::size_t fixed>
  void add_calls(const Arrival& callee);
  enum class Arrived : std::uint8_t { as_before, anew, with_plenty };
  Arrived add_up_straight(const Arrival& callee);
  template <std::size_t places>
  Arrived add_up_straight(const Arrival& callee);
  void look_whether_straight(world::OperationId operation);
  void add_resent(std::uint32_t operation);
  void add_arriving(std::uint32_t slot, std::size_t k, double sent);
  void add_elsewhere(std::uint32_t slot, std::size_t k, double sent);
  [[nodiscard]] const std::uint8_t* can_reach(std::uint32_t leaf, std::uint32_t place) const;
  template <std::size_t fixed>
  void load(std::uint32_t service);
  // What comes of comparing a service with what it is asked.
  struct Admission {
    std::uint32_t service;
    double near;  // from which share of what it can do on it is near its limit
    bool is_in_loop;
    bool is_heeded;  // it is asked for more than it can do, has a backlog, fills its cache, or is read
    bool is_near = false;
    bool changed = false;
  };
  [[nodiscard]] Admission admission_of(std::uint32_t service, bool is_in_loop, bool is_watched) const;
  template <std::size_t fixed>
  bool admit(std::uint32_t service);
  bool admit(const Arrival& arrival);
  void look_at_plenty(std::uint32_t instance);
  void admit_at(std::uint32_t instance, double load, Admission& admission);
  bool look_at(const Admission& admission);
  template <std::size_t fixed>
  void pass_on(std::uint32_t service);
  void weigh(std::uint32_t leaf);
  void weigh_simply(std::uint32_t leaf);
  // Whether what stands behind it in the list is reached by another share of requests now.
  bool weigh_one_simply(std::uint32_t leaf);
  template <std::size_t fixed>
  void answer_operation(std::uint32_t operation);
  template <std::size_t fixed>
  void finish_journey(std::uint32_t journey);
  // The same where there is one class of users, and no more places than lanes.
  void answer_side_by_side(std::uint32_t operation);
  void tell_of_answers(std::uint32_t operation);
  void finish_side_by_side(std::uint32_t journey);

  // Lets what people try on a journey into the world.
  void tell(std::uint32_t journey);
  void lags(std::uint32_t service);
  void look_at_standing(std::uint32_t service, std::uint8_t now);
  void look_at_limit(std::uint32_t service, bool is_near);
  void heed(std::uint32_t service, bool is_new);
  void heed_anew();
  // How classes of users are answered on average hangs on how many of each ask, at every service.
  [[nodiscard]] bool tells_all_less() const { return follows_exactly_ || classes_ > 1; }
  [[nodiscard]] bool is_told_less(const Arrival& callee) const {
    return tells_all_less() || is_heeded_[callee.operation] != 0;
  }
  void look_at_answers(std::uint32_t operation);
  [[nodiscard]] double settled_admission(std::uint32_t service, std::uint32_t instance) const;
  [[nodiscard]] Answer compose(const Caller& caller, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] AnswersBeside compose_beside(const Caller& caller) const;
  // A single call whose answers are its callee's, place by place: they are read there.
  [[nodiscard]] bool is_direct(const Item& item) const {
    return item.plain_arrival != nowhere && classes_ == 1 && is_straight_[item.plain_arrival] != 0;
  }
  // Of a single call from one class; first of its places.
  [[nodiscard]] const Answer* answers_of(const Item& item) const {
    return is_direct(item) ? &answers_[item.first_node_of_callee] : &leaf_answers_[item.first_answer];
  }
  [[nodiscard]] Answer item_answer(const Item& item, std::uint32_t place, std::size_t k) const;
  Answer group_answer(const world::Call& call, std::uint32_t& leaf, std::uint32_t place, std::size_t k, double reached,
                      std::uint32_t wanted_leaf, double& wanted_reached) const;
  [[nodiscard]] Answer leaf_answer(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    const Item& item = parts_->items[parts_->leaves[leaf].item];
    if (is_direct(item)) return answers_[item.first_node_of_callee + place];
    return leaf_answers_[(parts_->leaves[leaf].first_answer + place) * classes_ + k];
  }
  // Works out anew how calls of this leaf end, and touches what depends on it.
  void hear(std::uint32_t leaf);
  void tell_of_call(std::uint32_t leaf);
  [[nodiscard]] Answer heard(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] std::size_t care_slot(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    return (parts_->careful[parts_->leaves[leaf].careful].first + place) * classes_ + k;
  }
  [[nodiscard]] Answer attempt_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] Answer answer_of_callee(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] Answer handed_over(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] Answer after_tries(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] Answer heard_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] double attempts_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  [[nodiscard]] Answer attempt_answer(std::uint32_t leaf, std::uint32_t place, std::size_t k) const;
  void find_route(std::uint32_t leaf, const Reach& reach);
  [[nodiscard]] static bool is_home(std::uint32_t route) { return route == nowhere - 3; }
  bool find_way_home(std::uint32_t leaf, std::uint32_t place, const Reach& reach);
  [[nodiscard]] std::uint32_t way_home(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
    return ways_home_[(parts_->leaves[leaf].first_slot + place) * parts_->homes.count() + home_of(k)];
  }
  [[nodiscard]] std::size_t home_of(std::size_t k) const { return (k % user_classes_) >> class_bits_; }
  // Of a region's users, as many in each class of a home.
  [[nodiscard]] double share_of_users(std::size_t region, std::size_t k) const {
    return parts_->homes.share_of(region, home_of(k)) / static_cast<double>(std::size_t{1} << class_bits_);
  }
  // The homes of those who call now; while nobody does, the one that is nearest.
  template <class Visit>
  void for_each_home(std::uint32_t leaf, std::uint32_t place, const Visit& visit) const {
    bool found = false;
    for (std::size_t h = 0; h < parts_->homes.count(); ++h) {
      double calling = 0;
      for (std::size_t k = 0; k < classes_; ++k) calling += home_of(k) == h ? sent_by(leaf, place, k) : 0;
      const std::uint32_t node = way_home(leaf, place, h << class_bits_);
      if (!(calling > 0) || node == nowhere) continue;
      visit(node);
      found = true;
    }
    if (found) return;
    if (const std::uint32_t node = nearest_home(leaf, place); node != nowhere) visit(node);
  }
  [[nodiscard]] std::uint32_t nearest_home(std::uint32_t leaf, std::uint32_t place) const;
  [[nodiscard]] std::uint32_t detour(world::ServiceId service, std::size_t from, const Reach& reach) const;
  [[nodiscard]] std::uint32_t nearest_of(const std::vector<std::uint32_t>& positions, world::ServiceId service,
                                         std::size_t from, const Reach& reach) const;

  std::size_t user_classes_ = 1;
  int class_bits_ = 0;
  std::size_t places_;
  std::vector<std::uint64_t> dirty_;
  std::vector<InstanceState> instances_;
  std::vector<double> load_;
  // Of an instance that serves all it is asked for: the most it may be asked for so that nothing need be looked at,
  // which is where it is far from its limit by either bound. Else less than nothing.
  std::vector<double> plenty_;
  std::vector<std::uint32_t> changed_;  // instances, since the last sweep
  std::vector<NodeState> nodes_;
  std::vector<double> extra_;  // node
  std::vector<std::uint8_t> outcome_copies_good_;
  std::vector<Answer> outcomes_;         // outcome x class
  std::vector<double> arriving_, pass_;  // node x class: attempts a second; share that gets past admission and errors
  std::vector<double> entering_;         // entry x class: requests a second that make calls
  std::vector<Answer> answers_;          // node x class
  // Outcome x class of users, some lanes longer: a second, whether the world has been told or not.
  std::vector<double> tries_;
  std::vector<double> name_share_;       // name x place
  std::vector<double> carried_;          // place of a wired call
  std::vector<double> in_time_;          // node
  std::vector<double> refused_;          // node; empty: nobody is
  std::vector<std::uint8_t> can_reach_;  // place x instance, for services that spread
  std::vector<double> sums_;             // node x class, while a task adds up
  // Arrival: whether all that calls it is at as many places as it, a few, and from each goes to the one of that number.
  std::vector<std::uint8_t> is_straight_;
  std::vector<double> part_of_extra_;   // class: of requests that no caller of the world makes
  std::vector<double> level_admitted_;  // level: share that is, while a service passes on what it has admitted
  std::map<std::uint32_t, std::vector<std::uint32_t>> detours_;  // by instance: places of its service
  bool follows_exactly_ = false;
  std::vector<std::uint32_t> lagging_;        // services in loops that admit another share than they will
  std::vector<std::uint8_t> is_lagging_;      // service
  std::vector<std::uint8_t> standing_;        // service
  std::vector<std::uint8_t> answers_differ_;  // service whose answers are read: between its sites, or classes
  std::vector<std::uint32_t> limits_below_;   // journey: how many services near their limits its requests may reach
  // Operations, then journeys: a service that is heeded is asked there, or below.
  std::vector<std::uint8_t> is_heeded_;
  std::vector<std::uint64_t> heeded_tasks_;           // where these add up what comes; as bits
  std::vector<std::uint32_t> above_;                  // while these are found
  std::size_t heeded_then_ = 0, unheeded_since_ = 0;  // services: since these were found anew, and of those no more
  std::size_t sweeps_ = 0, evaluations_ = 0;
};

}  // namespace knockon::traffic
