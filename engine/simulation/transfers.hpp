// Bytes on their way from one site to another: which way they go, how fast, how many are left, and when they arrive.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/simulation/alarms.hpp"
#include "engine/simulation/hits.hpp"
#include "engine/simulation/transport.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Transfers {
 public:
  using Id = std::size_t;
  enum class State : std::uint8_t { begins, waits, moves, has_arrived };  // waits: there is no way

  Transfers(const world::World& world, traffic::Flow& flow, Transport& transport, Alarms& alarms);

  // From the nearest site of the place (none: of all others) that can be reached; once there is one, it is kept.
  // `on_turn` is called when the state changes. REQUIRES: called by an actor.
  Id begin(const Instance& to, const std::optional<world::Place>& from, quantity::DataSize bytes,
           std::function<void()> on_turn);
  // Nothing of it has come so far.
  void begin_again(Id id);
  [[nodiscard]] State state(Id id) const { return transfers_[id].state; }
  // What it hangs on: where it comes from and goes to, and the links it last went over; all that there might be, as
  // long as it has had no way at all.
  struct Trail {
    std::vector<world::SiteId> sites;
    std::vector<world::LinkId> links;
  };
  [[nodiscard]] Trail trail(Id id) const;

  // What has arrived by `now`, and ways and rates for what goes on. `jumped`: ways may be others.
  // Tells the flow what they take of links; true: that is new.
  bool follow(quantity::SimTime now, bool jumped);
  // Something was begun since.
  [[nodiscard]] bool is_stirred() const { return is_stirred_; }

 private:
  struct Transfer {
    Instance to;
    std::vector<world::SiteId> sources;
    std::optional<world::SiteId> from;
    double bytes = 0;
    double left = 0;  // at `counted`, the last change of the rate: in between nothing is rounded
    quantity::SimTime counted;
    traffic::Flow::Way way;
    Transport::Way limits;
    std::optional<Transport::Id> open;
    double per_s = 0;
    quantity::SimTime sent = quantity::SimTime::never(), arrives = quantity::SimTime::never();
    State state = State::begins;
    std::function<void()> on_turn;
  };

  void set_rate(Transfer& transfer, double per_s);
  void find_way(Transfer& transfer);
  void choose_source(Transfer& transfer) const;
  [[nodiscard]] Transport::Way limits_of(const Transfer& transfer) const;
  void close(Transfer& transfer);
  void look_at_ends();
  [[nodiscard]] bool offer_bandwidth();
  void share();
  bool tell_what_moves();
  void turn(Transfer& transfer, State state);

  const world::World& world_;
  traffic::Flow& flow_;
  Transport& transport_;
  Alarms& alarms_;
  Alarms::Id alarm_;
  std::vector<Transfer> transfers_;
  std::vector<Id> under_way_;  // ascending
  // By link: the bandwidth that transfers are offered; none: no transfer uses it. And what they take of it.
  std::vector<std::optional<quantity::DataRate>> offered_;
  std::vector<double> moved_;
  quantity::SimTime now_;
  bool is_stirred_ = false;
};

}  // namespace knockon::simulation
