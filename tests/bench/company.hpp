// Whether the core is ours alone. Two threads of one core, as virtual machines are given them, take turns in fetching
// code: beside a neighbour the same work takes half as long again, or twice as long, and counts as our CPU time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace knockon::bench {

// A loop that jumps after each addition, against as many additions without jumps. About 1 on a core of its own at any
// clock rate, about half beside a neighbour. Takes some twenty microseconds.
[[nodiscard]] double share_of_core();

// What was measured piece by piece, apart by whether the core was ours all around the piece: before and after it, and
// before and after those next to it. (A neighbour who comes and goes within a piece is seen by neither end of it.)
struct CostByCompany {
  struct Some {
    double ms = 0, ms_squared = 0, pieces = 0;
    static Some one(double ms) { return {.ms = ms, .ms_squared = ms * ms, .pieces = 1}; }
    [[nodiscard]] double mean_ms() const { return pieces > 0 ? ms / pieces : 0; }
    // The standard error of that mean.
    [[nodiscard]] double error_ms() const {
      const double variance = pieces > 1 ? (ms_squared - ms * mean_ms()) / (pieces - 1) : 0;
      return pieces > 1 ? std::sqrt(std::max(0.0, variance) / pieces) : 0;
    }
    Some& operator+=(const Some& other) {
      ms += other.ms;
      ms_squared += other.ms_squared;
      pieces += other.pieces;
      return *this;
    }
    friend Some operator+(Some a, const Some& b) { return a += b; }
  };
  Some alone, beside;

  [[nodiscard]] Some all() const { return alone + beside; }
  CostByCompany& operator+=(const CostByCompany& other) {
    alone += other.alone;
    beside += other.beside;
    return *this;
  }
};

[[nodiscard]] double thread_cpu_ms();

// The CPU time of piece(0), piece(1) and so on, each.
template <class Piece>
CostByCompany cost_by_company(std::size_t pieces, const Piece& piece) {
  constexpr double alone_from = 0.9;
  std::vector<double> shares{share_of_core()}, costs_ms;
  for (std::size_t i = 0; i < pieces; ++i) {
    const double begins = thread_cpu_ms();
    piece(i);
    costs_ms.push_back(thread_cpu_ms() - begins);
    shares.push_back(share_of_core());
  }
  CostByCompany cost;
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto first = shares.begin() + static_cast<std::ptrdiff_t>(i > 0 ? i - 1 : 0);
    const auto last = shares.begin() + static_cast<std::ptrdiff_t>(std::min(i + 2, pieces)) + 1;
    const bool is_alone = std::all_of(first, last, [](double share) { return share >= alone_from; });
    CostByCompany::Some& part = is_alone ? cost.alone : cost.beside;
    part += CostByCompany::Some::one(costs_ms[i]);
  }
  return cost;
}

}  // namespace knockon::bench
