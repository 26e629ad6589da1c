#include "engine/traffic/state.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/traffic/live_world.hpp"

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::Share;
using quantity::SimTime;

// A quiet world gets from its first step after a jump to the largest in three.
constexpr double growth_max = 16;
// After a jump, in smallest steps; and while a loop lags behind by more than a threshold, which is followed closely.
constexpr double first_step = 12, first_step_with_loops = 4;
// How far success may go in a step, and how wrongly it may be foreseen, in thresholds.
constexpr double movement = 1.5;
constexpr double misjudgement = 2;
// In steps shorter than that, in smallest steps, success may go as much farther, and be foreseen as much worse, as they
// are shorter: for so short a time it matters little to people, and what they were promised too much is made good.
constexpr double brief_movement = 100, brief_misjudgement = 80;
// What gathers speed is taken to go on doing so, up to that many times as fast as before.
constexpr double faster_most = 2;
// After a step loops are followed in parts of so many seconds, or in so many, until they lag by less than this share.
// Where less than half is answered a hundredth is much of it: so a service that answers one in twenty is followed until
// it does what it can to a fiftieth.
constexpr double loop_part_s = 2, loop_lag = 0.01, small_answer = 0.5;
constexpr int loop_parts_max = 16;
// How a loop that lags by more than that when a step begins settles over it is followed before people move, in parts
// that grow, and in one that is left when it lags by less.
constexpr double first_loop_part_s = 0.7, loop_part_growth = 2;
constexpr double link_lag = 1e-6;  // of shares that links carry, which follow until they stand
constexpr int link_rounds_max = 16;
// Waits are followed in parts of a step in which nothing moves by more than the larger of these shares, and longer ones
// while nothing moves by more than the smaller.
constexpr double part_moves_most = 0.04, part_moves_least = 0.01;
constexpr double part_growth = 1.5;
// While something is on its way between attempts, steps are no longer than that.
constexpr double moving_step_s = 10;
// Caches' entries are told apart by this part of their life.
constexpr double expiry_part = 1.0 / 32;

// Places and links serve whoever has a way to them.
template <class Variant>
bool is_place(const Variant& subject) {
  return std::holds_alternative<world::SiteId>(subject) || std::holds_alternative<world::RegionId>(subject) ||
         std::holds_alternative<world::LinkId>(subject);
}

bool goes_by_ways(const world::World& world, const world::Subject& subject) {
  const auto* group = std::get_if<world::GroupId>(&subject);
  return group != nullptr ? std::ranges::all_of(world[*group].members, is_place<world::Entity>) : is_place(subject);
}

}  // namespace

// --- construction and start
// --------------------------------------------------------------------------------------------------

Flow::State::State(const Network::Parts& layout, Precision cut, bool for_sizing)
    : parts{&layout},
      precision{cut},
      circuit{layout},
      crowd{layout},
      reach{layout.reach},
      waits{layout},
      slow{layout},
      gates{layout},
      careful{layout},
      fleets{layout},
      ages{layout},
      latencies{layout},
      link_use{layout},
      sizing{for_sizing} {
  const world::World& world = *parts->world;
  for (std::uint32_t s = 0; s < world.services.size(); ++s) {
    const world::Service& service = world.services[s];
    for (std::uint32_t site = 0; site < service.sites.size(); ++site) {
      const std::uint32_t instance = parts->first_instance[s] + site;
      if (service.cache) caches.push_back(instance);
      if (!sizing && (service.autoscale || service.scaled_by)) scaled.push_back({.instance = instance});
      if (service.warm_up && !service.warm_up->calls.empty()) asking_starters.push_back(instance);
      if (!service.needs.empty()) needy.push_back(needs_at(instance));
    }
  }
  sessions_ask =
      !fleets.is_empty() || std::any_of(parts->holdings.begin(), parts->holdings.end(),
                                        [](const Holding& holding) { return holding.renewed_by.has_value(); });
  for (std::uint32_t o = 0; o < world.operations.size(); ++o) {
    const auto& fallback = world.operations[o].fallback;
    if (!fallback || !fallback->stale) continue;
    for (std::uint32_t place = 0; place < parts->callers[o].places; ++place) {
      copies.push_back({false, o, parts->callers[o].first_node + place, fallback->stale->in_seconds()});
    }
  }
  for (std::uint32_t j = 0; j < world.journeys.size(); ++j) {
    const auto& fallback = world.journeys[j].fallback;
    if (!fallback || !fallback->stale) continue;
    for (std::uint32_t r = 0; r < parts->regions(); ++r) {
      copies.push_back(
          {true, j, parts->outcome_of(world::JourneyId{j}, world::RegionId{r}), fallback->stale->in_seconds()});
    }
  }
  for (std::uint32_t name = 0; name < parts->names.size(); ++name) {
    std::vector<bool> used(parts->reach.places(), false);
    for (const world::OperationId operation : world[parts->names[name].service].operations) {
      for (const std::uint32_t leaf : parts->calls_to[operation.index()]) {
        const std::uint32_t caller = parts->leaves[leaf].caller;
        for (std::uint32_t place = 0; place < parts->callers[caller].places; ++place) {
          used[parts->place_of_caller(caller, place)] = true;
        }
      }
    }
    for (std::size_t fleet = 0; fleet < fleets.size(); ++fleet) {
      const Fleets::Layout& machines = fleets.layout(fleet);
      const auto asks = [&](world::OperationId operation) {
        return world[operation].service == parts->names[name].service;
      };
      if (asks(machines.opening) || (machines.renewing && asks(*machines.renewing)))
        used[reach.place_of(machines.site)] = true;
    }
    for (const Holding& holding : parts->holdings) {
      if (!holding.renewed_by || world[*holding.renewed_by].service != parts->names[name].service) continue;
      holding.for_each_region([&](world::RegionId region, std::size_t) { used[reach.users_of(region)] = true; });
    }
    for (std::uint32_t place = 0; place < used.size(); ++place) {
      if (used[place]) name_uses.push_back({name, place});
    }
  }
  find_long_queues();
  find_resolver_tries();
}

