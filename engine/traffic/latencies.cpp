#include "engine/traffic/latencies.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace knockon::traffic {
namespace {

using world::Call;
using world::CallKind;

bool is_async(const Call* call) { return call != nullptr && call->kind == CallKind::async; }

Ends at_once_failed() { return {.answered = {}, .failed = AnswerTimes{AnswerTime{}}}; }
Ends at_once_answered() { return {.answered = AnswerTimes{AnswerTime{}}, .failed = {}}; }

// The second is begun only when the first has answered.
Ends then(const Ends& first, const Ends& next) {
  Ends both{.answered = in_turn(first.answered, next.answered), .failed = first.failed};
  both.failed.add(in_turn(first.answered, next.failed));
  return both;
}

// However the first has ended, if it did; both count as answered then.
Ends then_whatever(const Ends& first, const Ends& next) {
  Ends done = next;
  done.answered.add(next.failed);
  done.failed = {};
  return then(first, done);
}

Ends both_at_once(const Ends& one, const Ends& other) {
  Ends both{.answered = later(one.answered, other.answered), .failed = later(one.failed, other.failed)};
  both.failed.add(later(one.answered, other.failed));
  both.failed.add(later(one.failed, other.answered));
  return both;
}

// This share of what has failed is answered after all, from something that is at hand.
Ends helped(const Ends& ends, double share) {
  Ends some = ends;
  some.answered.add(ends.failed, share);
  some.failed = ends.failed.times(1 - share);
  return some;
}

AnswerTimes shifted(const AnswerTimes& times, double by_s) {
  return by_s > 0 ? in_turn(times, AnswerTimes{{by_s, 0}}) : times;
}

// n calls one after the other, n not necessarily whole.
Ends repeated(const Ends& once, double n) {
  if (n == 1) return once;
  Ends all = at_once_answered();
  if (n < 1) {
    all.answered = all.answered.times(1 - n);
    all.answered.add(once.answered, n);
    all.failed = once.failed.times(n);
    return all;
  }
  Ends power = once;
  for (auto whole = static_cast<std::uint64_t>(n); whole > 0; whole /= 2) {
    if (whole % 2 == 1) all = then(all, power);
    if (whole > 1) power = then(power, power);
  }
  const double rest = n - std::floor(n);
  return rest > 0 ? then(all, repeated(once, rest)) : all;
}

// Those that take longer than `after_s` are asked for a second time then, and whatever comes first is taken.
AnswerTimes hedged(const AnswerTimes& answered, double after_s) {
  const double share = answered.share();
  if (share <= 0) return answered;
  AnswerTimes all = answered.within(after_s);
  const AnswerTimes second = in_turn(AnswerTimes{{after_s, 0}}, answered.times(1 / share));
  all.add(earlier(answered.beyond(after_s), second));
  return all;
}

// Of an attempt: whatever is not answered or refused until then is given up. The share that comes in time is the
// flow's; times of answers that it counts and that are longer by this estimate are cut.
Ends ended_in_time(const Ends& reached, double timeout_s, double in_time, bool refusals_are_late) {
  const double answered = in_time * reached.answered.share();
  Ends ends{.answered = reached.answered.within(timeout_s), .failed = {}};
  if (const double share = ends.answered.share(); share > answered && share > 0)
    ends.answered = ends.answered.times(answered / share);
  ends.answered.add(answered - ends.answered.share(), {timeout_s, 0});
  if (!refusals_are_late) ends.failed = reached.failed.within(timeout_s);
  ends.failed.add(1 - answered - ends.failed.share(), {timeout_s, 0});
  return ends;
}

// An exponential that is cut at the longest: falling at a rate, or rising towards the longest at a negative one.
struct CutExponential {
  double falls_per_s, longest_s;

