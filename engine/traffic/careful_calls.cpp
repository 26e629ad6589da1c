#include "engine/traffic/careful_calls.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Timeouts are told apart by this many parts of a step, breakers' windows by another.
constexpr double parts_a_timeout = 12, parts_a_window = 20;
constexpr double finest_s = 0.02, coarsest_s = 1;
// Smaller shares of waiting attempts and open breakers have no effect on anything.
constexpr double grain = 1e-9;
constexpr double endless = std::numeric_limits<double>::infinity();

}  // namespace

void Window::clear() {
  kept_.fill({});
  attempts_ = failures_ = 0;
}

void Window::add(DelayLine::Span span, double attempts, double failures) {
  const auto number_at = [this](double date_s) { return static_cast<std::int64_t>(date_s / bin_s_); };
  const std::int64_t last = number_at(span.to_s);
  for (std::int64_t number = std::max(number_at(span.from_s), last - bins + 1); number <= last; ++number) {
    const double from_s = static_cast<double>(number) * bin_s_;
    const double in_bin_s = std::min(span.to_s, from_s + bin_s_) - std::max(span.from_s, from_s);
    const double part = std::max(0.0, in_bin_s) / span.length();
    Bin& bin = kept_[static_cast<std::size_t>(number % bins)];
    if (bin.number != number) bin = {number};
    bin.attempts += part * attempts;
    bin.failures += part * failures;
  }
  attempts_ = failures_ = 0;
  for (const Bin& one : kept_) {
    if (one.number <= last - bins) continue;
    attempts_ += one.attempts;
    failures_ += one.failures;
  }
}

CarefulCalls::CarefulCalls(const Network::Parts& parts) : parts_{&parts}, distances_{parts} {
  find_finest_part();
  find_restless();
}

void CarefulCalls::find_restless() {
  all_.clear();
  restless_.clear();
  for (std::uint32_t i = 0; i < parts_->careful.size(); ++i) {
    const CarefulCall& call = parts_->careful[i];
    const bool has_copies = call.call != nullptr && ((call.call->fallback && call.call->fallback->stale) ||
                                                     call.call->silent == world::Silent::last_answer);
    const bool looks_after_itself = call.call != nullptr && (call.call->breaker || call.call->bulkhead);
    all_.push_back(i);
    if (call.callee_waits || call.retries_wait || call.browns_out || has_copies || looks_after_itself ||
        std::isfinite(call.patience_s))
      restless_.push_back(i);
  }
}

void CarefulCalls::find_finest_part() {
  finest_part_s_ = endless;
  for (const CarefulCall& call : parts_->careful) {
    if (call.callee_waits || call.retries_wait)
      finest_part_s_ = std::min(finest_part_s_, call.timeout_s / parts_a_timeout);
    if (call.call != nullptr && call.call->breaker)
      finest_part_s_ = std::min(finest_part_s_, call.call->breaker->window.in_seconds() / parts_a_window);
  }
  if (std::isfinite(finest_part_s_)) finest_part_s_ = std::clamp(finest_part_s_, finest_s, coarsest_s);
}

void CarefulCalls::begin(std::size_t classes) {
  classes_ = classes;
  const std::size_t slots = parts_->careful_slots;
  before_.clear();
  retries_.clear();
  for (std::vector<double>* const some : {&spared_, &in_time_, &asked_}) some->clear();
  failing_since_.clear();
  spells_.clear();
  make_pools();
  breakers_.clear();
  breaker_of_slot_.clear();
  joined_ = sent_again_ = given_up_ = 0;
  is_moving_ = false;
  look_at_all();
  moved_.clear();
  for (const CarefulCall& call : parts_->careful) {
    for (std::uint32_t place = 0; place < call.places; ++place) {
      if (call.retries_wait) {
        for (std::size_t k = 0; k < classes; ++k) retries_[slot(call, place, k)].resize(call.pauses.size());
      }
      if (call.call == nullptr || !call.call->breaker) continue;
      breaker_of_slot_.resize(slots, nowhere);
      breaker_of_slot_[call.first + place] = static_cast<std::uint32_t>(breakers_.size());
      breakers_.emplace_back(call.call->breaker->window.in_seconds());
    }
  }
}

