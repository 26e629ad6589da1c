// What one replication says about one measure: a value, a lower bound (the run ended first), or nothing.
#pragma once

#include <cstdint>
#include <vector>

namespace knockon::statistics {

class Reading {
 public:
  enum class Kind : std::uint8_t { exact, censored, undefined };

  constexpr Reading() = default;  // undefined: an app that was not hit has no date
  static constexpr Reading exact(double value) { return Reading{Kind::exact, value}; }
  // The true value is `bound` or more: the run ended before it could be seen.
  static constexpr Reading censored(double bound) { return Reading{Kind::censored, bound}; }

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr bool is_exact() const { return kind_ == Kind::exact; }
  [[nodiscard]] constexpr bool is_censored() const { return kind_ == Kind::censored; }
  [[nodiscard]] constexpr bool is_undefined() const { return kind_ == Kind::undefined; }
  // The value, or the bound it is not below; zero when undefined.
  [[nodiscard]] constexpr double value() const { return value_; }

 private:
  constexpr Reading(Kind kind, double value) : kind_{kind}, value_{value} {}
  Kind kind_ = Kind::undefined;
  double value_ = 0;
};

// One reading a replication, in the order of their numbers.
using Sample = std::vector<Reading>;

}  // namespace knockon::statistics
