// The smallest sets of variables that make a function true when only they are: minimal cut sets, when the function says
// "down" and a variable "has failed".
#pragma once

#include <cstddef>
#include <vector>

#include "engine/graph/diagram.hpp"

namespace knockon::graph {

struct CutSetLimits {
  int size = 3;                   // variables in a set
  std::size_t sets = 10'000;      // sets that are listed
  std::size_t nodes = 1'000'000;  // of the diagrams they are found with
};

struct CutSets {
  std::vector<std::vector<Diagrams::Variable>> sets;  // ascending inside; the smallest first, then by their variables
  bool complete = true;  // these are all up to the size; else some were left out for want of nodes, or of places
};

// Exact (A. Rauzy, New algorithms for fault trees analysis, 1993), also where more failures can make things better: a
// set is then minimal when no part of it is a cut set.
[[nodiscard]] CutSets cut_sets_of(const Diagrams& diagrams, Diagrams::Value down, const CutSetLimits& limits = {});

}  // namespace knockon::graph