// Calls that nothing moves by itself have none.
void CarefulCalls::make_pools() {
  if (restless_.empty() || !before_.empty()) return;
  before_.assign(parts_->careful_slots * classes_, {});
  retries_.assign(parts_->careful_slots * classes_, {});
  failing_since_.assign(parts_->careful_slots, SimTime::never());
  spells_.assign(parts_->careful_slots, {});
  spared_.assign(parts_->instances, 0);
  in_time_.assign(parts_->nodes, 0);
  asked_.assign(parts_->nodes, 0);
}

void CarefulCalls::take_parameters() {
  find_finest_part();
  find_restless();
  make_pools();
  look_at_all();
  for (const CarefulCall& call : parts_->careful) {
    for (std::uint32_t place = 0; place < call.places; ++place) {
      for (std::size_t k = 0; call.retries_wait && k < classes_; ++k) {
        std::vector<RetryState>& retries = retries_[slot(call, place, k)];
        retries.resize(std::max(retries.size(), call.pauses.size()));
      }
      const std::uint32_t breaker = breaker_of(call, place);
      if (breaker == nowhere) continue;
      const double window_s = call.call->breaker->window.in_seconds();
      if (std::abs(breakers_[breaker].window.length_s() - window_s) > 1e-9)
        breakers_[breaker].window = Window{window_s};
    }
  }
}

Wait CarefulCalls::wait(const CarefulCall& call, std::uint32_t place, const Waits& waits,
                        const Circuit& circuit) const {
  Wait mean;
  if (!call.callee_waits) return mean;
  double ways = 0;
  const Caller& callee = parts_->callers[parts_->order.leaves[call.leaf].callee.index()];
  circuit.for_each_way(call.leaf, place, [&](std::uint32_t node) {
    const Wait one = waits.wait(parts_->first_instance[callee.service] + node - callee.first_node, circuit);
    mean.mean_s += one.mean_s;
    mean.unevenness += one.unevenness;
    ways += 1;
  });
  return ways > 0 ? Wait{mean.mean_s / ways, mean.unevenness / ways} : Wait{};
}

double CarefulCalls::bulkhead_share(const CarefulCall& call, std::uint32_t place, double answer_s, double closed,
                                    const Circuit& circuit) const {
  if (call.call == nullptr || !call.call->bulkhead) return 1;
  double wanted = 0, answering = 0;
  for (std::size_t k = 0; k < classes_; ++k) {
    const Care& care = circuit.care(call.leaf, place, k);
    const double through = care.through > 0 ? care.through : 1;
    wanted += circuit.sent_by(call.leaf, place, k) / through;
    answering = std::max(answering, 1 - circuit.early_failures(call.leaf, place, k));
  }
  // Attempts that are refused early are under way for no time; the others until they are answered or given up.
  const double under_way_s = answering * std::min(call.timeout_s, answer_s);
  const double wanted_under_way = wanted * closed * under_way_s;
  return wanted_under_way > *call.call->bulkhead ? *call.call->bulkhead / wanted_under_way : 1;
}

// Adds what is waited for before the leaf `until`, or all of the call when that is not in it; returns whether it is.
bool CarefulCalls::add_spells(const world::Call& call, std::uint32_t& leaf, std::uint32_t until, std::uint32_t place,
                              Spell& spell) const {
  const auto add = [](Spell& to, const Spell& more) {
    to.time.mean_s += more.time.mean_s;
    to.time.variance_s2 += more.time.variance_s2;
    to.away_s += more.away_s;
  };
  if (call.form == world::Call::Form::single) {
    if (leaf == until) return true;
    add(spell, spells_[parts_->careful[parts_->leaves[leaf++].careful].first + place]);
    return false;
  }
  const Spell before = spell;
  Spell all = before;  // of any-of: those that are asked on a good day; of parallel: the longest
  int counted = 0;
  for (const world::Call& member : call.members) {
    Spell one = before;
    if (call.form == world::Call::Form::parallel) {
      if (add_spells(member, leaf, until, place, one)) {
        spell = one;
        return true;
      }
      if (one.time.mean_s + one.away_s > all.time.mean_s + all.away_s) all = one;
    } else {
      // Who asks a later one has waited for all the others.
      if (add_spells(member, leaf, until, place, spell)) return true;
      if (counted++ < call.at_least) all = spell;
    }
  }
  spell = all;
  return false;
}

