#include "engine/traffic/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace knockon::traffic {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Who has done something in the last ten minutes is online: ejected from what is on the screen, not surprised next
// morning.
constexpr double online_window_s = 600;
// Smaller changes, as a share, of how many sessions are opened are not looked at again.
constexpr double opening_grain = 0.01;

// How many of `people` wait in the mean over a step, when those who do not wait begin at `fresh_per_s` in all: as of
// one pool that is left as fast as now. A few in a million are as good as nobody.
double mean_waiting(const RetryPool& pool, const RetryLadder& ladder, double fresh_per_s, double people, double step_s,
                    double success) {
  constexpr double few = 1e-6;
  const double waiting = pool.waiting(), joining = fresh_per_s * (1 - success);
  if (waiting + joining * step_s <= few * people) return waiting;
  const double tries_per_s = waiting > 0 ? pool.tries_per_s() / waiting : ladder.tries_per_s(0);
  const double moving_per_s = joining / people + ladder.gives_up_per_s() + success * tries_per_s;
  const double steps = moving_per_s * step_s, level = joining / moving_per_s;
  return level + (waiting - level) * (steps > 1e-4 ? (1 - std::exp(-steps)) / steps : 1 - steps / 2);
}

}  // namespace

double Crowd::Left::after(double rate_per_s, double span_s) {
  if (rate_per_s == per_s && span_s == step_s) return share;
  per_s = rate_per_s;
  step_s = span_s;
  return share = std::exp(-rate_per_s * span_s);
}

double Crowd::drained(double& pool, Left& left, double rate_per_s, double joining, double step_s) {
  const double before = pool;
  if (before == 0 && joining == 0) return 0;
  const double level = rate_per_s > 0 ? joining / (step_s * rate_per_s) : 0;
  pool = rate_per_s > 0 ? level + (before - level) * left.after(rate_per_s, step_s) : before + joining;
  return before + joining - pool;
}

// Of the sessions that are held at any time, those that live longer are more.
void SessionPools::begin(double people, const std::vector<Duration>& lifetimes, const AgeRules* rules) {
  valid = people;
  rules_ = rules;
  if (rules_ != nullptr) ages_.begin(*rules_, people);
  alike_.resize(std::max<std::size_t>(lifetimes.size(), 1));
  double all_s = 0;
  for (const Duration lifetime : lifetimes) all_s += lifetime.in_seconds();
  for (std::size_t n = 0; n < alike_.size(); ++n)
    alike_[n].old = lifetimes.empty() ? people : people * (lifetimes[n].in_seconds() / all_s);
}

void SessionPools::add_valid(double people, SimTime now) {
  if (people <= 0) return;
  valid += people;
  if (rules_ != nullptr) return ages_.add(people);
  for (Alike& some : alike_) some.parcels.push_back({now, people / surviving_ / static_cast<double>(alike_.size())});
}

void SessionPools::lose_valid(double people) {
  const double left = valid > 0 ? std::max(0.0, 1 - people / valid) : 1;
  if (rules_ != nullptr) ages_.lose(1 - left);
  valid = std::max(0.0, valid - people);
  for (Alike& some : alike_) some.old *= left;
  surviving_ *= left;
  if (surviving_ > 1e-100) return;
  for (Alike& some : alike_) {
    some.parcels.clear();
    some.first_parcel = 0;
  }
  surviving_ = 1;
}

