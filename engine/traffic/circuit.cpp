#include "engine/traffic/circuit.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "engine/quantity/contract.hpp"

namespace knockon::traffic {
namespace {

using world::Call;
using world::CallKind;

constexpr std::uint32_t everywhere = nowhere - 1;
constexpr std::uint32_t not_looked_for = nowhere - 2;  // so that finding no way is a change, too
constexpr std::uint32_t home = nowhere - 3;            // another place for each class of users

// Changes smaller than these are not passed on: shares absolutely, rates relative to themselves.
constexpr double share_grain = 1e-9;
constexpr double rate_grain = 1e-12;
// What people try is kept back until it has changed by so much, where it only reaches services far from their limits:
// what is asked for less than three quarters of what it can do has enough, though it be asked for a quarter more.
constexpr double coarse_grain = 0.2;

// A service is near its limit from this load on, and no longer when it has fallen below the second.
constexpr double load_near = 0.75, load_far = 0.7;
// How services stand: what more is asked of one that is near its limit matters exactly, and of one that is heeded what
// less is, too.
constexpr std::uint8_t near_limit = 1, heeded = 2;

bool is_async(const Call* call) { return call != nullptr && call->kind == CallKind::async; }

bool differs(double before, double now, double grain = rate_grain) {
  return std::abs(now - before) > grain * std::abs(before);
}
bool differs(Answer before, Answer now) {
  return std::abs(now.ok - before.ok) > share_grain || std::abs(now.total - before.total) > share_grain;
}
bool differ(const AnswersBeside& before, const AnswersBeside& now, std::size_t places) {
  const LaneMask first = magnitude(now.first - before.first) > share_grain;
  return any(places <= lanes / 2 ? first : first | (magnitude(now.last - before.last) > share_grain));
}

// Both must answer; full only when both do in full.
Answer both(Answer a, Answer b) { return {a.ok * b.ok, a.total * b.total}; }

Answer with_fallback(Answer answer, double share_with_copy) {
  answer.total += (1 - answer.total) * share_with_copy;
  return answer;
}

// n calls a request (not necessarily whole): a part of requests makes one, or all of several must answer.
Answer repeated(Answer one, double per_request) {
  if (per_request == 1) return one;
  if (per_request < 1) return {1 - per_request + per_request * one.ok, 1 - per_request + per_request * one.total};
  return {std::pow(one.ok, per_request), std::pow(one.total, per_request)};
}

// Attempts a call makes when each fails with the same chance: (1 - p^n) / (1 - p).
double attempts_made(double failing, int tries) {
  double attempts = 1, reached = 1;
  for (int i = 1; i < tries; ++i) attempts += reached *= failing;
  return attempts;
}

// Numbers of so many places, in pairs: what is read is as wide as it was written, and waits for nothing.
template <std::size_t places>
class FewNumbers {
 public:
  using Pair [[gnu::vector_size(2 * sizeof(double))]] = double;
  using Which [[gnu::vector_size(2 * sizeof(double))]] = std::int64_t;

  static FewNumbers of(const double* numbers) {
    FewNumbers few;
    few.first_ = places > 1 ? Pair{numbers[0], numbers[1]} : Pair{numbers[0], 0};
    if constexpr (places == 3) few.last_ = Pair{numbers[2], 0};
    if constexpr (places > 3) few.last_ = Pair{numbers[2], numbers[3]};
    return few;
  }
  void put(double* numbers) const {
    if constexpr (places > 1) {
      std::memcpy(numbers, &first_, sizeof first_);
    } else {
      numbers[0] = first_[0];
    }
    if constexpr (places == 3) numbers[2] = last_[0];
    if constexpr (places > 3) std::memcpy(numbers + 2, &last_, sizeof last_);
  }
  friend FewNumbers operator+(const FewNumbers& a, const FewNumbers& b) {
    return {a.first_ + b.first_, a.last_ + b.last_};
  }
  friend FewNumbers operator*(const FewNumbers& a, const FewNumbers& b) {
    return {a.first_ * b.first_, a.last_ * b.last_};
  }
  friend FewNumbers operator*(const FewNumbers& a, double b) { return {a.first_ * b, a.last_ * b}; }

  struct Places {
    Which first, last;
    [[nodiscard]] bool any() const {
      const Which either = first | last;
      return (either[0] | either[1]) != 0;
    }
    [[nodiscard]] FewNumbers chosen(const FewNumbers& so, const FewNumbers& else_so) const {
      return {first ? so.first_ : else_so.first_, last ? so.last_ : else_so.last_};
    }
  };
  // Where these are more.
  [[nodiscard]] Places exceed(const FewNumbers& most) const { return {first_ > most.first_, last_ > most.last_}; }
  // Where `now` is farther from these than by a part of them; and where it is also more.
  [[nodiscard]] Places differ(const FewNumbers& now, double part) const {
    return {far(now.first_ - first_, first_ * part), far(now.last_ - last_, last_ * part)};
  }
  [[nodiscard]] Places rise(const FewNumbers& now, double part) const {
    return {now.first_ - first_ > first_ * part, now.last_ - last_ > last_ * part};
  }

 private:
  FewNumbers() = default;
  FewNumbers(Pair first, Pair last) : first_{first}, last_{last} {}
  static Which far(Pair way, Pair most) { return (way < 0 ? -way : way) > (most < 0 ? -most : most); }
  Pair first_{}, last_{};
};

// The first word from there on that may be other than nought: where there are many, most are.
std::size_t past_clean(const std::vector<std::uint64_t>& words, std::size_t word) {
  constexpr std::size_t block = 8;
  for (; word + block <= words.size(); word += block) {
    std::uint64_t all = 0;
    for (std::size_t i = word; i < word + block; ++i) all |= words[i];
    if (all != 0) break;
  }
  return word;
}

// Distribution of how many members of a group have answered, up to the number that is wanted.
class Answered {
 public:
  explicit Answered(int wanted)
      : wanted_{std::min<std::size_t>(static_cast<std::size_t>(wanted), chances_.size() - 1)} {
    chances_[0] = 1;
  }
  [[nodiscard]] double enough() const { return chances_[wanted_]; }
  [[nodiscard]] double not_enough() const { return 1 - chances_[wanted_]; }
  void add(double success) {
    chances_[wanted_] += chances_[wanted_ - 1] * success;
    for (std::size_t n = wanted_ - 1; n > 0; --n) chances_[n] += (chances_[n - 1] - chances_[n]) * success;
    chances_[0] *= 1 - success;
  }

