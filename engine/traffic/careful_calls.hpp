// Calls whose caller looks after itself (pauses, a budget, a breaker, a bulkhead, a hedge, a deadline), whose callee
// keeps it waiting, or whose person may be gone before the answer. Between sweeps, what that makes of each call is
// worked out and given to the circuit; what takes a second or more (attempts made again, breakers that are open) is a
// pool that moves.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/delay_line.hpp"
#include "engine/traffic/distances.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/slow_times.hpp"
#include "engine/traffic/waits.hpp"

namespace knockon::traffic {

// Attempts over the last while, and how many of them failed.
class Window {
 public:
  explicit Window(double length_s) : bin_s_{length_s / bins} {}
  void clear();
  void add(DelayLine::Span span, double attempts, double failures);  // evenly over the span
  [[nodiscard]] double length_s() const { return bin_s_ * bins; }
  [[nodiscard]] double failing() const { return attempts_ > 0 ? failures_ / attempts_ : 0; }

 private:
  static constexpr int bins = 16;
  struct Bin {
    std::int64_t number = -1;
    double attempts = 0, failures = 0;
  };
  double bin_s_;
  std::array<Bin, bins> kept_{};
  double attempts_ = 0, failures_ = 0;
};

class CarefulCalls {
 public:
  explicit CarefulCalls(const Network::Parts& parts);
  [[nodiscard]] bool is_empty() const { return parts_->careful.empty(); }
  // Whether any call's care goes by what flows, and not by where its callee is and how slow that is alone.
  [[nodiscard]] bool is_restless() const { return !restless_.empty(); }

  void begin(std::size_t classes);
  // Takes limits and pauses from the layout; attempts that wait to be made again go on waiting.
  void take_parameters();
  // Calls take other ways from now on.
  void look_at_routes(const Circuit& circuit, const Reach& reach) {
    if (!is_empty()) distances_.find(circuit, reach);
    look_at_all();
  }
  // Those to these services alone.
  void look_at_routes_to(const std::vector<world::ServiceId>& services, const Circuit& circuit, const Reach& reach);
  // Something was set that any call may go by: the next look is at all of them, and not only at the restless ones.
  void look_at_all() { has_looked_at_all_ = false; }
  // What is so at this date, nothing having moved. Returns whether a sweep is needed.
  bool look(Circuit& circuit, Waits& waits, const SlowTimes& slow, quantity::SimTime now);
  // Attempts that are made again over this part of a step begin now; to be followed by a sweep.
  void release(DelayLine::Span part, Circuit& circuit);
  // What was sent over the part has succeeded or will be tried again. Returns how far anything moved, as a share.
  double move(DelayLine::Span part, const Circuit& circuit);

  [[nodiscard]] quantity::SimTime next_end(quantity::SimTime now) const;  // of copies that grow too old
  // The parts in which timeouts and windows are told apart; infinite when nothing takes time.
  [[nodiscard]] double finest_part_s() const { return finest_part_s_; }
  // While something is on its way it is followed in parts no longer than a timeout, so that what comes is known.
  [[nodiscard]] double longest_part_s() const;
  [[nodiscard]] bool is_moving() const { return is_moving_; }
  void add_to(Ledger& ledger) const;

 private:
  // One breaker stands for all of one caller's at one place; a share of them may be open.
  struct BreakerState {
    explicit BreakerState(double window_s) : window{window_s} {}
    double closed = 1;
    Window window;
    DelayLine open;
  };
  struct RetryState {
    DelayLine line;
    double per_s = 0;  // made now
    double owed = 0;   // came out beyond what was made
  };
  struct Ending {
    double late = 0, refused = 0;  // shares of attempts: no answer in time, and an early no
    [[nodiscard]] double failing() const { return late + refused; }
  };
  [[nodiscard]] Ending ending(const CarefulCall& call, std::uint32_t place, std::size_t k,
                              const Circuit& circuit) const;
  bool look_at(const std::vector<std::uint32_t>& calls, Circuit& circuit, const Waits& waits, const SlowTimes& slow,
               quantity::SimTime now);
  void look_at(const CarefulCall& call, std::uint32_t place, const Waits& waits, const SlowTimes& slow,
               quantity::SimTime now, const Circuit& circuit, Care& care);
  // How long a call takes, from one place, and how much of that is the way.
  struct Spell {
    AnswerTime time;
    double away_s = 0;
  };
  [[nodiscard]] Spell spell_before(const CarefulCall& call, std::uint32_t place) const;
  bool add_spells(const world::Call& call, std::uint32_t& leaf, std::uint32_t until, std::uint32_t place,
                  Spell& spell) const;
  [[nodiscard]] double share_within_patience(const CarefulCall& call, std::uint32_t place, const Spell& own);
  [[nodiscard]] double bulkhead_share(const CarefulCall& call, std::uint32_t place, double answer_s, double closed,
                                      const Circuit& circuit) const;
  [[nodiscard]] Wait wait(const CarefulCall& call, std::uint32_t place, const Waits& waits,
                          const Circuit& circuit) const;
  void move_retries(const CarefulCall& call, std::uint32_t place, std::size_t k, DelayLine::Span part,
                    const Circuit& circuit);
  void move_breaker(const CarefulCall& call, std::uint32_t place, DelayLine::Span part, const Circuit& circuit);
  void find_finest_part();
  void find_restless();
  void make_pools();
  [[nodiscard]] std::uint32_t breaker_of(const CarefulCall& call, std::uint32_t place) const {
    return breaker_of_slot_.empty() ? nowhere : breaker_of_slot_[call.first + place];
  }
  [[nodiscard]] std::size_t slot(const CarefulCall& call, std::uint32_t place, std::size_t k) const {
    return (call.first + place) * classes_ + k;
  }

  const Network::Parts* parts_;
  Distances distances_;
  std::size_t classes_ = 1;
  double finest_part_s_ = 0;
  std::vector<std::uint32_t> all_, restless_;  // positions in Parts::careful
  std::vector<std::uint32_t> moved_;           // those whose callees are nearer or farther than at the last look
  bool has_looked_at_all_ = false;
  bool is_moving_ = false;
  std::vector<Care> before_;                           // slot x class: at the last move
  std::vector<std::vector<RetryState>> retries_;       // slot x class: by how often they have failed
  std::vector<BreakerState> breakers_;                 // slot; of calls that have one
  std::vector<std::uint32_t> breaker_of_slot_;         // or nowhere; empty: there are none
  std::vector<quantity::SimTime> failing_since_;       // slot; while any call is restless
  std::vector<Spell> spells_;                          // slot; of calls that people wait for; likewise
  std::vector<double> spared_, in_time_, asked_;       // instance; node, weighted by what is asked; likewise
  double joined_ = 0, sent_again_ = 0, given_up_ = 0;  // attempts, for the ledger
};

}  // namespace knockon::traffic