Flow::State::Needy Flow::State::needs_at(std::uint32_t instance) const {
  const world::World& world = *parts->world;
  const std::uint32_t s = parts->service_of_instance[instance];
  const world::SiteId site = world.services[s].sites[instance - parts->first_instance[s]];
  Needy some{.instance = instance, .from = {reach.place_of(site)}, .needs = {}};
  for (const world::Need& need : world.services[s].needs) {
    std::vector<Needy::Need>& any_of = some.needs.emplace_back();
    for (const world::Target& target : need.any_of) {
      any_of.push_back({.subject = target.subject, .only = {}, .goes_by_ways = goes_by_ways(world, target.subject)});
      if (target.place) any_of.back().only = world::sites_of(world, *target.place, site);
    }
  }
  return some;
}

void Flow::State::begin(SimTime start) {
  now = start;
  std::vector<double> class_shares(std::size_t{1} << class_bits, 1);
  for (std::size_t k = 0; k < class_shares.size(); ++k) {
    for (int bit = 0; bit < class_bits; ++bit) {
      const double struck = sticky_shares[static_cast<std::size_t>(bit)];
      class_shares[k] *= (k >> bit & 1) != 0 ? struck : 1 - struck;
    }
  }
  circuit.reset(class_bits);
  crowd.begin(start, class_bits, class_shares);
  fleets.begin(start);
  reach = parts->reach;
  beside_calls.clear();
  slow.begin();
  gates.begin();
  record_is_empty.assign(parts->names.size(), 0);
  names_stand = false;
  names_are_looked_up = true;
  for (NameUse& use : name_uses) {
    use.known = use.answered = use.found = use.resolving = 1;
    use.first_empty.clear();
    use.empty.clear();
  }
  warm_since.assign(parts->instances, SimTime::never());
  warming.clear();
  newcomers.clear();
  for (Copies& copy : copies) copy.failing_since = SimTime::never();
  foresight.begin(parts->outcomes * circuit.user_classes(), may_go_by_tries());
  begin_scaling();
  entries_by_age.assign(caches.size(), {});
  fullest.assign(caches.size(), 1);
  for (std::size_t n = 0; n < caches.size(); ++n) fullest[n] = fullest_cache(caches[n]);
  attempts_offered = attempts_served = attempts_refused = cache_filled = cache_dropped = 0;
  success.clear(parts->outcomes);
  success_among_admitted.clear(parts->outcomes);
  last_success.assign(parts->outcomes + lanes, 0);
  last_tries.assign(parts->outcomes + lanes, 0);
  routes_touched = true;
  ++ways_version;
  touched = true;
  waits.begin();
  ages.begin();
  careful.begin(circuit.classes());
  link_use.begin();
  settle();
  steady_links();
  if (waits.is_empty()) return;
  waits.make_steady(circuit);
  touched = true;
  settle();
}

// Users of several classes are not told apart by what a service can do. And who opens sessions goes round within a
// step.
std::vector<double> Flow::State::may_go_by_tries() const {
  std::vector<double> may(parts->outcomes, circuit.user_classes() == 1 ? 1 : 0);
  for (const Holding& holding : parts->holdings) std::fill_n(may.begin() + holding.outcome, holding.block.regions, 0.0);
  return may;
}

// Pools are steady for their hour, what somebody waits for goes by what flows, and where answers differ by users' homes
// their means go by who asks.
bool Flow::State::is_alike_at_every_hour() const {
  return sizing && parts->holdings.empty() && !sessions_ask && waits.is_empty() && !careful.is_restless() &&
         (needy.empty() || circuit.classes() == 1);
}

