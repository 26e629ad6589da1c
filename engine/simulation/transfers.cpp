#include "engine/simulation/transfers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Transfers follow what calls leave of a link when that has moved by more than this.
constexpr double offer_moves_most = 0.05;

// The first tick at which they have all gone through; never, for what will take longer than any run.
SimTime date_after(SimTime now, double bytes, double per_s) {
  const double seconds = bytes / per_s;
  if (!(seconds < 1e9)) return SimTime::never();
  return now + Duration::of_ticks(
                   static_cast<std::int64_t>(std::ceil(seconds * static_cast<double>(Duration::ticks_per_second))));
}

}  // namespace

Transfers::Transfers(const world::World& world, traffic::Flow& flow, Transport& transport, Alarms& alarms)
    : world_{world},
      flow_{flow},
      transport_{transport},
      alarms_{alarms},
      alarm_{alarms.add()},
      offered_(world.links.size()),
      moved_(world.links.size()) {}

Transfers::Id Transfers::begin(const Instance& to, const std::optional<world::Place>& from, quantity::DataSize bytes,
                               std::function<void()> on_turn) {
  Transfer transfer{.to = to, .bytes = bytes.bytes(), .left = bytes.bytes(), .on_turn = std::move(on_turn)};
  if (from) transfer.sources = world::sites_of(world_, *from);
  for (std::size_t site = 0; !from && site < world_.sites.size(); ++site) {
    if (world::SiteId{site} != to.site) transfer.sources.emplace_back(site);
  }
  if (transfer.sources.empty()) transfer.sources.push_back(to.site);
  transfers_.push_back(std::move(transfer));
  under_way_.push_back(transfers_.size() - 1);
  is_stirred_ = true;
  return transfers_.size() - 1;
}

void Transfers::begin_again(Id id) {
  Transfer& transfer = transfers_[id];
  if (transfer.state == State::has_arrived) under_way_.insert(std::ranges::upper_bound(under_way_, id), id);
  close(transfer);
  transfer.left = transfer.bytes;
  transfer.arrives = SimTime::never();
  transfer.state = State::begins;
  is_stirred_ = true;
}

Transfers::Trail Transfers::trail(Id id) const {
  const Transfer& transfer = transfers_[id];
  Trail trail{.sites = {transfer.to.site}, .links = transfer.way.links};
  if (transfer.from) {
    trail.sites.push_back(*transfer.from);
    return trail;
  }
  trail.sites.insert(trail.sites.end(), transfer.sources.begin(), transfer.sources.end());
  for (std::size_t link = 0; link < world_.links.size(); ++link) trail.links.emplace_back(link);
  return trail;
}

bool Transfers::follow(SimTime now, bool jumped) {
  if (under_way_.empty()) return false;
  now_ = now;
  const bool is_due = alarms_.take(alarm_, now);
  const bool ways_may_change = is_due || jumped || is_stirred_;
  is_stirred_ = false;
  if (ways_may_change) {
    look_at_ends();
    for (const Id id : under_way_) find_way(transfers_[id]);
  }
  const bool offer_changes = offer_bandwidth();
  if (!ways_may_change && !offer_changes) return false;
  share();
  look_at_ends();  // of what nothing limits
  return tell_what_moves();
}

// Bytes that have gone through are not sent again, whatever happens to their way.
void Transfers::set_rate(Transfer& transfer, double per_s) {
  if (transfer.per_s == per_s) return;
  transfer.left = std::max(0.0, transfer.left - transfer.per_s * (now_ - transfer.counted).in_seconds());
  transfer.counted = now_;
  transfer.per_s = per_s;
  transfer.sent = per_s > 0 ? date_after(now_, transfer.left, per_s) : SimTime::never();
}

void Transfers::look_at_ends() {
  SimTime next = SimTime::never();
  for (const Id id : under_way_) {
    Transfer& transfer = transfers_[id];
    if (now_ >= transfer.sent) {
      close(transfer);
      transfer.left = 0;
      transfer.arrives = now_ + transfer.way.latency;
    }
    if (now_ >= transfer.arrives) {
      turn(transfer, State::has_arrived);
    } else {
      next = std::min({next, transfer.sent, transfer.arrives});
    }
  }
  std::erase_if(under_way_, [this](Id id) { return transfers_[id].state == State::has_arrived; });
  alarms_.set(alarm_, next);
}