 private:
  std::array<double, 33> chances_{};
  std::size_t wanted_;
};

}  // namespace

// --- what is held of calls
// -----------------------------------------------------------------------------------------------------

CallStates::CallStates(const CallStates& other) : CallStates{*other.parts_} { *this = other; }

void CallStates::reset(std::size_t classes) {
  classes_ = classes;
  routes_.assign(parts_->slots, not_looked_for);
  if (!parts_->homes.sites.empty()) ways_home_.assign(parts_->slots * parts_->homes.count(), not_looked_for);
  reached_.assign(parts_->slots * classes, 1);
  weight_.assign(parts_->slots * classes, 0);
  leaf_answers_.assign(parts_->slots * classes, {1, 1});
  care_.assign(parts_->careful_slots * classes, {});
  has_been_reined_.assign(parts_->careful.size(), 0);
  like_ = nullptr;
  stands_still_ = false;
  moved_.clear(parts_->leaves.size());
  moved_care_.clear(parts_->careful.size());
}

CallStates& CallStates::operator=(const CallStates& other) {
  if (this == &other) return *this;
  parts_ = other.parts_;
  classes_ = other.classes_;
  if (like_ == &other && !moved_.are_many()) {
    copy_moved(other);
  } else {
    routes_ = other.routes_;
    ways_home_ = other.ways_home_;
    reached_ = other.reached_;
    weight_ = other.weight_;
    leaf_answers_ = other.leaf_answers_;
  }
  has_been_reined_ = other.has_been_reined_;
  if (like_ == &other && !moved_care_.are_many()) {
    for (const std::uint32_t careful : moved_care_.all()) {
      const CarefulCall& call = parts_->careful[careful];
      std::copy_n(&other.care_[call.first * classes_], call.places * classes_, &care_[call.first * classes_]);
    }
  } else {
    care_ = other.care_;
  }
  moved_.clear(parts_->leaves.size());
  moved_care_.clear(parts_->careful.size());
  like_ = other.stands_still_ ? &other : nullptr;
  stands_still_ = false;
  return *this;
}

void CallStates::copy_moved(const CallStates& other) {
  // Mostly a few at a time, which is over before a call of the library's has begun.
  const auto copy = [](auto& to, const auto& from, std::size_t first, std::size_t count) {
    switch (count) {
      case 3:
        to[first + 2] = from[first + 2];
        [[fallthrough]];
      case 2:
        to[first + 1] = from[first + 1];
        [[fallthrough]];
      case 1:
        to[first] = from[first];
        break;
      default:
        std::copy_n(&from[first], count, &to[first]);
    }
  };
  for (const std::uint32_t leaf : moved_.all()) {
    const LeafLayout& layout = parts_->leaves[leaf];
    const std::size_t first = layout.first_slot * classes_, first_answer = layout.first_answer * classes_,
                      count = layout.places * classes_, homes = parts_->homes.count();
    copy(routes_, other.routes_, layout.first_slot, layout.places);
    if (!ways_home_.empty()) copy(ways_home_, other.ways_home_, layout.first_slot * homes, layout.places * homes);
    copy(weight_, other.weight_, first, count);
    copy(reached_, other.reached_, first_answer, count);
    copy(leaf_answers_, other.leaf_answers_, first_answer, count);
  }
}

Circuit::Circuit(const Network::Parts& parts)
    : CallStates{parts},
      places_{parts.reach.places()},
      dirty_((parts.order.tasks.size() + 63) / 64),
      name_share_(parts.names.size() * parts.reach.places()) {
  reset(0);
}

void Circuit::reset(int class_bits) {
  detours_.clear();
  class_bits_ = class_bits;
  user_classes_ = parts_->homes.count() << class_bits;
  CallStates::reset(user_classes_ * parts_->levels);
  part_of_extra_.assign(classes_, 0);
  for (std::size_t k = 0; k < user_classes_; ++k)
    part_of_extra_[parts_->usual_level * user_classes_ + k] = 1 / static_cast<double>(user_classes_);
  level_admitted_.assign(parts_->levels, 1);
  instances_.assign(parts_->instances, {});
  load_.assign(parts_->instances, 0);
  plenty_.assign(parts_->instances, 0);
  changed_.clear();
  for (std::uint32_t i = 0; i < parts_->instances; ++i) changed_.push_back(i);
  nodes_.assign(parts_->nodes, {});
  extra_.assign(parts_->nodes, 0);
  outcome_copies_good_.assign(parts_->outcomes, 1);
  outcomes_.assign(parts_->outcomes * classes_, {1, 1});
  arriving_.assign(parts_->nodes * classes_, 0);
  pass_.assign(parts_->nodes * classes_ + lanes, 1);  // read some lanes at once
  answers_.assign(parts_->nodes * classes_, {1, 1});
  entering_.assign((parts_->nodes + parts_->outcomes) * classes_ + lanes, 0);
  tries_.assign(parts_->outcomes * user_classes_ + lanes, 0);
  std::fill(name_share_.begin(), name_share_.end(), 1);
  carried_.assign(parts_->wired_slots, 1);
  in_time_.assign(parts_->nodes, 1);
  refused_.clear();
  can_reach_.assign(places_ * parts_->instances, 0);
  sums_.assign(parts_->nodes * classes_, 0);
  is_straight_.assign(parts_->arrivals.size(), 0);
  for (std::uint32_t task = 0; task < parts_->order.tasks.size(); ++task) touch(task);
  lagging_.clear();
  is_lagging_.assign(parts_->world->services.size(), 0);
  standing_.assign(parts_->world->services.size(), 0);
  is_heeded_.assign(parts_->callers.size(), 0);
  heeded_tasks_.assign(dirty_.size(), 0);
  heeded_then_ = unheeded_since_ = 0;
  answers_differ_.assign(parts_->world->services.size(), 0);
  limits_below_.assign(parts_->world->journeys.size(), 0);
}

// --- settings
// ----------------------------------------------------------------------------------------------------------------

void Circuit::set_tries(std::uint32_t first, std::size_t count, std::size_t user_class, const Lanes& per_s) {
  const std::size_t journey = parts_->journey_of_outcome[first];
  const bool is_told_less = tells_all_less() || is_heeded_[parts_->caller_of(world::JourneyId{journey})] != 0;
  const double grain = follows_exactly_ || limits_below_[journey] > 0 ? rate_grain : coarse_grain;
  double* const tries = &tries_[first * user_classes_ + user_class];
  double* const told = &entering_[(parts_->nodes + first) * classes_ + first_class_of(first) + user_class];
  const Caller& caller = parts_->callers[parts_->caller_of(world::JourneyId{journey})];
  if (classes_ == 1) {
    // Nobody tries in lanes beyond, and the next journey's tries are written over them.
    per_s.put_all(tries);
    const Lanes known = Lanes::of_all(told);
    const Lanes more = per_s - known, gone = is_told_less ? magnitude(more) : more;
    const LaneMask differs = (gone > grain * magnitude(known)) & LaneMask::first(count);
    if (!any(differs)) return;
    where(differs, per_s, known).put_all(told);
    return tell_callees(caller.first_mask, caller.last_mask, any(differs & (more > 0)));
  }
  for (std::size_t lane = 0; lane < count; ++lane) tries[lane * user_classes_] = per_s[lane];
  bool is_more = false, is_less = false;
  for (std::size_t lane = 0; lane < count; ++lane) {
    double& known = told[lane * classes_];
    if (!differs(known, per_s[lane], grain) || (per_s[lane] < known && !is_told_less)) continue;
    (per_s[lane] > known ? is_more : is_less) = true;
    known = per_s[lane];
  }
  if (is_more || is_less) tell_callees(caller.first_mask, caller.last_mask, is_more);
}

void Circuit::tell(std::uint32_t journey) {
  for (std::size_t region = 0; region < parts_->regions(); ++region) {
    const std::size_t outcome = journey * parts_->regions() + region;
    for (std::size_t k = 0; k < user_classes_; ++k) {
      entering_[(parts_->nodes + outcome) * classes_ + first_class_of(static_cast<std::uint32_t>(outcome)) + k] =
          tries_[outcome * user_classes_ + k];
    }
  }
  touch_calls(parts_->callers[parts_->caller_of(world::JourneyId{journey})]);
}

void Circuit::set_name_share(std::size_t name, std::size_t place, double share) {
  double& known = name_share_[name * places_ + place];
  if (known == share) return;
  known = share;
  for (const world::OperationId operation : (*parts_->world)[parts_->names[name].service].operations) {
    for (const std::uint32_t leaf : parts_->calls_to[operation.index()]) {
      touch_weight(leaf);
      hear(leaf);
    }
  }
}

void Circuit::follow_exactly(bool exactly) {
  if (follows_exactly_ == exactly) return;
  follows_exactly_ = exactly;
  if (!exactly) {  // nobody has looked meanwhile at who is near a limit
    for (const std::uint32_t task : parts_->load_task) touch(task);
    return;
  }
  for (std::uint32_t journey = 0; journey < limits_below_.size(); ++journey) tell(journey);
  for (const std::uint32_t task : parts_->arrive_task) touch(task);
}

void Circuit::set_carried(std::uint32_t leaf, std::uint32_t place, double share) {
  double& known = carried_[parts_->leaves[leaf].wired + place];
  if (known == share) return;
  known = share;
  touch_weight(leaf);
  hear(leaf);
}

InstanceState& Circuit::change_instance(world::ServiceId service, std::uint32_t instance) {
  changed_.push_back(instance);
  touch(parts_->load_task[service.index()]);
  for (const world::OperationId operation : (*parts_->world)[service].operations) {
    touch(parts_->answer_task[operation.index()]);
    // How full a cache is says how many requests miss it.
    const std::uint32_t end = parts_->order.first_leaf_of_operation[operation.index() + 1];
    if ((*parts_->world)[service].cache) touch_weight(end - 1);
  }
  return instances_[instance];
}

NodeState& Circuit::change_node(world::OperationId operation, std::uint32_t node) {
  touch(parts_->arrive_task[operation.index()]);
  touch(parts_->load_task[(*parts_->world)[operation].service.index()]);
  touch(parts_->answer_task[operation.index()]);
  return nodes_[node];
}

void Circuit::set_extra(world::OperationId operation, std::uint32_t node, double per_s) {
  if (extra_[node] == per_s) return;
  extra_[node] = per_s;
  touch(parts_->arrive_task[operation.index()]);
}

void Circuit::set_outcome_copies_good(world::JourneyId journey, std::uint32_t outcome, bool good) {
  if ((outcome_copies_good_[outcome] != 0) == good) return;
  outcome_copies_good_[outcome] = good ? 1 : 0;
  touch(parts_->outcome_task[journey.index()]);
}

void Circuit::find_route(std::uint32_t leaf, const Reach& reach) {
  const LeafLayout& layout = parts_->leaves[leaf];
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const world::ServiceId service_id = (*parts_->world)[callee].service;
  const world::Service& service = (*parts_->world)[service_id];
  const std::uint32_t first_instance = parts_->first_instance[service_id.index()];
  const std::uint32_t first_node = parts_->callers[callee.index()].first_node;
  bool changed = service.balance == world::Balance::spread;
  for (std::uint32_t place = 0; place < parts_->callers[layout.caller].places; ++place) {
    const std::size_t from = parts_->place_of_caller(layout.caller, place);
    double nearest_s = Reach::no_way;
    std::uint32_t route = nowhere;
    for (std::uint32_t position = 0; position < service.sites.size(); ++position) {
      const double latency_s = reach.latency_s(from, service.sites[position]);
      const bool usable = instances_[first_instance + position].answers() && latency_s != Reach::no_way &&
                          (service.balance != world::Balance::local || from == reach.place_of(service.sites[position]));
      std::uint8_t& can = can_reach_[from * parts_->instances + first_instance + position];
      if ((can != 0) != usable) {
        can = usable ? 1 : 0;
        changed = true;
      }
      if (usable && latency_s < nearest_s) {
        nearest_s = latency_s;
        route = first_node + position;
      }
    }
    if (!detours_.empty() && service.balance != world::Balance::spread && service.balance != world::Balance::home) {
      if (const std::uint32_t other = detour(service_id, from, reach); other != nowhere) route = first_node + other;
    }
    if (route != nowhere && service.balance == world::Balance::spread) route = everywhere;
    if (service.balance == world::Balance::home) {
      route = home;
      changed = find_way_home(leaf, place, reach) || changed;
    }
    std::uint32_t& known = routes_[layout.first_slot + place];
    if (known == route) continue;
    moved_.add(leaf);
    known = route;
    changed = true;
  }
  if (!changed) return;
  touch_weight(leaf);
  touch(parts_->arrive_task[callee.index()]);
  hear(leaf);
}

// Each user's home, or where those who come to it are led. Whose home does not answer is answered nowhere.
bool Circuit::find_way_home(std::uint32_t leaf, std::uint32_t place, const Reach& reach) {
  const LeafLayout& layout = parts_->leaves[leaf];
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const world::ServiceId service = (*parts_->world)[callee].service;
  const auto& sites = (*parts_->world)[service].sites;
  const std::uint32_t first_instance = parts_->first_instance[service.index()];
  const std::size_t from = parts_->place_of_caller(layout.caller, place);
  bool changed = false;
  for (std::size_t h = 0; h < parts_->homes.count(); ++h) {
    const std::uint32_t usual = parts_->homes.positions[service.index()][h];
    std::uint32_t position = nowhere;
    if (const auto led = detours_.find(first_instance + usual); usual != nowhere && led != detours_.end())
      position = nearest_of(led->second, service, from, reach);
    if (position == nowhere && usual != nowhere && instances_[first_instance + usual].answers() &&
        reach.latency_s(from, sites[usual]) != Reach::no_way)
      position = usual;
    const std::uint32_t way = position == nowhere ? nowhere : layout.first_node_of_callee + position;
    std::uint32_t& known = ways_home_[(layout.first_slot + place) * parts_->homes.count() + h];
    if (known == way) continue;
    moved_.add(leaf);
    known = way;
    changed = true;
  }
  return changed;
}

std::uint32_t Circuit::nearest_home(std::uint32_t leaf, std::uint32_t place) const {
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const auto& sites = (*parts_->world)[(*parts_->world)[callee].service].sites;
  const std::size_t from = parts_->place_of_caller(parts_->leaves[leaf].caller, place);
  std::uint32_t found = nowhere;
  double nearest_s = Reach::no_way;
  for (std::size_t h = 0; h < parts_->homes.count(); ++h) {
    const std::uint32_t node = way_home(leaf, place, h << class_bits_);
    if (node == nowhere) continue;
    const double latency_s = parts_->reach.latency_s(from, sites[node - parts_->leaves[leaf].first_node_of_callee]);
    if (latency_s >= nearest_s) continue;
    nearest_s = latency_s;
    found = node;
  }
  return found;
}

bool Circuit::has_detour(std::uint32_t instance, const std::vector<std::uint32_t>& places) const {
  const auto known = detours_.find(instance);
  return known == detours_.end() ? places.empty() : known->second == places;
}

void Circuit::set_detour(std::uint32_t instance, std::vector<std::uint32_t> places) {
  if (places.empty()) {
    detours_.erase(instance);
  } else {
    detours_[instance] = std::move(places);
  }
}

// The place that callers from here are led to instead of the one that is nearest when all is well.
std::uint32_t Circuit::detour(world::ServiceId service, std::size_t from, const Reach& reach) const {
  const auto& sites = (*parts_->world)[service].sites;
  const std::uint32_t first_instance = parts_->first_instance[service.index()];
  const bool is_local = (*parts_->world)[service].balance == world::Balance::local;
  std::uint32_t usual = nowhere;
  double usual_s = Reach::no_way;
  for (std::uint32_t position = 0; position < sites.size(); ++position) {
    const double latency_s = parts_->reach.latency_s(from, sites[position]);
    if (latency_s >= usual_s || (is_local && from != reach.place_of(sites[position]))) continue;
    usual_s = latency_s;
    usual = position;
  }
  const auto led = usual == nowhere ? detours_.end() : detours_.find(first_instance + usual);
  return led == detours_.end() ? nowhere : nearest_of(led->second, service, from, reach);
}

// Of these places of the service, the one that answers and is nearest; or nowhere.
std::uint32_t Circuit::nearest_of(const std::vector<std::uint32_t>& positions, world::ServiceId service,
                                  std::size_t from, const Reach& reach) const {
  const auto& sites = (*parts_->world)[service].sites;
  const std::uint32_t first_instance = parts_->first_instance[service.index()];
  std::uint32_t nearest = nowhere;
  double nearest_s = Reach::no_way;
  for (const std::uint32_t position : positions) {
    const double latency_s = reach.latency_s(from, sites[position]);
    if (latency_s >= nearest_s || !instances_[first_instance + position].answers()) continue;
    nearest_s = latency_s;
    nearest = position;
  }
  return nearest;
}

void Circuit::find_routes_to(world::ServiceId service, const Reach& reach) {
  for (const world::OperationId operation : (*parts_->world)[service].operations) {
    for (const std::uint32_t leaf : parts_->calls_to[operation.index()]) find_route(leaf, reach);
    look_whether_straight(operation);
  }
}

void Circuit::find_all_routes(const Reach& reach) {
  for (std::uint32_t leaf = 0; leaf < parts_->leaves.size(); ++leaf) find_route(leaf, reach);
  for (std::size_t o = 0; o < parts_->world->operations.size(); ++o) look_whether_straight(world::OperationId{o});
}

void Circuit::look_whether_straight(world::OperationId operation) {
  const Caller& callee = parts_->callers[operation.index()];
  const auto is_straight = [&](std::uint32_t leaf) {
    const LeafLayout& layout = parts_->leaves[leaf];
    bool straight = layout.places == callee.places;
    for (std::uint32_t place = 0; straight && place < callee.places; ++place)
      straight = routes_[layout.first_slot + place] == callee.first_node + place;
    return straight;
  };
  const std::vector<std::uint32_t>& calls = parts_->calls_to[operation.index()];
  const std::uint32_t arrival = parts_->arrival_of[operation.index()];
  const bool can_be = callee.places >= 1 && callee.places <= lanes && !parts_->arrivals[arrival].is_resent_to;
  const std::uint8_t now = can_be && std::all_of(calls.begin(), calls.end(), is_straight) ? 1 : 0;
  if (std::exchange(is_straight_[arrival], now) == now) return;
  // Plain calls' answers are read elsewhere from now on.
  for (const std::uint32_t leaf : calls) {
    hear(leaf);
    tell_of_call(leaf);
  }
}

void Circuit::set_refused(world::OperationId operation, std::uint32_t node, double share, double errors) {
  refused_.resize(parts_->nodes);
  refused_[node] = share;
  change_node(operation, node).errors = errors;
}

void Circuit::take_parameters() {
  for (std::uint32_t i = 0; i < parts_->instances; ++i) changed_.push_back(i);
  for (std::uint32_t leaf = 0; leaf < parts_->leaves.size(); ++leaf) {
    touch_weight(leaf);
    hear(leaf);
  }
  for (std::uint32_t task = 0; task < parts_->order.tasks.size(); ++task) touch(task);
}

// --- sweeps
// ------------------------------------------------------------------------------------------------------------------

void Circuit::sweep() {
  ++sweeps_;
  if (unheeded_since_ > heeded_then_ / 2) heed_anew();
  for (const std::uint32_t i : changed_) {
    instances_[i].able = capacity(i);
    instances_[i].is_filling = instances_[i].fill != 1 || instances_[i].backlog > 0;
    look_at_plenty(i);
  }
  changed_.clear();
  // Loops only move between sweeps, so a sweep ends; the bound turns a defect into a stop instead of a hang.
  const std::size_t most = evaluations_ + 1000 + 64 * parts_->order.tasks.size();
  for (bool again = true; again;) {
    for (std::size_t word = 0; (word = past_clean(dirty_, word)) < dirty_.size(); ++word) {
      while (dirty_[word] != 0) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(dirty_[word]));
        dirty_[word] &= dirty_[word] - 1;
        const graph::Task& task = parts_->tasks[word * 64 + bit];
        classes_ == 1 ? run<1>(task) : run<0>(task);
        ++evaluations_;
      }
    }
    again = std::any_of(dirty_.begin() + static_cast<std::ptrdiff_t>(past_clean(dirty_, 0)), dirty_.end(),
                        [](std::uint64_t word) { return word != 0; });
    quantity::require(evaluations_ < most, "a sweep must come to rest");
  }
}

