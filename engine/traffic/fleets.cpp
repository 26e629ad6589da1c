#include "engine/traffic/fleets.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Where machines stand: where the services are that are of no use without their sessions, as many as there are replicas
// of these; where there are no such services, where the sessions are kept.
std::vector<double> weights_of_sites(const world::World& world, world::SessionId session) {
  std::vector<double> weights(world.sites.size(), 0);
  const auto add = [&](const world::Service& service) {
    for (std::size_t n = 0; n < service.sites.size(); ++n) weights[service.sites[n].index()] += service.replicas[n];
  };
  bool any = false;
  for (const world::Service& service : world.services) {
    if (service.scaled_by != session) continue;
    add(service);
    any = true;
  }
  if (!any) add(world[world[session].store]);
  double all = 0;
  for (const double weight : weights) all += weight;
  for (double& weight : weights) weight /= all;
  return weights;
}

// Moves a pool that is left at `rate_per_s`. Returns how many left.
double drained(double& pool, double rate_per_s, double step_s) {
  const double gone = -pool * std::expm1(-rate_per_s * step_s);
  pool -= gone;
  return gone;
}

}  // namespace

Fleets::Fleets(const Network::Parts& parts) : world_{parts.world}, kinds_(parts.world->sessions.size()) {
  for (std::size_t s = 0; s < world_->sessions.size(); ++s) {
    const world::SessionKind& kind = world_->sessions[s];
    const auto* machines = std::get_if<world::Machines>(&kind.holders);
    if (machines == nullptr) continue;
    const double notice_s = std::max(kind.notice.in_seconds(), 1e-3);
    kinds_[s] = Kind{.rules = AgeRules{kind},
                     .retry = machines->retry,
                     .returns_per_s = RetryLadder{machines->retry}.returns_per_s(),
                     .finds_out_s = kind.renewal ? kind.renewal->every.in_seconds() : 2 * notice_s,
                     .is_told_by_renewal = kind.renewal.has_value()};
    const std::vector<double> weights = weights_of_sites(*world_, world::SessionId{s});
    for (std::size_t site = 0; site < weights.size(); ++site) {
      if (weights[site] <= 0) continue;
      const double there = machines->count * weights[site];
      fleets_.push_back({.layout = {.session = world::SessionId{s},
                                    .site = world::SiteId{site},
                                    .opening = std::get<world::OperationId>(kind.opened_by),
                                    .renewing = kind.renewal ? std::optional{kind.renewal->by} : std::nullopt,
                                    .machines = there,
                                    .wanting = there * kind.held.value()},
                         .ages = {},
                         .unaware = {},
                         .let_in = {},
                         .kept_out = {},
                         .at_log_out = {}});
    }
  }
}

void Fleets::begin(SimTime start) {
  now_ = start;
  log_outs_.clear();
  step_before_s_ = lost_ = opened_ = 0;
  for (Fleet& fleet : fleets_) {
    fleet = Fleet{.layout = fleet.layout, .ages = {}, .unaware = {}, .let_in = {}, .kept_out = {}, .at_log_out = {}};
    fleet.ages.begin(kind_of(fleet).rules, fleet.layout.wanting);
    look(fleet);
    fleet.held_before = fleet.held();
    fleet.asked_before = fleet.arriving_per_s;
  }
}

void Fleets::set_answers(std::size_t number, const MachineAnswer& opening, const MachineAnswer& renewing) {
  Fleet& fleet = fleets_[number];
  fleet.opening = opening;
  fleet.renewing = renewing;
  look(fleet);
}

// First attempts to open one, as things are now.
void Fleets::look(Fleet& fleet) const {
  const Kind& kind = kind_of(fleet);
  const double at_s = now_.since_start().in_seconds();
  constexpr double soon_s = 1;
  const double lost_per_s = fleet.ages.expiring_per_s(kind.rules, fleet.renewing.answered) +
                            fleet.unaware.leaving({at_s, at_s + soon_s}) / soon_s;
  fleet.arriving_per_s =
      lost_per_s * fleet.let_in_of_holders + fleet.resting * kind.returns_per_s * fleet.let_in_of_resting;
}

// What an answer that moves on as it did before comes to on average over the step.
double Fleets::expected(double now, double before, double step_s) const {
  if (step_before_s_ <= 0) return now;
  return std::clamp(now + (now - before) * step_s / (2 * step_before_s_), 0.0, 1.0);
}

void Fleets::move(SimTime end) {
  for (Fleet& fleet : fleets_) move(fleet, end);
  step_before_s_ = (end - now_).in_seconds();
  now_ = end;
  for (Fleet& fleet : fleets_) look(fleet);
}