// Takes out what is older than its lifetime at `to`. Sessions from before the start are of every age, so as many expire
// in each second.
double SessionPools::expired(SimTime from, SimTime to, const std::vector<Duration>& lifetimes, double renewed) {
  const double step_s = (to - from).in_seconds();
  double gone = 0;
  if (rules_ != nullptr) {
    for (SimTime date = from; date < to;) {
      const Duration span = std::min(ages_.left(*rules_), to - date);
      gone += ages_.age(*rules_, span, renewed);
      ages_.turn(*rules_);
      date = date + span;
    }
    gone = std::min(gone, valid);
    valid -= gone;
    return gone;
  }
  for (std::size_t n = 0; n < lifetimes.size(); ++n) {
    Alike& some = alike_[n];
    const double left_s = (lifetimes[n] - from.since_start()).in_seconds();
    const double old = left_s > step_s ? some.old * step_s / left_s : some.old;
    some.old -= old;
    gone += old;
    for (; some.first_parcel < some.parcels.size(); ++some.first_parcel) {
      const Parcel& parcel = some.parcels[some.first_parcel];
      if (parcel.opened + lifetimes[n] > to) break;
      gone += parcel.people * surviving_;
    }
  }
  gone = std::min(gone, valid);
  valid -= gone;
  return gone;
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
  class_shares_.resize(parts_->regions() * classes_);
  for (std::size_t r = 0; r < parts_->regions(); ++r) {
    for (std::size_t k = 0; k < classes_; ++k)
      class_shares_[r * classes_ + k] =
          parts_->homes.share_of(r, k >> class_bits) * class_shares[k % class_shares.size()];
  }
  journey_load_.assign(parts_->world->journeys.size(), 1);
  population_load_.assign(parts_->world->populations.size(), 1);
  admission_.assign(parts_->outcomes, 1);
  past_.assign(parts_->outcomes, 1);
  renewed_.assign(parts_->holdings.size(), 1);
  waiting_.assign(parts_->streams.size() * classes_, {});
  sessions_.assign(parts_->holdings.size() * classes_, {});
  held_within_.assign(parts_->holdings.size() * classes_, 1);
  able_.assign(parts_->holdings.size() * classes_, 1);
  able_among_admitted_.assign(parts_->holdings.size() * classes_, 1);
  opened_per_s_.assign(parts_->holdings.size() * classes_, 0);
  opening_per_s_.assign(parts_->holdings.size() * classes_, 0);
  arriving_per_s_.assign(parts_->holdings.size() * classes_, 0);
  at_log_out_.clear();
  log_outs_.clear();
  unanswered_per_s_.assign(parts_->outcomes, 0);
  ledger_ = {};
  now_ = start;
  look_at_clock(start);
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    for (std::size_t k = 0; k < classes_; ++k) {
      // Sessions that expire are opened again by those who notice: as many are on the way as keeps both streams equal.
      SessionPools& pools = sessions_[h * classes_ + k];
      const double wanting = (holding.holders - holding.dormant) * share_of_class(holding.region, k);
      const double seeks = seeks_per_person_s(holding);
      pools.begin(seeks > 0 ? wanting / (1 + holding.expires_per_s() / seeks) : wanting, holding.lifetimes,
                  (*rules_)[h] ? &*(*rules_)[h] : nullptr);
      pools.unaware = wanting - pools.valid;
      arriving_per_s_[h * classes_ + k] = pools.unaware * seeks;
      opening_per_s_[h * classes_ + k] = pools.unaware * seeks;
      ledger_.holders += holding.holders * share_of_class(holding.region, k);
      ledger_.sessions_missing_at_begin += pools.missing();
    }
  }
}

void Crowd::look_at_clock(SimTime now) {
  const world::World& world = *parts_->world;
  levels_.resize(world.curves.size() * parts_->regions());
  constexpr std::int64_t day_s = 86400;
  const std::int64_t starts_in_day = ((world.starts % day_s) + day_s) % day_s;
  const Duration utc = Duration::seconds(starts_in_day) + now.since_start();
  for (std::size_t c = 0; c < world.curves.size(); ++c) {
    for (std::size_t r = 0; r < parts_->regions(); ++r) {
      levels_[c * parts_->regions() + r] = world.curves[c].level(utc + world.regions[r].clock);
    }
  }
}

