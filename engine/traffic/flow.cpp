#include "engine/traffic/flow.hpp"

#include <algorithm>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/traffic/live_world.hpp"
#include "engine/traffic/state.hpp"
#include "engine/traffic/trunk.hpp"

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::Share;
using quantity::SimTime;

// In a larger world a copy of the state costs more than the step that is cut short where one looks.
constexpr std::size_t nodes_looked_beside_max = 5'000;

}  // namespace

enum class Flow::Change : std::uint8_t {
  link_up,
  bandwidth,
  moved,
  site_up,
  service_up,
  reachable,
  errors,
  sticky_share,
  sticky_errors,
  serves_stale,
  capacity,
  slower,
  slower_link,
  record_empty,
  parameter,
  load,
  load_of_journey,
  load_of_population,
  lose_cache,
  restart,
  drop_backlog,
  fill_cache,
  detour,
  begin_log_out,
  end_log_out,
  admission_of_machines,
  admission,
  gate,
  add_cap,
  cap,
};

// Where it stands: at a station of the trunk, as long as all has been changed as in a replication before; else in a
// state of its own.
struct Flow::Standing {
  std::optional<Trunk> trunk;
  Trunk::Station* at = nullptr;        // null: it is on its own
  std::unique_ptr<State> own;          // null: it has not been on its own yet
  std::unique_ptr<State> beside;       // where a look was taken at a date in between
  State* looks_at = nullptr;           // what is seen there: that, or what the trunk has kept; null: where it stands
  Trunk::Station* branches = nullptr;  // where what is being changed leaves the trunk, until it is settled
  ChangeWords changes;                 // there
  std::uint64_t ways_forgotten = 0;    // of those that were seen beside, and are not so

  [[nodiscard]] const State& goes_on() const { return at != nullptr ? at->state : *own; }
  static void copy(const State& from, std::unique_ptr<State>& to) {
    if (to == nullptr) {
      to = std::make_unique<State>(from);
    } else {
      *to = from;
    }
  }
  void look_away() {
    if (looks_at == nullptr) return;
    const std::uint64_t seen_ways = std::exchange(looks_at, nullptr)->ways_version, ways = goes_on().ways_version;
    if (seen_ways != ways) ways_forgotten += seen_ways - ways + 1;
  }
  // What is seen becomes its own, to be changed.
  void take_what_is_seen() {
    if (looks_at != nullptr && looks_at == beside.get()) {
      std::swap(own, beside);
    } else if (looks_at != nullptr) {
      copy(*looks_at, own);
    } else if (at != nullptr) {
      copy(at->state, own);
    }
    looks_at = nullptr;
    at = nullptr;
  }
};

Flow::Flow(const Network& network, Precision precision, const world::World* drawn)
    : parts_{&network.parts()}, drawn_{drawn}, standing_{std::make_unique<Standing>()} {
  const Network::Begun* const begun = precision == Precision{} && drawn == nullptr ? network.begun() : nullptr;
  if (begun != nullptr) {
    standing_->at = &standing_->trunk.emplace(begun->state).root();
    state_ = &standing_->at->state;
  } else {
    lay_out(precision);
  }
}
Flow::~Flow() = default;
Flow::Flow(Flow&&) noexcept = default;

void Flow::begin() {
  Standing& standing = *standing_;
  standing.looks_at = nullptr;
  standing.branches = nullptr;
  standing.ways_forgotten = 0;
  if (standing.trunk) {
    standing.at = &standing.trunk->root();
    state_ = &standing.at->state;
    return;
  }
  if (std::exchange(has_begun_, true)) lay_out(precision());
  standing.own->begin(SimTime{});
}

void Flow::lay_out(Precision precision) {
  if (drawn_ != nullptr || sets_parameters(*parts_->world)) live_ = std::make_unique<LiveWorld>(*parts_, drawn_);
  standing_->beside.reset();
  standing_->own = std::make_unique<State>(live_ ? live_->parts() : *parts_, precision, false);
  state_ = standing_->own.get();
}

Precision Flow::precision() const { return state_->precision; }
SimTime Flow::now() const { return state_->now; }
std::uint64_t Flow::ways() const { return state_->ways_version + standing_->ways_forgotten; }
SimTime Flow::next_date() const { return standing_->goes_on().next_date(); }