void Flow::State::turn_to(SimTime hour) {
  now = hour;
  crowd.look_at_clock(hour);
  for (Copies& copy : copies) copy.failing_since = SimTime::never();
  for (const NameLayout& layout : parts->names) {
    const Caller& caller = parts->callers[layout.through.index()];
    for (std::uint32_t node = caller.first_node; node < caller.first_node + caller.places; ++node) {
      asked_at(node).lookups = 0;
      bring_extra(layout.through, node);
    }
  }
  touched = true;
  settle();
}

// --- settling: what is so at this date
// ---------------------------------------------------------------------------------------

void Flow::State::find_routes() {
  slow_times_stale = slow_times_stale || (touched && slow.is_any());  // ways may have changed
  if (counts_bytes() && (routes_touched || !services_touched.empty())) {
    find_changed_routes();
    return link_use.find_ways(circuit, reach);
  }
  find_changed_routes();
}

void Flow::State::find_changed_routes() {
  if (routes_touched) {
    ++ways_version;
    reach.recompute();
    circuit.find_all_routes(reach);
    services_touched.clear();
    routes_touched = false;
    return careful.look_at_routes(circuit, reach);
  }
  if (services_touched.empty()) return;
  ++ways_version;
  for (const world::ServiceId service : services_touched) circuit.find_routes_to(service, reach);
  careful.look_at_routes_to(services_touched, circuit, reach);
  services_touched.clear();
}

// Links that are full on a day on which nothing is broken have been so for long.
void Flow::State::steady_links() {
  constexpr int rounds_max = 64;
  if (!counts_bytes()) return;
  for (int round = 0; round < rounds_max && link_use.lag() > 0; ++round) {
    link_use.relax(1, circuit);
    touched = true;
    settle();
  }
}

void Flow::State::settle() {
  if (!touched) return;
  deliver(0, 0);
  restart_steps();
  goes_on_by = found_next_date();
}

void Flow::State::deliver(double step, double settled_s) {
  circuit.follow_exactly(needs_exactness());
  // Needs on services and names follow what the sweep finds; each round only passes on what has changed, and a circle
  // of needs ends with what was so before.
  constexpr int rounds_max = 8;
  const bool jumped = touched;
  look_at_names();
  crowd.look_at_openings(circuit);
  gates.look_at_doors(crowd);
  crowd.bring_tries(circuit);
  for (int round = 0; round < rounds_max; ++round) {
    find_routes();
    if (round == 0 && sessions_ask) bring_machines_attempts();
    if (round == 0 && jumped && !asking_starters.empty()) bring_starters_calls();
    if (slow_times_stale && slow.is_any()) slow.look(circuit);
    if (slow_times_stale) careful.look_at_all();
    slow_times_stale = false;
    circuit.sweep();
    const bool needs_changed = look_at_needs();
    const bool names_changed = look_at_names();
    // After a jump people get in, or no longer do, at once; else a step's lag of that share is nothing.
    const bool openings_changed = jumped && round == 0 && crowd.look_at_openings(circuit);
    if (openings_changed) crowd.bring_tries(circuit);
    const bool care_changed = !careful.is_empty() && careful.look(circuit, waits, slow, now);
    const bool gates_changed = gates.look_at_nodes(circuit);
    if (!needs_changed && !names_changed && !openings_changed && !care_changed && !gates_changed) break;
  }
  if (!jumped) follow_loops(step, settled_s);
  look_at_copies();
  circuit.sweep();
  if (sessions_ask) hear_machines();
  if (counts_bytes()) follow_links(jumped ? 0 : step);
  crowd.look_at_success(circuit, success, success_among_admitted);
  circuit.put_totals(foresight.now());
  circuit.put_tries(foresight.tries());
}

// Waits grow with what is asked even where there is enough; and who looks up a name is counted with its calls.
bool Flow::State::needs_exactness() const {
  return sizing || precision.follows_all || counts_bytes() || parts->levels > 1 || has_waits() ||
         careful.is_restless() || gates.are_used() || !asking_starters.empty() ||
         (!names_stand &&
          std::any_of(name_uses.begin(), name_uses.end(), [](const NameUse& use) { return use.known < 1; }));
}

// Loops settle within seconds, and what drives them has moved evenly over a step. Behind that one lags, at the end, by
// as much as if it had all moved at once so long ago. One that settled only within the step has no more than what is
// left of it.
void Flow::State::follow_loops(double step, double settled_s) {
  const Circuit::Lag lag = circuit.farthest_lag(small_answer);
  if (lag.farthest <= loop_lag) return;
  const double constants = step / lag.time_constant_s;
  const double span_s = std::min(settled_s, lag.time_constant_s * std::log(constants / -std::expm1(-constants)));
  const double part = std::max(loop_part_s, span_s / loop_parts_max);
  for (double done = 0; done < span_s && circuit.lag(small_answer) > loop_lag; done += part) {
    circuit.relax(std::min(part, span_s - done));
    circuit.sweep();
  }
}

