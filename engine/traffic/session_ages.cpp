#include "engine/traffic/session_ages.hpp"

#include <algorithm>
#include <cmath>

namespace knockon::traffic {
namespace {

using quantity::Duration;

// As many ages as tell a lifetime well apart, and at least so many and at most so many between two renewals.
constexpr double ages_of_a_lifetime = 1024, ages_without_renewal = 256;
constexpr double ages_between_least = 8, ages_between_most = 64;
// Whatever is written, ages are no finer and no more.
constexpr double shortest_part_s = 0.25, ages_most = 4096;
// Lifetimes that differ are taken as so many, each as likely as another.
constexpr std::size_t lifetimes_told_apart = 256;

std::vector<double> lifetimes_of(const world::SessionKind& kind) {
  std::vector<double> lifetimes_s;
  if (!kind.lifetime) return lifetimes_s;
  for (std::size_t n = 0; n < lifetimes_told_apart; ++n) {
    const double probability = (static_cast<double>(n) + 0.5) / lifetimes_told_apart;
    lifetimes_s.push_back(std::max(kind.lifetime->quantile(probability).in_seconds(), 1e-3));
  }
  return lifetimes_s;
}

}  // namespace

AgeRules::AgeRules(const world::SessionKind& kind) : never_expires_{!kind.lifetime} {
  const std::vector<double> lifetimes_s = lifetimes_of(kind);
  const double longest_s = lifetimes_s.empty() ? 0 : lifetimes_s.back();
  if (kind.renewal) {
    const double every_s = kind.renewal->every.in_seconds();
    const double wanted = never_expires_ ? 0 : ages_of_a_lifetime * every_s / longest_s;
    const double shortest_s = std::max(shortest_part_s, longest_s / ages_most);
    const double between = std::min(std::clamp(wanted, ages_between_least, ages_between_most), every_s / shortest_s);
    renewal_ages_ = static_cast<std::size_t>(std::max(between, 1.0));
    part_ = Duration::of_seconds(std::max(every_s / static_cast<double>(renewal_ages_), shortest_s));
    if (renewal_ages_ == 1) renewals_a_part_ = std::max(1.0, part_.in_seconds() / every_s);
  } else if (never_expires_) {
    part_ = Duration::infinite();
  } else {
    part_ = Duration::of_seconds(std::max(longest_s / ages_without_renewal, shortest_part_s));
  }
  const double part_s = part_.in_seconds();
  ages_ = never_expires_ ? std::max<std::size_t>(renewal_ages_, 1)
                         : static_cast<std::size_t>(std::max(1.0, std::ceil(longest_s / part_s - 1e-6)));
  surviving_.assign(ages_ + 1, 1);
  reaching_.assign(ages_, 1);
  outliving_.assign(ages_, 1);
  if (never_expires_) return;
  // Those of one age are evenly spread over its part. The youngest are taken to live out theirs.
  for (std::size_t age = 1; age <= ages_; ++age) {
    double sum = 0;
    for (const double lifetime_s : lifetimes_s)
      sum += std::clamp(lifetime_s / part_s - static_cast<double>(age), 0.0, 1.0);
    surviving_[age] = age == ages_ ? 0 : sum / lifetimes_told_apart;
  }
  for (std::size_t age = 0; age < ages_; ++age) {
    const double due_s = static_cast<double>(age + 1) * part_s * (1 + 1e-9);
    const auto longer = std::count_if(lifetimes_s.begin(), lifetimes_s.end(), [due_s](double l) { return l > due_s; });
    const double valid_when_due = static_cast<double>(longer) / lifetimes_told_apart;
    const double now = surviving_[age], after = surviving_[age + 1];
    const double due = renews(age) ? std::clamp(valid_when_due, after, now) : after;
    reaching_[age] = now > 0 ? due / now : 0;
    outliving_[age] = due > 0 ? after / due : 0;
  }
}

double AgeRules::renewed(double answered) const {
  return renewals_a_part_ == 1 ? answered : 1 - std::pow(1 - answered, renewals_a_part_);
}

void SessionAges::begin(const AgeRules& rules, double sessions) {
  by_age_.assign(rules.ages(), 0);
  used_ = rules.ages_renewed();
  double all = 0;
  for (std::size_t age = 0; age < used_; ++age) all += rules.surviving(age);
  for (std::size_t age = 0; age < used_; ++age) by_age_[age] = sessions * rules.surviving(age) / all;
  valid_ = sessions;
  look_at_part(rules);
}

void SessionAges::look_at_part(const AgeRules& rules) {
  passed_ = {};
  renewed_s_ = youngest_ = renewing_ = expiring_ = expiring_unrenewed_ = 0;
  if (rules.is_ageless()) return;
  for (std::size_t age = 0; age < used_; ++age) {
    const double due = by_age_[age] * rules.reaching(age);
    expiring_ += by_age_[age] - due;
    if (!rules.renews(age)) continue;
    renewing_ += due;
    expiring_unrenewed_ += due * (1 - rules.outliving(age));
  }
}

double SessionAges::renewals_per_s(const AgeRules& rules) const {
  return renewing_ * rules.renewals_a_part() / rules.part().in_seconds();
}

double SessionAges::expiring_per_s(const AgeRules& rules, double answered) const {
  return (expiring_ + expiring_unrenewed_ * (1 - rules.renewed(answered))) / rules.part().in_seconds();
}

Duration SessionAges::left(const AgeRules& rules) const {
  return rules.is_ageless() ? Duration::infinite() : rules.part() - passed_;
}

double SessionAges::age(const AgeRules& rules, Duration span, double answered) {
  if (rules.is_ageless()) return 0;
  const double part = span / rules.part(), renewed = rules.renewed(answered);
  const double expired = std::min(valid_, part * (expiring_ + expiring_unrenewed_ * (1 - renewed)));
  youngest_ += part * renewing_ * renewed;
  renewed_s_ += span.in_seconds() * renewed;
  passed_ += span;
  valid_ -= expired;
  return expired;
}

void SessionAges::turn(const AgeRules& rules) {
  if (rules.is_ageless() || passed_ < rules.part()) return;
  const double not_renewed = std::clamp(1 - renewed_s_ / passed_.in_seconds(), 0.0, 1.0);
  const double youngest = youngest_ + (rules.never_expires() ? by_age_[rules.ages() - 1] * not_renewed : 0);
  const std::size_t last = std::min(used_, rules.ages() - 1);
  for (std::size_t age = last; age > 0; --age) {
    const double due = by_age_[age - 1] * rules.reaching(age - 1);
    by_age_[age] = rules.renews(age - 1) ? due * not_renewed * rules.outliving(age - 1) : due;
  }
  by_age_[0] = youngest;
  used_ = std::min(last + 1, rules.ages());
  while (used_ > 1 && by_age_[used_ - 1] == 0) --used_;
  look_at_part(rules);
}

void SessionAges::add(double opened) {
  youngest_ += opened;
  valid_ += opened;
}

void SessionAges::lose(double share) {
  const double left = 1 - share;
  for (std::size_t age = 0; age < used_; ++age) by_age_[age] *= left;
  for (double* amount : {&youngest_, &valid_, &renewing_, &expiring_, &expiring_unrenewed_}) *amount *= left;
}

double SessionAges::expiring_within(const AgeRules& rules, Duration ahead) const {
  if (rules.is_ageless() || rules.never_expires()) return 0;
  const auto older = static_cast<std::size_t>(std::ceil(ahead / rules.part())) + 1;
  double expiring = 0;
  for (std::size_t age = 0; age < used_; ++age) {
    const double now = rules.surviving(age);
    if (now > 0) expiring += by_age_[age] * (1 - rules.surviving(age + older) / now);
  }
  return expiring;
}

Duration SessionAges::renewals_alike(const AgeRules& rules, double room_per_s) const {
  constexpr double told_apart = 0.25;
  const std::size_t between = rules.ages_between_renewals();
  if (between == 0 || !std::isfinite(room_per_s)) return Duration::infinite();
  const double part_s = rules.part().in_seconds();
  const double now_per_s = renewals_per_s(rules);
  const double most = now_per_s > room_per_s ? now_per_s * (1 + told_apart) : room_per_s;
  const double least = now_per_s > room_per_s ? now_per_s * (1 - told_apart) : 0;
  // What is so old now that it is due so many parts from here.
  for (std::size_t ahead = 1; ahead < between; ++ahead) {
    double due = 0;
    for (std::size_t age = between - 1 - ahead; age < used_; age += between) due += by_age_[age];
    if (due > most * part_s || due < least * part_s)
      return left(rules) + Duration::of_ticks(rules.part().ticks() * static_cast<std::int64_t>(ahead - 1));
  }
  return Duration::infinite();
}

}  // namespace knockon::traffic
