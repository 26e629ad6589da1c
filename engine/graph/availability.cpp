#include "engine/graph/availability.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace knockon::graph {
namespace {

using Value = Diagrams::Value;

// The nodes of one function, lower ones first: a node's number is above those it refers to.
std::vector<Value> nodes_of(const Diagrams& diagrams, Value function) {
  std::vector<Value> open{function}, nodes;
  std::vector<bool> seen(diagrams.size(), false);
  while (!open.empty()) {
    const Value value = open.back();
    open.pop_back();
    if (value <= Diagrams::always() || seen[value]) continue;
    seen[value] = true;
    nodes.push_back(value);
    open.push_back(diagrams.when_false(value));
    open.push_back(diagrams.when_true(value));
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

std::vector<double> probabilities(const Diagrams& diagrams, const std::vector<Value>& nodes,
                                  const std::vector<double>& gone) {
  std::vector<double> of(diagrams.size(), 0);
  of[Diagrams::always()] = 1;
  for (const Value value : nodes) {
    const double q = gone[diagrams.top(value)];
    of[value] = q * of[diagrams.when_true(value)] + (1 - q) * of[diagrams.when_false(value)];
  }
  return of;
}

}  // namespace

double probability_of(const Diagrams& diagrams, Value down, const std::vector<double>& gone) {
  return probabilities(diagrams, nodes_of(diagrams, down), gone)[down];
}

std::vector<Importance> importances_of(const Diagrams& diagrams, Value down, const std::vector<double>& gone) {
  const std::vector<Value> nodes = nodes_of(diagrams, down);
  const std::vector<double> of = probabilities(diagrams, nodes, gone);
  // How likely a walk from the top comes by each node; from there the variable decides between its two sides.
  std::vector<double> reached(diagrams.size(), 0);
  reached[down] = 1;
  std::map<Diagrams::Variable, double> birnbaum;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    const Diagrams::Variable variable = diagrams.top(*node);
    const Value so = diagrams.when_true(*node), not_so = diagrams.when_false(*node);
    birnbaum[variable] += reached[*node] * (of[so] - of[not_so]);
    reached[so] += reached[*node] * gone[variable];
    reached[not_so] += reached[*node] * (1 - gone[variable]);
  }
  std::vector<Importance> all;
  const double q = of[down];
  for (const auto& [variable, difference] : birnbaum) {
    const double with = q + (1 - gone[variable]) * difference;
    const double left = q - gone[variable] * difference;
    const double without = left > 1e-12 * q ? left : 0;  // what is left of a difference of equals is rounding
    all.push_back({.variable = variable,
                   .birnbaum = difference,
                   .fussell_vesely = q > 0 ? 1 - without / q : 0,
                   .risk_achievement_worth = q > 0 ? with / q : 1,
                   .risk_reduction_worth = without > 0 ? q / without
                                           : q > 0     ? std::numeric_limits<double>::infinity()
                                                       : 1});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Importance& a, const Importance& b) { return a.birnbaum > b.birnbaum; });
  return all;
}

}  // namespace knockon::graph
