#include "engine/simulation/watches.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/simulation/hits.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

// The date in (from, to] at which a value that went straight from `before` to `after` crossed the bound that tells them
// apart.
SimTime crossing(world::Comparison comparison, double low, double high, SimTime from, double before, SimTime to,
                 double after) {
  double bound = low;
  if (comparison == world::Comparison::within) {
    const double outer = low <= before && before <= high ? after : before;
    bound = outer > high ? high : low;
  }
  const double part = (bound - before) / (after - before);
  if (!(part >= 0 && part < 1)) return to;
  const auto ticks = static_cast<std::int64_t>(static_cast<double>((to - from).ticks()) * part);
  return from + Duration::of_ticks(std::max<std::int64_t>(ticks, 1));
}

constexpr Duration day = Duration::hours(24);

Duration since_midnight(Duration local) {
  const std::int64_t ticks = local.ticks() % day.ticks();
  return Duration::of_ticks(ticks < 0 ? ticks + day.ticks() : ticks);
}

bool is_clock(world::Metric metric) { return metric == world::Metric::time || metric == world::Metric::local_time; }
// Moves while nothing else does.
bool moves_by_itself(world::Metric metric) { return is_clock(metric) || metric == world::Metric::burn; }

// The others turn with facts only: what is so by name, which ways there are, and what is up.
bool goes_by_answers(const world::World& world, world::State state, const world::Target& target) {
  const auto is_app = [](const world::Entity& member) { return std::holds_alternative<world::AppId>(member); };
  const auto* group = std::get_if<world::GroupId>(&target.subject);
  const bool is_of_people =
      std::holds_alternative<world::AppId>(target.subject) ||
      std::holds_alternative<world::JourneyId>(target.subject) ||
      (group != nullptr && std::any_of(world[*group].members.begin(), world[*group].members.end(), is_app));
  return state == world::State::usable ||
         (is_of_people && (state == world::State::up || state == world::State::reachable));
}

// Steps are no longer than lets answers and tries go a little way, and complaints come from those who wait to try
// again.
bool goes_little_in_a_step(world::Metric metric) {
  return metric == world::Metric::success || metric == world::Metric::degraded || metric == world::Metric::stale ||
         metric == world::Metric::reports;
}

// A crossing that is foreseen is looked at no sooner, however near it is.
constexpr Duration foreseen_least = Duration::seconds(1);

constexpr std::size_t bits_a_word = 64;

// A mean over a window is looked at this often within the window, as long as it moves.
constexpr int looks_a_window = 60;

Duration utc_offset(const world::World& world, const world::Target& target, std::optional<world::SiteId> here) {
  if (const auto* region = std::get_if<world::RegionId>(&target.subject)) return world[*region].clock;
  if (const auto* site = std::get_if<world::SiteId>(&target.subject)) return world[world[*site].region].clock;
  if (!target.place && !here) return {};
  const auto regions = regions_of(world, target.place ? target.place : world::Place{*here}, here);
  return regions.empty() ? Duration{} : world[regions.front()].clock;
}

}  // namespace

Watches::Watches(const world::World& world, const traffic::Flow& flow, const Readings& readings,
                 const Situation& situation, Alarms& alarms)
    : world_{world},
      flow_{flow},
      readings_{readings},
      situation_{situation},
      alarms_{alarms},
      burns_{world, flow},
      foreseen_{alarms.add()} {
  // Steps ask when their turn comes, and mean the time before it too.
  const auto remember = [this](const std::optional<world::Condition>& condition) {
    if (!condition) return;
    for (const world::MetricTest& test : condition->metric_tests) {
      if (test.metric == world::Metric::burn) burns_.add(test.target, std::nullopt, test.window);
    }
  };
  for (const world::Step& step : world.steps) {
    remember(step.when);
    remember(step.only_if);
    if (step.effect.admission) remember(step.effect.admission->guard);
  }
  for (const world::Reaction& reaction : world.reactions) {
    if (reaction.effect.admission) remember(reaction.effect.admission->guard);
  }
}

