#include "engine/traffic/answer_times.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/quantity/contract.hpp"

namespace knockon::traffic {
namespace {

// Kinds closer than this in time are told apart by nobody.
constexpr double finest_s = 1e-6;
// Times that differ by less than this part are the same.
constexpr double least_sigma = 1e-6;
constexpr double negligible = 1e-9;  // as a share of requests

double normal(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

// Of the logarithm.
struct Logarithm {
  double mean, sigma;
};
Logarithm logarithm_of(AnswerTime time) {
  const double variance = std::log1p(time.variance_s2 / (time.mean_s * time.mean_s));
  return {std::log(time.mean_s) - variance / 2, std::sqrt(variance)};
}

double second_moment(AnswerTime time) { return time.variance_s2 + time.mean_s * time.mean_s; }

AnswerTime by_moments(double first, double second) { return {first, std::max(0.0, second - first * first)}; }

double share_until(double limit_s, AnswerTime time) {
  if (time.mean_s <= 0) return limit_s >= 0 ? 1 : 0;
  if (limit_s <= 0) return 0;
  const Logarithm log = logarithm_of(time);
  if (log.sigma < least_sigma) return limit_s >= time.mean_s * (1 - least_sigma) ? 1 : 0;
  return normal((std::log(limit_s) - log.mean) / log.sigma);
}

// Those of a kind on one side of a limit: the moments of a lognormal that is cut there.
AnswerTimes::Kind part_of(AnswerTimes::Kind kind, double limit_s, bool below) {
  const auto [share, time] = kind;
  const double until = share_until(limit_s, time);
  const double kept = below ? until : 1 - until;
  if (time.mean_s <= 0 || kept <= 0 || kept >= 1) return {share * kept, time};
  const Logarithm log = logarithm_of(time);
  const double z = (std::log(limit_s) - log.mean) / log.sigma;
  const auto moment = [&](int n) {
    const double part = normal(z - n * log.sigma);
    return (below ? part : 1 - part) / kept;
  };
  return {share * kept, by_moments(time.mean_s * moment(1), second_moment(time) * moment(2))};
}

// The moments of the greater of two lognormals: E[X; X > Y] is the mean of X times a normal probability.
AnswerTime later_of(AnswerTime a, AnswerTime b) {
  if (a.mean_s <= 0) return b;
  if (b.mean_s <= 0) return a;
  const Logarithm x = logarithm_of(a), y = logarithm_of(b);
  const double apart = std::hypot(x.sigma, y.sigma);
  if (apart < least_sigma) return a.mean_s > b.mean_s ? a : b;
  const auto part = [apart](Logarithm greater, Logarithm less, int n) {
    return normal((greater.mean - less.mean + n * greater.sigma * greater.sigma) / apart);
  };
  return by_moments(a.mean_s * part(x, y, 1) + b.mean_s * part(y, x, 1),
                    second_moment(a) * part(x, y, 2) + second_moment(b) * part(y, x, 2));
}

// Moments of both together are those of the earlier and of the later.
AnswerTime earlier_of(AnswerTime a, AnswerTime b) {
  const AnswerTime late = later_of(a, b);
  return by_moments(std::max(0.0, a.mean_s + b.mean_s - late.mean_s),
                    second_moment(a) + second_moment(b) - second_moment(late));
}

AnswerTime sum_of(AnswerTime a, AnswerTime b) { return {a.mean_s + b.mean_s, a.variance_s2 + b.variance_s2}; }

template <class Combine>
AnswerTimes combined(const AnswerTimes& one, const AnswerTimes& other, const Combine& combine) {
  AnswerTimes all;
  for (const AnswerTimes::Kind& a : one.kinds()) {
    for (const AnswerTimes::Kind& b : other.kinds()) all.add(a.share * b.share, combine(a.time, b.time));
  }
  return all;
}

}  // namespace

void AnswerTimes::add(double share, AnswerTime time) {
  if (!(share > negligible) || !std::isfinite(time.mean_s)) return;
  const auto behind = std::find_if(kinds_.begin(), kinds_.begin() + static_cast<std::ptrdiff_t>(count_),
                                   [&](const Kind& kind) { return kind.time.mean_s > time.mean_s; });
  std::move_backward(behind, kinds_.begin() + static_cast<std::ptrdiff_t>(count_),
                     kinds_.begin() + static_cast<std::ptrdiff_t>(count_) + 1);
  *behind = {share, time};
  if (++count_ > kinds_max) make_room();
}

void AnswerTimes::add(const AnswerTimes& others, double of_them) {
  for (const Kind& kind : others.kinds()) add(kind.share * of_them, kind.time);
}

// Takes the two neighbours together that cost least: by how many they are, and how far apart on a logarithmic scale.
void AnswerTimes::make_room() {
  std::size_t first = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n + 1 < count_; ++n) {
    const Kind &a = kinds_[n], &b = kinds_[n + 1];
    const double apart = std::log((b.time.mean_s + finest_s) / (a.time.mean_s + finest_s));
    const double cost = a.share * b.share / (a.share + b.share) * apart * apart;
    if (cost >= least) continue;
    least = cost;
    first = n;
  }
  const Kind a = kinds_[first], b = kinds_[first + 1];
  const double share = a.share + b.share, part = a.share / share;
  kinds_[first] = {share, by_moments(part * a.time.mean_s + (1 - part) * b.time.mean_s,
                                     part * second_moment(a.time) + (1 - part) * second_moment(b.time))};
  std::move(kinds_.begin() + static_cast<std::ptrdiff_t>(first) + 2,
            kinds_.begin() + static_cast<std::ptrdiff_t>(count_),
            kinds_.begin() + static_cast<std::ptrdiff_t>(first) + 1);
  --count_;
}

double AnswerTimes::share() const {
  double sum = 0;
  for (const Kind& kind : kinds()) sum += kind.share;
  return sum;
}

AnswerTimes AnswerTimes::times(double share) const {
  AnswerTimes some;
  some.add(*this, share);
  return some;
}

AnswerTimes AnswerTimes::within(double limit_s) const {
  AnswerTimes some;
  for (const Kind& kind : kinds()) {
    const Kind part = part_of(kind, limit_s, true);
    some.add(part.share, part.time);
  }
  return some;
}

AnswerTimes AnswerTimes::beyond(double limit_s) const {
  AnswerTimes some;
  for (const Kind& kind : kinds()) {
    const Kind part = part_of(kind, limit_s, false);
    some.add(part.share, part.time);
  }
  return some;
}

double AnswerTimes::mean_s() const {
  double sum = 0;
  for (const Kind& kind : kinds()) sum += kind.share * kind.time.mean_s;
  return sum / share();
}

double AnswerTimes::quantile_s(double probability) const {
  quantity::require(count_ > 0, "a quantile is of some answers");
  const double wanted = probability * share();
  const auto until = [this](double limit_s) {
    double sum = 0;
    for (const Kind& kind : kinds()) sum += kind.share * share_until(limit_s, kind.time);
    return sum;
  };
  double least = finest_s, most = finest_s;
  if (until(least) >= wanted) return 0;
  while (until(most) < wanted) most *= 4;
  constexpr int halvings = 36;  // of a factor of four: to 1e-11 of it
  for (int n = 0; n < halvings; ++n) {
    const double middle = n < 4 ? std::sqrt(least * most) : (least + most) / 2;
    (until(middle) < wanted ? least : most) = middle;
  }
  return most;
}

AnswerTimes in_turn(const AnswerTimes& first, const AnswerTimes& then) { return combined(first, then, sum_of); }
AnswerTimes later(const AnswerTimes& one, const AnswerTimes& other) { return combined(one, other, later_of); }
AnswerTimes earlier(const AnswerTimes& one, const AnswerTimes& other) { return combined(one, other, earlier_of); }

}  // namespace knockon::traffic