template <std::size_t fixed>
void Circuit::run(const graph::Task& task) {
  switch (task.kind) {
    case graph::Task::Kind::arrive:
      return arrive<fixed>(parts_->arrivals[task.subject]);
    case graph::Task::Kind::load:
      return load<fixed>(task.subject);
    case graph::Task::Kind::weigh:
      return weigh(task.subject);
    case graph::Task::Kind::answer:
      return answer_operation<fixed>(task.subject);
    case graph::Task::Kind::outcome:
      return finish_journey<fixed>(task.subject);
  }
}

template <std::size_t fixed>
void Circuit::arrive(const Arrival& callee) {
  const bool is_straight = fixed == 1 && is_straight_[static_cast<std::size_t>(&callee - parts_->arrivals.data())] != 0;
  const Arrived arrived = is_straight             ? add_up_straight(callee)
                          : add_up<fixed>(callee) ? Arrived::anew
                                                  : Arrived::as_before;
  if (arrived == Arrived::as_before) return;
  if (!callee.is_all_its_service_does) return touch(callee.load_task);
  // Nothing else can still arrive.
  const bool is_plain = fixed == 1 && refused_.empty();
  if (is_plain && arrived == Arrived::with_plenty) {
    const bool is_read = callee.is_watched || answers_differ_[callee.service] != 0;
    if (!follows_exactly_) look_at_standing(callee.service, is_read ? near_limit | heeded : 0);
    return;
  }
  const bool passes_otherwise = is_plain ? admit(callee) : admit<fixed>(callee.service);
  passes_otherwise ? pass_on<fixed>(callee.service) : enter<fixed>(callee.operation);
}

