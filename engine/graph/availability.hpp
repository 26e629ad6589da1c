// How likely a function of independent failures is true, and which failures matter for it: exact, by decision diagram.
#pragma once

#include <vector>

#include "engine/graph/diagram.hpp"
#include "engine/quantity/amount.hpp"

namespace knockon::graph {

// Of one variable (a component that is gone with some probability). With Q the probability of being down, and Q₁ and Q₀
// that with the component surely gone and surely there:
struct Importance {
  Diagrams::Variable variable = 0;
  double birnbaum = 0;                // Q₁ − Q₀: how much it matters whether it works
  double fussell_vesely = 0;          // 1 − Q₀ / Q: the part of being down that goes away with its failures
  double risk_achievement_worth = 1;  // Q₁ / Q: how much worse without it
  double risk_reduction_worth = 1;  // Q / Q₀: how much better if it never failed; infinite where it is the only reason
};

// `gone`: the probability of each variable, by number. REQUIRES: the diagrams are complete; gone covers every variable.
[[nodiscard]] double probability_of(const Diagrams& diagrams, Diagrams::Value down, const std::vector<double>& gone);

// Of every variable that the function hangs on, the largest Birnbaum first, ties by variable.
[[nodiscard]] std::vector<Importance> importances_of(const Diagrams& diagrams, Diagrams::Value down,
                                                     const std::vector<double>& gone);

}  // namespace knockon::graph
