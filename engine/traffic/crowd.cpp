#include "engine/traffic/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/quantity/contract.hpp"

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Who has done something in the last ten minutes is online: ejected from what is on the screen, not surprised next
// morning.
constexpr double online_window_s = 600;
// Where a horizon is shorter, some look farther than that; not farther than a day.
constexpr Duration beyond_short_horizons = Duration::hours(24);
// Sessions opened within this part of their lifetime are carried as one.
constexpr double joint_part = 1.0 / 256;
// Where sessions live for less, those that were opened together expire together so often that no step ends for it.
constexpr Duration shortest_turning = Duration::minutes(5);
// Sessions that live for less than a step are moved in as many parts of it as lifetimes go into it, but no more.
constexpr double rounds_most = 1024;
// Smaller changes, as a share, of how many sessions are opened are not looked at again.
constexpr double opening_grain = 0.01;

// How many of `people` wait in the mean over a step, when those who do not wait begin at `fresh_per_s` in all: as of
// one pool that is left as fast as now. A few in a million are as good as nobody.
Lanes mean_waiting(const RetryPool<Lanes>& pool, const RetryLadder& ladder, const Lanes& fresh_per_s,
                   const Lanes& people, double step_s, const Lanes& success) {
  constexpr double few = 1e-6, few_steps = 1e-4;
  const Lanes waiting = pool.waiting(), joining = fresh_per_s * (1 - success);
  const LaneMask some_wait = waiting + joining * step_s > few * people;
  if (!any(some_wait)) return waiting;
  const Lanes tries_per_s = where(waiting > 0, pool.tries_per_s() / waiting, ladder.tries_per_s(0));
  const Lanes moving_per_s = joining / people + ladder.gives_up_per_s() + success * tries_per_s;
  const Lanes steps = moving_per_s * step_s, level = joining / moving_per_s;
  const Lanes there = where(steps > few_steps, (1 - exp_of_loss(-steps)) / steps, 1 - steps / 2);
  return where(some_wait, level + (waiting - level) * there, waiting);
}

// Moves a pool that is left at a rate, so that after a step `stay` are still there, and joined evenly by `joining` over
// the step. Returns how many left.
Lanes drained(Lanes& pool, const Lanes& rate_per_s, const Lanes& stay, const Lanes& joining, double step_s) {
  const Lanes before = pool, all = before + joining;
  const LaneMask is_left = rate_per_s > 0;
  const Lanes level = joining / (step_s * where(is_left, rate_per_s, 1));
  pool = where(is_left, level + (before - level) * stay, all);
  return all - pool;
}

}  // namespace

double Crowd::Left::after(double rate_per_s, double span_s) {
  if (rate_per_s == per_s && span_s == step_s) return share;
  per_s = rate_per_s;
  step_s = span_s;
  return share = std::exp(-rate_per_s * span_s);
}

// Of the sessions that are held at any time, those that live longer are more.
void SessionPools::begin(const Lanes& people, std::size_t regions, const std::vector<Duration>& lifetimes, SimTime end,
                         const AgeRules* rules) {
  valid = people;
  rules_ = rules;
  if (rules_ != nullptr) {
    ages_.resize(regions);
    for (std::size_t lane = 0; lane < regions; ++lane) ages_[lane].begin(*rules_, people[lane]);
  }
  alike_.resize(lifetimes.size());
  double all_s = 0;
  for (const Duration lifetime : lifetimes) all_s += lifetime.in_seconds();
  for (std::size_t n = 0; n < lifetimes.size(); ++n) {
    const Lanes of_these = people * (lifetimes[n].in_seconds() / all_s);
    alike_[n].parcels.push_back({{SimTime{} - lifetimes[n], SimTime{}}, of_these});
    alike_[n].last_opened = end - lifetimes[n];
    alike_[n].joint = lifetimes[n] * joint_part;
  }
}

void SessionPools::add_valid(const Lanes& people, Span opened) {
  if (!any(people > 0)) return;
  const Lanes added = at_least(0, people);
  valid += added;
  for (std::size_t lane = 0; lane < ages_.size(); ++lane) ages_[lane].add(added[lane]);
  if (rules_ != nullptr) return;
  for (std::size_t n = 0; n < alike_.size(); ++n) {
    Alike& some = alike_[n];
    if (opened.from > some.last_opened) continue;
    const Lanes of_these = added / surviving_ / static_cast<double>(alike_.size());
    const bool joins = !some.parcels.empty() && some.parcels.back().opened.to == opened.from &&
                       opened.to - some.parcels.back().opened.from <= some.joint;
    if (joins) {
      some.parcels.back().opened.to = opened.to;
      some.parcels.back().people += of_these;
    } else {
      some.parcels.push_back({opened, of_these});
    }
  }
}

void SessionPools::lose_valid(const Lanes& people) {
  constexpr double nobody = 1e-100;
  const Lanes left = where(valid > 0, at_least(0, 1 - people / valid), 1);
  for (std::size_t lane = 0; lane < ages_.size(); ++lane) ages_[lane].lose(1 - left[lane]);
  valid = at_least(0, valid - people);
  surviving_ *= left;
  const LaneMask gone = surviving_ <= nobody;
  if (!any(gone)) return;
  for (Alike& some : alike_) {
    for (Parcel& parcel : some.parcels) parcel.people = where(gone, 0, parcel.people);
  }
  surviving_ = where(gone, 1, surviving_);
}

