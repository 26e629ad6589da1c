// Whether the core is ours alone. Two threads of one core, as virtual machines are given them, take turns in fetching
// code: beside a neighbour the same work takes half as long again, or twice as long, and counts as our CPU time.
#pragma once

namespace knockon::bench {

// A loop that jumps after each addition, against as many additions without jumps. About 1 on a core of its own at any
// clock rate, about half beside a neighbour. Takes some twenty microseconds.
[[nodiscard]] double share_of_core();

// What was measured piece by piece, apart by whether the core was ours before and after the piece.
struct CostByCompany {
  struct Some {
    double ms = 0, pieces = 0;
    [[nodiscard]] double mean_ms() const { return pieces > 0 ? ms / pieces : 0; }
    Some& operator+=(const Some& other) {
      ms += other.ms;
      pieces += other.pieces;
      return *this;
    }
  };
  Some alone, beside;

  [[nodiscard]] Some all() const { return {alone.ms + beside.ms, alone.pieces + beside.pieces}; }
  CostByCompany& operator+=(const CostByCompany& other) {
    alone += other.alone;
    beside += other.beside;
    return *this;
  }
};

[[nodiscard]] double thread_cpu_ms();

// The CPU time of piece(0), piece(1) and so on, each.
template <class Piece>
CostByCompany cost_by_company(int pieces, const Piece& piece) {
  constexpr double alone_from = 0.9;
  CostByCompany cost;
  double before = share_of_core();
  for (int i = 0; i < pieces; ++i) {
    const double begins = thread_cpu_ms();
    piece(i);
    const double ms = thread_cpu_ms() - begins, after = share_of_core();
    CostByCompany::Some& part = before >= alone_from && after >= alone_from ? cost.alone : cost.beside;
    part.ms += ms;
    part.pieces += 1;
    before = after;
  }
  return cost;
}

}  // namespace knockon::bench