Watches::Id Watches::add(const world::Condition& condition, Binding binding, std::optional<Duration> hold) {
  using Kind = world::Condition::Kind;
  Watch watch;
  const auto id = static_cast<Id>(watches_.size());
  const auto first_node = static_cast<std::uint32_t>(nodes_.size());
  const auto first_metric = static_cast<std::uint32_t>(metrics_.size());
  const auto first_state = static_cast<std::uint32_t>(states_.size());
  for (const world::MetricTest& test : condition.metric_tests) add_metric(id, test, binding);
  for (const world::StateTest& test : condition.state_tests) add_state(test, binding);
  bool has_hold = false;
  for (const world::Condition::Node& node : condition.nodes) {
    Node own{.kind = static_cast<NodeKind>(node.kind), .hold = node.hold, .since = {}};
    static_assert(static_cast<int>(Kind::held_for) == static_cast<int>(NodeKind::held_for));
    switch (node.kind) {
      case Kind::metric:
        own.first = first_metric + node.first;
        break;
      case Kind::state:
        own.first = first_state + node.first;
        break;
      default:
        own.first = first_node + node.first;
        own.second = first_node + node.second;
    }
    if (node.kind == Kind::held_for) {
      if (!binding.only_measured) own.alarm = alarms_.add();
      has_hold = true;
    }
    nodes_.push_back(own);
  }
  if (hold && !has_hold) {
    const auto whole = static_cast<std::uint32_t>(nodes_.size() - 1);
    nodes_.push_back({.kind = NodeKind::held_for, .first = whole, .hold = *hold, .alarm = {}, .since = {}});
    if (!binding.only_measured) nodes_.back().alarm = alarms_.add();
  }
  watch.first_node = first_node;
  watch.last_node = static_cast<std::uint32_t>(nodes_.size());
  watch.first_metric = first_metric;
  watch.last_metric = static_cast<std::uint32_t>(metrics_.size());
  watch.first_state = first_state;
  watch.last_state = static_cast<std::uint32_t>(states_.size());
  if (!binding.only_measured) find_holds(watch);
  const auto is_told_by_answers = [&world = world_](const State& state) {
    return goes_by_answers(world, state.test->state, state.target);
  };
  watch.is_restless = std::any_of(states_.begin() + first_state, states_.end(), is_told_by_answers) ||
                      std::any_of(condition.metric_tests.begin(), condition.metric_tests.end(),
                                  [](const world::MetricTest& test) { return moves_by_itself(test.metric); });
  watch.goes_by_facts = watch.first_state != watch.last_state;
  watch.is_only_measured = binding.only_measured;
  return add(std::move(watch));
}

Watches::Id Watches::add(const std::vector<world::Need>& needs, const std::optional<world::Place>& from) {
  Watch watch;
  watch.needs = &needs;
  watch.is_restless = true;
  watch.from = from;
  return add(std::move(watch));
}

Watches::Id Watches::add(Watch watch) {
  const auto id = static_cast<Id>(watches_.size());
  watches_.push_back(std::move(watch));
  wakes_.push_back(SimTime::never());
  is_stirred_.push_back(0);
  waking_.resize(id / bits_a_word + 1);
  if (watches_[id].goes_by_facts) going_by_facts_.push_back(id);
  return id;
}

void Watches::add_metric(Id watch, const world::MetricTest& test, const Binding& binding) {
  Source source{.test = &test, .target = test.target, .here = binding.here, .clock = {}};
  if (std::holds_alternative<world::Itself>(test.target.subject)) source.target = binding.itself;
  const auto position = static_cast<std::uint32_t>(metrics_.size());
  const double* reading = binding.as_users_meet_it ? readings_.find(test.metric, source.target) : nullptr;
  const bool is_shared = reading != nullptr;
  metrics_.push_back({.low = test.low,
                      .high = test.comparison == world::Comparison::within ? test.high : test.low,
                      .since = {},
                      .held = {},
                      .watch = watch,
                      .reading = is_shared ? share(reading) : static_cast<std::uint32_t>(asked_.size()),
                      .next = nobody,
                      .comparison = test.comparison,
                      .is_shared = is_shared,
                      .is_foreseen = !binding.only_measured && !moves_by_itself(test.metric)});
  if (is_shared) {
    Sharing& sharing = sharing_[metrics_.back().reading];
    metrics_.back().next = std::exchange(sharing.first, position);
    shared_[metrics_.back().reading].close();  // it may turn where the others do not
    sharing.is_foreseen = sharing.is_foreseen || metrics_.back().is_foreseen;
  } else {
    asked_.push_back({.test = position});
  }
  if (is_clock(test.metric)) {
    source.clock = utc_offset(world_, source.target, binding.here);
    source.alarm = alarms_.add();
  }
  if (test.metric == world::Metric::burn) {
    source.burn = burns_.add(source.target, binding.here, test.window);
    source.alarm = alarms_.add();
  }
  sources_.push_back(source);
}