// Takes out what is older than its lifetime at `to`.
Lanes SessionPools::expired(SimTime from, SimTime to, const std::vector<Duration>& lifetimes, const Lanes& renewed) {
  Lanes gone;
  for (std::size_t lane = 0; lane < ages_.size(); ++lane) {
    double of_lane = 0;
    for (SimTime date = from; date < to;) {
      const Duration span = std::min(ages_[lane].left(*rules_), to - date);
      of_lane += ages_[lane].age(*rules_, span, renewed[lane]);
      ages_[lane].turn(*rules_);
      date = date + span;
    }
    gone.set(lane, of_lane);
  }
  for (std::size_t n = 0; rules_ == nullptr && n < lifetimes.size(); ++n) {
    Alike& some = alike_[n];
    quantity::require(to <= some.last_opened + lifetimes[n], "sessions are moved to their end, and no farther");
    for (std::size_t i = some.first_parcel; i < some.parcels.size(); ++i) {
      Parcel& parcel = some.parcels[i];
      const Span expiring{parcel.opened.from + lifetimes[n], parcel.opened.to + lifetimes[n]};
      if (expiring.from >= to) break;
      const double now_gone = expiring.to > to ? (to - expiring.from) / (expiring.to - expiring.from) : 1;
      gone += (now_gone - parcel.gone) * parcel.people * surviving_;
      parcel.gone = now_gone;
      if (expiring.to <= to) some.first_parcel = i + 1;
    }
  }
  gone = at_most(valid, gone);
  valid -= gone;
  return gone;
}

SimTime SessionPools::next_turn(Span span, const std::vector<Duration>& lifetimes) const {
  // That many of all, more or fewer than if sessions went on expiring as before.
  constexpr double noticeable = 1.0 / 64;
  SimTime next = span.to;
  const auto look_at = [&](SimTime date, const Lanes& more_per_s, Duration over) {
    if (date <= span.from || date >= next) return;
    const Lanes more = magnitude(more_per_s) * surviving_ * over.in_seconds();
    if (any(more > noticeable * (held() + missing()))) next = date;
  };
  for (std::size_t n = 0; n < alike_.size(); ++n) {
    const std::vector<Parcel>& parcels = alike_[n].parcels;
    for (std::size_t i = alike_[n].first_parcel; lifetimes[n] >= shortest_turning && i < parcels.size(); ++i) {
      const Span opened = parcels[i].opened;
      const SimTime begins = opened.from + lifetimes[n], ends = opened.to + lifetimes[n];
      if (begins >= next) break;
      const bool goes_on = i > 0 && parcels[i - 1].opened.to == opened.from;
      const bool is_followed = i + 1 < parcels.size() && parcels[i + 1].opened.from == opened.to;
      if (begins > span.from)
        look_at(begins, parcels[i].per_s() - (goes_on ? parcels[i - 1].per_s() : 0), opened.to - opened.from);
      const bool is_last = !is_followed && opened.to < span.from;  // else it may still go on
      if (is_last && ends < next) look_at(ends, parcels[i].per_s(), opened.to - opened.from);
    }
  }
  return next;
}

Crowd::Crowd(const Network::Parts& parts) : parts_{&parts}, ladders_{parts.ladders}, shorter_ladders_{parts.ladders} {
  std::vector<std::optional<AgeRules>> rules(parts.holdings.size());
  for (std::size_t h = 0; h < rules.size(); ++h) {
    if (parts.holdings[h].renewed_by) rules[h].emplace((*parts.world)[parts.holdings[h].session]);
  }
  rules_ = std::make_shared<const std::vector<std::optional<AgeRules>>>(std::move(rules));
}