CarefulCalls::Spell CarefulCalls::spell_before(const CarefulCall& call, std::uint32_t place) const {
  const LeafLayout& layout = parts_->leaves[call.leaf];
  Spell spell;
  for (std::uint32_t i = parts_->callers[layout.caller].first_item; i <= layout.item; ++i) {
    std::uint32_t leaf = parts_->items[i].first_leaf;
    if (add_spells(*parts_->items[i].call, leaf, call.leaf, place, spell)) break;
  }
  return spell;
}

// Of those who were still there when this call was made, who are when it answers.
double CarefulCalls::share_within_patience(const CarefulCall& call, std::uint32_t place, const Spell& own) {
  const bool is_async = call.call->kind == world::CallKind::async;
  Spell& kept = spells_[call.first + place];
  kept = {};
  if (is_async) return 1;
  const Spell before = spell_before(call, place);
  const AnswerTime both{before.time.mean_s + own.time.mean_s, before.time.variance_s2 + own.time.variance_s2};
  const double there = share_within(call.patience_s - before.away_s, before.time);
  const double still_there = share_within(call.patience_s - before.away_s - own.away_s, both);
  // Nobody waits for longer than the timeout, whatever becomes of it.
  const double times = call.call->per_request, longest_s = std::max(0.0, call.timeout_s - own.away_s);
  const bool is_cut = own.time.mean_s > longest_s;
  kept = {.time = {times * std::min(own.time.mean_s, longest_s), is_cut ? 0 : times * own.time.variance_s2},
          .away_s = times * own.away_s};
  return there > 0 ? std::min(1.0, still_there / there) : 0;
}

void CarefulCalls::look_at(const CarefulCall& call, std::uint32_t place, const Waits& waits, const SlowTimes& slow,
                           SimTime now, const Circuit& circuit, Care& care) {
  const Wait queued = wait(call, place, waits, circuit);
  const AnswerTime time = after_waiting(queued, slow.is_any() ? slow.of(call.leaf, place) : call.latency);
  const double away_s = distances_.seconds(call, place);  // the same for every request
  const auto within = [&](double limit_s) {
    const double here_s = limit_s - away_s;
    return slow.is_any() ? slow.share_within(here_s, queued, call.leaf, place, circuit) : share_within(here_s, time);
  };
  care.in_time = within(call.timeout_s);
  care.hedged = 0;
  const std::uint32_t breaker = breaker_of(call, place);
  const double closed = breaker == nowhere ? 1 : breakers_[breaker].closed;
  care.through = closed * bulkhead_share(call, place, away_s + time.mean_s, closed, circuit);
  if (call.browns_out) {
    const std::uint32_t instance = parts_->leaves[call.leaf].first_instance + place;
    const double able = circuit.capacity(instance);
    const double busy = able > 0 ? circuit.load(instance) / able : 1;
    if (busy > call.brownout_from) {
      const double room = std::max(1 - call.brownout_from, 0.01);
      care.through *= std::max(0.0, 1 - (busy - call.brownout_from) / room);
    }
  }
  if (call.call == nullptr) return;
  const world::Call& written = *call.call;
  if (written.hedge_after) {
    const double after = written.hedge_after->in_seconds();
    care.hedged = 1 - within(after);
    care.in_time = 1 - (1 - care.in_time) * (1 - within(call.timeout_s - after));
  }
  if (std::isfinite(call.patience_s))
    care.in_time = std::min(care.in_time, share_within_patience(call, place, {.time = time, .away_s = away_s}));
  care.late = written.late ? 1 - within(written.late->in_seconds()) : 0;
  if (restless_.empty()) return;  // nothing is good for a while only
  double answered = 0;
  for (std::size_t k = 0; k < classes_; ++k) {
    answered += circuit.answered_by_source(call.leaf, place, k) / static_cast<double>(classes_);
  }
  SimTime& since = failing_since_[call.first + place];
  const bool failing = answered * care.through < 0.5;
  if (!failing) since = SimTime::never();
  if (failing && since.is_never()) since = now;
  const auto still_good = [&](Duration age) { return !failing || now - since < age; };
  care.copies_good = !written.fallback || !written.fallback->stale || still_good(*written.fallback->stale);
  care.last_answer_good = still_good(written.static_for);
}