// Those who read the same have been added one after another, or nearly so.
std::uint32_t Watches::share(const double* reading) {
  const auto found =
      std::find_if(shared_.rbegin(), shared_.rend(), [reading](const Shared& some) { return some.reading == reading; });
  if (found != shared_.rend()) return static_cast<std::uint32_t>(shared_.rend() - found - 1);
  shared_.push_back({.reading = reading, .before = *reading});
  sharing_.emplace_back();
  return static_cast<std::uint32_t>(shared_.size() - 1);
}

// The longest along the way from each test up to the whole: they all count from the crossing.
void Watches::find_holds(const Watch& watch) {
  std::vector<Duration> above(watch.last_node - watch.first_node);
  for (std::uint32_t i = watch.last_node; i-- > watch.first_node;) {
    const Node& node = nodes_[i];
    const Duration held = above[i - watch.first_node];
    const auto pass_down = [&](std::uint32_t part, Duration hold) {
      above[part - watch.first_node] = std::max(held, hold);
    };
    switch (node.kind) {
      case NodeKind::metric:
        if (goes_little_in_a_step(sources_[node.first].test->metric)) metrics_[node.first].held = held;
        break;
      case NodeKind::state:
        break;
      case NodeKind::held_for:
        pass_down(node.first, node.hold);
        break;
      case NodeKind::conjunction:
      case NodeKind::disjunction:
        pass_down(node.second, {});
        [[fallthrough]];
      case NodeKind::negation:
        pass_down(node.first, {});
    }
  }
}

void Watches::add_state(const world::StateTest& test, const Binding& binding) {
  State state{.test = &test, .target = test.target, .here = binding.here, .since = {}};
  if (std::holds_alternative<world::Itself>(test.target.subject)) state.target = binding.itself;
  states_.push_back(state);
}

void Watches::activate(Id id) {
  Watch& watch = watches_[id];
  if (watch.is_active) return;
  watch.is_active = true;
  watch.is_read = false;
  for (std::uint32_t i = watch.first_metric; i < watch.last_metric; ++i) metrics_[i].is_read = false;
  for (std::uint32_t i = watch.first_state; i < watch.last_state; ++i) states_[i].is_read = false;
  wake_at(id, SimTime{});
  has_unread_ = true;
}

void Watches::deactivate(Id id) {
  Watch& watch = watches_[id];
  if (!watch.is_active) return;
  watch.is_active = false;
  for (std::uint32_t i = watch.first_node; i < watch.last_node; ++i) stop_waiting(nodes_[i]);
  watch.due = SimTime::never();
  for (std::uint32_t i = watch.first_metric; i < watch.last_metric; ++i) {
    metrics_[i].is_read = false;
    if (moves_by_itself(sources_[i].test->metric)) alarms_.clear(sources_[i].alarm);
  }
  wake_at(id, SimTime::never());
}

void Watches::wake_at(Id id, SimTime date) {
  wakes_[id] = date;
  std::uint64_t& word = waking_[id / bits_a_word];
  const std::uint64_t bit = std::uint64_t{1} << (id % bits_a_word);
  word = watches_[id].is_active && !date.is_never() ? word | bit : word & ~bit;
}

void Watches::sleep(Id id) {
  wake_at(id, watches_[id].is_restless ? SimTime{} : watches_[id].due);
  is_stirred_[id] = 0;
}

