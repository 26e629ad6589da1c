// Simulated time: whole counts of 2^-20 s, so that dates and their sums are exact (also in the kernel's double seconds)
// and the order of events never hangs on rounding.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace knockon::quantity {

// A length of simulated time; may be negative. Range: about ±278,000 years, saturating where arithmetic would leave it.
class Duration {
 public:
  static constexpr std::int64_t ticks_per_second = std::int64_t{1} << 20;

  constexpr Duration() = default;
  static constexpr Duration of_ticks(std::int64_t ticks) { return Duration{ticks}; }
  // Rounds to the nearest tick; saturates beyond the range; NaN becomes zero.
  static Duration of_seconds(double seconds);
  static constexpr Duration seconds(std::int64_t count) { return Duration{count * ticks_per_second}; }
  static constexpr Duration minutes(std::int64_t count) { return seconds(count * 60); }
  static constexpr Duration hours(std::int64_t count) { return seconds(count * 3600); }
  static constexpr Duration infinite() { return Duration{std::numeric_limits<std::int64_t>::max()}; }

  [[nodiscard]] constexpr std::int64_t ticks() const { return ticks_; }
  [[nodiscard]] constexpr double in_seconds() const {
    return static_cast<double>(ticks_) / static_cast<double>(ticks_per_second);
  }
  [[nodiscard]] constexpr double in_minutes() const { return in_seconds() / 60; }
  [[nodiscard]] constexpr double in_hours() const { return in_seconds() / 3600; }
  [[nodiscard]] constexpr bool is_infinite() const { return ticks_ == std::numeric_limits<std::int64_t>::max(); }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator-(Duration d) { return Duration{-d.ticks_}; }
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration{saturating_sum(a.ticks_, b.ticks_)}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return a + -b; }
  friend constexpr Duration& operator+=(Duration& a, Duration b) { return a = a + b; }
  friend Duration operator*(Duration a, double factor) { return of_seconds(a.in_seconds() * factor); }
  friend constexpr double operator/(Duration a, Duration b) {
    return static_cast<double>(a.ticks_) / static_cast<double>(b.ticks_);
  }

 private:
  friend class SimTime;
  constexpr explicit Duration(std::int64_t ticks) : ticks_{ticks} {}

  static constexpr std::int64_t saturating_sum(std::int64_t a, std::int64_t b) {
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    if (a == max || b == max) return max;
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return b > 0 ? max : -max;
    return sum < -max ? -max : sum;
  }

  std::int64_t ticks_ = 0;
};

// A date in a replication, counted from the scenario's `starts`. "Never" is later than every date.
class SimTime {
 public:
  constexpr SimTime() = default;
  static constexpr SimTime at(Duration since_start) { return SimTime{since_start}; }
  static constexpr SimTime never() { return SimTime{Duration::infinite()}; }

  [[nodiscard]] constexpr Duration since_start() const { return since_start_; }
  [[nodiscard]] constexpr bool is_never() const { return since_start_.is_infinite(); }

  friend constexpr auto operator<=>(SimTime, SimTime) = default;
  friend constexpr SimTime operator+(SimTime t, Duration d) { return SimTime{t.since_start_ + d}; }
  friend constexpr SimTime operator-(SimTime t, Duration d) { return SimTime{t.since_start_ - d}; }
  friend constexpr Duration operator-(SimTime a, SimTime b) { return a.since_start_ - b.since_start_; }

 private:
  constexpr explicit SimTime(Duration since_start) : since_start_{since_start} {}
  Duration since_start_;
};

}  // namespace knockon::quantity