void Transfers::find_way(Transfer& transfer) {
  if (!transfer.arrives.is_never()) return;  // all sent: what is on the wire arrives
  if (!transfer.from) choose_source(transfer);
  auto way = transfer.from ? flow_.way(*transfer.from, transfer.to.site) : std::nullopt;
  if (!way) {
    close(transfer);
    return turn(transfer, State::waits);
  }
  if (transfer.state == State::moves && *way == transfer.way) return;
  close(transfer);
  transfer.way = *std::move(way);
  transfer.limits = limits_of(transfer);
  if (!transfer.limits.links.empty() || !transfer.limits.disks.empty())
    transfer.open = transport_.open(transfer.limits);
  turn(transfer, State::moves);
}

void Transfers::choose_source(Transfer& transfer) const {
  Duration nearest;
  for (const world::SiteId site : transfer.sources) {
    const auto way = flow_.way(site, transfer.to.site);
    if (!way || (transfer.from && way->latency >= nearest)) continue;
    nearest = way->latency;
    transfer.from = site;
  }
}

// A service's data is read from its own disks, where it is; what comes from elsewhere comes out of a store of which
// nothing is said.
Transport::Way Transfers::limits_of(const Transfer& transfer) const {
  Transport::Way limits;
  for (const world::LinkId link : transfer.way.links) {
    if (world_[link].bandwidth) limits.links.push_back(link);
  }
  const world::Service& service = world_[transfer.to.service];
  if (!service.disk) return limits;
  limits.disks.push_back(transfer.to);
  const bool is_there = std::ranges::binary_search(service.sites, *transfer.from);
  if (is_there && *transfer.from != transfer.to.site) limits.disks.push_back({transfer.to.service, *transfer.from});
  return limits;
}

void Transfers::close(Transfer& transfer) {
  if (transfer.open) transport_.close(*std::exchange(transfer.open, std::nullopt));
  set_rate(transfer, 0);
  transfer.sent = SimTime::never();
}

// What calls leave of the links that are used. It changes all the time; small changes wait until they add up.
bool Transfers::offer_bandwidth() {
  std::vector<bool> is_used(world_.links.size(), false);
  for (const Id id : under_way_) {
    if (!transfers_[id].open) continue;
    for (const world::LinkId link : transfers_[id].limits.links) is_used[link.index()] = true;
  }
  bool changes = false;
  for (std::size_t i = 0; i < is_used.size(); ++i) {
    auto& offered = offered_[i];
    if (!is_used[i]) {
      offered.reset();
      continue;
    }
    const auto left = flow_.left_for_moving(world::LinkId{i});
    const double moved = offered ? std::abs(left.bytes_per_second() - offered->bytes_per_second()) : 0;
    if (offered && moved <= offer_moves_most * offered->bytes_per_second()) continue;
    offered = left;
    transport_.set_bandwidth(world::LinkId{i}, left);
    changes = true;
  }
  return changes;
}

bool Transfers::tell_what_moves() {
  std::vector<double> moved(moved_.size(), 0);
  for (const Id id : under_way_) {
    for (const world::LinkId link : transfers_[id].limits.links) moved[link.index()] += transfers_[id].per_s;
  }
  if (moved == moved_) return false;
  for (std::size_t i = 0; i < moved.size(); ++i)
    flow_.set_moved(world::LinkId{i}, quantity::DataRate::bytes_per_second(moved[i]));
  moved_ = std::move(moved);
  return true;
}

void Transfers::share() {
  for (const Transport::Share& share : transport_.shares()) {
    const auto of = std::ranges::find_if(under_way_, [&](Id id) { return transfers_[id].open == share.id; });
    if (of == under_way_.end()) continue;
    Transfer& transfer = transfers_[*of];
    // Within one site what is written was read from the same disks.
    const bool is_within = transfer.from == transfer.to.site;
    set_rate(transfer, share.rate.bytes_per_second() / (is_within ? 2 : 1));
  }
  for (const Id id : under_way_) {
    Transfer& transfer = transfers_[id];
    if (transfer.state != State::moves || transfer.open || !transfer.arrives.is_never()) continue;
    transfer.sent = now_;
  }
}

void Transfers::turn(Transfer& transfer, State state) {
  if (std::exchange(transfer.state, state) != state && transfer.on_turn) transfer.on_turn();
}

}  // namespace knockon::simulation