// What comes to an operation and gets past admission makes its calls.
template <std::size_t fixed>
void Circuit::enter(std::uint32_t operation) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const Caller& caller = parts_->callers[operation];
  const std::size_t first = caller.first_node * classes, end = first + caller.places * classes;
  bool is_more = false, is_less = false;
  for (std::size_t i = first; i < end; ++i) {
    const double now = arriving_[i] * pass_[i];
    if (!differs(entering_[i], now)) continue;
    (now > entering_[i] ? is_more : is_less) = true;
    entering_[i] = now;
  }
  if (is_more || is_less) tell_callees(caller.first_mask, caller.last_mask, is_more);
}

// What calls bring to their callee, from any place of their callers to any of its own. Returns whether that is new.
template <std::size_t fixed>
bool Circuit::add_up(const Arrival& callee) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const std::size_t first = callee.first_node * classes, end = first + callee.places * classes;
  double* const sums = sums_.data();
  for (std::size_t i = first; i < end; ++i) sums[i] = extra_[i / classes] * part_of_extra_[i % classes];
  add_calls<fixed>(callee);
  if (callee.is_resent_to) add_resent(callee.operation);
  bool changed = false;
  for (std::size_t i = first; i < end && !changed; ++i)
    changed = differs(arriving_[i], sums[i]) && (sums[i] > arriving_[i] || is_told_less(callee));
  for (std::size_t i = first; i < end && changed; ++i) {
    if (!differs(arriving_[i], sums[i])) continue;
    arriving_[i] = sums[i];
  }
  return changed;
}

// Whichever ways they go, and of any number of classes.
template <std::size_t fixed>
[[gnu::noinline]] void Circuit::add_calls(const Arrival& callee) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const std::uint32_t* const entries = parts_->entry_of_slot.data();
  const std::uint32_t* const routes = routes_.data();
  const double* const entering = entering_.data();
  const double* const weight = weight_.data();
  double* const sums = sums_.data();
  for (std::size_t slot = callee.first_slot; slot < callee.last_slot; ++slot) {
    const std::size_t entry = entries[slot] * classes, sum = routes[slot] * classes;
    for (std::size_t k = 0; k < classes; ++k) {
      const double sent = entering[entry + k] * weight[slot * classes + k];
      if (routes[slot] < home) [[likely]] {
        sums[sum + k] += sent;
      } else {
        add_elsewhere(static_cast<std::uint32_t>(slot), k, sent);
      }
    }
  }
}

Circuit::Arrived Circuit::add_up_straight(const Arrival& callee) {
  switch (callee.places) {
    case 1:
      return add_up_straight<1>(callee);
    case 2:
      return add_up_straight<2>(callee);
    case 3:
      return add_up_straight<3>(callee);
    default:
      return add_up_straight<lanes>(callee);
  }
}

// The innermost loop of all, where each place is called by its like alone and there is one class: sums stay in
// registers, and ways need not be looked at.
template <std::size_t places>
Circuit::Arrived Circuit::add_up_straight(const Arrival& callee) {
  using Few = FewNumbers<places>;
  const std::uint32_t* entry = parts_->entry_of_call.data() + callee.first_call;
  const double* const entering = entering_.data();
  const double* const weight = weight_.data();
  Few sums = Few::of(&extra_[callee.first_node]) * part_of_extra_[0];
  for (std::size_t slot = callee.first_slot; slot < callee.last_slot; slot += places)
    sums = sums + Few::of(entering + *entry++) * Few::of(weight + slot);
  double* const arriving = &arriving_[callee.first_node];
  const Few known = Few::of(arriving);
  const auto changed = known.differ(sums, rate_grain);
  if (!changed.any()) return Arrived::as_before;
  if (!is_told_less(callee) && !known.rise(sums, rate_grain).any()) return Arrived::as_before;
  const Few now = changed.chosen(sums, known);
  now.put(arriving);
  if (!callee.is_all_its_service_does) return Arrived::anew;
  const Few load = now * callee.cost;
  load.put(&load_[callee.first_instance]);
  if (load.exceed(Few::of(&plenty_[callee.first_instance])).any()) return Arrived::anew;
  // As enter() does.
  double* const passed = &entering_[callee.first_node];
  const Few entered = Few::of(passed), enters = now * Few::of(&pass_[callee.first_node]);
  if (const auto differs = entered.differ(enters, rate_grain); differs.any()) {
    differs.chosen(enters, entered).put(passed);
    tell_callees(callee.first_mask, callee.last_mask, entered.rise(enters, rate_grain).any());
  }
  return Arrived::with_plenty;
}

void Circuit::add_resent(std::uint32_t operation) {
  for (const std::uint32_t leaf : parts_->resending_calls_to[operation]) {
    const LeafLayout& layout = parts_->leaves[leaf];
    for (std::uint32_t place = 0; place < layout.places; ++place) {
      for (std::size_t k = 0; k < classes_; ++k)
        add_arriving(layout.first_slot + place, k, care(leaf, place, k).resent_per_s);
    }
  }
}

// What a call brings to each site of its callee.
void Circuit::add_arriving(std::uint32_t slot, std::size_t k, double sent) {
  if (routes_[slot] < home) {
    sums_[routes_[slot] * classes_ + k] += sent;
  } else {
    add_elsewhere(slot, k, sent);
  }
}

// To no site, to all, or to each user's home. Not a part of the loop, whose registers it would take.
[[gnu::noinline]] void Circuit::add_elsewhere(std::uint32_t slot, std::size_t k, double sent) {
  const std::uint32_t route = routes_[slot];
  if (route == nowhere || route == not_looked_for) return;
  const std::uint32_t leaf = parts_->leaf_of_slot[slot];
  const LeafLayout& layout = parts_->leaves[leaf];
  const std::uint32_t place = slot - layout.first_slot;
  if (route == home) {
    const std::uint32_t way = way_home(leaf, place, k);
    if (way != nowhere) sums_[way * classes_ + k] += sent;
    return;
  }
  const Caller& callee = parts_->callers[parts_->order.leaves[leaf].callee.index()];
  const std::uint8_t* const can = can_reach(leaf, place);
  const double open = static_cast<double>(std::count(can, can + callee.places, 1));
  for (std::uint32_t site = 0; site < callee.places; ++site) {
    if (can[site] != 0) sums_[(callee.first_node + site) * classes_ + k] += sent / open;
  }
}