void CarefulCalls::look_at_routes_to(const std::vector<world::ServiceId>& services, const Circuit& circuit,
                                     const Reach& reach) {
  if (is_empty()) return;
  if (!has_looked_at_all_ || !parts_->homes.sites.empty()) return look_at_routes(circuit, reach);
  const std::vector<std::uint32_t> farther = distances_.find_to(services, circuit, reach);
  std::ranges::set_difference(farther, restless_, std::back_inserter(moved_));
}

bool CarefulCalls::look_at(const std::vector<std::uint32_t>& calls, Circuit& circuit, const Waits& waits,
                           const SlowTimes& slow, SimTime now) {
  bool changed = false;
  for (const std::uint32_t i : calls) {
    const CarefulCall& call = parts_->careful[i];
    const double cost = call.cost;
    for (std::uint32_t place = 0; place < call.places; ++place) {
      Care common = circuit.care(call.leaf, place, 0);
      look_at(call, place, waits, slow, now, circuit, common);
      for (std::size_t k = 0; k < classes_; ++k) {
        Care care = common;
        care.resent_per_s = circuit.care(call.leaf, place, k).resent_per_s;
        changed = circuit.set_care(call.leaf, place, k, care) || changed;
      }
      if (!call.callee_waits) continue;
      const double sent = circuit.sent(call.leaf, place);
      const Caller& callee = parts_->callers[parts_->order.leaves[call.leaf].callee.index()];
      double ways = 0;
      circuit.for_each_way(call.leaf, place, [&](std::uint32_t) { ways += 1; });
      circuit.for_each_way(call.leaf, place, [&](std::uint32_t node) {
        in_time_[node] += (sent + grain) * common.in_time / ways;
        asked_[node] += (sent + grain) / ways;
        const std::uint32_t instance = parts_->first_instance[callee.service] + node - callee.first_node;
        if (call.dead_work_is_dropped)
          spared_[instance] += sent / ways * cost * circuit.instance(instance).admitted * (1 - common.in_time);
      });
    }
  }
  return changed;
}

bool CarefulCalls::look(Circuit& circuit, Waits& waits, const SlowTimes& slow, SimTime now) {
  const bool looks_at_all = !std::exchange(has_looked_at_all_, true);
  bool changed = !looks_at_all && look_at(moved_, circuit, waits, slow, now);
  moved_.clear();
  changed = look_at(looks_at_all ? all_ : restless_, circuit, waits, slow, now) || changed;
  if (restless_.empty()) return changed;
  for (const std::uint32_t i : restless_) {
    const CarefulCall& call = parts_->careful[i];
    if (!call.callee_waits) continue;
    const Caller& callee = parts_->callers[parts_->order.leaves[call.leaf].callee.index()];
    for (std::uint32_t position = 0; position < callee.places; ++position) {
      const std::uint32_t node = callee.first_node + position;
      if (asked_[node] > 0) circuit.set_in_time(node, in_time_[node] / asked_[node]);
      in_time_[node] = asked_[node] = 0;
      const std::uint32_t instance = parts_->first_instance[callee.service] + position;
      waits.set_spared(instance, spared_[instance]);
    }
  }
  std::fill(spared_.begin(), spared_.end(), 0);
  return changed;
}