void Crowd::begin(SimTime start, int class_bits, const std::vector<double>& class_shares) {
  classes_ = parts_->homes.count() << class_bits;
  class_shares_.assign(classes_ * parts_->blocks(), {});
  for (std::size_t r = 0; r < parts_->regions(); ++r) {
    for (std::size_t k = 0; k < classes_; ++k) {
      const double share = parts_->homes.share_of(r, k >> class_bits) * class_shares[k % class_shares.size()];
      class_shares_[k * parts_->blocks() + r / lanes].set(r % lanes, share);
    }
  }
  journey_load_.assign(parts_->world->journeys.size(), 1);
  population_load_.assign(parts_->world->populations.size(), 1);
  admission_.assign(parts_->outcomes + lanes, 1);
  past_.assign(parts_->outcomes + lanes, 1);
  renewed_.assign(parts_->holdings.size(), 1);
  waiting_.assign(parts_->streams.size() * classes_, {});
  failing_.assign(waiting_.size(), 0);
  fresh_per_s_.assign(parts_->streams.size() * classes_, 0);
  const std::size_t held = parts_->holdings.size() * classes_;
  sessions_.assign(held, {});
  failing_to_open_.assign(held, 0);
  held_within_.assign(held, 1);
  held_now_.assign(held, 1);
  able_.assign(held, 1);
  able_among_admitted_.assign(held, 1);
  opened_per_s_.assign(held, 0);
  opening_per_s_.assign(held, 0);
  arriving_per_s_.assign(held, 0);
  at_log_out_.clear();
  log_outs_.clear();
  unanswered_per_s_.assign(parts_->outcomes + lanes, 0);
  counts_ = {};
  now_ = start;
  look_at_clock(start);
  const SimTime end = SimTime{} + std::max(parts_->world->horizon, beyond_short_horizons);
  outlived_.clear();
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    const auto turns = [end](Duration lifetime) { return lifetime >= shortest_turning && SimTime{} + lifetime < end; };
    if (!(*rules_)[h] && std::ranges::any_of(holding.lifetimes, turns)) outlived_.push_back(h);
    for (std::size_t k = 0; k < classes_; ++k) {
      // Sessions that expire are opened again by those who notice: as many are on the way as keeps both streams equal.
      SessionPools& pools = sessions_[h * classes_ + k];
      const Lanes of_class = share_of_class(holding.block, k), wanting = (holding.holders - holding.dormant) * of_class;
      const Lanes seeks = seeks_per_person_s(holding);
      const Lanes held_now = where(seeks > 0, wanting / (1 + holding.expires_per_s() / seeks), wanting);
      pools.begin(held_now, holding.block.regions, holding.lifetimes, end, (*rules_)[h] ? &*(*rules_)[h] : nullptr);
      pools.unaware = wanting - pools.valid;
      arriving_per_s_[h * classes_ + k] = pools.unaware * seeks;
      opening_per_s_[h * classes_ + k] = pools.unaware * seeks;
      counts_.holders += (holding.holders * of_class).sum();
      counts_.sessions_missing_at_begin += pools.missing().sum();
    }
  }
}

void Crowd::look_at_clock(SimTime now) {
  const world::World& world = *parts_->world;
  levels_.resize(world.curves.size() * parts_->regions() + lanes);
  legs_.resize(levels_.size());
  constexpr std::int64_t day_s = 86400;
  const std::int64_t starts_in_day = ((world.starts % day_s) + day_s) % day_s;
  const Duration utc = Duration::seconds(starts_in_day) + now.since_start();
  for (std::size_t c = 0; c < world.curves.size(); ++c) {
    for (std::size_t r = 0; r < parts_->regions(); ++r) {
      const Duration local = utc + world.regions[r].clock;
      world::Curve::Leg& leg = legs_[c * parts_->regions() + r];
      if (!leg.contains(local)) leg = world.curves[c].leg_at(local);
      levels_[c * parts_->regions() + r] = leg.at(local);
    }
  }
}

Lanes Crowd::intents_per_s(const Stream& stream) const {
  const double load = journey_load_[stream.journey.index()] * population_load_[stream.population.index()];
  return stream.per_s * Lanes::of_all(&levels_[stream.level]) * load;
}

Lanes Crowd::seeks_per_person_s(const Holding& holding) const {
  return holding.per_holder_s * Lanes::of_all(&levels_[holding.level]);
}

Lanes Crowd::held_part(std::size_t holding, std::size_t k) const {
  const SessionPools& pools = sessions_[holding * classes_ + k];
  const Lanes held = pools.held(), wanting = held + pools.missing();
  return where(wanting > 0, held / wanting, 1);
}

Crowd::Intents Crowd::intents_of(std::uint32_t s, std::size_t k, const Lanes& held, const Lanes& opening_per_s,
                                 const Meanwhile& meanwhile) const {
  const Stream& stream = parts_->streams[s];
  Intents intents;
  const Lanes of_class = share_of_class(stream.block, k);
  intents.wished = intents_per_s(stream) * of_class;
  Lanes fresh = intents.wished;
  if (stream.holding != nowhere) {
    // Who has just got in does what they came for.
    const Lanes followed = opening_per_s * stream.for_each_opening;
    fresh = fresh * held + followed;
    intents.wished += followed;
  }
  // Who is waiting to try again does not start once more beside it.
  const Lanes admitted = Lanes::of_all(&admission_[stream.outcome]);
  const Lanes people = stream.users * of_class;
  const AdmissionPools& pools = waiting_[s * classes_ + k];
  const RetryLadder& ladder = ladders_[stream.ladder];
  const auto beginning = [&](const RetryPool<Lanes>& pool, const Lanes& part, const Lanes& success) {
    const Lanes of = people * part, fresh_of = fresh * part;
    const Lanes waiting =
        meanwhile.step_s > 0 ? mean_waiting(pool, ladder, fresh_of, of, meanwhile.step_s, success) : pool.waiting();
    return where(of > 0, fresh_of * at_least(0, 1 - waiting / of), 0);
  };
  intents.let_in = beginning(pools.let_in, admitted, meanwhile.success);
  if (any(admitted < 1)) intents.kept_out = beginning(pools.kept_out, 1 - admitted, 0);
  return intents;
}

Crowd::Intents Crowd::intents_now(std::uint32_t s, std::size_t k) const {
  const std::uint32_t holding = parts_->streams[s].holding;
  return intents_now(s, k, holding == nowhere ? 1 : held_part(holding, k));
}

Crowd::Intents Crowd::intents_now(std::uint32_t s, std::size_t k, const Lanes& held) const {
  const std::uint32_t holding = parts_->streams[s].holding;
  return intents_of(s, k, held, holding == nowhere ? 0 : opening_per_s_[holding * classes_ + k], {});
}