// So do links: callers who get no answer try again, and want more of a link that carries less.
void Flow::State::follow_links(double step) {
  link_use.look(circuit);
  for (int round = 1; round <= link_rounds_max && step > 0 && link_use.lag() > 0; ++round) {
    const double part = round < link_rounds_max ? std::min(step, 1.0) : step;
    link_use.relax(part, circuit);
    circuit.sweep();
    link_use.look(circuit);
    step -= part;
    if (link_use.lag() < link_lag) break;
  }
}

// Queues and attempts that are made again move within seconds: over a step they are gone through in parts, fine ones
// while anything moves.
void Flow::State::follow_waits(double step) {
  const double began_s = now.since_start().in_seconds();
  const double finest = std::min(careful.finest_part_s(), 1.0);
  for (double done = 0; done < step;) {
    const double part = step - done < 1.5 * part_s ? step - done : part_s;
    const DelayLine::Span span{began_s + done, began_s + done + part};
    careful.release(span, circuit);
    careful.look(circuit, waits, slow, now);
    circuit.sweep();
    if (precision.follows_all) keep_ledger(part);
    waits.move(part, circuit);
    const double moved = careful.move(span, circuit);
    circuit.relax(part);
    done += part;
    if (moved > part_moves_most) part_s = std::max(finest, part_s / 2);
    if (moved < part_moves_least) part_s *= part_growth;
    const double longest =
        std::min({waits.longest_step_s(circuit), careful.longest_part_s(), precision.largest_step.in_seconds()});
    part_s = std::clamp(part_s, finest, std::max(finest, longest));
  }
}

bool Flow::State::look_at_needs() {
  bool changed = false;
  for (Needy& some : needy) {
    const auto is_served = [&](Needy::Need& need) {
      if (need.goes_by_ways && need.ways == ways_version) return need.served;
      need.ways = ways_version;
      return need.served = serves(need.subject, need.only ? &*need.only : nullptr, some.from, true);
    };
    const bool met = std::all_of(some.needs.begin(), some.needs.end(), [&](std::vector<Needy::Need>& any_of) {
      return std::any_of(any_of.begin(), any_of.end(), is_served);
    });
    if (circuit.instance(some.instance).needs_met == met) continue;
    set_up(some.instance, &InstanceState::needs_met, met);
    changed = true;
  }
  return changed;
}

// How long an empty answer is believed.
DelayLine::Delay Flow::State::negative_life(const NameUse& use) const {
  const double life_s =
      std::max((*parts->world)[parts->names[use.name].service].resolve->negative_ttl.in_seconds(), 1e-3);
  return {life_s, life_s};
}

// Returns whether they are others than before, or may be.
bool Flow::State::find_name_services() {
  if (std::exchange(names_asked_by, ways_version) == ways_version) return false;
  nodes_asked.clear();
  for (NameUse& use : name_uses) {
    use.asked = nearest_node(parts->names[use.name].through, use.place);
    const auto known = std::ranges::find(nodes_asked, use.asked);
    use.asked_as = static_cast<std::uint32_t>(known - nodes_asked.begin());
    if (known == nodes_asked.end()) nodes_asked.push_back(use.asked);
  }
  found_there.resize(nodes_asked.size());
  return true;
}

// A name resolves for those who still hold an answer, and for the others as often as the name service answers them;
// not for those who hold an empty one. Who holds none asks with every attempt, and keeps what he is told.
bool Flow::State::look_at_names() {
  bool changed = false, found_anew = find_name_services();
  for (std::size_t i = 0; i < nodes_asked.size(); ++i) {
    const double found = nodes_asked[i] == nowhere ? 0 : circuit.answer(nodes_asked[i]).total;
    found_anew = found != std::exchange(found_there[i], found) || found_anew;
  }
  if (names_stand && !found_anew) return false;
  names_stand = true;
  for (NameUse& use : name_uses) {
    const double found = found_there[use.asked_as], answered = record_is_empty[use.name] != 0 ? 0 : found;
    // Where everybody holds an address nobody asks.
    const bool stands = use.found == found && use.answered == answered && answered == found;
    const bool everybody_knows = stands && use.known == 1 && use.resolving == 1 && use.believing() == 0;
    names_stand = names_stand && everybody_knows && answered == 1;
    if (everybody_knows) continue;
    use.found = found;
    changed = changed || use.answered != answered;
    use.answered = answered;
    if (answered < use.found) {
      const double told = use.found * (1 - use.known) - use.believing(), now_s = now.since_start().in_seconds();
      use.first_empty.join({now_s, now_s}, told, negative_life(use));
    }
    const double asking = 1 - use.believing();
    use.known = std::max(use.known, answered * asking);
    use.resolving = use.known + (asking - use.known) * answered;
    circuit.set_name_share(use.name, use.place, use.resolving);
  }
  return changed;
}