// Whether the caller at this place has a way to each site of its callee.
const std::uint8_t* Circuit::can_reach(std::uint32_t leaf, std::uint32_t place) const {
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const std::uint32_t first_instance = parts_->first_instance[(*parts_->world)[callee].service.index()];
  return &can_reach_[parts_->place_of_caller(parts_->leaves[leaf].caller, place) * parts_->instances + first_instance];
}

void Circuit::look_at_standing(std::uint32_t service, std::uint8_t now) {
  const std::uint8_t before = std::exchange(standing_[service], now);
  if (before == now) return;
  if (const bool is_near = (now & near_limit) != 0; is_near != ((before & near_limit) != 0))
    look_at_limit(service, is_near);
  if ((now & heeded) == (before & heeded)) return;
  if ((now & heeded) != 0) {
    ++heeded_then_;
    heed(service, true);
  } else {
    ++unheeded_since_;
  }
}

void Circuit::look_at_limit(std::uint32_t service, bool is_near) {
  for (std::size_t n = 0; n < parts_->journey_words; ++n) {
    for (std::uint64_t above = parts_->journeys_above[service * parts_->journey_words + n]; above != 0;
         above &= above - 1) {
      const auto journey = static_cast<std::uint32_t>(n * 64 + static_cast<std::size_t>(std::countr_zero(above)));
      is_near ? ++limits_below_[journey] : --limits_below_[journey];
      if (is_near && limits_below_[journey] == 1) tell(journey);
    }
  }
}

// What comes to it, and to all above it, is told exactly from now on. Where that is new, what was kept back is told.
void Circuit::heed(std::uint32_t service, bool is_new) {
  const auto see = [&](std::uint32_t caller) {
    if (is_heeded_[caller] != 0) return;
    is_heeded_[caller] = 1;
    above_.push_back(caller);
  };
  for (const Resident& operation : parts_->residents_of(service)) see(operation.operation);
  while (!above_.empty()) {
    const std::uint32_t caller = above_.back();
    above_.pop_back();
    if (parts_->callers[caller].is_journey) {
      if (is_new) tell(caller - static_cast<std::uint32_t>(parts_->world->operations.size()));
      continue;
    }
    const std::uint32_t task = parts_->arrive_task[caller];
    heeded_tasks_[task >> 6] |= std::uint64_t{1} << (task & 63);
    if (is_new) touch(task);
    for (const std::uint32_t leaf : parts_->calls_to[caller]) see(parts_->leaves[leaf].caller);
  }
}

// Without those that are heeded no more.
void Circuit::heed_anew() {
  std::fill(is_heeded_.begin(), is_heeded_.end(), 0);
  std::fill(heeded_tasks_.begin(), heeded_tasks_.end(), 0);
  heeded_then_ = unheeded_since_ = 0;
  for (std::uint32_t service = 0; service < standing_.size(); ++service) {
    if ((standing_[service] & heeded) == 0) continue;
    ++heeded_then_;
    heed(service, false);
  }
}

// REQUIRES: it is asked for more than it is able to do.
double Circuit::settled_admission(std::uint32_t service, std::uint32_t instance) const {
  const InstanceState& state = instances_[instance];
  // Work may still join a queue that has room.
  const double room_s = parts_->room_s[service];
  if (room_s > 0 && (state.backlog < room_s * state.able * (1 - 1e-12) || std::isinf(room_s))) return 1;
  return state.able / load_[instance];
}

template <std::size_t fixed>
void Circuit::load(std::uint32_t service) {
  admit<fixed>(service);
  pass_on<fixed>(service);
}

// In units of cost a second.
template <std::size_t fixed>
double Circuit::offered(const ServiceLayout& layout, std::uint32_t site) const {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  double load = 0;
  for (std::uint32_t r = layout.first_resident; r < layout.last_resident; ++r) {
    const Resident& operation = parts_->residents[r];
    const std::size_t node = operation.first_node + site;
    const double cost = refused_.empty() ? operation.cost : operation.cost * (1 - refused_[node]);
    for (std::size_t k = 0; k < classes; ++k) load += arriving_[node * classes + k] * cost;
  }
  return load;
}

// Compares what arrives with capacity. Returns whether another share is admitted anywhere.
template <std::size_t fixed>
bool Circuit::admit(std::uint32_t service) {
  const ServiceLayout& layout = parts_->service_layouts[service];
  Admission admission = admission_of(service, layout.is_in_loop, layout.is_watched);
  for (std::uint32_t site = 0; site < layout.sites; ++site)
    admit_at(layout.first_instance + site, offered<fixed>(layout, site), admission);
  return look_at(admission);
}

// The same where all comes by one operation, of one class, and is work.
bool Circuit::admit(const Arrival& arrival) {
  Admission admission = admission_of(arrival.service, arrival.is_in_loop, arrival.is_watched);
  for (std::uint32_t site = 0; site < arrival.places; ++site)
    admit_at(arrival.first_instance + site, arriving_[arrival.first_node + site] * arrival.cost, admission);
  return look_at(admission);
}

inline Circuit::Admission Circuit::admission_of(std::uint32_t service, bool is_in_loop, bool is_watched) const {
  const double near = (standing_[service] & near_limit) != 0 ? load_far : load_near;
  return {.service = service,
          .near = near,
          .is_in_loop = is_in_loop,
          .is_heeded = is_watched || answers_differ_[service] != 0};
}

inline void Circuit::admit_at(std::uint32_t i, double load, Admission& admission) {
  InstanceState& instance = instances_[i];
  load_[i] = load;
  instance.settled = load <= instance.able ? 1 : settled_admission(admission.service, i);
  if (instance.admitted != instance.settled) {
    if (admission.is_in_loop) {
      lags(admission.service);
    } else {
      instance.admitted = instance.settled;
      admission.changed = true;
    }
  }
  if (load > admission.near * instance.able) admission.is_near = true;
  // What is more than it can do either is not admitted, or waits.
  if (load > instance.able || instance.is_filling || instance.admitted < 1) admission.is_heeded = true;
  look_at_plenty(i);
}

void Circuit::look_at_plenty(std::uint32_t i) {
  const InstanceState& instance = instances_[i];
  const bool is_easy = instance.admitted == 1 && instance.settled == 1 && !instance.is_filling;
  plenty_[i] = is_easy ? load_far * instance.able : -1;
}

inline bool Circuit::look_at(const Admission& admission) {
  const bool is_near = admission.is_near || admission.is_heeded;
  if (!follows_exactly_)
    look_at_standing(admission.service,
                     static_cast<std::uint8_t>((is_near ? near_limit : 0) | (admission.is_heeded ? heeded : 0)));
  return admission.changed;
}

// Of what is admitted in all, the most important has its share first. Fills in what is admitted of each level.
void Circuit::share_out(std::uint32_t service, std::uint32_t site) {
  const std::uint32_t i = parts_->first_instance[service] + site;
  const InstanceState& instance = instances_[i];
  double left = instance.admitted * load_[i];
  for (std::size_t level = 0; level < parts_->levels; ++level) {
    double asked = 0;
    for (const Resident& operation : parts_->residents_of(service)) {
      const double* const arriving = &arriving_[(operation.first_node + site) * classes_ + level * user_classes_];
      for (std::size_t k = 0; k < user_classes_; ++k) asked += arriving[k] * operation.cost;
    }
    // One more of a level that nobody asks for is taken while there is anything left.
    const bool is_room = instance.admitted >= 1 || left > share_grain * load_[i];
    level_admitted_[level] = instance.admitted >= 1 ? 1
                             : asked > 0            ? std::clamp(left / asked, 0.0, 1.0)
                             : is_room              ? 1
                                                    : 0;
    left = std::max(0.0, left - asked);
  }
}

// What gets past admission and errors goes on to make calls.
template <std::size_t fixed>
void Circuit::pass_on(std::uint32_t service) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const std::uint32_t first_instance = parts_->first_instance[service];
  const std::uint32_t sites = parts_->service_layouts[service].sites;
  for (const Resident& operation : parts_->residents_of(service)) {
    bool changed = false;
    for (std::uint32_t site = 0; site < sites; ++site) {
      const InstanceState& instance = instances_[first_instance + site];
      const NodeState& node = nodes_[operation.first_node + site];
      const double passing = instance.is_up() ? instance.admitted * (1 - node.errors) : 0;
      const bool by_priority = fixed != 1 && parts_->service_layouts[service].by_priority;
      if (by_priority) share_out(service, site);
      const std::size_t first = (operation.first_node + site) * classes;
      for (std::size_t k = 0; k < classes; ++k) {
        double pass = (node.sticky & k) != 0 ? 0 : passing;
        if (by_priority && pass > 0) pass = level_admitted_[k / user_classes_] * (1 - node.errors);
        changed = changed || std::abs(pass_[first + k] - pass) > share_grain;
        pass_[first + k] = pass;
      }
    }
    enter<fixed>(operation.operation);
    if (!changed) continue;
    touch(parts_->callers[operation.operation].finish_task);
    if (!parts_->callers[operation.operation].is_handed_work) continue;
    for (const std::uint32_t leaf : parts_->calls_to[operation.operation]) hear(leaf);
  }
}