  [[nodiscard]] double quantile_s(double probability) const {
    const double cut = falls_per_s * longest_s;
    if (probability <= 0) return 0;
    if (probability >= 1) return longest_s;
    if (std::abs(cut) < 1e-6) return probability * longest_s;
    if (cut < -500) return std::max(0.0, longest_s - std::log(probability) / falls_per_s);
    return -std::log1p(probability * std::expm1(-cut)) / falls_per_s;
  }
  // Of what lies between the two: it is cut once more.
  [[nodiscard]] AnswerTime between(double least_s, double most_s) const {
    const double length = most_s - least_s, cut = falls_per_s * length;
    if (std::abs(cut) < 1e-3) return {least_s + length / 2, length * length / 12};
    const double mean_s = 1 / falls_per_s - length / std::expm1(cut);
    const double narrower = length * length / (std::expm1(cut) * -std::expm1(-cut));
    return {least_s + mean_s, std::max(0.0, 1 / (falls_per_s * falls_per_s) - narrower)};
  }
};

// Of those who wait: parts that are told apart, finer towards the end.
constexpr double parts_of_waiting[] = {0, 0.5, 0.8, 0.95, 1};

// Waits within [0, longest] as a queue of this many servers, each busy for `each_s` with a request, makes them when
// arrivals and service are random. Most of those who come do not wait at all (Sakasegawa's approximation of Erlang's
// formula, for as many places in the queue as are served within the longest wait); the others wait exponentially, cut
// at the longest: with load beyond one it rises towards it.
AnswerTimes random_wait(double servers, double each_s, double load, double longest_s) {
  if (!(servers > 0) || !(each_s > 0) || load <= 0 || longest_s <= 0) return AnswerTimes{AnswerTime{}};
  const double few = std::sqrt(2 * (servers + 1)) - 1, places = longest_s * servers / each_s;
  double waiting = 0;
  if (std::abs(1 - load) < 1e-6) {
    waiting = places / (places + few);
  } else if (places * std::log(load) > 100) {
    waiting = 1;
  } else {
    const double queued = 1 - std::pow(load, places), free = std::pow(load, -few) - 1;
    waiting = queued / (queued + free);
  }
  if (waiting < 1e-6) return AnswerTimes{AnswerTime{}};
  const CutExponential wait{.falls_per_s = servers / each_s * (1 - load), .longest_s = longest_s};
  AnswerTimes all{AnswerTime{}, 1 - waiting};
  for (std::size_t n = 0; n + 1 < std::size(parts_of_waiting); ++n) {
    const double from = parts_of_waiting[n], to = parts_of_waiting[n + 1];
    all.add(waiting * (to - from), wait.between(wait.quantile_s(from), wait.quantile_s(to)));
  }
  return all;
}

}  // namespace

// What the caller waits for, directly or not, in the order in which answers are found.
const std::vector<std::uint32_t>& Latencies::cone(std::uint32_t caller) {
  const auto [found, is_new] = cones_.try_emplace(caller);
  std::vector<std::uint32_t>& operations = found->second;
  if (!is_new) return operations;
  std::set<std::uint32_t> seen;
  std::vector<std::uint32_t> open{caller};
  while (!open.empty()) {
    const Caller& here = parts_->callers[open.back()];
    open.pop_back();
    for (std::uint32_t leaf = here.first_leaf; leaf < here.last_leaf; ++leaf) {
      const auto callee = static_cast<std::uint32_t>(parts_->order.leaves[leaf].callee.index());
      if (is_async(parts_->order.leaves[leaf].call) || !seen.insert(callee).second) continue;
      operations.push_back(callee);
      open.push_back(callee);
    }
  }
  std::sort(operations.begin(), operations.end(),
            [this](std::uint32_t a, std::uint32_t b) { return parts_->answer_task[a] < parts_->answer_task[b]; });
  return operations;
}

void Latencies::look_below(std::uint32_t caller, const Now& now) {
  for (const std::uint32_t operation : cone(caller)) {
    Known& known = known_[operation];
    if (known.sweep == now.circuit.sweeps()) continue;
    known.sweep = now.circuit.sweeps();
    known.ends.resize(parts_->callers[operation].places);
    for (std::uint32_t place = 0; place < known.ends.size(); ++place) known.ends[place] = node(operation, place, now);
  }
}

const Ends& Latencies::of_node(world::OperationId operation, std::uint32_t place, const Now& now) {
  const auto number = static_cast<std::uint32_t>(operation.index());
  look_below(number, now);
  Known& known = known_[number];
  if (known.sweep != now.circuit.sweeps()) {
    known.sweep = now.circuit.sweeps();
    known.ends.resize(parts_->callers[number].places);
    for (std::uint32_t p = 0; p < known.ends.size(); ++p) known.ends[p] = node(number, p, now);
  }
  return known.ends[place];
}