void Flow::advance(SimTime date) {
  Standing& standing = *standing_;
  if (date == now() && standing.looks_at == nullptr) return;
  standing.look_away();
  standing.branches = nullptr;  // what was changed there has not been settled
  if (standing.at != nullptr && date == standing.at->state.next_date()) {
    if (Trunk::Station* const next = standing.trunk->after(*standing.at)) {
      standing.at = next;
      state_ = &next->state;
      return;
    }
  }
  standing.take_what_is_seen();
  standing.own->advance(date);
  state_ = standing.own.get();
}

void Flow::look(SimTime date) {
  Standing& standing = *standing_;
  const bool is_large = parts_->nodes > nodes_looked_beside_max;
  if (is_large || date == standing.goes_on().next_date()) return advance(date);
  if (date == now()) return;
  standing.look_away();
  standing.branches = nullptr;
  const ChangeWords none;
  Trunk::Station* kept = standing.at != nullptr ? standing.trunk->after(*standing.at, date, none) : nullptr;
  if (kept == nullptr) {
    Standing::copy(standing.goes_on(), standing.beside);
    standing.beside->advance(date);
    if (standing.at != nullptr) kept = standing.trunk->keep(*standing.at, date, none, *standing.beside);
  }
  standing.looks_at = kept != nullptr ? &kept->state : standing.beside.get();
  state_ = standing.looks_at;
}

// What is changed is changed at the date that is seen.
template <class... Args>
Flow::State& Flow::changing(Change what, const Args&... exactly) {
  Standing& standing = *standing_;
  if (standing.at != nullptr) {
    standing.branches = standing.at;
    standing.changes.clear();
  }
  standing.take_what_is_seen();
  if (standing.branches != nullptr) standing.changes.add(static_cast<std::uint8_t>(what), exactly...);
  state_ = standing.own.get();
  return *standing.own;
}

void Flow::settle() {
  Standing& standing = *standing_;
  if (Trunk::Station* const branches = std::exchange(standing.branches, nullptr)) {
    standing.at = standing.trunk->after(*branches, now(), standing.changes);
    if (standing.at == nullptr) {
      standing.own->settle();
      standing.at = standing.trunk->keep(*branches, now(), standing.changes, *standing.own);
    }
    if (standing.at != nullptr) state_ = &standing.at->state;
    return;
  }
  if (standing.at == nullptr && standing.looks_at == nullptr) standing.own->settle();
}

void Flow::set_link_up(world::LinkId link, bool up) {
  if (state_->reach.is_up(link) == up) return;
  State& state = changing(Change::link_up, link, up);
  state.reach.set_link_up(link, up);
  ++state.ways_version;
  state.routes_touched = state.touched = true;
}

void Flow::set_bandwidth(world::LinkId link, Share of_normal) {
  State& state = changing(Change::bandwidth, link, of_normal);
  state.link_use.set_bandwidth(link, of_normal);
  state.touched = true;
}

void Flow::set_moved(world::LinkId link, quantity::DataRate moved) {
  if (state_->link_use.moved(link) == moved) return;
  State& state = changing(Change::moved, link, moved);
  state.link_use.set_moved(link, moved);
  state.touched = state.touched || state.counts_bytes();
}

void Flow::set_site_up(world::SiteId site, bool up) {
  if (state_->reach.is_up(site) == up) return;
  State& state = changing(Change::site_up, site, up);
  state.reach.set_site_up(site, up);
  ++state.ways_version;
  state.routes_touched = state.touched = true;
  for (std::size_t s = 0; s < state.parts->world->services.size(); ++s) {
    const std::uint32_t instance = state.parts->instance_at(world::ServiceId{s}, site);
    if (instance != nowhere) state.set_up(instance, &InstanceState::site_up, up);
  }
}

void Flow::set_service_up(world::ServiceId service, world::SiteId site, bool up) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.instance(instance).on == up) return;
  changing(Change::service_up, service, site, up).set_up(instance, &InstanceState::on, up);
}

void Flow::set_reachable(world::ServiceId service, world::SiteId site, bool reachable) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.instance(instance).reachable == reachable) return;
  changing(Change::reachable, service, site, reachable).set_up(instance, &InstanceState::reachable, reachable);
}

void Flow::set_errors(world::OperationId operation, world::SiteId site, Share of_tries) {
  const std::uint32_t node = state_->parts->node_at(operation, site);
  const bool is_gated = state_->gates.are_used();
  if (!is_gated && state_->circuit.node(node).errors == of_tries.value()) return;
  State& state = changing(Change::errors, operation, site, of_tries);
  if (is_gated) {
    state.gates.set_errors({operation, node}, of_tries.value(), state.circuit);
  } else {
    state.circuit.change_node(operation, node).errors = of_tries.value();
  }
  state.touched = true;
}