bool Flow::State::is_source_failing(const Copies& copy) const {
  constexpr double fails_below = 0.5;
  // What is answered in full, the source has answered.
  const bool surely_works =
      circuit.classes() == 1 &&
      (copy.of_journey ? circuit.outcome(copy.place, 0) : circuit.answer(copy.place)).ok >= fails_below;
  if (surely_works) return false;
  const Answer source = copy.of_journey ? circuit.outcome_before_fallback(world::JourneyId{copy.subject}, copy.place)
                                        : circuit.answer_before_fallback(world::OperationId{copy.subject}, copy.place);
  return source.total < fails_below;
}

void Flow::State::look_at_copies() {
  for (Copies& copy : copies) {
    const bool failing = is_source_failing(copy);
    if (!failing) copy.failing_since = SimTime::never();
    if (failing && copy.failing_since.is_never()) copy.failing_since = now;
    const bool good = !failing || (now - copy.failing_since).in_seconds() < copy.good_for_s;
    if (copy.of_journey) {
      circuit.set_outcome_copies_good(world::JourneyId{copy.subject}, copy.place, good);
    } else if (circuit.node(copy.place).copies_good != good) {
      circuit.change_node(world::OperationId{copy.subject}, copy.place).copies_good = good;
    }
  }
}

// --- moving
// ------------------------------------------------------------------------------------------------------------------

void Flow::State::advance(SimTime date) {
  quantity::require(date >= now && date <= next_date(), "flows advance to a date between now and next_date()");
  const double step = (date - now).in_seconds();
  if (step <= 0) return;
  if (precision.follows_all && !has_waits()) keep_ledger(step);
  const bool turns = crowd.next_turn(date + Duration::of_ticks(1)) == date || next_expiry() == date;
  const double brief = brief_movement * precision.smallest_step.in_seconds();
  foresight.look_ahead(step, movement * precision.threshold.value() * std::max(1.0, brief / step));
  const bool loops_move = !has_waits() && circuit.lag() > loop_lag;
  const double settled_s = loops_move ? foresee_loops(step) : step;
  crowd.move(date, foresight);
  if (!fleets.is_empty()) fleets.move(date);
  move_names(step);
  move_caches(step);
  move_queues(step);
  if (has_waits()) follow_waits(step);
  if (!ages.is_empty()) ages.move(now.since_start().in_seconds(), date.since_start().in_seconds(), circuit);
  now = date;
  if (!asking_starters.empty()) hold_up_starters(step);
  warm_up();
  if (!scaled.empty()) look_at_scaling();
  if (!has_waits() && !loops_move) circuit.relax(step);
  bring_lookups();
  if (!asking_starters.empty()) bring_starters_calls();
  deliver(step, settled_s);
  if (turns) touched = true;
  choose_step(step);
  if (loops_move) {
    foresight.forget_what_settled();
    fleets.forget_course();
  }
  goes_on_by = found_next_date();
}

namespace {

// Of the way that is gone within so many time constants, how much is behind one on average: 1 / (1 - e^-x) - 1 / x.
double mean_way(double x) {
  constexpr double few = 1e-3;  // below: half of it, and a twelfth of x
  return x > few ? -1 / std::expm1(-x) - 1 / x : 0.5 + x / 12;
}

}  // namespace

// What tries meet over the step while loops settle: nearly all of that is over before people, who wait for longer, have
// changed what they ask. Leaves the loops as they are at the end; returns for how long they have been settled.
double Flow::State::foresee_loops(double step) {
  foresight.begin_parts();
  double part = first_loop_part_s, settled_s = 0;
  for (double done = 0; done < step;) {
    const Circuit::Lag lag = circuit.farthest_lag();
    const bool is_last = step - done < loop_part_growth * part || lag.farthest < loop_lag;
    const double length = is_last ? step - done : part;
    if (lag.farthest < loop_lag) settled_s = length;
    circuit.relax(length);
    circuit.sweep();
    circuit.put_totals(foresight.now());
    foresight.add_part(length / step, mean_way(length / lag.time_constant_s));
    done += length;
    part *= loop_part_growth;
  }
  foresight.end_parts();
  return settled_s;
}

void Flow::State::move_names(double step) {
  if (names_stand) return;
  const double from_s = now.since_start().in_seconds();
  const DelayLine::Span span{from_s, from_s + step};
  for (NameUse& use : name_uses) {
    const bool is_empty = record_is_empty[use.name] != 0;
    // Whose empty answer has run out asks again with his next request. So answers of those who have asked twice are of
    // every age.
    const double asking_first = use.first_empty.leave(span), asking_again = use.empty.leave(span);
    double asking = 0;  // of those who held an address
    if (use.answered < 1 && use.known > 0) {
      // Answers are of every age, so they run out evenly; those that are renewed start anew.
      const double run_out = (1 - use.answered) * step / parts->names[use.name].ttl_s;
      const double before = use.known;
      use.known = std::max({0.0, use.answered * (1 - use.believing()), use.known - run_out});
      if (use.known < 1e-12) use.known = 0;
      asking = before - use.known;
    }
    if (is_empty) {
      const DelayLine::Delay life = negative_life(use);
      use.first_empty.join(span, asking * use.found, life);
      use.empty.join(span, asking_first * use.found, {0, life.most_s});
      use.empty.join(span, asking_again * use.found, life);
    } else {
      use.known = std::min(1.0, use.known + (asking_first + asking_again) * use.answered);
    }
  }
}