Ends Latencies::of_journey(world::JourneyId journey, world::RegionId region, const Now& now) {
  const std::uint32_t caller = parts_->caller_of(journey);
  look_below(caller, now);
  const auto& fallback = (*parts_->world)[journey].fallback;
  Ends ends = list(caller, static_cast<std::uint32_t>(region.index()), now);
  // Of how many are answered the flow has taken account; by this estimate some would be later.
  if (const double patience_s = parts_->patience_s[journey.index()]; std::isfinite(patience_s)) {
    const double answered = ends.answered.share();
    ends.answered = ends.answered.within(patience_s);
    ends.answered.add(answered - ends.answered.share(), {patience_s, 0});
  }
  return fallback ? helped(ends, fallback->share.value()) : ends;
}

// Before its work begins.
AnswerTimes Latencies::wait(std::uint32_t operation, std::uint32_t place, const Now& now) const {
  const auto service = static_cast<std::uint32_t>(parts_->world->operations[operation].service.index());
  const world::Service& layout = parts_->world->services[service];
  const std::uint32_t instance = parts_->first_instance[service] + place;
  const double able = now.circuit.capacity(instance), offered = now.circuit.load(instance);
  if (const auto* adaptive = std::get_if<world::Adaptive>(&layout.overload)) {
    const double longest_s = adaptive->wait.in_seconds(), load = able > 0 ? offered / able : 1;
    return load < 1 ? random_wait(1, parts_->own_time[service].mean_s, load, longest_s)
                    : AnswerTimes{AnswerTime{longest_s, 0}};
  }
  if (const Wait known = now.waits.wait(instance, now.circuit); known.mean_s > 0)
    return AnswerTimes{after_waiting(known, {})};
  if (!(able > 0) || !std::isfinite(able) || !std::holds_alternative<world::Queue>(layout.overload))
    return AnswerTimes{AnswerTime{}};
  const double replicas = layout.replicas[place] * able / parts_->capacity[instance];
  return random_wait(replicas, replicas / able, offered / able, parts_->queue_s[service]);
}

Ends Latencies::node(std::uint32_t operation, std::uint32_t place, const Now& now) const {
  const world::Operation& layout = parts_->world->operations[operation];
  const Caller& caller = parts_->callers[operation];
  const InstanceState& instance = now.circuit.instance(parts_->first_instance[caller.service] + place);
  const NodeState& state = now.circuit.node(caller.first_node + place);
  const double passing = instance.is_up() ? instance.admitted * (1 - state.errors) : 0;
  Ends ends{.answered = in_turn(
                wait(operation, place, now),
                AnswerTimes{now.slow.own_time(caller.first_node + place, parts_->own_answer_time[operation]), passing}),
            .failed = AnswerTimes{AnswerTime{}, 1 - passing}};
  ends = then(ends, list(operation, place, now));
  if (layout.fallback && state.copies_good && instance.is_up()) ends = helped(ends, layout.fallback->share.value());
  return ends;
}

// Everything a caller asks for, in its order.
Ends Latencies::list(std::uint32_t caller, std::uint32_t place, const Now& now) const {
  const Caller& layout = parts_->callers[caller];
  Ends ends = at_once_answered();
  for (std::uint32_t i = layout.first_item; i < layout.last_item; ++i) {
    const Item& item = parts_->items[i];
    std::uint32_t leaf = item.first_leaf;
    const Ends one = item.is_single ? call(leaf, place, now) : group(*item.call, leaf, place, now);
    ends = item.gates ? then(ends, one) : then_whatever(ends, one);
  }
  return ends;
}

Ends Latencies::group(const Call& written, std::uint32_t& leaf, std::uint32_t place, const Now& now) const {
  if (written.form == Call::Form::single) {
    const Ends one = call(leaf++, place, now);
    return written.kind == CallKind::hard ? one : then_whatever(at_once_answered(), one);
  }
  if (written.form == Call::Form::parallel) {
    Ends all = at_once_answered();
    for (const Call& member : written.members) all = both_at_once(all, group(member, leaf, place, now));
    return all;
  }
  // Those that have had so many answers, and ask on.
  std::vector<AnswerTimes> asking(static_cast<std::size_t>(written.at_least) + 1);
  asking[0] = AnswerTimes{AnswerTime{}};
  for (const Call& member : written.members) {
    const Ends one = group(member, leaf, place, now);
    for (std::size_t had = asking.size() - 1; had-- > 0;) {
      asking[had + 1].add(in_turn(asking[had], one.answered));
      asking[had] = in_turn(asking[had], one.failed);
    }
  }
  Ends ends{.answered = asking.back(), .failed = {}};
  for (std::size_t had = 0; had + 1 < asking.size(); ++had) ends.failed.add(asking[had]);
  return ends;
}