double Crowd::intents_per_s(const Stream& stream) const {
  return stream.per_s * levels_[stream.level] * journey_load_[stream.journey.index()] *
         population_load_[stream.population.index()];
}

double Crowd::seeks_per_person_s(const Holding& holding) const { return holding.per_holder_s * levels_[holding.level]; }

double Crowd::held_part(std::size_t holding, std::size_t k) const {
  const SessionPools& pools = sessions_[holding * classes_ + k];
  const double wanting = pools.held() + pools.missing();
  return wanting > 0 ? pools.held() / wanting : 1;
}

Crowd::Intents Crowd::intents_of(std::uint32_t s, std::size_t k, double held, double opening_per_s,
                                 Meanwhile meanwhile) const {
  const Stream& stream = parts_->streams[s];
  Intents intents;
  const double of_class = share_of_class(stream.region, k);
  intents.wished = intents_per_s(stream) * of_class;
  double fresh = intents.wished;
  if (stream.holding != nowhere) {
    // Who has just got in does what they came for.
    const double followed = opening_per_s * stream.for_each_opening;
    fresh = fresh * held + followed;
    intents.wished += followed;
  }
  // Who is waiting to try again does not start once more beside it.
  const double admitted = admission_[stream.outcome];
  const double people = stream.users * of_class;
  const AdmissionPools& pools = waiting_[s * classes_ + k];
  const RetryLadder& ladder = ladders_[stream.ladder];
  const auto beginning = [&](const RetryPool& pool, double part, double success) {
    const double of = people * part;
    if (of <= 0) return 0.0;
    const double waiting =
        meanwhile.step_s > 0 ? mean_waiting(pool, ladder, fresh * part, of, meanwhile.step_s, success) : pool.waiting();
    return fresh * part * std::max(0.0, 1 - waiting / of);
  };
  intents.let_in = beginning(pools.let_in, admitted, meanwhile.success);
  if (admitted < 1) intents.kept_out = beginning(pools.kept_out, 1 - admitted, 0);
  return intents;
}

Crowd::Intents Crowd::intents_now(std::uint32_t s, std::size_t k) const {
  const std::uint32_t holding = parts_->streams[s].holding;
  return intents_now(s, k, holding == nowhere ? 1 : held_part(holding, k));
}

Crowd::Intents Crowd::intents_now(std::uint32_t s, std::size_t k, double held) const {
  const std::uint32_t holding = parts_->streams[s].holding;
  return intents_of(s, k, held, holding == nowhere ? 0 : opening_per_s_[holding * classes_ + k], {});
}

bool Crowd::look_at_openings(const Circuit& circuit) {
  bool changed = false;
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    const std::uint32_t outcome = holding.outcome;
    for (std::size_t k = 0; k < classes_; ++k) {
      const std::size_t i = h * classes_ + k;
      const double tries = arriving_per_s_[i] * admission_[outcome] + sessions_[i].seeking.let_in.tries_per_s();
      const double opening = tries * past_[outcome] * circuit.outcome(outcome, k).total() * able_part(holding, k);
      changed = changed || std::abs(opening - opening_per_s_[i]) > opening_grain * opening;
      opening_per_s_[i] = opening;
    }
  }
  return changed;
}

void Crowd::bring_tries(Circuit& circuit) {
  held_now_.resize(parts_->holdings.size() * classes_);
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    for (std::size_t k = 0; k < classes_; ++k) held_now_[h * classes_ + k] = held_part(h, k);
  }
  for (std::uint32_t outcome = 0; outcome < parts_->outcomes; ++outcome) {
    for (std::size_t k = 0; k < classes_; ++k) {
      double tries = 0;
      for (const std::uint32_t s : parts_->streams_of_outcome[outcome]) {
        const std::uint32_t holding = parts_->streams[s].holding;
        const double held = holding == nowhere ? 1 : held_now_[holding * classes_ + k];
        tries += intents_now(s, k, held).let_in + waiting_[s * classes_ + k].let_in.tries_per_s();
      }
      for (const std::uint32_t h : parts_->holdings_of_outcome[outcome]) {
        const double made = arriving_per_s_[h * classes_ + k] * admission_[outcome] +
                            sessions_[h * classes_ + k].seeking.let_in.tries_per_s();
        tries += made * able_part(parts_->holdings[h], k);  // the others' end before anything is called
      }
      circuit.set_tries(outcome, k, tries * past_[outcome]);
    }
  }
}

