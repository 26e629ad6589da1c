#include "engine/traffic/answer_time.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace knockon::traffic {
namespace {

constexpr double least_unevenness = 0.05;

// Drawn by inverse transform at the middles of so many equal parts.
AnswerTime moments_of(const random::Distribution& seconds) {
  constexpr int parts = 4096;
  double sum = 0, squares = 0;
  for (int n = 0; n < parts; ++n) {
    const double value = std::max(0.0, seconds.quantile((n + 0.5) / parts));
    sum += value;
    squares += value * value;
  }
  const double mean_s = sum / parts;
  return {mean_s, std::max(0.0, squares / parts - mean_s * mean_s)};
}

}  // namespace

AnswerTime time_of(const world::Latency& latency) {
  if (latency.other) return moments_of(latency.other->seconds());
  const double spread = latency.sigma * latency.sigma;
  const double mean_s = latency.median.in_seconds() * std::exp(spread / 2);
  return {mean_s, mean_s * mean_s * std::expm1(spread)};
}

double share_within(double limit_s, AnswerTime time) {
  if (!std::isfinite(limit_s)) return 1;
  if (limit_s <= 0 || !std::isfinite(time.mean_s)) return 0;
  if (time.mean_s <= 0) return 1;
  const double sigma_squared =
      std::max(least_unevenness * least_unevenness, std::log1p(time.variance_s2 / (time.mean_s * time.mean_s)));
  const double z = (std::log(limit_s / time.mean_s) + sigma_squared / 2) / std::sqrt(sigma_squared);
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

AnswerTime after_waiting(Wait wait, AnswerTime time) {
  if (wait.mean_s <= 0) return time;
  const double differs_s = std::max(wait.unevenness, least_unevenness) * wait.mean_s;
  return {wait.mean_s + time.mean_s, time.variance_s2 + differs_s * differs_s};
}

}  // namespace knockon::traffic