// One attempt, wherever it is led.
Ends Latencies::attempt(std::uint32_t leaf, std::uint32_t place, const Now& now) const {
  const LeafLayout& layout = parts_->leaves[leaf];
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const world::Service& service = (*parts_->world)[(*parts_->world)[callee].service];
  const std::uint32_t first_node = parts_->callers[callee.index()].first_node;
  const std::size_t from = parts_->place_of_caller(layout.caller, place);
  const std::vector<Ends>& known = known_.at(static_cast<std::uint32_t>(callee.index())).ends;
  double ways = 0;
  now.circuit.for_each_way(leaf, place, [&](std::uint32_t) { ways += 1; });
  if (ways == 0) return at_once_failed();
  Ends ends;
  now.circuit.for_each_way(leaf, place, [&](std::uint32_t node) {
    const std::uint32_t there = node - first_node;
    const double there_and_back_s = 2 * now.reach.latency_s(from, service.sites[there]);
    ends.answered.add(shifted(known[there].answered, there_and_back_s), 1 / ways);
    ends.failed.add(shifted(known[there].failed, there_and_back_s), 1 / ways);
  });
  return ends;
}

Ends Latencies::after_retries(const Call& written, const Ends& once) const {
  if (written.tries <= 1) return once;
  const double failing = once.failed.share();
  double granted = 1;
  if (written.retry_budget) {
    double wanted = 0, reached = 1;
    for (int n = 1; n < written.tries && reached > 1e-9; ++n) wanted += reached *= failing;
    granted = wanted > written.retry_budget->value() ? written.retry_budget->value() / wanted : 1;
  }
  Ends all{.answered = once.answered, .failed = {}};
  AnswerTimes still_failing = once.failed;
  double pause_s = written.backoff.first.in_seconds();
  // So many attempts are told apart; whoever fails as often fails for good.
  const int tries = std::min<int>(written.tries, CarefulCall::pauses_max + 1);
  for (int n = 1; n < tries && still_failing.share() > 1e-6; ++n) {
    const double mean_s = std::min(pause_s, written.backoff.up_to.in_seconds());
    const double differs_s = mean_s * written.backoff.jitter.value();
    all.failed.add(still_failing, 1 - granted);
    const AnswerTimes again = in_turn(still_failing.times(granted), AnswerTimes{{mean_s, differs_s * differs_s / 3}});
    all.answered.add(in_turn(again, once.answered));
    still_failing = in_turn(again, once.failed);
    pause_s *= written.backoff.factor;
  }
  all.failed.add(still_failing);
  return all;
}

Ends Latencies::call(std::uint32_t leaf, std::uint32_t place, const Now& now) const {
  const LeafLayout& layout = parts_->leaves[leaf];
  const Call* written = parts_->order.leaves[leaf].call;
  if (is_async(written)) return at_once_answered();
  Ends reached = attempt(leaf, place, now);
  if (layout.name != nowhere || layout.wired != nowhere) {
    const double delivered = now.circuit.delivered_share(layout, place);
    reached = {.answered = reached.answered.times(delivered), .failed = reached.failed.times(delivered)};
    reached.failed.add(1 - delivered, {});
  }
  const CarefulCall* careful = layout.careful == nowhere ? nullptr : &parts_->careful[layout.careful];
  const Care care = careful != nullptr ? now.circuit.care(leaf, place, 0) : Care{};
  if (written != nullptr && written->hedge_after)
    reached.answered = hedged(reached.answered, written->hedge_after->in_seconds());
  const double timeout_s = careful != nullptr   ? careful->timeout_s
                           : written != nullptr ? written->timeout.in_seconds()
                                                : 1;
  const Ends once = ended_in_time(reached, timeout_s, care.in_time, careful != nullptr && careful->refusals_are_late);
  if (written == nullptr) return repeated(once, now.circuit.calls_per_request(layout, place));
  Ends ends = after_retries(*written, once);
  if (careful != nullptr) {
    ends = {.answered = ends.answered.times(care.through), .failed = ends.failed.times(care.through)};
    ends.failed.add(1 - care.through, {});
  }
  ends = repeated(ends, written->per_request);
  if (written->fallback && care.copies_good) ends = helped(ends, written->fallback->share.value());
  if (written->silent == world::Silent::open) ends = helped(ends, 1);
  if (written->silent == world::Silent::last_answer && care.last_answer_good) ends = helped(ends, 1);
  return ends;
}

}  // namespace knockon::traffic