void Crowd::move(SimTime end, const std::vector<double>& success) {
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
      move_holding(h, k, end, success);
      held_within_[h * classes_ + k] = (held_within_[h * classes_ + k] + held_part(h, k)) / 2;
    }
  }
  for (std::size_t s = 0; s < parts_->streams.size(); ++s) {
    for (std::size_t k = 0; k < classes_; ++k) move_stream(s, k, step_s, success);
  }
  for (LogOut& log_out : log_outs_) {
    if ((end - log_out.began).in_seconds() >= log_out.over_s) log_out.spread_done = true;
  }
  now_ = end;
  levels_ = levels_at_end_;
}

void Crowd::move_stream(std::size_t s, std::size_t k, double step_s, const std::vector<double>& successes) {
  const Stream& stream = parts_->streams[s];
  const std::uint32_t outcome = stream.outcome;
  const RetryLadder& ladder = ladders_[stream.ladder];
  const double past = past_[outcome], success = past * successes[outcome * classes_ + k];
  AdmissionPools& pools = waiting_[s * classes_ + k];
  const auto subject = static_cast<std::uint32_t>(s);
  Intents fresh;
  if (stream.holding == nowhere) {
    fresh = intents_of(subject, k, 1, 0, {step_s, success});
  } else {
    const std::size_t i = stream.holding * classes_ + k;
    fresh = intents_of(subject, k, held_within_[i], opened_per_s_[i], {step_s, success});
  }
  const RetryTally in = pools.let_in.move(ladder, fresh.let_in * (1 - success), success);
  const RetryTally out = pools.kept_out.move(ladder, fresh.kept_out, 0);
  unanswered_per_s_[outcome] += (in.gave_up + out.gave_up) * ladder.steps_per_s();

  ledger_.intents += fresh.wished * step_s;
  ledger_.suppressed += (fresh.wished - fresh.let_in - fresh.kept_out) * step_s;
  ledger_.answered += fresh.let_in * success * step_s + in.answered;
  ledger_.abandoned += in.gave_up + out.gave_up;
  ledger_.tries += (fresh.let_in + fresh.kept_out) * step_s + in.tries + out.tries;
  ledger_.tries_answered += fresh.let_in * success * step_s + in.answered;
  const double turned_away = (1 - past) * (fresh.let_in * step_s + in.tries);
  ledger_.tries_failed += fresh.let_in * (1 - success) * step_s + in.tries - in.answered - turned_away;
  ledger_.tries_turned_away += fresh.kept_out * step_s + out.tries + turned_away;
}

double Crowd::lost_by_log_out(const Holding& holding, std::size_t h, std::size_t k, double step_s, SimTime end) {
  SessionPools& pools = sessions_[h * classes_ + k];
  double lost = 0;
  for (std::size_t i = 0; i < log_outs_.size(); ++i) {
    const LogOut& log_out = log_outs_[i];
    if (log_out.ended || log_out.session != holding.session) continue;
    if (!log_out.spread_done && log_out.over_s > 0) {
      const double gone_s = (end - log_out.began).in_seconds();
      const double reaching_s = std::min(step_s, log_out.over_s - (gone_s - step_s));
      const double struck =
          at_log_out_[(i * parts_->holdings.size() + h) * classes_ + k] * log_out.share * reaching_s / log_out.over_s;
      const double taken = std::clamp(struck, 0.0, pools.valid);
      pools.lose_valid(taken);
      lost += taken;
    }
  }
  return lost;
}

