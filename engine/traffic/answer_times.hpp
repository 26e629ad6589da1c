// How long each of many answers takes: a mix of a few kinds of answers (those from a cache, those that came at the
// second attempt), the times of each kind being lognormal. Shares need not add up to one: what is missing ends another
// way.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "engine/traffic/answer_time.hpp"

namespace knockon::traffic {

class AnswerTimes {
 public:
  struct Kind {
    double share;
    AnswerTime time;
  };
  // More than so many are made fewer, the nearest first, keeping the mean and variance of all.
  static constexpr std::size_t kinds_max = 6;

  AnswerTimes() = default;  // none
  explicit AnswerTimes(AnswerTime time, double share = 1) { add(share, time); }

  void add(double share, AnswerTime time);
  void add(const AnswerTimes& others, double of_them = 1);

  [[nodiscard]] double share() const;
  [[nodiscard]] std::span<const Kind> kinds() const { return {kinds_.data(), count_}; }
  [[nodiscard]] AnswerTimes times(double share) const;  // as many of each kind
  [[nodiscard]] AnswerTimes within(double limit_s) const;
  [[nodiscard]] AnswerTimes beyond(double limit_s) const;

  // Of all of these, and their quantile: REQUIRES: share() > 0.
  [[nodiscard]] double mean_s() const;
  [[nodiscard]] double quantile_s(double probability) const;

 private:
  void make_room();

  std::array<Kind, kinds_max + 1> kinds_{};
  std::size_t count_ = 0;
};

// One after the other; whichever comes later, and earlier, of two at once. All are independent.
[[nodiscard]] AnswerTimes in_turn(const AnswerTimes& first, const AnswerTimes& then);
[[nodiscard]] AnswerTimes later(const AnswerTimes& one, const AnswerTimes& other);
[[nodiscard]] AnswerTimes earlier(const AnswerTimes& one, const AnswerTimes& other);

}  // namespace knockon::traffic