void Fleets::move(Fleet& fleet, SimTime end) {
  const Kind& kind = kind_of(fleet);
  const double step_s = (end - now_).in_seconds();
  const double opening = expected(fleet.opening.answered, fleet.opening_before, step_s);
  const double renewing = expected(fleet.renewing.answered, fleet.renewing_before, step_s);
  fleet.opening_before = fleet.opening.answered;
  fleet.renewing_before = fleet.renewing.answered;
  // Machines go round: who opens one may lose it again, and who gives up may be back. Parts in which few do so twice
  // keep the round as it is.
  RetryLadder ladder{kind.retry, fleet.opening.held_up_s};
  const double turns_per_s = std::max(lost_again_per_s(fleet.layout.session), kind.returns_per_s);
  const Duration longest = Duration::of_seconds(std::max(1 / turns_per_s, 1e-3));
  for (SimTime from = now_; from < end;) {
    const SimTime to = std::min({end, from + fleet.ages.left(kind.rules), from + longest});
    ladder.set_step((to - from).in_seconds());
    move_once(fleet, from, to, opening, renewing, ladder);
    from = to;
  }
}

void Fleets::move_once(Fleet& fleet, SimTime from, SimTime to, double opening, double renewing,
                       const RetryLadder& ladder) {
  const Kind& kind = kind_of(fleet);
  const DelayLine::Span span{from.since_start().in_seconds(), to.since_start().in_seconds()};
  const double step_s = span.length();
  const double struck = lost_by_log_outs(fleet, from, to);
  const double again_per_s = lost_again_per_s(fleet.layout.session);
  const double lost_again = drained(fleet.again, again_per_s, step_s);
  // Whose session was declared invalid finds out when it is next renewed, if anybody answers.
  const double asked = fleet.unaware.leave(span);
  const double found_out = kind.is_told_by_renewal ? asked * renewing : asked;
  fleet.unaware.join(span, asked - found_out, {kind.finds_out_s, kind.finds_out_s});
  fleet.unaware.join({span.to_s, span.to_s}, struck + lost_again, {0, kind.finds_out_s});
  const double expired = fleet.ages.age(kind.rules, to - from, renewing);
  const double returned = drained(fleet.resting, kind.returns_per_s, step_s);

  // Whoever holds one may be somebody who would not be let in again.
  const double arriving = (expired + found_out + returned) / step_s;
  const double let_in = ((expired + found_out) * fleet.let_in_of_holders + returned * fleet.let_in_of_resting) / step_s;
  using Over = OverStep<double>;
  const RetryTally<double> in = fleet.let_in.move(ladder, Over::even(let_in), Over::even(opening));
  const RetryTally<double> out = fleet.kept_out.move(ladder, Over::even(arriving - let_in), {});
  const double opened = let_in * opening * step_s + in.answered;
  const auto mixed = [](double share, double of, double let_in_more, double more) {
    return of + more > 0 ? (share * of + let_in_more) / (of + more) : share;
  };
  fleet.let_in_of_resting = mixed(fleet.let_in_of_resting, fleet.resting, in.gave_up, in.gave_up + out.gave_up);
  fleet.let_in_of_holders = mixed(fleet.let_in_of_holders, fleet.held() + fleet.unaware.waiting(), opened, opened);
  fleet.resting += in.gave_up + out.gave_up;
  if (again_per_s > 0) {
    fleet.again += opened;
  } else {
    fleet.ages.add(opened + fleet.again);
    fleet.again = 0;
  }
  fleet.ages.turn(kind.rules);
  lost_ += struck + lost_again + expired;
  opened_ += opened;
}

double Fleets::lost_by_log_outs(Fleet& fleet, SimTime from, SimTime to) const {
  double lost = 0;
  for (std::size_t n = 0; n < log_outs_.size(); ++n) {
    const LogOut& log_out = log_outs_[n];
    const SimTime end = log_out.began + log_out.over;
    if (log_out.ended || log_out.session != fleet.layout.session || from >= end) continue;
    const double struck = fleet.at_log_out[n] * log_out.share * ((std::min(to, end) - from) / log_out.over);
    const double taken = std::min(struck, fleet.ages.valid());
    if (taken > 0) fleet.ages.lose(taken / fleet.ages.valid());
    lost += std::max(taken, 0.0);
  }
  return lost;
}

double Fleets::lost_again_per_s(world::SessionId session) const {
  double per_s = 0;
  for (const LogOut& log_out : log_outs_) {
    if (!log_out.ended && log_out.session == session && log_out.again_after_s) per_s = 1 / *log_out.again_after_s;
  }
  return per_s;
}