// The operation where it answers and is nearest; or nowhere.
std::uint32_t Flow::State::nearest_node(world::OperationId operation, std::size_t place) const {
  const world::ServiceId service = (*parts->world)[operation].service;
  std::uint32_t nearest = nowhere;
  double nearest_s = Reach::no_way;
  for (const world::SiteId site : (*parts->world)[service].sites) {
    const double latency_s = reach.latency_s(place, site);
    if (!circuit.instance(parts->instance_at(service, site)).answers() || latency_s >= nearest_s) continue;
    nearest_s = latency_s;
    nearest = parts->node_at(operation, site);
  }
  return nearest;
}

void Flow::State::bring_lookups() {
  if (name_uses.empty() || (names_stand && !names_are_looked_up)) return;
  names_stand = !find_name_services() && names_stand;
  names_are_looked_up = false;
  lookups_now.assign(parts->nodes, 0);
  for (const NameUse& use : name_uses) {
    const double unknown = sizing ? 1 : 1 - use.known - use.believing();
    if (unknown <= 0) continue;
    const NameLayout& layout = parts->names[use.name];
    if (use.asked == nowhere) continue;
    const double tries = sizing ? 1 : resolver_tries[use.place];
    names_are_looked_up = true;
    lookups_now[use.asked] += circuit.wanted_by_name(layout.service, use.place) * unknown * tries;
  }
  for (const NameLayout& layout : parts->names) {
    const Caller& caller = parts->callers[layout.through.index()];
    for (std::uint32_t node = caller.first_node; node < caller.first_node + caller.places; ++node) {
      if (asked_at(node).lookups == lookups_now[node]) continue;
      asked_at(node).lookups = lookups_now[node];
      bring_extra(layout.through, node);
    }
  }
}

void Flow::State::bring_extra(world::OperationId operation, std::uint32_t node) {
  const BesideCalls& asked = asked_at(node);
  circuit.set_extra(operation, node, asked.own + asked.lookups + asked.starters + asked.machines);
}

void Flow::State::move_queues(double step) {
  for (const std::uint32_t instance : long_queues) {
    const InstanceState& state = circuit.instance(instance);
    const std::uint32_t service = parts->service_of_instance[instance];
    const double able = circuit.capacity(instance);
    if (!std::isfinite(able)) continue;
    const double growth = circuit.load(instance) * state.admitted - able;
    if (growth == 0 || (growth < 0 && state.backlog == 0)) continue;
    const double longest = parts->queue_s[service] * able;
    double backlog = std::clamp(state.backlog + growth * step, 0.0, std::max(longest, state.backlog));
    if (std::abs(backlog - longest) < 1e-9 * longest) backlog = longest;
    circuit.change_instance(world::ServiceId{service}, instance).backlog = backlog;
  }
}

void Flow::State::warm_up() {
  std::erase_if(warming, [&](std::uint32_t instance) {
    const world::ServiceId service{parts->service_of_instance[instance]};
    circuit.change_instance(service, instance).warmth = warmth(instance);
    const bool is_warm = share_warmed_up(instance, warm_since[instance]) >= 1;
    if (is_warm) warm_since[instance] = SimTime::never();
    return is_warm;
  });
  if (newcomers.empty()) return;
  for (const Newcomers& some : newcomers) {
    const world::ServiceId service{parts->service_of_instance[some.instance]};
    circuit.change_instance(service, some.instance).warmth = warmth(some.instance);
  }
  std::erase_if(newcomers, [&](const Newcomers& some) { return share_warmed_up(some.instance, some.since) >= 1; });
}

// Of the way from a cold start to the full capacity.
double Flow::State::share_warmed_up(std::uint32_t instance, SimTime since) const {
  const Duration over = (*parts->world)[world::ServiceId{parts->service_of_instance[instance]}].warm_up->over;
  return over.ticks() > 0 ? std::min(1.0, (now - since) / over) : 1;
}

// The mean over its replicas.
double Flow::State::warmth(std::uint32_t instance) const {
  const double from = (*parts->world)[world::ServiceId{parts->service_of_instance[instance]}].warm_up->from.value();
  const auto after = [&](SimTime since) { return from + (1 - from) * share_warmed_up(instance, since); };
  const double most = warm_since[instance].is_never() ? 1 : after(warm_since[instance]);
  double missing = 0;
  for (const Newcomers& some : newcomers) {
    if (some.instance == instance) missing += some.share * (most - after(some.since));
  }
  return most - missing;
}

