// Amounts with a unit: shares, rates, money and data. Each is a double that knows what it counts.
#pragma once

#include <compare>

#include "engine/quantity/time.hpp"

namespace knockon::quantity {

// A part of a whole; 1 is everything. Readings may exceed 1 by rounding; what authors write is checked by the reader.
class Share {
 public:
  constexpr Share() = default;
  constexpr explicit Share(double value) : value_{value} {}
  static constexpr Share percent(double percent) { return Share{percent / 100}; }
  [[nodiscard]] constexpr double value() const { return value_; }
  friend constexpr auto operator<=>(Share, Share) = default;

 private:
  double value_ = 0;
};

// Events a second of simulated time.
class Rate {
 public:
  constexpr Rate() = default;
  static constexpr Rate per_second(double count) { return Rate{count}; }
  static constexpr Rate per_hour(double count) { return Rate{count / 3600}; }
  static constexpr Rate per_day(double count) { return Rate{count / 86400}; }
  [[nodiscard]] constexpr double per_second() const { return per_second_; }
  [[nodiscard]] constexpr double per_minute() const { return per_second_ * 60; }
  [[nodiscard]] constexpr double per_day() const { return per_second_ * 86400; }
  friend constexpr auto operator<=>(Rate, Rate) = default;

 private:
  constexpr explicit Rate(double per_second) : per_second_{per_second} {}
  double per_second_ = 0;
};

// An amount of the scenario's one currency (world::World::currency).
class Money {
 public:
  constexpr Money() = default;
  constexpr explicit Money(double amount) : amount_{amount} {}
  [[nodiscard]] constexpr double amount() const { return amount_; }
  friend constexpr auto operator<=>(Money, Money) = default;
  friend constexpr Money operator+(Money a, Money b) { return Money{a.amount_ + b.amount_}; }
  friend constexpr Money operator-(Money a, Money b) { return Money{a.amount_ - b.amount_}; }
  friend constexpr Money& operator+=(Money& a, Money b) { return a = a + b; }
  friend constexpr Money operator*(Money a, double factor) { return Money{a.amount_ * factor}; }

 private:
  double amount_ = 0;
};

// Money a minute: the unit in which outages are priced.
class MoneyRate {
 public:
  constexpr MoneyRate() = default;
  static constexpr MoneyRate per_minute(double amount) { return MoneyRate{amount}; }
  static constexpr MoneyRate per_hour(double amount) { return MoneyRate{amount / 60}; }
  [[nodiscard]] constexpr double per_minute() const { return per_minute_; }
  friend constexpr auto operator<=>(MoneyRate, MoneyRate) = default;
  friend Money operator*(MoneyRate rate, Duration d) { return Money{rate.per_minute_ * d.in_minutes()}; }

 private:
  constexpr explicit MoneyRate(double per_minute) : per_minute_{per_minute} {}
  double per_minute_ = 0;
};

// Bytes.
class DataSize {
 public:
  constexpr DataSize() = default;
  constexpr explicit DataSize(double bytes) : bytes_{bytes} {}
  [[nodiscard]] constexpr double bytes() const { return bytes_; }
  friend constexpr auto operator<=>(DataSize, DataSize) = default;

 private:
  double bytes_ = 0;
};

// Bytes a second (authors write bits a second, as networks do).
class DataRate {
 public:
  constexpr DataRate() = default;
  static constexpr DataRate bytes_per_second(double bytes) { return DataRate{bytes}; }
  static constexpr DataRate bits_per_second(double bits) { return DataRate{bits / 8}; }
  [[nodiscard]] constexpr double bytes_per_second() const { return bytes_per_second_; }
  friend constexpr auto operator<=>(DataRate, DataRate) = default;

 private:
  constexpr explicit DataRate(double bytes_per_second) : bytes_per_second_{bytes_per_second} {}
  double bytes_per_second_ = 0;
};

}  // namespace knockon::quantity