CarefulCalls::Ending CarefulCalls::ending(const CarefulCall& call, std::uint32_t place, std::size_t k,
                                          const Circuit& circuit) const {
  const Care& care = circuit.care(call.leaf, place, k);
  const double early = circuit.early_failures(call.leaf, place, k);
  const double late = (1 - early) * (1 - care.in_time);
  if (!call.refusals_are_late) return {late, early};
  return {late + early, 0};
}

void CarefulCalls::release(DelayLine::Span part, Circuit& circuit) {
  for (const std::uint32_t i : restless_) {
    const CarefulCall& call = parts_->careful[i];
    if (!call.retries_wait) continue;
    for (std::uint32_t place = 0; place < call.places; ++place) {
      const std::uint32_t breaker = breaker_of(call, place);
      const double closed = breaker == nowhere ? 1 : breakers_[breaker].closed;
      for (std::size_t k = 0; k < classes_; ++k) {
        double resent = 0;
        for (RetryState& retry : retries_[slot(call, place, k)]) {
          // What fails within this part and is tried again in it is foreseen to be as much as comes out at first.
          double length = part.length();
          if (retry.line.least_delay_s() > 0) length = std::min(length, retry.line.least_delay_s());
          const double now_per_s = retry.line.leaving({part.from_s, part.from_s + length}) / length;
          retry.per_s = std::max(0.0, now_per_s + retry.owed / part.length());
          resent += retry.per_s;
        }
        Care care = circuit.care(call.leaf, place, k);
        care.resent_per_s = resent * closed;
        circuit.set_care(call.leaf, place, k, care);
      }
    }
  }
}

void CarefulCalls::move_retries(const CarefulCall& call, std::uint32_t place, std::size_t k, DelayLine::Span part,
                                const Circuit& circuit) {
  std::vector<RetryState>& retries = retries_[slot(call, place, k)];
  const Care& care = circuit.care(call.leaf, place, k);
  const Ending ends = ending(call, place, k, circuit);
  const double length = part.length();
  double all_again = 0;
  for (const RetryState& retry : retries) all_again += retry.per_s;
  const double let_through = all_again > 0 ? care.resent_per_s / all_again : 1;
  const double first = std::max(0.0, circuit.sent_by(call.leaf, place, k) - care.resent_per_s);
  // By how often they have failed so far: how many attempts a second are made.
  double wanting = 0;
  std::array<double, CarefulCall::pauses_max + 1> made{};
  for (std::size_t n = 0; n <= retries.size(); ++n) {
    made[n] = n == 0 ? first : retries[n - 1].per_s * let_through;
    const bool is_last = n >= call.pauses.size();  // also of those that were to be made when there were more
    wanting += made[n] * ends.failing() * (is_last ? call.again : 1);
  }
  const double budget = call.call->retry_budget ? first * call.call->retry_budget->value() : endless;
  const double granted = wanting > budget ? budget / wanting : 1;
  for (std::size_t n = 0; n <= retries.size(); ++n) {
    const bool is_last = n >= call.pauses.size();
    if (call.pauses.empty() || made[n] <= 0) continue;
    const std::size_t next = is_last ? call.pauses.size() - 1 : n;
    const CarefulCall::Pause& pause = call.pauses[next];
    const double again = granted * (is_last ? call.again : 1) * made[n] * length;
    const double late = next < call.late_retries ? again * ends.late : 0;
    const double early = next < call.early_retries ? again * ends.refused : 0;
    retries[next].line.join(part, late, {call.timeout_s + pause.least_s, call.timeout_s + pause.most_s});
    retries[next].line.join(part, early, {pause.least_s, pause.most_s});
    joined_ += late + early;
  }
  for (RetryState& retry : retries) {
    const double came_out = retry.line.leave(part);
    const double made_now = retry.per_s * length;
    retry.owed += came_out - made_now;
    sent_again_ += made_now * let_through;
    given_up_ += made_now * (1 - let_through);
    is_moving_ = is_moving_ || !retry.line.is_empty();
  }
}