// REQUIRES: sessions have been moved over it.
Crowd::Intents Crowd::intents_over(std::uint32_t s, std::size_t k, const Meanwhile& step) const {
  const std::uint32_t holding = parts_->streams[s].holding;
  if (holding == nowhere) return intents_of(s, k, 1, 0, step);
  const std::size_t i = holding * classes_ + k;
  return intents_of(s, k, held_within_[i], opened_per_s_[i], step);
}

bool Crowd::look_at_openings(const Circuit& circuit) {
  bool changed = false;
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    const Lanes admitted = Lanes::of_all(&admission_[holding.outcome]), past = Lanes::of_all(&past_[holding.outcome]);
    for (std::size_t k = 0; k < classes_; ++k) {
      const std::size_t i = h * classes_ + k;
      const Lanes tries = arriving_per_s_[i] * admitted + sessions_[i].seeking.let_in.tries_per_s();
      const Lanes opening =
          tries * past * circuit.outcomes(holding.outcome, holding.block.regions, k).total * able_part(holding, k);
      changed = changed || any(magnitude(opening - opening_per_s_[i]) > opening_grain * opening);
      opening_per_s_[i] = opening;
    }
  }
  return changed;
}

void Crowd::bring_tries(Circuit& circuit) {
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    for (std::size_t k = 0; k < classes_; ++k) held_now_[h * classes_ + k] = held_part(h, k);
  }
  for (std::uint32_t journey = 0; journey < parts_->world->journeys.size(); ++journey) {
    for (std::size_t b = 0; b < parts_->blocks(); ++b) {
      const Block block = parts_->block(b);
      const auto outcome = static_cast<std::uint32_t>(journey * parts_->regions() + block.first_region);
      const Lanes admitted = Lanes::of_all(&admission_[outcome]), past = Lanes::of_all(&past_[outcome]);
      const std::size_t position = journey * parts_->blocks() + b;
      for (std::size_t k = 0; k < classes_; ++k) {
        Lanes tries;
        for (const std::uint32_t s : parts_->streams_of_journey[position]) {
          const std::uint32_t holding = parts_->streams[s].holding;
          const Lanes held = holding == nowhere ? 1 : held_now_[holding * classes_ + k];
          const Lanes fresh = fresh_per_s_[s * classes_ + k] = intents_now(s, k, held).let_in;
          tries += fresh + waiting_[s * classes_ + k].let_in.tries_per_s();
        }
        for (const std::uint32_t h : parts_->holdings_of_journey[position]) {
          const Lanes made =
              arriving_per_s_[h * classes_ + k] * admitted + sessions_[h * classes_ + k].seeking.let_in.tries_per_s();
          tries += made * able_part(parts_->holdings[h], k);  // the others' end before anything is called
        }
        circuit.set_tries(outcome, block.regions, k, tries * past);
      }
    }
  }
}

// Sessions have been moved, so who begins to try is known. How many try again hangs on how many are answered, and that
// on how many try: from what is so now the first guess comes near enough, and the second is the answer.
void Crowd::foresee_tries(double step_s, Foresight& foreseen) const {
  constexpr int guesses = 2;
  for (std::uint32_t journey = 0; journey < parts_->world->journeys.size(); ++journey) {
    for (std::size_t b = 0; b < parts_->blocks(); ++b) {
      const Block block = parts_->block(b);
      const auto outcome = static_cast<std::uint32_t>(journey * parts_->regions() + block.first_region);
      const std::size_t position = journey * parts_->blocks() + b;
      if (!any(foreseen.go_by_tries(outcome) & LaneMask::first(block.regions))) continue;
      const Lanes past = Lanes::of_all(&past_[outcome]);
      Lanes success = Lanes::of_all(&foreseen.now()[outcome]) * past;
      for (int guess = 0; guess < guesses; ++guess) {
        OverStep<Lanes> tries;
        for (const std::uint32_t s : parts_->streams_of_journey[position]) {
          const Lanes first = intents_over(s, 0, {step_s, success}).let_in;
          const auto again =
              waiting_[s].let_in.foreseen_tries_per_s(ladders_[parts_->streams[s].ladder], first, success);
          tries.mean += first + again.mean;
          tries.at_end += at_least(0, 2 * first - fresh_per_s_[s]) + again.at_end;
        }
        foreseen.mind_tries(outcome, tries * past);
        success = Lanes::of_all(&foreseen.within()[outcome]) * past;
      }
    }
  }
}

void Crowd::move(SimTime end, Foresight& foreseen) {
  const double step_s = (end - now_).in_seconds();
  if (step_s <= 0) return;
  for (RetryLadder& ladder : ladders_) ladder.set_step(step_s);
  // Curves being linear, what is halfway between two hours' levels is their mean over the step.
  levels_at_end_ = levels_;
  look_at_clock(end);
  levels_.swap(levels_at_end_);
  for (std::size_t i = 0; i < levels_.size(); ++i) levels_[i] = (levels_[i] + levels_at_end_[i]) / 2;
  std::fill(unanswered_per_s_.begin(), unanswered_per_s_.end(), 0);
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    for (std::size_t k = 0; k < classes_; ++k) held_within_[h * classes_ + k] = held_part(h, k);
  }
  // Who gets in does within the step what they came for.
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    for (std::size_t k = 0; k < classes_; ++k) {
      move_holding(h, k, end, foreseen);
      held_within_[h * classes_ + k] = (held_within_[h * classes_ + k] + held_part(h, k)) / 2;
    }
  }
  if (foreseen.any_go_by_tries()) foresee_tries(step_s, foreseen);
  std::fill_n(foreseen.answered(), parts_->outcomes * classes_, 0.0);
  for (std::uint32_t s = 0; s < parts_->streams.size(); ++s) {
    for (std::size_t k = 0; k < classes_; ++k) move_stream(s, k, step_s, foreseen);
  }
  for (LogOut& log_out : log_outs_) {
    if ((end - log_out.began).in_seconds() >= log_out.over_s) log_out.spread_done = true;
  }
  now_ = end;
  levels_ = levels_at_end_;
}