double Circuit::name_share(const LeafLayout& leaf, std::uint32_t place) const {
  if (leaf.name == nowhere) return 1;
  return name_share_[leaf.name * places_ + parts_->place_of_caller(leaf.caller, place)];
}

double Circuit::delivered_share(const LeafLayout& leaf, std::uint32_t place) const {
  const double named = name_share(leaf, place);
  return leaf.wired == nowhere ? named : named * carried_[leaf.wired + place];
}

double Circuit::calls_per_request(const LeafLayout& leaf, std::uint32_t place) const {
  return leaf.hit ? 1 - *leaf.hit * instances_[leaf.first_instance + place].fill : leaf.per_request;
}

// However long it takes.
inline Answer Circuit::answer_of_callee(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  const LeafLayout& layout = parts_->leaves[leaf];
  const std::uint32_t route = routes_[layout.first_slot + place];
  if (route == nowhere) return {};
  Answer answer;
  if (route < home) {
    answer = answers_[route * classes_ + k];
  } else if (route == home) {
    const std::uint32_t way = way_home(leaf, place, k);
    if (way != nowhere) answer = answers_[way * classes_ + k];
  } else {
    const world::OperationId callee = parts_->order.leaves[leaf].callee;
    const Caller& target = parts_->callers[callee.index()];
    const std::uint8_t* const can = can_reach(leaf, place);
    const double open = static_cast<double>(std::count(can, can + target.places, 1));
    for (std::uint32_t site = 0; site < target.places; ++site) {
      if (can[site] == 0) continue;
      const Answer one = answers_[(target.first_node + site) * classes_ + k];
      answer.ok += one.ok / open;
      answer.total += one.total / open;
    }
  }
  if (layout.name == nowhere && layout.wired == nowhere) return answer;
  const double delivered = delivered_share(layout, place);
  return answer * delivered;
}

Answer Circuit::attempt_answer(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  if (parts_->leaves[leaf].careful != nowhere) return attempt_with_care(leaf, place, k);
  return answer_of_callee(leaf, place, k);
}

// Work that nobody waits for is done when it has been taken; what it needs is the callee's own affair.
Answer Circuit::handed_over(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  if (is_home(route(leaf, place))) {
    const std::uint32_t way = way_home(leaf, place, k);
    const double taken = way == nowhere ? 0 : pass_[way * classes_ + k] * delivered_share(parts_->leaves[leaf], place);
    return {taken, taken};
  }
  double taken = 0, ways = 0;
  for_each_way(leaf, place, [&](std::uint32_t node) {
    taken += pass_[node * classes_ + k];
    ways += 1;
  });
  const double share = ways > 0 ? taken / ways * delivered_share(parts_->leaves[leaf], place) : 0;
  return {share, share};
}

bool Circuit::set_care(std::uint32_t leaf, std::uint32_t place, std::size_t k, const Care& care) {
  Care& known = care_[care_slot(leaf, place, k)];
  const bool is_new =
      std::abs(known.in_time - care.in_time) > share_grain || std::abs(known.through - care.through) > share_grain ||
      std::abs(known.hedged - care.hedged) > share_grain || std::abs(known.late - care.late) > share_grain ||
      known.copies_good != care.copies_good || known.last_answer_good != care.last_answer_good;
  const bool resends = known.resent_per_s != care.resent_per_s;
  if (!is_new && !resends) return false;
  moved_care_.add(parts_->leaves[leaf].careful);
  known.resent_per_s = care.resent_per_s;
  touch(parts_->arrive_task[parts_->order.leaves[leaf].callee.index()]);
  if (!is_new) return true;
  known = care;
  if (care.through != 1 || care.hedged != 0) has_been_reined_[parts_->leaves[leaf].careful] = 1;
  touch_weight(leaf);
  hear(leaf);
  return true;
}

double Circuit::early_failures(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  const bool hands_over = is_async(parts_->order.leaves[leaf].call);
  return 1 - (hands_over ? handed_over(leaf, place, k) : answer_of_callee(leaf, place, k)).total;
}

Answer Circuit::attempt_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  if (is_async(parts_->order.leaves[leaf].call)) return handed_over(leaf, place, k);
  return answer_of_callee(leaf, place, k) * care(leaf, place, k).in_time;
}

// What is left after tries that are made at once, or as many as are made in all.
Answer Circuit::after_tries(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  const Answer once = attempt_answer(leaf, place, k);
  const LeafLayout& layout = parts_->leaves[leaf];
  const CarefulCall& careful = parts_->careful[layout.careful];
  const int tries = careful.retries_wait ? careful.call->tries : layout.tries;
  if (tries <= 1 || once.total <= 0) return once;
  double again = attempts_made(1 - once.total, tries) - 1;
  if (careful.call->retry_budget) again = std::min(again, careful.call->retry_budget->value());
  return once * (1 + again);
}

Answer Circuit::heard_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  const Care& now = care(leaf, place, k);
  const Call* call = parts_->order.leaves[leaf].call;
  Answer answer = after_tries(leaf, place, k);
  answer = answer * now.through;
  if (call == nullptr) return repeated(answer, calls_per_request(parts_->leaves[leaf], place));
  answer.ok -= answer.ok * now.late;
  answer = repeated(answer, call->per_request);
  if (call->fallback && now.copies_good) answer = with_fallback(answer, call->fallback->share.value());
  if (call->silent == world::Silent::open) answer = {1 - answer.degraded(), 1};
  if (call->silent == world::Silent::last_answer && now.last_answer_good) answer = with_fallback(answer, 1);
  if (call->kind != CallKind::hard) answer.total = 1;
  return answer;
}

double Circuit::attempts_with_care(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  const Care& now = care(leaf, place, k);
  const LeafLayout& layout = parts_->leaves[leaf];
  double attempts = 1;
  if (layout.tries > 1) {
    attempts = attempts_made(1 - attempt_answer(leaf, place, k).total, layout.tries);
    const auto& budget = parts_->careful[layout.careful].call->retry_budget;
    if (budget) attempts = std::min(attempts, 1 + budget->value());
  }
  return attempts * now.through * (1 + now.hedged);
}

Answer Circuit::heard(std::uint32_t leaf, std::uint32_t place, std::size_t k) const {
  if (parts_->leaves[leaf].careful != nowhere) return heard_with_care(leaf, place, k);
  const Call* call = parts_->order.leaves[leaf].call;
  Answer answer = attempt_answer(leaf, place, k);
  if (call == nullptr) return repeated(answer, calls_per_request(parts_->leaves[leaf], place));
  const double success = answer.total;
  if (call->tries > 1 && success > 0 && success < 1) answer = answer * attempts_made(1 - success, call->tries);
  answer = repeated(answer, call->per_request);
  if (call->fallback) answer = with_fallback(answer, call->fallback->share.value());
  // A soft call is one that the caller can do without: the answer is poorer, but it is one.
  if (call->kind != CallKind::hard) answer.total = 1;
  return answer;
}

void Circuit::hear(std::uint32_t leaf) {
  const LeafLayout& layout = parts_->leaves[leaf];
  bool changed = false;
  for (std::uint32_t place = 0; place < layout.places; ++place) {
    const std::size_t slot = layout.first_slot + place;
    const bool is_routed = layout.is_plain && routes_[slot] < home;
    for (std::size_t k = 0; k < classes_; ++k) {
      const Answer answer = is_routed ? answers_[routes_[slot] * classes_ + k] : heard(leaf, place, k);
      Answer& known = leaf_answers_[(layout.first_answer + place) * classes_ + k];
      if (!differs(known, answer)) continue;
      if (!changed) moved_.add(leaf);
      known = answer;
      changed = true;
    }
  }
  if (changed) tell_of_call(leaf);
}

void Circuit::tell_of_call(std::uint32_t leaf) {
  const LeafLayout& layout = parts_->leaves[leaf];
  touch(parts_->callers[layout.caller].finish_task);
  for (const std::uint32_t told : layout.told) touch_weight(told);
}

