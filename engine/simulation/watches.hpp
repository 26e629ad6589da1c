// Conditions, watched while time goes on: whether each holds, and since when.
//
// After every flow step the tests are read twice: the left limit tells what moved smoothly since the last step (the
// date of a crossing is interpolated), the right limit what jumped just now. A condition held `for` a time turns when
// the time is over and is dated back to when the change began; the date at which it turns is an alarm, so that it is
// met exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/simulation/alarms.hpp"
#include "engine/simulation/burns.hpp"
#include "engine/simulation/readings.hpp"
#include "engine/simulation/situation.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Watches {
 public:
  using Id = std::uint32_t;

  // What a condition's open ends mean where it stands.
  struct Binding {
    world::Target itself;               // what a test without a name is about
    std::optional<world::SiteId> here;  // what @here means
    // Statuses and milestones judge apps by what users meet, the turned away included; alerts and guards do not see
    // those.
    bool as_users_meet_it = false;
    // Nobody acts on it: its turns may be noticed at the flows' next step instead of on the very date. They are dated
    // back all the same.
    bool only_measured = false;
  };

  Watches(const world::World& world, const traffic::Flow& flow, const Readings& readings, const Situation& situation,
          Alarms& alarms);

  // The condition must outlive the watch. `hold`: added around the whole where the condition has no `for` of its own.
  Id add(const world::Condition& condition, Binding binding, std::optional<quantity::Duration> hold = {});
  // Holds while every one of the needs is met from the place. The needs must outlive the watch.
  Id add(const std::vector<world::Need>& needs, const std::optional<world::Place>& from);
  // Called when the watch turns, and when it is read for the first time.
  void on_turn(Id id, std::function<void()> listener) { watches_[id].listener = std::move(listener); }

  // Watches sleep until they are activated; then what they find first is taken as having been so for long.
  void activate(Id id);
  void deactivate(Id id);
  [[nodiscard]] bool is_read(Id id) const { return watches_[id].is_read; }  // since its last activation
  [[nodiscard]] bool holds(Id id) const { return watches_[id].holds; }
  // When the change to what is so now began.
  [[nodiscard]] quantity::SimTime since(Id id) const { return watches_[id].since; }
  [[nodiscard]] quantity::Duration outer_hold(Id id) const;

  // The left limits at `now`, before anything changes.
  void look_left(quantity::SimTime now);
  // Turns what is only measured and a test turned on the way there, though what is due now turn it back.
  void look_at_what_was(quantity::SimTime now);
  // The right limits; calls the listeners of what turned. `jumped`: something was changed since the last look, so that
  // the values just read hold no longer. REQUIRES: look_left(now) came first.
  void look_right(quantity::SimTime now, bool jumped);
  // A watch was activated and has not been read yet.
  [[nodiscard]] bool has_unread() const { return has_unread_; }

 private:
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};
  enum class NodeKind : std::uint8_t { metric, state, negation, conjunction, disjunction, held_for };
  struct Node {
    NodeKind kind;
    bool truth = false;
    std::uint32_t first = 0, second = 0;  // positions in nodes_, or in metrics_ or states_
    quantity::Duration hold;
    std::optional<Alarms::Id> alarm;  // held_for: none where it is only measured
    quantity::SimTime since;
    quantity::SimTime waits_since, due = quantity::SimTime::never();  // held_for: the change it has not followed yet
  };
  // A test of a metric, apart from where its value is found.
  struct Metric {
    double low, high;
    double value = 0;
    quantity::SimTime since;
    quantity::Duration held;  // how long it is to hold before anything turns with it; none: it goes far in a step
    Id watch;
    std::uint32_t reading;  // position in shared_ or asked_
    std::uint32_t next;     // of those that look at the same reading; nobody: the last
    world::Comparison comparison;
    bool is_shared;
    bool is_foreseen;      // somebody acts on it: its crossings are met on their dates
    bool is_read = false;  // since its watch was activated
    bool has_value = false, truth = false, was_smooth = false;
    [[nodiscard]] bool is_true() const { return world::holds(comparison, value, low, high); }
  };
  // A reading that several tests look at. None of them turns while it stays between two of their bounds.
  struct Shared {
    const double* reading;
    double before = 0;            // when it was looked at last
    double above = 0, below = 0;  // closed: every move is looked at
    void close() { above = below = 0; }
    // Both at once: which of them would fail cannot be guessed.
    [[nodiscard]] bool stays(double value) const {
      return static_cast<int>(above < value) & static_cast<int>(value < below);
    }
  };
  struct Sharing {
    std::uint32_t first = nobody;  // position in metrics_
    bool is_foreseen = false;      // one of them is
  };
  // What is asked of the flow for one test, at the last step's right limit.
  struct Asked {
    std::uint32_t test;
    double before = 0;
    bool has_before = false;
  };
  struct Source {
    const world::MetricTest* test;
    world::Target target;
    std::optional<world::SiteId> here;
    quantity::Duration clock;  // local_time: ahead of UTC
    Alarms::Id alarm = 0;      // time and local_time: the next crossing; burn: the next look
    Burns::Id burn = 0;
  };
  struct State {
    const world::StateTest* test;
    world::Target target;
    std::optional<world::SiteId> here;
    bool truth = false, is_read = false;
    quantity::SimTime since;
  };
  struct Watch {
    std::uint32_t first_node = 0, last_node = 0, first_metric = 0, last_metric = 0, first_state = 0, last_state = 0;
    const std::vector<world::Need>* needs = nullptr;
    std::optional<world::Place> from;
    std::function<void()> listener;
    bool is_active = false, is_read = false, holds = false;
    bool is_only_measured = false;
    bool is_restless = false;                            // reads what may turn at any time
    bool goes_by_facts = false;                          // and what turns only with a fact
    quantity::SimTime due = quantity::SimTime::never();  // the first of its conditions' holds to be over
    quantity::SimTime since;
  };

  Id add(Watch watch);
  void add_metric(Id watch, const world::MetricTest& test, const Binding& binding);
  void find_holds(const Watch& watch);
  void add_state(const world::StateTest& test, const Binding& binding);
  std::uint32_t share(const double* reading);
  template <class Visit>
  void for_each_sharing(std::size_t reading, const Visit& visit) {
    for (std::uint32_t test = sharing_[reading].first; test != nobody; test = metrics_[test].next)
      visit(metrics_[test]);
  }
  [[nodiscard]] const Source& source(const Metric& metric) const {
    return sources_[static_cast<std::size_t>(&metric - metrics_.data())];
  }
  void read(Metric& metric, quantity::SimTime now) const;
  void set_clock_alarm(const Metric& metric, quantity::SimTime now);
  void set_burn_alarm(const Metric& metric, quantity::SimTime now);
  void look_closely(std::size_t reading, double before, quantity::SimTime now, quantity::SimTime& next_crossing);
  void look_left(Asked& asked, quantity::SimTime now, quantity::SimTime& next_crossing);
  void go_on_from(Metric& metric, double before, quantity::SimTime now, quantity::SimTime& next_crossing);
  void turn(Metric& metric, quantity::SimTime since);
  void set_bounds(std::size_t reading);
  void wake_after_jump();
  void wake_after_facts();
  template <class Wanted>
  void look_at(quantity::SimTime now, bool jumped, const Wanted& is_wanted);
  [[nodiscard]] bool turns_just_now(const Watch& watch, quantity::SimTime now) const;
  void tell_those_turned(quantity::SimTime now);
  [[nodiscard]] quantity::SimTime foreseen_crossing(const Metric& metric, double before, quantity::SimTime now) const;
  bool look_right(Metric& metric, quantity::SimTime now, bool jumped);
  [[nodiscard]] bool truth_of(const State& state) const;
  [[nodiscard]] bool is_active(const world::Target& target, std::optional<world::SiteId> here) const;
  bool look(Watch& watch, quantity::SimTime now, bool jumped, bool is_stirred);
  bool look_at_states(Watch& watch, quantity::SimTime now);
  void wake_at(Id id, quantity::SimTime date);
  void sleep(Id id);
  bool look_at_needs(Watch& watch, quantity::SimTime now);
  bool evaluate(Watch& watch, quantity::SimTime now);
  void evaluate(Node& node, bool first_time, quantity::SimTime now);
  void wait(Node& node, quantity::SimTime since);
  void stop_waiting(Node& node);

  const world::World& world_;
  const traffic::Flow& flow_;
  const Readings& readings_;
  const Situation& situation_;
  Alarms& alarms_;
  Burns burns_;
  std::vector<Node> nodes_;
  std::vector<Metric> metrics_;
  std::vector<Source> sources_;  // of each metric
  std::vector<Shared> shared_;
  std::vector<Sharing> sharing_;  // who looks at each
  std::vector<Asked> asked_;
  std::vector<State> states_;
  std::vector<Watch> watches_;
  // Of each watch: from when on it is to be looked at, and whether a test of it has turned since it was evaluated.
  std::vector<quantity::SimTime> wakes_;
  std::vector<std::uint8_t> is_stirred_;
  std::vector<std::uint64_t> waking_;  // a bit for each watch that is active and wakes at some date
  std::vector<Id> turned_;
  // What some of them hang on when it was looked at last: what is so by name; and which ways there are, and what is up.
  std::vector<Id> going_by_facts_;
  std::uint64_t situation_seen_ = 0, ways_seen_ = 0;
  quantity::SimTime last_;  // of the step before
  Alarms::Id foreseen_;     // the first crossing to be expected, if all goes on as in the last step
  bool has_unread_ = false;
  bool something_was_ = false;  // that is only measured: a test of it turned on the way
};

}  // namespace knockon::simulation