void Fleets::set_admission(world::OperationId opening, world::SiteId site, double share) {
  const auto& sites = (*world_)[(*world_)[opening].service].sites;
  for (Fleet& fleet : fleets_) {
    const bool is_elsewhere = !std::binary_search(sites.begin(), sites.end(), fleet.layout.site);
    if (fleet.layout.opening != opening || (fleet.layout.site != site && !is_elsewhere)) continue;
    if (fleet.admitted == share) continue;
    const double before = std::exchange(fleet.admitted, share);
    // Which machines may try is settled: those let in first stay in.
    if (share > before) fleet.kept_out.hand_over((share - before) / (1 - before), fleet.let_in);
    if (share < before) fleet.let_in.hand_over((before - share) / before, fleet.kept_out);
    for (double* part : {&fleet.let_in_of_holders, &fleet.let_in_of_resting})
      *part = share > before ? *part + (1 - *part) * (share - before) / (1 - before) : *part * (share / before);
    look(fleet);
  }
}

void Fleets::begin_log_out(world::SessionId session, double share, Duration over, std::optional<Duration> again_after) {
  const std::optional<double> again_after_s =
      again_after ? std::optional{std::max(again_after->in_seconds(), 1e-3)} : std::nullopt;
  log_outs_.push_back({session, share, over, again_after_s, now_});
  const double at_s = now_.since_start().in_seconds();
  for (Fleet& fleet : fleets_) {
    fleet.at_log_out.push_back(fleet.ages.valid());
    if (fleet.layout.session != session || over > Duration{}) continue;
    const double lost = fleet.ages.valid() * share;
    fleet.ages.lose(share);
    fleet.unaware.join({at_s, at_s}, lost, {0, kind_of(fleet).finds_out_s});
    lost_ += lost;
    look(fleet);
  }
}

double Fleets::opening_per_s(std::size_t number) const {
  const Fleet& fleet = fleets_[number];
  return fleet.arriving_per_s + fleet.let_in.tries_per_s();
}

// Who does not know yet that its session is gone asks for a renewal as well.
double Fleets::renewing_per_s(std::size_t number) const {
  const Fleet& fleet = fleets_[number];
  const Kind& kind = kind_of(fleet);
  if (!kind.is_told_by_renewal) return 0;
  return fleet.ages.renewals_per_s(kind.rules) + fleet.unaware.waiting() / kind.finds_out_s;
}

std::optional<double> Fleets::held_share(world::SessionId session, std::optional<world::RegionId> region,
                                         std::optional<world::SiteId> site) const {
  double held = 0, machines = 0;
  for (const Fleet& fleet : fleets_) {
    if (fleet.layout.session != session) continue;
    if (region && (*world_)[fleet.layout.site].region != *region) continue;
    if (site && fleet.layout.site != *site) continue;
    held += fleet.held();
    machines += fleet.layout.machines;
  }
  return machines > 0 ? std::optional{held / machines} : std::nullopt;
}

double Fleets::distance_moved() {
  // Load matters only through overload, which moves answers as well: it may go farther.
  constexpr double farther = 4;
  double moved = 0;
  for (Fleet& fleet : fleets_) {
    const double held = fleet.held();
    const double asked = fleet.arriving_per_s + fleet.let_in.tries_per_s();
    if (fleet.layout.wanting > 0) moved = std::max(moved, std::abs(held - fleet.held_before) / fleet.layout.wanting);
    const double scale = asked + fleet.asked_before + fleet.ages.renewals_per_s(kind_of(fleet).rules);
    if (scale > 0) moved = std::max(moved, 2 * std::abs(asked - fleet.asked_before) / scale / farther);
    if (fleet.missing() > 0) moved = std::max(moved, std::abs(fleet.opening.answered - fleet.opening_before));
    fleet.held_before = held;
    fleet.asked_before = asked;
  }
  return moved;
}

// What has expired and is opened at once moves nothing, nor does what is renewed.
double Fleets::longest_step_s(double share) const {
  constexpr Duration longest = Duration::hours(1);
  constexpr double shortest_s = 1;
  double step_s = longest.in_seconds();
  for (const Fleet& fleet : fleets_) {
    step_s = std::min(step_s, fleet.ages.renewals_alike(kind_of(fleet).rules, fleet.renewing.room_per_s).in_seconds());
    const double failing = 1 - fleet.opening.answered * fleet.let_in_of_holders;
    if (failing <= 0 || (fleet.layout.renewing && fleet.renewing.answered >= 1)) continue;
    const double most = share * fleet.layout.wanting;
    while (step_s > shortest_s &&
           failing * fleet.ages.expiring_within(kind_of(fleet).rules, Duration::of_seconds(step_s)) > most)
      step_s /= 2;
  }
  return step_s;
}

void Fleets::add_to(Ledger& ledger) const {
  for (const Fleet& fleet : fleets_) {
    const double dormant = fleet.layout.machines - fleet.layout.wanting;
    ledger.holders += fleet.layout.machines;
    ledger.holders_now += dormant + fleet.held() + fleet.missing();
    ledger.sessions_missing += fleet.missing();
  }
  ledger.sessions_lost += lost_;
  ledger.sessions_opened += opened_;
}

}  // namespace knockon::traffic