// The answer of a group, or of one call in it. Notes on the way how often `wanted_leaf` is reached.
Answer Circuit::group_answer(const Call& call, std::uint32_t& leaf, std::uint32_t place, std::size_t k, double reached,
                             std::uint32_t wanted_leaf, double& wanted_reached) const {
  if (call.form == Call::Form::single) {
    if (leaf == wanted_leaf) wanted_reached = reached;
    return leaf_answer(leaf++, place, k);
  }
  if (call.form == Call::Form::parallel) {
    Answer all{1, 1};
    for (const Call& member : call.members)
      all = both(all, group_answer(member, leaf, place, k, reached, wanted_leaf, wanted_reached));
    return all;
  }
  Answered answered{call.at_least};
  double ok = 0, total = 0;  // of answers given: how many in full
  for (const Call& member : call.members) {
    const double open = answered.not_enough();
    const Answer one = group_answer(member, leaf, place, k, reached * open, wanted_leaf, wanted_reached);
    answered.add(one.total);
    ok += open * one.ok;
    total += open * one.total;
  }
  const double enough = answered.enough();
  return total > 0 ? Answer{enough * (ok / total), enough} : Answer{};
}

Answer Circuit::item_answer(const Item& item, std::uint32_t place, std::size_t k) const {
  if (item.is_single) {
    return is_direct(item) ? answers_[item.first_node_of_callee + place]
                           : leaf_answers_[(item.first_answer + place) * classes_ + k];
  }
  std::uint32_t leaf = item.first_leaf;
  double unused = 0;
  return group_answer(*item.call, leaf, place, k, 1, nowhere, unused);
}

Answer Circuit::compose(const Caller& caller, std::uint32_t place, std::size_t k) const {
  Answer all{1, 1};
  for (std::uint32_t item = caller.first_item; item < caller.last_item; ++item) {
    all = both(all, item_answer(parts_->items[item], place, k));
  }
  return all;
}

AnswersBeside Circuit::compose_beside(const Caller& caller) const {
  AnswersBeside all;
  for (std::uint32_t i = caller.first_item; i < caller.last_item; ++i) {
    const Item& item = parts_->items[i];
    if (item.is_single) {
      all = all * AnswersBeside::of(answers_of(item), caller.places);
      continue;
    }
    AnswersBeside of_group;
    for (std::uint32_t place = 0; place < caller.places; ++place) of_group.set(place, item_answer(item, place, 0));
    all = all * of_group;
  }
  return all;
}

// How many attempts of this call a request makes, on average.
void Circuit::weigh(std::uint32_t leaf) {
  moved_.add(leaf);
  const LeafLayout& layout = parts_->leaves[leaf];
  if (layout.is_weighed_simply && classes_ == 1) return weigh_simply(leaf);
  const Caller& caller = parts_->callers[layout.caller];
  const Item& item = parts_->items[layout.item];
  const Item* before = layout.item == caller.first_item ? nullptr : &parts_->items[layout.item - 1];
  const std::uint32_t answer_before = before == nullptr ? 0 : before->first_answer;
  if (layout.hit) hear(leaf);  // how many requests miss hangs on the caller's own cache
  bool reach_changed = false, is_more = false, is_less = false;
  for (std::uint32_t place = 0; place < caller.places; ++place) {
    const std::uint32_t slot = layout.first_slot + place;
    const double per_request = calls_per_request(layout, place) * delivered_share(layout, place);
    for (std::size_t k = 0; k < classes_; ++k) {
      double reached = 1;
      if (before != nullptr) {
        reached = reached_[(answer_before + place) * classes_ + k];
        if (before->gates) reached *= item_answer(*before, place, k).total;
      }
      if (leaf != item.first_leaf) {
        std::uint32_t walk = item.first_leaf;
        group_answer(*item.call, walk, place, k, reached, leaf, reached);
      }
      double& known_reached = reached_[(layout.first_answer + place) * classes_ + k];
      reach_changed = reach_changed || std::abs(known_reached - reached) > share_grain;
      known_reached = reached;
      double weight = reached * per_request;
      if (layout.careful != nowhere) {
        weight *= attempts_with_care(leaf, place, k);
      } else if (layout.tries > 1) {
        weight *= attempts_made(1 - attempt_answer(leaf, place, k).total, layout.tries);
      }
      double& known = weight_[slot * classes_ + k];
      is_more = is_more || weight > known;
      is_less = is_less || weight < known;
      known = weight;
    }
  }
  tell_callee(layout, is_more, is_less);
  // What stands behind this item in the list is reached through it.
  if (!reach_changed || leaf != item.first_leaf || layout.item + 1 >= caller.last_item) return;
  const Item& next = parts_->items[layout.item + 1];
  for (std::uint32_t later = next.first_leaf; later < next.last_leaf; ++later) touch_weight(later);
}

// The same of a call that is made as often as what stands before it in the list lets requests through; and of those
// behind it that are such, too, while that changes.
void Circuit::weigh_simply(std::uint32_t leaf) {
  const Caller& caller = parts_->callers[parts_->leaves[leaf].caller];
  const std::uint32_t last_item = caller.last_item;
  // Weights lie as their callees add them up. In a long list they are sent for before their turn.
  constexpr std::uint32_t ahead = 8;
  while (weigh_one_simply(leaf)) {
    if (leaf + ahead < caller.last_leaf) {
      const LeafLayout& soon = parts_->leaves[leaf + ahead];
      __builtin_prefetch(&weight_[soon.first_slot], 1);
      __builtin_prefetch(&answers_[soon.first_node_of_callee]);
    }
    const std::uint32_t next_item = parts_->leaves[leaf].item + 1;
    if (next_item >= last_item) return;
    const Item& next = parts_->items[next_item];
    if (!parts_->leaves[next.first_leaf].is_weighed_simply) {
      for (std::uint32_t later = next.first_leaf; later < next.last_leaf; ++later) touch_weight(later);
      return;
    }
    leaf = next.first_leaf;
    moved_.add(leaf);
    ++evaluations_;
  }
}

bool Circuit::weigh_one_simply(std::uint32_t leaf) {
  const LeafLayout& layout = parts_->leaves[leaf];
  const Caller& caller = parts_->callers[layout.caller];
  const bool is_first = layout.item == caller.first_item;
  const Item& before = parts_->items[is_first ? layout.item : layout.item - 1];
  const Answer* const answers_before = answers_of(before);
  bool reach_changed = false, is_more = false, is_less = false;
  for (std::uint32_t place = 0; place < layout.places; ++place) {
    double reached = is_first ? 1 : reached_[before.first_answer + place];
    if (!is_first && before.gates) reached *= answers_before[place].total;
    double& known_reached = reached_[layout.first_answer + place];
    double& weight = weight_[layout.first_slot + place];
    reach_changed = reach_changed || std::abs(known_reached - reached) > share_grain;
    known_reached = reached;
    double now = reached * layout.per_request;
    if (layout.careful != nowhere) {
      if (layout.tries > 1 || has_been_reined_[layout.careful] != 0) now *= attempts_with_care(leaf, place, 0);
    } else if (layout.tries > 1) {
      now *= attempts_made(1 - answer_of_callee(leaf, place, 0).total, layout.tries);
    }
    is_more = is_more || now > weight;
    is_less = is_less || now < weight;
    weight = now;
  }
  tell_callee(layout, is_more, is_less);
  return reach_changed;
}

template <std::size_t fixed>
void Circuit::answer_operation(std::uint32_t operation) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const Caller& caller = parts_->callers[operation];
  if (fixed == 1 && caller.places <= lanes) return answer_side_by_side(operation);
  const world::Operation& layout = parts_->world->operations[operation];
  const std::uint32_t first_instance = parts_->first_instance[layout.service.index()];
  bool changed = false;
  for (std::uint32_t site = 0; site < caller.places; ++site) {
    const std::uint32_t node = caller.first_node + site;
    const InstanceState& instance = instances_[first_instance + site];
    for (std::size_t k = 0; k < classes; ++k) {
      const double pass = pass_[node * classes + k];
      Answer answer;
      if (pass > 0) {
        answer = compose(caller, site, k) * pass;
      }
      // Copies are served by the service itself, so it has to be there for that.
      if (layout.fallback && nodes_[node].copies_good && instance.is_up()) {
        answer = with_fallback(answer, layout.fallback->share.value());
      }
      if (instance.stale) answer.ok = 0;
      Answer& known = answers_[node * classes + k];
      if (!differs(known, answer)) continue;
      known = answer;
      changed = true;
    }
  }
  if (changed) tell_of_answers(operation);
}