Duration Watches::outer_hold(Id id) const {
  const Watch& watch = watches_[id];
  if (watch.first_node == watch.last_node) return {};
  const Node& whole = nodes_[watch.last_node - 1];
  return whole.kind == NodeKind::held_for ? whole.hold : Duration{};
}

void Watches::read(Metric& metric, SimTime now) const {
  if (metric.is_shared) {
    metric.value = *shared_[metric.reading].reading;
    metric.has_value = true;
    return;
  }
  const Source& from = source(metric);
  if (from.test->metric == world::Metric::time) {
    metric.value = now.since_start().in_seconds();
    metric.has_value = true;
  } else if (from.test->metric == world::Metric::local_time) {
    metric.value =
        since_midnight(Duration::seconds(world_.starts % 86400) + now.since_start() + from.clock).in_seconds();
    metric.has_value = true;
  } else {
    const std::optional<double> value = from.test->metric == world::Metric::burn
                                            ? burns_.value(from.burn, from.test->window)
                                            : flow_.value(from.test->metric, from.target, from.here);
    metric.has_value = value.has_value();
    metric.value = value.value_or(0);
  }
}

// A clock's crossing is known beforehand and met exactly.
void Watches::set_clock_alarm(const Metric& metric, SimTime now) {
  const world::Metric clock = source(metric).test->metric;
  SimTime next = SimTime::never();
  for (const double bound : {metric.low, metric.high}) {
    Duration ahead = Duration::of_seconds(bound - metric.value);
    if (clock == world::Metric::local_time && ahead <= Duration{}) ahead += day;
    if (ahead > Duration{}) next = std::min(next, now + ahead);
    // `>` and `<=` turn one tick after the bound.
    if (ahead >= Duration{}) next = std::min(next, now + ahead + Duration::of_ticks(1));
  }
  if (clock == world::Metric::local_time) {
    const Duration midnight = day - Duration::of_seconds(metric.value);
    next = std::min(next, now + midnight);
  }
  alarms_.set(source(metric).alarm, next);
}

void Watches::set_burn_alarm(const Metric& metric, SimTime now) {
  const Source& from = source(metric);
  if (!burns_.is_moving(from.burn, from.test->window)) return alarms_.clear(from.alarm);
  alarms_.set(from.alarm, now + std::max(from.test->window * (1.0 / looks_a_window), Duration::seconds(1)));
}

// Where a value meets its bound that goes on as straight as over the last step. Flows do not know who waits for what,
// and would step over it. What has to hold, and does not go far in a step, is early enough in the middle of that time:
// the crossing is dated back. A hold that goes on, though, may be broken until it is over.
SimTime Watches::foreseen_crossing(const Metric& metric, double before, SimTime now) const {
  const double moved = metric.value - before;
  const SimTime due = watches_[metric.watch].due;
  SimTime next = SimTime::never();
  for (const double bound : {metric.low, metric.high}) {
    const double steps = (bound - metric.value) / moved;
    if (!(steps >= 0 && steps < 1e3)) continue;  // 0: it turns with the next tick, or has just turned
    const SimTime crossing = now + std::max((now - last_) * steps, foreseen_least);
    const bool breaks_hold = !due.is_never() && crossing < due;
    next = std::min(next, breaks_hold ? crossing : crossing + metric.held * 0.5);
  }
  return next;
}

void Watches::look_closely(std::size_t reading, double before, SimTime now, SimTime& next_crossing) {
  for_each_sharing(reading, [&](Metric& metric) {
    if (!metric.is_read) return;
    metric.value = shared_[reading].before;
    go_on_from(metric, before, now, next_crossing);
  });
  set_bounds(reading);
}

void Watches::look_left(Asked& asked, SimTime now, SimTime& next_crossing) {
  Metric& metric = metrics_[asked.test];
  if (!metric.is_read) return;
  read(metric, now);
  const double before = std::exchange(asked.before, metric.value);
  const bool had_before = std::exchange(asked.has_before, metric.has_value);
  if (!metric.has_value) return;  // without data, what was so is still taken to be so
  if (had_before) {
    go_on_from(metric, before, now, next_crossing);
  } else if (metric.is_true() != metric.truth) {
    turn(metric, now);
  }
}