void CarefulCalls::move_breaker(const CarefulCall& call, std::uint32_t place, DelayLine::Span part,
                                const Circuit& circuit) {
  BreakerState& breaker = breakers_[breaker_of(call, place)];
  const world::Breaker& written = *call.call->breaker;
  double attempts = 0, failures = 0, probes_succeed = 0;
  for (std::size_t k = 0; k < classes_; ++k) {
    const Ending ends = ending(call, place, k, circuit);
    const double made = circuit.sent_by(call.leaf, place, k) * part.length();
    attempts += made;
    failures += made * ends.failing();
    probes_succeed += std::pow(1 - ends.failing(), written.probes) / static_cast<double>(classes_);
  }
  breaker.window.add(part, attempts, failures);
  const double open_s = written.open.in_seconds();
  const double tried = breaker.open.leave(part);
  breaker.closed += tried * probes_succeed;
  breaker.open.join({part.to_s, part.to_s}, tried * (1 - probes_succeed), {open_s, open_s});
  if (breaker.closed > grain && breaker.window.failing() >= written.errors.value()) {
    breaker.open.join({part.to_s, part.to_s}, breaker.closed, {open_s, open_s});
    breaker.closed = 0;
    breaker.window.clear();
  }
  if (breaker.open.is_empty()) breaker.closed = 1;
  is_moving_ = is_moving_ || breaker.closed < 1 || (attempts > 0 && failures >= written.errors.value() * attempts);
}

double CarefulCalls::move(DelayLine::Span part, const Circuit& circuit) {
  is_moving_ = false;
  double moved = 0;
  for (const std::uint32_t i : restless_) {
    const CarefulCall& call = parts_->careful[i];
    for (std::uint32_t place = 0; place < call.places; ++place) {
      if (breaker_of(call, place) != nowhere) move_breaker(call, place, part, circuit);
      for (std::size_t k = 0; k < classes_; ++k) {
        if (call.retries_wait) move_retries(call, place, k, part, circuit);
        const Care& now = circuit.care(call.leaf, place, k);
        Care& before = before_[slot(call, place, k)];
        const double sent = circuit.sent_by(call.leaf, place, k);
        moved = std::max({moved, std::abs(now.in_time - before.in_time), std::abs(now.through - before.through),
                          sent > 0 ? std::abs(now.resent_per_s - before.resent_per_s) / sent : 0});
        before = now;
      }
    }
  }
  return moved;
}

SimTime CarefulCalls::next_end(SimTime now) const {
  SimTime next = SimTime::never();
  for (const std::uint32_t i : restless_) {
    const CarefulCall& call = parts_->careful[i];
    if (call.call == nullptr) continue;
    for (std::uint32_t place = 0; place < call.places; ++place) {
      const SimTime since = failing_since_[call.first + place];
      if (since.is_never()) continue;
      for (const std::optional<Duration>& age :
           {call.call->fallback ? call.call->fallback->stale : std::nullopt,
            call.call->silent == world::Silent::last_answer ? std::optional{call.call->static_for} : std::nullopt}) {
        if (age && since + *age > now) next = std::min(next, since + *age);
      }
    }
  }
  return next;
}

double CarefulCalls::longest_part_s() const { return is_moving_ ? parts_a_timeout * finest_part_s_ : endless; }

void CarefulCalls::add_to(Ledger& ledger) const {
  ledger.attempts_to_repeat = joined_;
  ledger.attempts_repeated = sent_again_;
  ledger.attempts_not_repeated = given_up_;
  for (const std::vector<RetryState>& retries : retries_) {
    for (const RetryState& retry : retries) ledger.attempts_pausing += retry.line.waiting() + retry.owed;
  }
}

}  // namespace knockon::traffic