void Flow::set_sticky_share(int bit, Share of_users) {
  quantity::require(bit >= 0 && bit < sticky_bits, "there are three classes of sticky errors");
  quantity::require(state_->now == SimTime{}, "users are put into classes at the start");
  State& state = changing(Change::sticky_share, bit, of_users);
  state.class_bits = std::max(state.class_bits, bit + 1);
  state.sticky_shares.resize(static_cast<std::size_t>(state.class_bits));
  state.sticky_shares[static_cast<std::size_t>(bit)] = of_users.value();
  state.begin(SimTime{});
  settle();
}

void Flow::set_sticky_errors(int bit, world::OperationId operation, world::SiteId site, bool failing) {
  const std::uint32_t node = state_->parts->node_at(operation, site);
  const std::uint32_t mask = std::uint32_t{1} << bit;
  if (((state_->circuit.node(node).sticky & mask) != 0) == failing) return;
  State& state = changing(Change::sticky_errors, bit, operation, site, failing);
  state.circuit.change_node(operation, node).sticky ^= mask;
  state.touched = true;
}

void Flow::set_serves_stale(world::ServiceId service, world::SiteId site, bool stale) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.instance(instance).stale == stale) return;
  State& state = changing(Change::serves_stale, service, site, stale);
  state.circuit.change_instance(service, instance).stale = stale;
  state.touched = true;
}

void Flow::set_capacity(world::ServiceId service, world::SiteId site, Share of_normal) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  const bool is_scaled =
      std::ranges::any_of(state_->scaled, [instance](const State::Scaled& one) { return one.instance == instance; });
  if (!is_scaled && state_->circuit.instance(instance).capacity_left == of_normal.value()) return;
  State& state = changing(Change::capacity, service, site, of_normal);
  if (State::Scaled* const scaled = state.scaled_at(instance)) {
    scaled->left = of_normal.value();
    state.apply_scaling(*scaled);
  } else {
    state.circuit.change_instance(service, instance).capacity_left = of_normal.value();
  }
  state.touched = true;
}

void Flow::set_slower(world::OperationId operation, world::SiteId site, const Slower& slower) {
  const Slowness slowness{.times = slower.times, .added = {slower.added.in_seconds(), slower.variance_s2}};
  if (state_->slow.is(state_->parts->node_at(operation, site), slowness)) return;
  changing(Change::slower, operation, site, slower).set_slowness(operation, site, slowness);
}

void Flow::set_slower(world::LinkId link, const Slower& slower) {
  const Slowness slowness{.times = slower.times, .added = {slower.added.in_seconds(), 0}};
  if (state_->slow.is(link, slowness)) return;
  changing(Change::slower_link, link, slower).set_slowness(link, slowness);
}

void Flow::set_record_empty(world::ServiceId service, bool empty) {
  const std::uint32_t name = state_->parts->name_of_service[service.index()];
  quantity::require(name != nowhere, "only a service that is found by name has a record");
  if ((state_->record_is_empty[name] != 0) == empty) return;
  State& state = changing(Change::record_empty, service, empty);
  state.record_is_empty[name] = empty ? 1 : 0;
  state.names_stand = false;
  state.touched = true;
}

void Flow::set_parameter(const world::Subject& subject, const std::string& path, std::optional<double> value) {
  quantity::require(live_ != nullptr && !standing_->trunk, "a world in which nothing is set has no live parameters");
  if (live_->set(subject, path, value)) changing(Change::parameter).take_parameters();
}

void Flow::set_load(world::OperationId operation, double times, quantity::Rate added) {
  State& state = changing(Change::load, operation, times, added);
  const Caller& layout = state.parts->callers[operation.index()];
  for (std::uint32_t place = 0; place < layout.places; ++place) {
    const std::uint32_t node = layout.first_node + place;
    state.asked_at(node).own = (times - 1) * state.parts->usual[node] + added.per_second() / layout.places;
    state.bring_extra(operation, node);
  }
  state.touched = true;
}

void Flow::set_load(world::JourneyId journey, double times) {
  State& state = changing(Change::load_of_journey, journey, times);
  state.crowd.set_journey_load(journey, times);
  state.touched = true;
}