// Attempts at their source, call by call, and at their sink, node by node.
void Flow::State::keep_ledger(double step) {
  for (std::uint32_t leaf = 0; leaf < parts->leaves.size(); ++leaf) {
    for (std::uint32_t place = 0; place < parts->callers[parts->leaves[leaf].caller].places; ++place) {
      attempts_offered += circuit.sent_somewhere(leaf, place) * step;
    }
  }
  for (std::uint32_t o = 0; o < parts->world->operations.size(); ++o) {
    const Caller& caller = parts->callers[o];
    const std::uint32_t first_instance = parts->first_instance[parts->world->operations[o].service.index()];
    for (std::uint32_t place = 0; place < caller.places; ++place) {
      const std::uint32_t node = caller.first_node + place;
      attempts_offered += circuit.extra(node) * step;
      const InstanceState& instance = circuit.instance(first_instance + place);
      const double admitted = instance.is_up() ? instance.admitted : 0;
      attempts_served += circuit.arriving(node) * admitted * step;
      attempts_refused += circuit.arriving(node) * (1 - admitted) * step;
    }
  }
}

// --- how far the next step may go
// --------------------------------------------------------------------------------------------

// How far the outcome that moved most has moved since it was last asked: in success, or in tries on their own scale.
double Flow::State::distance_moved() {
  // Load matters to outcomes only through overload, which moves them as well: it may go farther.
  constexpr double farther = 16;
  // Where it decides how tries end, what lies between two dates is the farther from straight.
  constexpr double as_far = 4;
  Lanes moved = 0;
  for (std::uint32_t outcome = 0; outcome < parts->outcomes; outcome += lanes) {
    const Lanes tries = circuit.tries_from(outcome), last = Lanes::of_all(&last_tries[outcome]);
    const Lanes successful = Lanes::of_all(&success.ok[outcome]) + Lanes::of_all(&success.degraded[outcome]);
    moved = at_least(moved, magnitude(successful - Lanes::of_all(&last_success[outcome])));
    const Lanes scale = tries + last + Lanes::of_all(&parts->weight_of_outcome[outcome]);
    // The division is made only where it tells.
    const Lanes part = where(foresight.go_by_tries(outcome), 2 / as_far, 2 / farther);
    const Lanes gone = part * magnitude(tries - last);
    if (const LaneMask tells = gone > moved * scale; any(tells)) moved = where(tells, gone / scale, moved);
    successful.put_all(&last_success[outcome]);
    tries.put_all(&last_tries[outcome]);
  }
  return std::max(moved.most(), fleets.distance_moved());
}

void Flow::State::choose_step(double done_s) {
  if (touched) return restart_steps();
  // A step cut short by something else says how fast things move, not how far the next one may go.
  const double longest = growth_max * std::max(done_s, step_s);
  const double threshold = precision.threshold.value();
  const double smallest = precision.smallest_step.in_seconds();
  double allowed = longest;
  if (const double moved = distance_moved(); moved > 0) {
    const double per_s = moved / done_s;
    const double faster = moved_per_s > 0 ? std::clamp(per_s / moved_per_s, 1.0, faster_most) : 1;
    moved_per_s = per_s;
    const double step = movement * threshold / (per_s * faster), brief = brief_movement * smallest;
    allowed = std::min(allowed, step < brief ? std::sqrt(step * brief) : step);
  }
  // What is foreseen by a parabola is wrong by the third power of the step.
  if (const double wrong = foresight.misjudged(); wrong > 0) {
    const double step = done_s * std::cbrt(misjudgement * threshold / wrong), brief = brief_misjudgement * smallest;
    allowed = std::min(allowed, step < brief ? std::sqrt(step * std::sqrt(step * brief)) : step);
  }
  step_s = std::clamp(allowed, smallest, precision.largest_step.in_seconds());
  if (has_waits()) {
    if (careful.is_moving()) step_s = std::min(step_s, std::max(smallest, moving_step_s));
    step_s = std::max(smallest, std::min(step_s, waits.longest_step_s(circuit)));
  }
  if (!fleets.is_empty()) step_s = std::max(smallest, std::min(step_s, fleets.longest_step_s(movement * threshold)));
  if (circuit.lag() > threshold) step_s = std::min(step_s, first_step_with_loops * smallest);
}

// After a jump nothing can be carried on from before, and only loops move within seconds.
void Flow::State::restart_steps() {
  const double smallest = precision.smallest_step.in_seconds();
  step_s = smallest * (circuit.lag() > precision.threshold.value() ? first_step_with_loops : first_step);
  moved_per_s = 0;
  foresight.forget();
  fleets.forget_course();
  if (has_waits()) step_s = part_s = std::min(careful.finest_part_s(), smallest);
  touched = false;
  static_cast<void>(distance_moved());  // counts from here
}