// A value has moved since the last step, from `before`.
void Watches::go_on_from(Metric& metric, double before, SimTime now, SimTime& next_crossing) {
  if (metric.is_foreseen && metric.value != before)
    next_crossing = std::min(next_crossing, foreseen_crossing(metric, before, now));
  if (metric.is_true() == metric.truth) return;
  metric.was_smooth = source(metric).test->metric != world::Metric::local_time;
  turn(metric, metric.was_smooth
                   ? crossing(metric.comparison, metric.low, metric.high, last_, before, now, metric.value)
                   : now);
  something_was_ = something_was_ || (watches_[metric.watch].is_only_measured && metric.since < now);
}

void Watches::turn(Metric& metric, SimTime since) {
  metric.since = since;
  is_stirred_[metric.watch] = 1;
  wake_at(metric.watch, SimTime{});
}

// The nearest bounds on both sides of the value that was read last.
void Watches::set_bounds(std::size_t reading) {
  Shared& shared = shared_[reading];
  constexpr double endless = std::numeric_limits<double>::infinity();
  if (sharing_[reading].is_foreseen) return shared.close();
  shared.above = -endless;
  shared.below = endless;
  for_each_sharing(reading, [&shared](const Metric& metric) {
    for (const double bound : {metric.low, metric.high}) {
      if (bound <= shared.before) shared.above = std::max(shared.above, bound);
      if (bound >= shared.before) shared.below = std::min(shared.below, bound);
    }
  });
}

// Returns whether the test turned.
bool Watches::look_right(Metric& metric, SimTime now, bool jumped) {
  const bool first_time = !metric.is_read;
  if (jumped || first_time || metric.is_shared) read(metric, now);
  metric.is_read = true;
  if (!metric.is_shared) {
    asked_[metric.reading].before = metric.value;
    asked_[metric.reading].has_before = metric.has_value;
    const world::Metric kind = source(metric).test->metric;
    if (is_clock(kind)) set_clock_alarm(metric, now);
    if (kind == world::Metric::burn) set_burn_alarm(metric, now);
  }
  const bool truth = metric.has_value ? metric.is_true() : !first_time && metric.truth;
  const bool was_smooth = std::exchange(metric.was_smooth, false);
  if (truth == metric.truth && !first_time) return false;
  metric.truth = truth;
  if (!was_smooth || first_time) metric.since = now;
  return true;
}

bool Watches::is_active(const world::Target& target, std::optional<world::SiteId> here) const {
  if (const auto* fault = std::get_if<world::FaultId>(&target.subject)) return situation_.faults[fault->index()].holds;
  const auto* reaction = std::get_if<world::ReactionId>(&target.subject);
  if (reaction == nullptr) return false;
  std::vector<world::SiteId> meant;
  if (target.place) meant = world::sites_of(world_, *target.place, here);
  for (const Situation::ReactionFact& fact : situation_.reactions[reaction->index()]) {
    if (!fact.holds) continue;
    if (!target.place || !fact.site || std::binary_search(meant.begin(), meant.end(), *fact.site)) return true;
  }
  return false;
}

bool Watches::truth_of(const State& state) const {
  const world::Subject& subject = state.target.subject;
  switch (state.test->state) {
    case world::State::up:
      return flow_.is_up(state.target, state.here);
    case world::State::reachable:
      return flow_.is_reachable(state.target, state.test->from, state.here);
    case world::State::usable:
      return flow_.is_usable(state.target, state.test->from, state.here);
    case world::State::active:
      return is_active(state.target, state.here);
    case world::State::alerted: {
      const auto* monitor = std::get_if<world::MonitorId>(&subject);
      return monitor != nullptr && situation_.alerts[monitor->index()].holds;
    }
    case world::State::done: {
      const auto* step = std::get_if<world::StepId>(&subject);
      return step != nullptr && situation_.done[step->index()].holds;
    }
    case world::State::failed: {
      const auto* step = std::get_if<world::StepId>(&subject);
      return step != nullptr && situation_.failed[step->index()].holds;
    }
    case world::State::down: {
      const auto* app = std::get_if<world::AppId>(&subject);
      if (app == nullptr) return !flow_.is_up(state.target, state.here);
      if (!state.target.place) return situation_.app_down(*app, {}).holds;
      const auto regions = regions_of(world_, state.target.place, state.here);
      return std::any_of(regions.begin(), regions.end(),
                         [&](world::RegionId region) { return situation_.app_down(*app, region).holds; });
    }
  }
  return false;
}