void Flow::set_load(world::PopulationId population, double times) {
  State& state = changing(Change::load_of_population, population, times);
  state.crowd.set_population_load(population, times);
  state.touched = true;
}

void Flow::lose_cache(world::ServiceId service, world::SiteId site, Share share) {
  State& state = changing(Change::lose_cache, service, site, share);
  state.circuit.change_instance(service, state.parts->instance_at(service, site)).fill *= 1 - share.value();
  state.touched = true;
}

void Flow::restart(world::ServiceId service, world::SiteId site, Share of_replicas) {
  State& state = changing(Change::restart, service, site, of_replicas);
  state.start_cold(state.parts->instance_at(service, site), of_replicas.value());
  state.touched = true;
}

void Flow::drop_backlog(world::ServiceId service, world::SiteId site, Share share) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.instance(instance).backlog <= 0) return;
  State& state = changing(Change::drop_backlog, service, site, share);
  state.circuit.change_instance(service, instance).backlog *= 1 - share.value();
  state.touched = true;
}

void Flow::fill_cache(world::ServiceId service, world::SiteId site, Share at_least) {
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.instance(instance).fill >= at_least.value()) return;
  State& state = changing(Change::fill_cache, service, site, at_least);
  state.circuit.change_instance(service, instance).fill = at_least.value();
  state.touched = true;
}

void Flow::set_detour(world::ServiceId service, world::SiteId site, const std::vector<world::SiteId>& to) {
  std::vector<std::uint32_t> positions;
  for (const world::SiteId other : to) {
    const std::uint32_t instance = state_->parts->instance_at(service, other);
    if (instance != nowhere && other != site)
      positions.push_back(instance - state_->parts->first_instance[service.index()]);
  }
  const std::uint32_t instance = state_->parts->instance_at(service, site);
  if (state_->circuit.has_detour(instance, positions)) return;
  State& state = changing(Change::detour, service, site, to);
  state.circuit.set_detour(instance, std::move(positions));
  state.touch_routes_to(service);
  state.touched = true;
}

Flow::LogOut Flow::begin_log_out(world::SessionId session, Share share, Duration over,
                                 std::optional<Duration> again_after) {
  State& state = changing(Change::begin_log_out, session, share, over, again_after);
  state.touched = true;
  state.fleets.begin_log_out(session, share.value(), over, again_after);  // each knows its own, by one number
  return state.crowd.begin_log_out(session, share.value(), over, again_after, state.now);
}

void Flow::end_log_out(LogOut log_out) {
  State& state = changing(Change::end_log_out, log_out);
  state.touched = true;
  state.crowd.end_log_out(log_out);
  state.fleets.end_log_out(log_out);
}

void Flow::set_admission(world::OperationId opening, world::SiteId site, Share of_machines) {
  State& state = changing(Change::admission_of_machines, opening, site, of_machines);
  state.fleets.set_admission(opening, site, of_machines.value());
  state.touched = true;
}

void Flow::set_admission(world::JourneyId journey, world::RegionId region, Share of_users) {
  State& state = changing(Change::admission, journey, region, of_users);
  state.crowd.set_admission(state.parts->outcome_of(journey, region), of_users.value());
  state.touched = true;
}

void Flow::set_gate(world::OperationId operation, world::SiteId site, Share of_attempts) {
  const Gates::Gated gated{operation, state_->parts->node_at(operation, site)};
  if (!state_->gates.are_used() && of_attempts.value() == 1) return;
  State& state = changing(Change::gate, operation, site, of_attempts);
  state.gates.set_open(gated, of_attempts.value(), state.circuit);
  state.touched = true;
}

Flow::Cap Flow::add_cap() { return changing(Change::add_cap).gates.add_cap(); }

void Flow::set_cap(Cap cap, const CappedPlaces& places, std::optional<quantity::Rate> most) {
  State& state = changing(Change::cap, cap, places.doors, places.operations, most);
  std::vector<std::uint32_t> outcomes;
  for (const auto& [journey, region] : places.doors) outcomes.push_back(state.parts->outcome_of(journey, region));
  std::vector<Gates::Gated> nodes;
  for (const auto& [operation, site] : places.operations)
    nodes.push_back({operation, state.parts->node_at(operation, site)});
  state.gates.set_cap(cap, std::move(outcomes), std::move(nodes),
                      most ? std::optional{most->per_second()} : std::nullopt, state.circuit);
  state.touched = true;
}

}  // namespace knockon::traffic
