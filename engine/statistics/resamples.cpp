#include "engine/statistics/resamples.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

// The mixing step of SplitMix64 (G. Steele, D. Lea, C. Flood, Fast Splittable Pseudorandom Number Generators, 2014).
// The named streams of engine/random are above this room, and resampling needs neither names nor a seed that an author
// could choose.
std::uint32_t uniform(std::uint64_t resample, std::uint64_t position) {
  std::uint64_t z = ((resample << 40 | position) + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .variance = squares / (n - 1)};
}

// Of a resample that takes each value so often. Eight running sums instead of one, four to a register: an addition then
// does not wait for the one before it.
Moments moments_of(std::span<const double> centred, std::span<const float> taken) {
  using Four = double __attribute__((vector_size(32)));
  using FourFloats = float __attribute__((vector_size(16)));
  const std::size_t size = centred.size(), in_eights = size / 8 * 8;
  Four sums[2] = {}, squares[2] = {};
  for (std::size_t i = 0; i < in_eights; i += 8) {
    for (std::size_t half = 0; half < 2; ++half) {
      Four values;
      FourFloats times;
      std::memcpy(&values, &centred[i + 4 * half], sizeof values);
      std::memcpy(&times, &taken[i + 4 * half], sizeof times);
      const Four all = __builtin_convertvector(times, Four) * values;
      sums[half] += all;
      squares[half] += all * values;
    }
  }
  const auto added_up = [](const Four& one, const Four& other) {
    const Four both = one + other;
    return (both[0] + both[1]) + (both[2] + both[3]);
  };
  double sum = added_up(sums[0], sums[1]), square = added_up(squares[0], squares[1]);
  for (std::size_t i = in_eights; i < size; ++i) {
    const double value = centred[i], all = static_cast<double>(taken[i]) * value;
    sum += all;
    square += all * value;
  }
  const auto n = static_cast<double>(size);
  const double mean = sum / n;
  return {.mean = mean, .variance = (square / n - mean * mean) * n / (n - 1)};
}

}  // namespace

std::optional<Bounds> Resamples::mean_bounds(std::span<const double> values) {
  if (values.size() < values_min) return std::nullopt;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  if (*least == *greatest) return Bounds{.low = *least, .high = *least};
  take(values.size());

  const Moments sample = moments_of(values);
  std::vector<double> centred(values.begin(), values.end());
  for (double& value : centred) value -= sample.mean;

  // A resample of a rare event may hold no event and so no spread. It is measured by the sample's spread instead of by
  // its own: dividing by nothing would leave the upper end open for an app that is down in one run of a hundred.
  const double spread_min = sample.variance * 1e-12;
  std::array<double, count> ratios;
  for (std::size_t k = 0; k < count; ++k) {
    const Moments resample = moments_of(centred, std::span{taken_}.subspan(k * values.size(), values.size()));
    ratios[k] = resample.mean / std::sqrt(resample.variance > spread_min ? resample.variance : sample.variance);
  }
  constexpr std::size_t tail = (count + 1) / 40;  // 2.5 %
  std::nth_element(ratios.begin(), ratios.begin() + (tail - 1), ratios.end());
  const double ratio_low = ratios[tail - 1];
  std::nth_element(ratios.begin(), ratios.end() - tail, ratios.end());
  const double ratio_high = *(ratios.end() - tail);

  const double deviation = std::sqrt(sample.variance);
  return Bounds{.low = sample.mean - ratio_high * deviation, .high = sample.mean - ratio_low * deviation};
}

void Resamples::make_room(std::size_t size) {
  quantity::require(size <= UINT32_MAX, "a sample has fewer than 2^32 values");
  row_ = size;
  draws_.resize(count * row_);
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < row_; ++i) draws_[k * row_ + i] = uniform(k, i);
  }
}

void Resamples::take(std::size_t size) {
  if (taken_of_ == size) return;
  if (row_ < size) make_room(size);
  taken_of_ = size;
  taken_.assign(count * size, 0);
  for (std::size_t k = 0; k < count; ++k) {
    // The high 32 bits of the product map a uniform number to a position; the bias is size / 2^32.
    for (std::size_t i = 0; i < size; ++i) taken_[k * size + (std::uint64_t{draws_[k * row_ + i]} * size >> 32)] += 1;
  }
}

}  // namespace knockon::statistics