void Crowd::move_holding(std::size_t h, std::size_t k, SimTime end, const std::vector<double>& successes) {
  const Holding& holding = parts_->holdings[h];
  const RetryLadder& ladder = ladders_[holding.ladder];
  const double success = past_[holding.outcome] * successes[holding.outcome * classes_ + k] * able_part(holding, k);
  const double again_per_s = lost_again_per_s(holding.session);
  const double step_s = (end - now_).in_seconds();

  // People go round: who gets in may be out again within the step, and who gives up may be back. Parts of the step in
  // which few do so twice keep the round as it is.
  const double rounds = step_s * std::max(again_per_s, ladder.returns_per_s());
  double opened = 0;
  if (rounds <= 1) {
    opened = move_holding_once(h, k, {now_, end}, ladder, success, again_per_s);
  } else {
    const double parts = std::ceil(rounds);
    RetryLadder& shorter = shorter_ladders_[holding.ladder];
    shorter.set_step(step_s / parts);
    SimTime from = now_;
    for (int part = 1; part <= static_cast<int>(parts); ++part) {
      const SimTime to = now_ + (end - now_) * (part / parts);
      opened += move_holding_once(h, k, {from, to}, shorter, success, again_per_s);
      from = to;
    }
  }
  opened_per_s_[h * classes_ + k] = opened / step_s;
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
double Crowd::move_holding_once(std::size_t h, std::size_t k, Span span, const RetryLadder& ladder, double success,
                                double again_per_s) {
  const Holding& holding = parts_->holdings[h];
  SessionPools& pools = sessions_[h * classes_ + k];
  const double seeks = seeks_per_person_s(holding);
  const double step_s = (span.to - span.from).in_seconds();
  double lost_online = lost_by_log_out(holding, h, k, step_s, span.to);
  // As many are expected to join these pools within the step as did before; what is wrong in it is put right after.
  const double joins_again = std::min(pools.opened_per_s * step_s, pools.again);
  const double joins_resting = std::min(pools.gave_up_per_s * step_s, pools.resting);
  if (again_per_s > 0) {
    lost_online += drained(pools.again, again_left_, again_per_s, joins_again, step_s);
  } else {
    pools.add_valid(pools.again, span.to);
    pools.again = 0;
  }
  // Those lost now: who is online is ejected and notices soon, the others find out when they next want something.
  const double online = lost_online > 0 ? 1 - online_left_.after(seeks, online_window_s) : 0;
  const bool can_expire = (*rules_)[h] || !holding.lifetimes.empty();
  const double expired = can_expire ? pools.expired(span.from, span.to, holding.lifetimes, renewed_[h]) : 0;
  const double noticed = drained(pools.noticing, noticing_left_, holding.notices_per_s, lost_online * online, step_s);
  const double found_out = drained(pools.unaware, unaware_left_, seeks, lost_online * (1 - online) + expired, step_s);
  const double returned = drained(pools.resting, resting_left_, ladder.returns_per_s(), joins_resting, step_s);

  const double arriving = (noticed + found_out + returned) * ladder.steps_per_s();
  const double let_in = arriving * admission_[holding.outcome], kept_out = arriving - let_in;
  const RetryTally in = pools.seeking.let_in.move(ladder, let_in * (1 - success), success);
  const RetryTally out = pools.seeking.kept_out.move(ladder, kept_out, 0);
  const double gave_up = in.gave_up + out.gave_up;
  const double opened = let_in * success * step_s + in.answered;
  pools.resting += gave_up - joins_resting;
  if (again_per_s > 0) {
    pools.again += opened - joins_again;
  } else {
    pools.add_valid(opened, span.to);
  }
  pools.opened_per_s = opened * ladder.steps_per_s();
  pools.gave_up_per_s = gave_up * ladder.steps_per_s();
  arriving_per_s_[h * classes_ + k] =
      pools.noticing * holding.notices_per_s + pools.unaware * seeks + pools.resting * ladder.returns_per_s();

  ledger_.sessions_lost += lost_online + expired;
  ledger_.sessions_opened += opened;
  ledger_.tries += arriving * step_s + in.tries + out.tries;
  ledger_.tries_answered += opened;
  const double turned_away = (1 - past_[holding.outcome]) * (let_in * step_s + in.tries);
  ledger_.tries_failed += let_in * (1 - success) * step_s + in.tries - in.answered - turned_away;
  ledger_.tries_turned_away += kept_out * step_s + out.tries + turned_away;
  return opened;
}

void Crowd::set_admission(std::uint32_t outcome, double share) {
  const double before = admission_[outcome];
  if (share == before) return;
  admission_[outcome] = share;
  // Who is let in is a property of the person: the first ones stay in, and those kept out are alike.
  const auto resplit = [&](AdmissionPools& pools) {
    if (share > before) pools.kept_out.hand_over((share - before) / (1 - before), pools.let_in);
    if (share < before) pools.let_in.hand_over((before - share) / before, pools.kept_out);
  };
  for (const std::uint32_t s : parts_->streams_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) resplit(waiting_[s * classes_ + k]);
  }
  for (const std::uint32_t h : parts_->holdings_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) resplit(sessions_[h * classes_ + k].seeking);
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
      const double lost = pools.valid * share;
      const double seeks = seeks_per_person_s(holding);
      const double online = -std::expm1(-seeks * online_window_s);
      pools.lose_valid(lost);
      pools.noticing += lost * online;
      pools.unaware += lost * (1 - online);
      ledger_.sessions_lost += lost;
      arriving_per_s_[h * classes_ + k] += lost * online * holding.notices_per_s + lost * (1 - online) * seeks;
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

void Crowd::look_at(std::uint32_t outcome, const Circuit& circuit, Success& all, Success& among_admitted) const {
  all = among_admitted = {};
  const std::size_t region = parts_->region_of_outcome[outcome];
  const double admitted = admission_[outcome] * past_[outcome];
  const std::vector<std::uint32_t>& streams = parts_->streams_of_outcome[outcome];
  for (std::size_t k = 0; k < classes_; ++k) {
    // Of all who come, those who are able to; as users meet it, and without the turned away.
    double able = streams.empty() ? 1 : 0, able_among_admitted = able;
    for (const std::uint32_t s : streams) {
      const Stream& stream = parts_->streams[s];
      const bool needs_none = stream.holding == nowhere;
      const std::size_t i = needs_none ? 0 : stream.holding * classes_ + k;
      able += stream.part_of_outcome * (needs_none ? 1 : able_[i]);
      able_among_admitted += stream.part_of_outcome * (needs_none ? 1 : able_among_admitted_[i]);
    }
    const Answer answer = circuit.outcome(outcome, k);
    const double share = share_of_class(region, k);
    all.ok += share * able * admitted * answer.ok;
    all.degraded += share * able * admitted * answer.degraded;
    among_admitted.ok += share * able_among_admitted * answer.ok;
    among_admitted.degraded += share * able_among_admitted * answer.degraded;
  }
}

void Crowd::look_at_abilities(const Circuit& circuit) {
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const std::uint32_t opening = parts_->holdings[h].outcome;
    for (std::size_t k = 0; k < classes_; ++k) {
      const std::size_t i = h * classes_ + k;
      const SessionPools& pools = sessions_[i];
      // People who do not know yet would have to log in first; who knows and could not is out.
      const double held = pools.held(), finding_out = pools.unaware + pools.noticing;
      const double wanting = held + pools.missing();
      const double opens = circuit.outcome(opening, k).total() * able_part(parts_->holdings[h], k);
      able_[i] = wanting > 0 ? (held + finding_out * opens * admission_[opening] * past_[opening]) / wanting : 1;
      able_among_admitted_[i] = wanting > 0 ? (held + finding_out * opens) / wanting : 1;
    }
  }
}