SimTime Flow::State::found_next_date() const {
  SimTime next = now + Duration::of_seconds(step_s);
  next = std::min(next, crowd.next_end(now));
  for (const NameUse& use : name_uses) {
    if (record_is_empty[use.name] != 0 || use.believing() > 0) {
      const double look_s = expiry_part * std::min(parts->names[use.name].ttl_s, negative_life(use).least_s);
      next = std::min(next, now + std::max(Duration::of_seconds(look_s), precision.smallest_step));
    }
    if (use.known <= use.answered) continue;
    const double left_s = (use.known - use.answered) * parts->names[use.name].ttl_s / (1 - use.answered);
    next = std::min(next, now + std::max(Duration::of_seconds(left_s), Duration::of_ticks(1)));
  }
  for (const std::uint32_t instance : long_queues) {
    const InstanceState& state = circuit.instance(instance);
    const double able = circuit.capacity(instance);
    const double growth = circuit.load(instance) * state.admitted - able;
    const double room =
        growth > 0 ? parts->queue_s[parts->service_of_instance[instance]] * able - state.backlog : state.backlog;
    if (growth == 0 || room <= 0 || !std::isfinite(able)) continue;
    next = std::min(next, now + std::max(Duration::of_seconds(room / std::abs(growth)), Duration::of_ticks(1)));
  }
  for (const Scaled& one : scaled) {
    next = std::min(next, one.next_look);
    for (const Scaled::Coming& some : one.coming) next = std::min(next, some.date);
  }
  for (const std::uint32_t instance : caches) {
    const auto& expires = parts->world->services[parts->service_of_instance[instance]].cache->expires;
    if (expires) next = std::min(next, now + std::max(*expires * expiry_part, precision.smallest_step));
  }
  // What is known of two dates lies on a line between them: on one of a tick, where answers end at once.
  if (const SimTime end = next_expiry(); !end.is_never()) {
    const SimTime just_before = end - Duration::of_ticks(1);
    next = std::min(next, just_before > now ? just_before : end);
  }
  return crowd.next_turn(next);
}

// When copies, or last answers, that serve while their source fails are too old.
SimTime Flow::State::next_expiry() const {
  SimTime next = careful.is_empty() ? SimTime::never() : careful.next_end(now);
  for (const Copies& copy : copies) {
    if (copy.failing_since.is_never()) continue;
    const SimTime end = copy.failing_since + Duration::of_seconds(copy.good_for_s);
    if (end > now) next = std::min(next, end);
  }
  return next;
}

// --- changes
// -----------------------------------------------------------------------------------------------------------------

void Flow::State::start_cold(std::uint32_t instance) {
  const world::ServiceId service{parts->service_of_instance[instance]};
  const world::Service& layout = (*parts->world)[service];
  if (layout.warm_up) {
    if (warm_since[instance].is_never()) warming.push_back(instance);
    warm_since[instance] = now;
    circuit.change_instance(service, instance).warmth = layout.warm_up->from.value();
  }
  if (layout.cache) circuit.change_instance(service, instance).fill = layout.cache->cold.value();
  std::erase_if(newcomers, [instance](const Newcomers& some) { return some.instance == instance; });
}

void Flow::State::start_cold(std::uint32_t instance, double share) {
  if (share >= 1) return start_cold(instance);
  const world::ServiceId service{parts->service_of_instance[instance]};
  const world::Service& layout = (*parts->world)[service];
  if (layout.warm_up) {
    for (Newcomers& some : newcomers) {
      if (some.instance == instance) some.share *= 1 - share;
    }
    newcomers.push_back({.instance = instance, .since = now, .share = share});
    circuit.change_instance(service, instance).warmth = warmth(instance);
  }
  if (layout.cache) {
    double& fill = circuit.change_instance(service, instance).fill;
    fill += share * (layout.cache->cold.value() - fill);
  }
}

void Flow::State::touch_routes_to(world::ServiceId service) {
  const auto place = std::ranges::lower_bound(services_touched, service);
  if (place == services_touched.end() || *place != service) services_touched.insert(place, service);
}

void Flow::State::set_up(std::uint32_t instance, bool InstanceState::*what, bool up) {
  if (circuit.instance(instance).*what == up) return;
  const std::uint32_t service = parts->service_of_instance[instance];
  InstanceState& state = circuit.change_instance(world::ServiceId{service}, instance);
  const bool was_up = state.is_up();
  state.*what = up;
  ++ways_version;
  touch_routes_to(world::ServiceId{service});
  touched = true;
  if (!was_up && state.is_up() && what != &InstanceState::needs_met) start_cold(instance);
  if (!state.is_up()) state.backlog = 0;
}

}  // namespace knockon::traffic