void Crowd::move_stream(std::uint32_t s, std::size_t k, double step_s, Foresight& foreseen) {
  const Stream& stream = parts_->streams[s];
  const RetryLadder& ladder = ladders_[stream.ladder];
  const Lanes past = Lanes::of_all(&past_[stream.outcome]);
  const OverStep<Lanes> success = success_over(foreseen, stream.outcome, stream.block, k) * past;
  AdmissionPools& pools = waiting_[s * classes_ + k];
  const Intents fresh = intents_over(s, k, {step_s, success.mean});
  using Over = OverStep<Lanes>;
  const RetryTally<Lanes> in = pools.let_in.move(ladder, Over::even(fresh.let_in), success);
  const RetryTally<Lanes> out = pools.kept_out.move(ladder, Over::even(fresh.kept_out), {});
  failing_[s * classes_ + k] = pools.waiting();
  const Lanes gave_up = in.gave_up + out.gave_up;
  // Nobody gives up in lanes that are no region.
  double* const unanswered = &unanswered_per_s_[stream.outcome];
  (Lanes::of_all(unanswered) + gave_up * ladder.steps_per_s()).put_all(unanswered);

  const Lanes let_in = fresh.let_in * step_s, kept_out = fresh.kept_out * step_s, wished = fresh.wished * step_s;
  const Lanes answered = let_in * success.mean, turned_away = (1 - past) * (let_in + in.tries);
  counts_.intents += wished;
  counts_.suppressed += wished - let_in - kept_out;
  counts_.answered += answered + in.answered;
  if (classes_ == 1) {
    double* const all_answered = foreseen.answered() + stream.outcome;
    (Lanes::of_all(all_answered) + (answered + in.answered) * ladder.steps_per_s()).put_all(all_answered);
  }
  counts_.abandoned += gave_up;
  counts_.tries += let_in + kept_out + in.tries + out.tries;
  counts_.tries_answered += answered + in.answered;
  counts_.tries_failed += let_in - answered + in.tries - in.answered - turned_away;
  counts_.tries_turned_away += kept_out + out.tries + turned_away;
}

Lanes Crowd::lost_by_log_out(const Holding& holding, std::size_t h, std::size_t k, double step_s, SimTime end) {
  SessionPools& pools = sessions_[h * classes_ + k];
  Lanes lost;
  for (std::size_t i = 0; i < log_outs_.size(); ++i) {
    const LogOut& log_out = log_outs_[i];
    if (log_out.ended || log_out.session != holding.session) continue;
    if (!log_out.spread_done && log_out.over_s > 0) {
      const double gone_s = (end - log_out.began).in_seconds();
      const double reaching_s = std::min(step_s, log_out.over_s - (gone_s - step_s));
      const Lanes struck =
          at_log_out_[(i * parts_->holdings.size() + h) * classes_ + k] * (log_out.share * reaching_s / log_out.over_s);
      const Lanes taken = at_most(pools.valid, at_least(0, struck));
      pools.lose_valid(taken);
      lost += taken;
    }
  }
  return lost;
}

void Crowd::move_holding(std::size_t h, std::size_t k, SimTime end, const Foresight& foreseen) {
  const Holding& holding = parts_->holdings[h];
  const RetryLadder& ladder = ladders_[holding.ladder];
  const OverStep<Lanes> success = success_over(foreseen, holding.outcome, holding.block, k) *
                                  (Lanes::of_all(&past_[holding.outcome]) * able_part(holding, k));
  const double again_per_s = lost_again_per_s(holding.session);
  const double step_s = (end - now_).in_seconds();

  // People go round: who gets in may be out again within the step, and who gives up may be back. Parts of the step in
  // which few do so twice keep the round as it is.
  const double outlived_per_s =
      holding.lifetimes.empty() || (*rules_)[h] ? 0 : 1 / holding.lifetimes.front().in_seconds();
  const double rounds =
      std::max(step_s * std::max(again_per_s, ladder.returns_per_s()), std::min(rounds_most, step_s * outlived_per_s));
  Lanes opened;
  if (rounds <= 1) {
    opened = move_holding_once(h, k, {now_, end}, ladder, success, again_per_s);
  } else {
    const double parts = std::ceil(rounds);
    RetryLadder& shorter = shorter_ladders_[holding.ladder];
    shorter.set_step(step_s / parts);
    SimTime from = now_;
    for (int part = 1; part <= static_cast<int>(parts); ++part) {
      const SimTime to = now_ + (end - now_) * (part / parts);
      opened += move_holding_once(h, k, {from, to}, shorter, part_of(success, part / parts, 1 / parts), again_per_s);
      from = to;
    }
  }
  opened_per_s_[h * classes_ + k] = opened / step_s;
  failing_to_open_[h * classes_ + k] = sessions_[h * classes_ + k].failing();
}