void Watches::look_left(SimTime now) {
  burns_.look_left(now);
  SimTime next_crossing = SimTime::never();
  for (Shared& shared : shared_) {
    const double value = *shared.reading, before = std::exchange(shared.before, value);
    // Nearly all move and stay, which is asked first.
    if (shared.stays(value) || value == before) continue;
    look_closely(static_cast<std::size_t>(&shared - shared_.data()), before, now, next_crossing);
  }
  for (Asked& asked : asked_) look_left(asked, now, next_crossing);
  alarms_.set(foreseen_, next_crossing);
}

// At those that wake by now.
template <class Wanted>
void Watches::look_at(SimTime now, bool jumped, const Wanted& is_wanted) {
  turned_.clear();
  for (std::size_t word = 0; word < waking_.size(); ++word) {
    for (std::uint64_t left = waking_[word]; left != 0; left &= left - 1) {
      const auto id = static_cast<Id>(word * bits_a_word + static_cast<std::size_t>(std::countr_zero(left)));
      if (wakes_[id] > now || !is_wanted(id)) continue;
      if (look(watches_[id], now, jumped, is_stirred_[id] != 0)) turned_.push_back(id);
      sleep(id);
    }
  }
}

void Watches::look_right(SimTime now, bool jumped) {
  has_unread_ = false;
  burns_.look_right(now, jumped);
  if (jumped) wake_after_jump();
  wake_after_facts();
  look_at(now, jumped, [](Id) { return true; });
  last_ = now;
  tell_those_turned(now);
}

// A test of it does at this very date, so that what is due now has a say.
bool Watches::turns_just_now(const Watch& watch, SimTime now) const {
  return std::any_of(metrics_.begin() + watch.first_metric, metrics_.begin() + watch.last_metric,
                     [now](const Metric& metric) { return metric.is_true() != metric.truth && metric.since >= now; });
}

void Watches::look_at_what_was(SimTime now) {
  if (!std::exchange(something_was_, false)) return;
  look_at(now, false, [this, now](Id id) {
    return is_stirred_[id] != 0 && watches_[id].is_only_measured && !turns_just_now(watches_[id], now);
  });
  tell_those_turned(now);
}

void Watches::tell_those_turned(SimTime now) {
  // Listeners may activate and deactivate watches, but only a later look reads those.
  for (std::size_t i = 0; i < turned_.size(); ++i) {
    const Id id = turned_[i];
    if (!watches_[id].is_active) continue;
    if (watches_[id].listener) watches_[id].listener();
    if (watches_[id].needs != nullptr) continue;
    const bool has_turned = evaluate(watches_[id], now);
    sleep(id);
    if (has_turned && watches_[id].listener) watches_[id].listener();
  }
}

void Watches::wake_after_jump() {
  alarms_.clear(foreseen_);  // nothing goes on as it did
  const auto wake = [this](const Metric& metric) {
    if (metric.is_read) wake_at(metric.watch, SimTime{});
  };
  for (std::size_t i = 0; i < shared_.size(); ++i) {
    const double value = *shared_[i].reading;
    if (value == std::exchange(shared_[i].before, value) || shared_[i].stays(value)) continue;
    for_each_sharing(i, wake);
    set_bounds(i);
  }
  for (const Asked& asked : asked_) wake(metrics_[asked.test]);
}

void Watches::wake_after_facts() {
  const std::uint64_t situation = situation_.changes(), ways = flow_.ways();
  if (situation == situation_seen_ && ways == ways_seen_) return;
  situation_seen_ = situation;
  ways_seen_ = ways;
  for (const Id id : going_by_facts_) {
    if (watches_[id].is_active) wake_at(id, SimTime{});
  }
}

