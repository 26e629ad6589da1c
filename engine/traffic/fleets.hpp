// Machines that hold sessions: hosts with leases, clients with tokens, whatever is registered. A fleet is the machines
// at one site that hold one kind of session. Pools that move exactly over a step in which answers are constant; every
// machine is somewhere at any time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/traffic/delay_line.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/retry_pool.hpp"
#include "engine/traffic/session_ages.hpp"

namespace knockon::traffic {

// How an attempt of a machine would end, and what it takes when it is not answered.
struct MachineAnswer {
  double answered = 1;   // share of attempts that are, in time
  double held_up_s = 0;  // mean time after which a machine knows of the others that they are not
  double room_per_s = std::numeric_limits<double>::infinity();  // attempts that could be answered
};

class Fleets {
 public:
  struct Layout {
    world::SessionId session;
    world::SiteId site;
    world::OperationId opening;
    std::optional<world::OperationId> renewing;
    double machines, wanting;  // all, and those that are in service
  };

  explicit Fleets(const Network::Parts& parts);
  [[nodiscard]] bool is_empty() const { return fleets_.empty(); }
  [[nodiscard]] std::size_t size() const { return fleets_.size(); }
  [[nodiscard]] const Layout& layout(std::size_t fleet) const { return fleets_[fleet].layout; }

  void begin(quantity::SimTime start);
  // How attempts end from now on. Fleets move by what is expected over a step, going on from how that moved before.
  void set_answers(std::size_t fleet, const MachineAnswer& opening, const MachineAnswer& renewing);
  // Answers jumped: nothing can be carried on from before.
  void forget_course() { step_before_s_ = 0; }
  void move(quantity::SimTime end);

  // Of machines that open a session by this operation, at this site (elsewhere: those that are where it is not), this
  // share may try.
  void set_admission(world::OperationId opening, world::SiteId site, double share);
  void begin_log_out(world::SessionId session, double share, quantity::Duration over,
                     std::optional<quantity::Duration> again_after);
  void end_log_out(std::size_t log_out) { log_outs_[log_out].ended = true; }

  // Attempts a second, now.
  [[nodiscard]] double opening_per_s(std::size_t fleet) const;
  [[nodiscard]] double renewing_per_s(std::size_t fleet) const;
  // Of the machines that hold this kind, those with one: at this site or in this region only, when there are any there.
  [[nodiscard]] std::optional<double> held_share(world::SessionId session, std::optional<world::RegionId> region,
                                                 std::optional<world::SiteId> site = {}) const;
  // How far anything has gone since this was last asked, as a share.
  double distance_moved();
  // Until so much of a fleet might expire, or renewals come in so different a number, that it is to be looked at again.
  [[nodiscard]] double longest_step_s(double share) const;
  void add_to(Ledger& ledger) const;

 private:
  struct Fleet {
    Layout layout;
    SessionAges ages;
    MachineAnswer opening{}, renewing{};
    double opening_before = 1, renewing_before = 1;       // shares answered, a step ago
    double admitted = 1;                                  // share of machines that may try
    double let_in_of_holders = 1, let_in_of_resting = 1;  // share of these that belongs to them
    double again = 0;                                     // opened while a log-out goes on, and about to be lost again
    DelayLine unaware;                                    // whose session is gone: by when they find out
    RetryPool<double> let_in, kept_out;
    double resting = 0;         // gave up for now
    double arriving_per_s = 0;  // first attempts to open one, now, by those who may
    double held_before = 0, asked_before = 0;
    std::vector<double> at_log_out;  // by log-out: valid when it began
    [[nodiscard]] double held() const { return ages.valid() + again; }
    [[nodiscard]] double missing() const { return unaware.waiting() + let_in.waiting() + kept_out.waiting() + resting; }
  };
  struct LogOut {
    world::SessionId session;
    double share;
    quantity::Duration over;
    std::optional<double> again_after_s;
    quantity::SimTime began;
    bool ended = false;
  };
  struct Kind {
    AgeRules rules;
    world::Retry retry;
    double returns_per_s;
    double finds_out_s;  // within so long, evenly
    bool is_told_by_renewal;
  };
  void move(Fleet& fleet, quantity::SimTime end);
  void move_once(Fleet& fleet, quantity::SimTime from, quantity::SimTime to, double opening, double renewing,
                 const RetryLadder& ladder);
  [[nodiscard]] double expected(double now, double before, double step_s) const;
  [[nodiscard]] double lost_by_log_outs(Fleet& fleet, quantity::SimTime from, quantity::SimTime to) const;
  [[nodiscard]] double lost_again_per_s(world::SessionId session) const;
  [[nodiscard]] const Kind& kind_of(const Fleet& fleet) const { return *kinds_[fleet.layout.session.index()]; }
  void look(Fleet& fleet) const;

  const world::World* world_;
  std::vector<std::optional<Kind>> kinds_;  // by session
  std::vector<Fleet> fleets_;
  std::vector<LogOut> log_outs_;
  quantity::SimTime now_;
  double step_before_s_ = 0;
  double lost_ = 0, opened_ = 0;
};

}  // namespace knockon::traffic