double Crowd::lost_again_per_s(world::SessionId session) const {
  double per_s = 0;
  for (const LogOut& log_out : log_outs_) {
    if (!log_out.ended && log_out.session == session && log_out.again_after_s) per_s = 1 / *log_out.again_after_s;
  }
  return per_s;
}

// Moves over a part of a step in which few people leave a pool that they have joined in it. Returns how many sessions
// were opened.
Lanes Crowd::move_holding_once(std::size_t h, std::size_t k, Span span, const RetryLadder& ladder,
                               const OverStep<Lanes>& success, double again_per_s) {
  const Holding& holding = parts_->holdings[h];
  SessionPools& pools = sessions_[h * classes_ + k];
  const Lanes seeks = seeks_per_person_s(holding);
  const double step_s = (span.to - span.from).in_seconds();
  Lanes lost_online = lost_by_log_out(holding, h, k, step_s, span.to);
  // As many are expected to join these pools within the step as did before; what is wrong in it is put right after.
  const Lanes joins_again = at_most(pools.again, pools.opened_per_s * step_s);
  const Lanes joins_resting = at_most(pools.resting, pools.gave_up_per_s * step_s);
  if (again_per_s > 0) {
    lost_online += drained(pools.again, again_per_s, again_left_.after(again_per_s, step_s), joins_again, step_s);
  } else {
    pools.add_valid(pools.again, span);
    pools.again = 0;
  }
  // Those lost now: who is online is ejected and notices soon, the others find out when they next want something.
  const Lanes online = any(lost_online > 0) ? 1 - exp_of_loss(-seeks * online_window_s) : 0;
  const bool can_expire = (*rules_)[h] || !holding.lifetimes.empty();
  const Lanes expired = can_expire ? pools.expired(span.from, span.to, holding.lifetimes, renewed_[h]) : 0;
  const double notices = holding.notices_per_s, returns = ladder.returns_per_s();
  const Lanes noticed =
      drained(pools.noticing, notices, noticing_left_.after(notices, step_s), lost_online * online, step_s);
  const Lanes found_out =
      drained(pools.unaware, seeks, exp_of_loss(-seeks * step_s), lost_online * (1 - online) + expired, step_s);
  const Lanes returned = drained(pools.resting, returns, resting_left_.after(returns, step_s), joins_resting, step_s);

  const auto arriving_now = [&] { return pools.noticing * notices + pools.unaware * seeks + pools.resting * returns; };
  const OverStep<Lanes> arriving{(noticed + found_out + returned) * ladder.steps_per_s(), arriving_now()};
  const Lanes admitted = Lanes::of_all(&admission_[holding.outcome]);
  const OverStep<Lanes> let_in = arriving * admitted, kept_out = arriving * (1 - admitted);
  const RetryTally<Lanes> in = pools.seeking.let_in.move(ladder, let_in, success);
  const RetryTally<Lanes> out = pools.seeking.kept_out.move(ladder, kept_out, {});
  const Lanes gave_up = in.gave_up + out.gave_up;
  const Lanes opened_at_once = let_in.mean * success.mean * step_s, opened = opened_at_once + in.answered;
  pools.resting += gave_up - joins_resting;
  if (again_per_s > 0) {
    pools.again += opened - joins_again;
  } else {
    pools.add_valid(opened, span);
  }
  pools.opened_per_s = opened * ladder.steps_per_s();
  pools.gave_up_per_s = gave_up * ladder.steps_per_s();
  arriving_per_s_[h * classes_ + k] = arriving_now();

  const Lanes tries = let_in.mean * step_s + in.tries;
  const Lanes turned_away = (1 - Lanes::of_all(&past_[holding.outcome])) * tries;
  counts_.sessions_lost += lost_online + expired;
  counts_.sessions_opened += opened;
  counts_.tries += arriving.mean * step_s + in.tries + out.tries;
  counts_.tries_answered += opened;
  counts_.tries_failed += tries - opened - turned_away;
  counts_.tries_turned_away += kept_out.mean * step_s + out.tries + turned_away;
  return opened;
}

void Crowd::set_admission(std::uint32_t outcome, double share) {
  const double before = admission_[outcome];
  if (share == before) return;
  admission_[outcome] = share;
  const std::uint32_t region = parts_->region_of_outcome[outcome];
  const std::size_t position = parts_->journey_of_outcome[outcome] * parts_->blocks() + region / lanes;
  // Who is let in is a property of the person: the first ones stay in, and those kept out are alike.
  Lanes part;
  part.set(region % lanes, share > before ? (share - before) / (1 - before) : (before - share) / before);
  const auto resplit = [&](AdmissionPools& pools) {
    share > before ? pools.kept_out.hand_over(part, pools.let_in) : pools.let_in.hand_over(part, pools.kept_out);
  };
  for (const std::uint32_t s : parts_->streams_of_journey[position]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      resplit(waiting_[s * classes_ + k]);
      failing_[s * classes_ + k] = waiting_[s * classes_ + k].waiting();
    }
  }
  for (const std::uint32_t h : parts_->holdings_of_journey[position]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      resplit(sessions_[h * classes_ + k].seeking);
      failing_to_open_[h * classes_ + k] = sessions_[h * classes_ + k].failing();
    }
  }
}