void Circuit::answer_side_by_side(std::uint32_t operation) {
  const Caller& caller = parts_->callers[operation];
  const world::Operation& layout = parts_->world->operations[operation];
  const Lanes pass = where(LaneMask::first(caller.places), Lanes::of_all(&pass_[caller.first_node]), 0);
  AnswersBeside answers = compose_beside(caller) * pass;
  const InstanceState* const instances = &instances_[parts_->first_instance[layout.service.index()]];
  for (std::uint32_t site = 0; site < caller.places; ++site) {
    if (!layout.fallback && !instances[site].stale) continue;
    Answer answer = answers[site];
    // Copies are served by the service itself, so it has to be there for that.
    if (layout.fallback && nodes_[caller.first_node + site].copies_good && instances[site].is_up())
      answer = with_fallback(answer, layout.fallback->share.value());
    if (instances[site].stale) answer.ok = 0;
    answers.set(site, answer);
  }
  if (!differ(AnswersBeside::of(&answers_[caller.first_node], caller.places), answers, caller.places)) return;
  answers.put(&answers_[caller.first_node], caller.places);
  tell_of_answers(operation);
}

void Circuit::tell_of_answers(std::uint32_t operation) {
  if (parts_->service_layouts[parts_->callers[operation].service].answers_are_read) look_at_answers(operation);
  if (classes_ == 1 && is_straight_[parts_->arrival_of[operation]] != 0) {
    touch_masks(parts_->callers[operation].first_answer_mask, parts_->callers[operation].last_answer_mask);
    for (const std::uint32_t leaf : parts_->other_calls_to[operation]) hear(leaf);
    return;
  }
  for (const std::uint32_t leaf : parts_->calls_to[operation]) hear(leaf);
}

// The mean of answers that differ hangs on how much is asked for each.
void Circuit::look_at_answers(std::uint32_t operation) {
  const Caller& caller = parts_->callers[operation];
  const std::size_t first = caller.first_node * classes_;
  bool differ = false;
  for (std::size_t i = first; i < first + caller.places * classes_; ++i)
    differ = differ || differs(answers_[first], answers_[i]);
  std::uint8_t& known = answers_differ_[caller.service];
  if ((known != 0) == differ) return;
  known = differ ? 1 : 0;
  touch(parts_->load_task[caller.service]);
}

template <std::size_t fixed>
void Circuit::finish_journey(std::uint32_t journey) {
  const std::size_t classes = fixed != 0 ? fixed : classes_;
  const std::uint32_t c = parts_->caller_of(world::JourneyId{journey});
  const Caller& caller = parts_->callers[c];
  if (fixed == 1 && parts_->homes.sites.empty() && caller.places <= lanes) return finish_side_by_side(journey);
  const world::Journey& layout = parts_->world->journeys[journey];
  for (std::uint32_t region = 0; region < caller.places; ++region) {
    const std::uint32_t outcome = caller.first_node + region;
    for (std::size_t k = 0; k < classes; ++k) {
      Answer answer = compose(caller, region, k);
      if (layout.fallback && outcome_copies_good_[outcome] != 0)
        answer = with_fallback(answer, layout.fallback->share.value());
      outcomes_[outcome * classes + k] = answer;
    }
  }
}

void Circuit::finish_side_by_side(std::uint32_t journey) {
  const Caller& caller = parts_->callers[parts_->caller_of(world::JourneyId{journey})];
  const auto& fallback = parts_->world->journeys[journey].fallback;
  AnswersBeside answers = compose_beside(caller);
  for (std::uint32_t region = 0; fallback && region < caller.places; ++region) {
    if (outcome_copies_good_[caller.first_node + region] != 0)
      answers.set(region, with_fallback(answers[region], fallback->share.value()));
  }
  answers.put(&outcomes_[caller.first_node], caller.places);
}

void Circuit::relax(double step_s) {
  std::erase_if(lagging_, [&](std::uint32_t s) {
    bool lags_on = false;
    for (std::uint32_t site = 0; site < parts_->world->services[s].sites.size(); ++site) {
      const std::uint32_t i = parts_->first_instance[s] + site;
      const double distance = instances_[i].settled - instances_[i].admitted;
      if (distance == 0) {
        instances_[i].lagged = 0;
        continue;
      }
      InstanceState& state = change_instance(world::ServiceId{s}, i);
      double moved = -std::expm1(-step_s / parts_->relax_s[s]);
      // What has gone too far and comes back would go on swinging: the share that the last two distances say is enough.
      const double before = std::exchange(state.lagged, distance);
      if (before * distance < 0 && std::abs(distance) < std::abs(before)) moved /= 1 - distance / before;
      state.admitted = std::abs(distance) < 1e-9 ? state.settled : state.admitted + moved * distance;
      lags_on = lags_on || state.admitted != state.settled;
    }
    if (!lags_on) is_lagging_[s] = 0;
    return !lags_on;
  });
}

void Circuit::lags(std::uint32_t service) {
  if (is_lagging_[service] != 0) return;
  is_lagging_[service] = 1;
  lagging_.push_back(service);
}

Circuit::Lag Circuit::farthest_lag(double small) const {
  Lag lag;
  for (const std::uint32_t s : lagging_) {
    for (std::uint32_t site = 0; site < parts_->world->services[s].sites.size(); ++site) {
      const InstanceState& state = instances_[parts_->first_instance[s] + site];
      double distance = std::abs(state.settled - state.admitted);
      if (distance > 0) distance *= std::max(1.0, small / std::max(state.settled, state.admitted));
      if (distance > lag.farthest) lag = {distance, parts_->relax_s[s]};
    }
  }
  return lag;
}

// --- results
// -----------------------------------------------------------------------------------------------------------------

double Circuit::arriving(std::uint32_t node) const {
  double sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += arriving_[node * classes_ + k];
  return sum;
}

Answer Circuit::answer(std::uint32_t node) const {
  const Answer answer = answer_however_late(node);
  return answer * in_time_[node];
}

Answer Circuit::answer_however_late(std::uint32_t node) const {
  if (classes_ == 1) return answers_[node];
  Answer sum;
  const double weight = arriving(node);
  for (std::size_t k = 0; k < classes_; ++k) {
    const double part = weight > 0 ? arriving_[node * classes_ + k] / weight : 1 / static_cast<double>(classes_);
    sum.ok += part * answers_[node * classes_ + k].ok;
    sum.total += part * answers_[node * classes_ + k].total;
  }
  return sum;
}

Answer Circuit::answer_before_fallback(world::OperationId operation, std::uint32_t node) const {
  const Caller& caller = parts_->callers[operation.index()];
  Answer mean;
  for (std::size_t k = 0; k < classes_; ++k) {
    const Answer one = compose(caller, node - caller.first_node, k) * pass_[node * classes_ + k];
    mean.ok += one.ok / static_cast<double>(classes_);
    mean.total += one.total / static_cast<double>(classes_);
  }
  return mean;
}

Answer Circuit::outcome_before_fallback(world::JourneyId journey, std::uint32_t outcome) const {
  const Caller& caller = parts_->callers[parts_->caller_of(journey)];
  const std::uint32_t region = outcome - caller.first_node;
  const std::size_t first = first_class_of(outcome);
  Answer mean;
  for (std::size_t k = first; k < first + user_classes_; ++k) {
    const Answer one = compose(caller, region, k) * share_of_users(region, k);
    mean.ok += one.ok;
    mean.total += one.total;
  }
  return mean;
}

double Circuit::passed(std::uint32_t node) const {
  double sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += arriving_[node * classes_ + k] * pass_[node * classes_ + k];
  return sum;
}

double Circuit::sent(std::uint32_t leaf, std::uint32_t place) const {
  double sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += sent_by(leaf, place, k);
  return sum;
}

double Circuit::sent_somewhere(std::uint32_t leaf, std::uint32_t place) const {
  const std::uint32_t known = route(leaf, place);
  if (known == nowhere) return 0;
  if (!is_home(known)) return sent(leaf, place);
  double sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += way_home(leaf, place, k) == nowhere ? 0 : sent_by(leaf, place, k);
  return sum;
}

double Circuit::wanted_by_name(world::ServiceId service, std::size_t place) const {
  double wanted = 0;
  for (const world::OperationId operation : (*parts_->world)[service].operations) {
    for (const std::uint32_t leaf : parts_->calls_to[operation.index()]) {
      const LeafLayout& layout = parts_->leaves[leaf];
      for (std::uint32_t p = 0; p < parts_->callers[layout.caller].places; ++p) {
        if (parts_->place_of_caller(layout.caller, p) != place) continue;
        for (std::size_t k = 0; k < classes_; ++k) {
          wanted += entering_[(layout.first_entry + p) * classes_ + k] *
                    reached_[(layout.first_answer + p) * classes_ + k] * calls_per_request(layout, p);
        }
      }
    }
  }
  return wanted;
}

double Circuit::misses_per_s(world::ServiceId service, std::uint32_t instance) const {
  double misses = 0;
  const std::uint32_t place = instance - parts_->first_instance[service.index()];
  for (const world::OperationId operation : (*parts_->world)[service].operations) {
    const std::uint32_t last = parts_->order.first_leaf_of_operation[operation.index() + 1] - 1;
    misses += sent(last, place);
  }
  return misses;
}

}  // namespace knockon::traffic