double Crowd::tries_per_s(std::uint32_t outcome) const {
  double tries = 0;
  for (const std::uint32_t s : parts_->streams_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      tries += intents_now(s, k).let_in + waiting_[s * classes_ + k].let_in.tries_per_s();
    }
  }
  for (const std::uint32_t h : parts_->holdings_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      tries += arriving_per_s_[h * classes_ + k] * admission_[outcome] +
               sessions_[h * classes_ + k].seeking.let_in.tries_per_s();
    }
  }
  return tries * past_[outcome];
}

double Crowd::turned_away_per_s(std::uint32_t outcome) const {
  double tries = past_[outcome] < 1 && past_[outcome] > 0 ? tries_per_s(outcome) * (1 / past_[outcome] - 1) : 0;
  for (const std::uint32_t s : parts_->streams_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      tries += intents_now(s, k).kept_out + waiting_[s * classes_ + k].kept_out.tries_per_s();
    }
  }
  for (const std::uint32_t h : parts_->holdings_of_outcome[outcome]) {
    for (std::size_t k = 0; k < classes_; ++k) {
      tries += arriving_per_s_[h * classes_ + k] * (1 - admission_[outcome]) +
               sessions_[h * classes_ + k].seeking.kept_out.tries_per_s();
    }
  }
  return tries;
}