std::size_t Crowd::begin_log_out(world::SessionId session, double share, Duration over,
                                 std::optional<Duration> again_after, SimTime now) {
  const std::optional<double> again_after_s =
      again_after ? std::optional{std::max(again_after->in_seconds(), 1e-3)} : std::nullopt;
  const std::size_t number = log_outs_.size();
  log_outs_.push_back({session, share, over.in_seconds(), again_after_s, now});
  at_log_out_.resize(log_outs_.size() * parts_->holdings.size() * classes_);
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    if (parts_->holdings[h].session != session) continue;
    const Holding& holding = parts_->holdings[h];
    for (std::size_t k = 0; k < classes_; ++k) {
      SessionPools& pools = sessions_[h * classes_ + k];
      at_log_out_[(number * parts_->holdings.size() + h) * classes_ + k] = pools.valid;
      if (over.ticks() > 0) continue;
      const Lanes lost = pools.valid * share;
      const Lanes seeks = seeks_per_person_s(holding);
      const Lanes online = lost * (1 - exp_of_loss(-seeks * online_window_s)), offline = lost - online;
      pools.lose_valid(lost);
      pools.noticing += online;
      pools.unaware += offline;
      counts_.sessions_lost += lost;
      arriving_per_s_[h * classes_ + k] += online * holding.notices_per_s + offline * seeks;
    }
  }
  if (over.ticks() <= 0) log_outs_.back().spread_done = true;
  return number;
}

void Crowd::end_log_out(std::size_t log_out) { log_outs_[log_out].ended = true; }

SimTime Crowd::next_end(SimTime now) const {
  SimTime next = SimTime::never();
  for (const LogOut& log_out : log_outs_) {
    const SimTime end = log_out.began + Duration::of_seconds(log_out.over_s);
    if (!log_out.ended && !log_out.spread_done && end > now) next = std::min(next, end);
  }
  return next;
}

SimTime Crowd::next_turn(SimTime before) const {
  SimTime next = before;
  for (const std::size_t h : outlived_) {
    for (std::size_t k = 0; k < classes_; ++k)
      next = sessions_[h * classes_ + k].next_turn({now_, next}, parts_->holdings[h].lifetimes);
  }
  return next;
}

void Crowd::look_at_success(const Circuit& circuit, Successes& all, Successes& among_admitted) {
  look_at_abilities(circuit);
  for (std::uint32_t journey = 0; journey < parts_->world->journeys.size(); ++journey) {
    for (std::size_t b = 0; b < parts_->blocks(); ++b) {
      const Block block = parts_->block(b);
      const auto outcome = static_cast<std::uint32_t>(journey * parts_->regions() + block.first_region);
      const std::vector<std::uint32_t>& streams = parts_->streams_of_journey[journey * parts_->blocks() + b];
      const Lanes admitted = Lanes::of_all(&admission_[outcome]) * Lanes::of_all(&past_[outcome]);
      Lanes ok, total, ok_among_admitted, total_among_admitted;
      for (std::size_t k = 0; k < classes_; ++k) {
        // Of all who come, those who are able to; as users meet it, and without the turned away. Where nobody comes,
        // all would be.
        Lanes able, able_among_admitted, parts;
        for (const std::uint32_t s : streams) {
          const Stream& stream = parts_->streams[s];
          const bool needs_none = stream.holding == nowhere;
          const std::size_t i = needs_none ? 0 : stream.holding * classes_ + k;
          able += needs_none ? stream.part_of_outcome : stream.part_of_outcome * able_[i];
          able_among_admitted += needs_none ? stream.part_of_outcome : stream.part_of_outcome * able_among_admitted_[i];
          parts += stream.part_of_outcome;
        }
        const Lanes share = share_of_class(block, k);
        able = share * where(parts > 0, able, 1) * admitted;
        able_among_admitted = share * where(parts > 0, able_among_admitted, 1);
        const Circuit::Answers answers = circuit.outcomes(outcome, block.regions, k);
        ok += able * answers.ok;
        total += able * answers.total;
        ok_among_admitted += able_among_admitted * answers.ok;
        total_among_admitted += able_among_admitted * answers.total;
      }
      // Nothing lies in lanes beyond the regions, and the next one writes over it.
      ok.put_all(&all.ok[outcome]);
      (total - ok).put_all(&all.degraded[outcome]);
      ok_among_admitted.put_all(&among_admitted.ok[outcome]);
      (total_among_admitted - ok_among_admitted).put_all(&among_admitted.degraded[outcome]);
    }
  }
}

void Crowd::look_at_abilities(const Circuit& circuit) {
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    const Lanes let_past = Lanes::of_all(&admission_[holding.outcome]) * Lanes::of_all(&past_[holding.outcome]);
    for (std::size_t k = 0; k < classes_; ++k) {
      const std::size_t i = h * classes_ + k;
      const SessionPools& pools = sessions_[i];
      // People who do not know yet would have to log in first; who knows and could not is out.
      const Lanes held = pools.held(), wanting = held + pools.missing();
      const Lanes opens = circuit.outcomes(holding.outcome, holding.block.regions, k).total * able_part(holding, k);
      const Lanes getting_in = (pools.unaware + pools.noticing) * opens;
      able_[i] = where(wanting > 0, (held + getting_in * let_past) / wanting, 1);
      able_among_admitted_[i] = where(wanting > 0, (held + getting_in) / wanting, 1);
    }
  }
}