bool Watches::look(Watch& watch, SimTime now, bool jumped, bool is_stirred) {
  if (watch.needs != nullptr) return look_at_needs(watch, now);
  bool stirred = is_stirred || !watch.is_read || watch.due <= now;
  for (std::uint32_t i = watch.first_metric; i < watch.last_metric; ++i) {
    stirred = look_right(metrics_[i], now, jumped) || stirred;
  }
  stirred = look_at_states(watch, now) || stirred;
  return stirred && evaluate(watch, now);
}

bool Watches::look_at_states(Watch& watch, SimTime now) {
  bool turned = false;
  for (std::uint32_t i = watch.first_state; i < watch.last_state; ++i) {
    State& state = states_[i];
    const bool truth = truth_of(state);
    if (truth == state.truth && state.is_read) continue;
    state.truth = truth;
    state.is_read = true;
    state.since = now;
    turned = true;
  }
  return turned;
}

bool Watches::look_at_needs(Watch& watch, SimTime now) {
  const bool met = std::all_of(watch.needs->begin(), watch.needs->end(),
                               [&](const world::Need& need) { return flow_.is_met(need, watch.from); });
  if (watch.is_read && met == watch.holds) return false;
  watch.is_read = true;
  watch.holds = met;
  watch.since = now;
  return true;
}

// Returns whether the whole turned, or was read for the first time.
bool Watches::evaluate(Watch& watch, SimTime now) {
  const bool first_time = !watch.is_read;
  watch.due = SimTime::never();
  for (std::uint32_t i = watch.first_node; i < watch.last_node; ++i) {
    evaluate(nodes_[i], first_time, now);
    watch.due = std::min(watch.due, nodes_[i].due);
  }
  const Node& whole = nodes_[watch.last_node - 1];
  watch.is_read = true;
  if (!first_time && whole.truth == watch.holds) return false;
  watch.holds = whole.truth;
  watch.since = whole.since;
  return true;
}

void Watches::evaluate(Node& node, bool first_time, SimTime now) {
  bool truth = false;
  SimTime since;
  switch (node.kind) {
    case NodeKind::metric:
      truth = metrics_[node.first].truth;
      since = metrics_[node.first].since;
      break;
    case NodeKind::state:
      truth = states_[node.first].truth;
      since = states_[node.first].since;
      break;
    case NodeKind::negation:
      truth = !nodes_[node.first].truth;
      since = nodes_[node.first].since;
      break;
    case NodeKind::conjunction:
    case NodeKind::disjunction: {
      const Node& a = nodes_[node.first];
      const Node& b = nodes_[node.second];
      const bool both = node.kind == NodeKind::conjunction;
      truth = both ? a.truth && b.truth : a.truth || b.truth;
      // True "and", false "or": since the last of the two turned so. The others: since the first of those that are so.
      if (truth == both) {
        since = std::max(a.since, b.since);
      } else if (a.truth != both && b.truth != both) {
        since = std::min(a.since, b.since);
      } else {
        since = a.truth != both ? a.since : b.since;
      }
      break;
    }
    case NodeKind::held_for: {
      const Node& held = nodes_[node.first];
      if (first_time) {
        truth = held.truth;
        since = held.since;
        break;
      }
      if (held.truth == node.truth) {
        if (node.due > held.since) return stop_waiting(node);
        // The time was over before the change back was seen: it turned, and the next look may turn it back.
        truth = !node.truth;
        since = node.waits_since;
        break;
      }
      if (held.since + node.hold > now) return wait(node, held.since);
      truth = held.truth;
      since = held.since;
      break;
    }
  }
  stop_waiting(node);
  if (!first_time && truth == node.truth) return;
  node.truth = truth;
  node.since = since;
}

void Watches::wait(Node& node, SimTime since) {
  node.waits_since = since;
  node.due = since + node.hold;
  if (node.alarm) alarms_.set(*node.alarm, node.due);
}

void Watches::stop_waiting(Node& node) {
  if (node.due.is_never()) return;
  node.due = SimTime::never();
  if (node.alarm) alarms_.clear(*node.alarm);
}

}  // namespace knockon::simulation