double Crowd::held_share(world::SessionId session, std::optional<world::RegionId> region) const {
  double held = 0, holders = 0;
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    const Holding& holding = parts_->holdings[h];
    if (holding.session != session || (region && parts_->cohorts[holding.cohort].region != *region)) continue;
    holders += holding.holders;
    for (std::size_t k = 0; k < classes_; ++k) held += sessions_[h * classes_ + k].held();
  }
  return holders > 0 ? held / holders : 1;
}

double Crowd::renewals_per_s(std::uint32_t holding) const {
  double renewals = 0;
  for (std::size_t k = 0; k < classes_; ++k) renewals += sessions_[holding * classes_ + k].renewals_per_s();
  return renewals;
}

double Crowd::people_failing() const {
  double failing = 0;
  for (const AdmissionPools& pools : waiting_) failing += pools.waiting();
  for (const SessionPools& pools : sessions_) failing += pools.seeking.waiting() + pools.resting;
  return failing;
}

double Crowd::reports_per_s() const {
  const auto each_per_s = [this](world::PopulationId population) {
    return (*parts_->world)[population].reports.per_second();
  };
  double reports = 0;
  for (std::size_t s = 0; s < parts_->streams.size(); ++s) {
    double waiting = 0;
    for (std::size_t k = 0; k < classes_; ++k) waiting += waiting_[s * classes_ + k].waiting();
    reports += waiting * each_per_s(parts_->streams[s].population);
  }
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    double failing = 0;
    for (std::size_t k = 0; k < classes_; ++k)
      failing += sessions_[h * classes_ + k].seeking.waiting() + sessions_[h * classes_ + k].resting;
    reports += failing * each_per_s(parts_->holdings[h].population);
  }
  return reports;
}

double Crowd::waiting_intents() const {
  double waiting = 0;
  for (const AdmissionPools& pools : waiting_) waiting += pools.waiting();
  return waiting;
}

void Crowd::add_to(Ledger& ledger) const {
  ledger = ledger_;
  ledger.waiting = waiting_intents();
  for (std::size_t h = 0; h < parts_->holdings.size(); ++h) {
    ledger.holders_now += parts_->holdings[h].dormant;
    for (std::size_t k = 0; k < classes_; ++k) {
      const SessionPools& pools = sessions_[h * classes_ + k];
      ledger.holders_now += pools.held() + pools.missing();
      ledger.sessions_missing += pools.missing();
    }
  }
}

}  // namespace knockon::traffic