Crowd::Tries Crowd::tries_per_s(std::uint32_t journey, std::size_t block) const {
  const std::size_t position = journey * parts_->blocks() + block;
  Tries tries;
  for (const std::uint32_t s : parts_->streams_of_journey[position]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      const Intents fresh = intents_now(s, k);
      const AdmissionPools& pools = waiting_[s * classes_ + k];
      tries.let_in += fresh.let_in + pools.let_in.tries_per_s();
      tries.kept_out += fresh.kept_out + pools.kept_out.tries_per_s();
    }
  }
  for (const std::uint32_t h : parts_->holdings_of_journey[position]) {
    const Lanes admitted = Lanes::of_all(&admission_[parts_->holdings[h].outcome]);
    for (std::size_t k = 0; k < classes_; ++k) {
      const Lanes arriving = arriving_per_s_[h * classes_ + k];
      const AdmissionPools& pools = sessions_[h * classes_ + k].seeking;
      tries.let_in += arriving * admitted + pools.let_in.tries_per_s();
      tries.kept_out += arriving * (1 - admitted) + pools.kept_out.tries_per_s();
    }
  }
  return tries;
}

double Crowd::tries_per_s(std::uint32_t outcome) const {
  const std::uint32_t region = parts_->region_of_outcome[outcome];
  return tries_per_s(parts_->journey_of_outcome[outcome], region / lanes).let_in[region % lanes] * past_[outcome];
}

double Crowd::turned_away_per_s(std::uint32_t outcome) const {
  const std::uint32_t region = parts_->region_of_outcome[outcome];
  const Tries tries = tries_per_s(parts_->journey_of_outcome[outcome], region / lanes);
  const double let_in = tries.let_in[region % lanes], past = past_[outcome];
  return tries.kept_out[region % lanes] + (past < 1 && past > 0 ? let_in * (1 - past) : 0);
}

double Crowd::held_share(world::SessionId session, std::optional<world::RegionId> region) const {
  double held = 0, holders = 0;
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    if (holding.session != session || (region && region->index() / lanes != holding.block.number)) continue;
    const auto of = [&region](const Lanes& some) { return region ? some[region->index() % lanes] : some.sum(); };
    holders += of(holding.holders);
    for (std::size_t k = 0; k < classes_; ++k) held += of(sessions_[h * classes_ + k].held());
  }
  return holders > 0 ? held / holders : 1;
}

double Crowd::renewals_per_s(std::uint32_t holding, std::size_t lane) const {
  double renewals = 0;
  for (std::size_t k = 0; k < classes_; ++k) renewals += sessions_[holding * classes_ + k].renewals_per_s(lane);
  return renewals;
}

double Crowd::people_failing() const {
  Lanes failing;
  for (const Lanes& some : failing_) failing += some;
  for (const Lanes& some : failing_to_open_) failing += some;
  return failing.sum();
}

double Crowd::reports_per_s() const {
  const auto each_per_s = [this](world::PopulationId population) {
    return (*parts_->world)[population].reports.per_second();
  };
  Lanes reports;
  for (std::size_t s = 0; s < parts_->streams.size(); ++s) {
    Lanes waiting;
    for (std::size_t k = 0; k < classes_; ++k) waiting += failing_[s * classes_ + k];
    reports += waiting * each_per_s(parts_->streams[s].population);
  }
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    Lanes failing;
    for (std::size_t k = 0; k < classes_; ++k) failing += failing_to_open_[h * classes_ + k];
    reports += failing * each_per_s(parts_->holdings[h].population);
  }
  return reports.sum();
}

double Crowd::waiting_intents() const {
  Lanes waiting;
  for (const Lanes& some : failing_) waiting += some;
  return waiting.sum();
}

void Crowd::add_to(Ledger& ledger) const {
  ledger = {.intents = counts_.intents.sum(),
            .answered = counts_.answered.sum(),
            .abandoned = counts_.abandoned.sum(),
            .suppressed = counts_.suppressed.sum(),
            .waiting = waiting_intents(),
            .tries = counts_.tries.sum(),
            .tries_answered = counts_.tries_answered.sum(),
            .tries_failed = counts_.tries_failed.sum(),
            .tries_turned_away = counts_.tries_turned_away.sum(),
            .holders = counts_.holders,
            .sessions_lost = counts_.sessions_lost.sum(),
            .sessions_opened = counts_.sessions_opened.sum(),
            .sessions_missing_at_begin = counts_.sessions_missing_at_begin};
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    ledger.holders_now += parts_->holdings[h].dormant.sum();
    for (std::size_t k = 0; k < classes_; ++k) {
      const SessionPools& pools = sessions_[h * classes_ + k];
      ledger.holders_now += (pools.held() + pools.missing()).sum();
      ledger.sessions_missing += pools.missing().sum();
    }
  }
}

}  // namespace knockon::traffic
