// What is alike in several regions, side by side: one operation on all of them at once, where the processor can.
// Each lane is worked out by the same operations whatever the processor, so to the same bits.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace knockon::traffic {

inline constexpr std::size_t lanes = 4;

// Some regions side by side, in their order.
struct Block {
  std::uint32_t number, first_region, regions;
};
inline std::size_t blocks_of(std::size_t regions) { return (regions + lanes - 1) / lanes; }
inline Block block_of(std::size_t regions, std::size_t number) {
  const std::size_t first = number * lanes;
  return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(first),
          static_cast<std::uint32_t>(std::min(lanes, regions - first))};
}

// Which lanes something is so in.
class LaneMask {
 public:
  using Vector [[gnu::vector_size(lanes * sizeof(double))]] = std::int64_t;
  explicit LaneMask(Vector vector) : vector_{vector} {}
  [[nodiscard]] const Vector& vector() const { return vector_; }
  // The first so many.
  static LaneMask first(std::size_t count) {
    const auto last = static_cast<std::int64_t>(count);
    return LaneMask{Vector{0, 1, 2, 3} < Vector{last, last, last, last}};
  }
  friend LaneMask operator|(LaneMask a, LaneMask b) { return LaneMask{a.vector_ | b.vector_}; }
  friend LaneMask operator&(LaneMask a, LaneMask b) { return LaneMask{a.vector_ & b.vector_}; }
  friend bool any(const LaneMask& mask) {
#ifdef __AVX__
    return __builtin_ia32_movmskpd256(std::bit_cast<Number>(mask.vector_)) != 0;
#else
    return ((mask.vector_[0] | mask.vector_[1]) | (mask.vector_[2] | mask.vector_[3])) != 0;
#endif
  }

 private:
  using Number [[gnu::vector_size(lanes * sizeof(double))]] = double;
  Vector vector_;
};

class Lanes {
 public:
  using Vector [[gnu::vector_size(lanes * sizeof(double))]] = double;
  Lanes() = default;
  Lanes(double all) : vector_{all, all, all, all} {}
  explicit Lanes(Vector vector) : vector_{vector} {}
  // As many as there are, of numbers so far apart; nothing in the others.
  static Lanes of(const double* first, std::size_t count, std::size_t apart = 1) {
    Lanes some;
    for (std::size_t lane = 0; lane < count; ++lane) some.vector_[lane] = first[lane * apart];
    return some;
  }
  // REQUIRES: four numbers are there.
  static Lanes of_all(const double* first) {
    Lanes some;
    std::memcpy(&some.vector_, first, sizeof some.vector_);
    return some;
  }

  // Of two, and nothing in the others.
  static Lanes of_two(const double* first) { return Lanes{Vector{first[0], first[1], 0, 0}}; }
  void put_all(double* first) const { std::memcpy(first, &vector_, sizeof vector_); }
  void put_two(double* first) const {
    first[0] = vector_[0];
    first[1] = vector_[1];
  }

  [[nodiscard]] double operator[](std::size_t lane) const { return vector_[lane]; }
  [[nodiscard]] const Vector& vector() const { return vector_; }
  void set(std::size_t lane, double number) { vector_[lane] = number; }
  // Each of two twice.
  [[nodiscard]] Lanes twice_first() const { return Lanes{Vector{vector_[0], vector_[0], vector_[1], vector_[1]}}; }
  [[nodiscard]] Lanes twice_last() const { return Lanes{Vector{vector_[2], vector_[2], vector_[3], vector_[3]}}; }
  [[nodiscard]] double sum() const { return (vector_[0] + vector_[1]) + (vector_[2] + vector_[3]); }
  [[nodiscard]] double most() const {
    return std::max(std::max(vector_[0], vector_[1]), std::max(vector_[2], vector_[3]));
  }

  Lanes& operator+=(Lanes b) { return *this = *this + b; }
  Lanes& operator-=(Lanes b) { return *this = *this - b; }
  Lanes& operator*=(Lanes b) { return *this = *this * b; }
  friend Lanes operator-(Lanes a) { return Lanes{-a.vector_}; }
  friend Lanes operator+(Lanes a, Lanes b) { return Lanes{a.vector_ + b.vector_}; }
  friend Lanes operator-(Lanes a, Lanes b) { return Lanes{a.vector_ - b.vector_}; }
  friend Lanes operator*(Lanes a, Lanes b) { return Lanes{a.vector_ * b.vector_}; }
  friend Lanes operator/(Lanes a, Lanes b) { return Lanes{a.vector_ / b.vector_}; }
  friend LaneMask operator<(Lanes a, Lanes b) { return LaneMask{a.vector_ < b.vector_}; }
  friend LaneMask operator>(Lanes a, Lanes b) { return LaneMask{a.vector_ > b.vector_}; }
  friend LaneMask operator<=(Lanes a, Lanes b) { return LaneMask{a.vector_ <= b.vector_}; }

 private:
  Vector vector_{};
};

// The same words for one number, so that what is written for lanes also serves one.
inline bool any(bool so) { return so; }
inline double where(bool so, double then, double otherwise) { return so ? then : otherwise; }
inline double at_least(double least, double x) { return x > least ? x : least; }
inline double at_most(double most, double x) { return x < most ? x : most; }
inline double exp_of_loss(double x) { return std::exp(x); }

inline Lanes where(LaneMask so, Lanes then, Lanes otherwise) {
  return Lanes{so.vector() ? then.vector() : otherwise.vector()};
}
// Where x is no number: the least, and the most.
inline Lanes at_least(Lanes least, Lanes x) { return where(x > least, x, least); }
inline Lanes at_most(Lanes most, Lanes x) { return where(x < most, x, most); }
inline Lanes magnitude(Lanes x) { return where(x < 0, -x, x); }

// exp(x) to two units of the last place. REQUIRES: x <= 0 in each lane that counts. Below -708: 0.
// Two to a whole number of times what is left, which is at most ln(2)/2 from nought: its series to the thirteenth
// power.
inline Lanes exp_of_loss(Lanes x) {
  constexpr double per_ln2 = 1.44269504088896340736, ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  constexpr double rounding = 0x1.8p52;  // added, it leaves whole numbers in the lowest bits
  constexpr double least = -708;
  constexpr int mantissa_bits = 52, exponent_bias = 1023;
  const Lanes kept = at_least(least, x);
  const Lanes shifted = kept * per_ln2 + rounding, whole = shifted - rounding;
  const Lanes r = (kept - whole * ln2_high) - whole * ln2_low;
  // Term n is r to the nth over n factorial. Added up in pairs, so that few wait for others.
  const Lanes r2 = r * r, r4 = r2 * r2;
  const auto four = [&](double a, double b, double c, double d) {
    return (1 / a + r * (1 / b)) + (1 / c + r * (1 / d)) * r2;
  };
  const Lanes first = four(1, 1, 2, 6), second = four(24, 120, 720, 5040);
  const Lanes third = four(40320, 362880, 3628800, 39916800), last = 1.0 / 479001600 + r * (1.0 / 6227020800);
  const Lanes series = (first + second * r4) + (third + last * r4) * (r4 * r4);
  const LaneMask::Vector power = (std::bit_cast<LaneMask::Vector>(shifted.vector()) + exponent_bias) << mantissa_bits;
  return where(x < least, 0, series * Lanes{std::bit_cast<Lanes::Vector>(power)});
}

}  // namespace knockon::traffic
