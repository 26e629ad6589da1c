#include "engine/traffic/gates.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace knockon::traffic {
namespace {

// Smaller shares of refusals move nothing.
constexpr double grain = 1e-7;

double share_let_past(double per_s, double wanted_per_s) { return wanted_per_s > per_s ? per_s / wanted_per_s : 1; }

}  // namespace

void Gates::begin() {
  caps_.clear();
  nodes_.clear();
  gated_.clear();
}

Gates::Node& Gates::gate(const Gated& gated, const Circuit& circuit) {
  if (nodes_.empty()) {
    nodes_.resize(parts_->nodes);
    for (std::uint32_t n = 0; n < parts_->nodes; ++n) nodes_[n].errors = circuit.node(n).errors;
  }
  Node& node = nodes_[gated.node];
  if (!std::exchange(node.is_gated, true)) gated_.push_back(gated);
  return node;
}

bool Gates::apply(const Gated& gated, Circuit& circuit) {
  Node& node = nodes_[gated.node];
  node.refused = 1 - node.open * node.let_past;
  const double errors = node.refused > 0 ? 1 - (1 - node.errors) * (1 - node.refused) : node.errors;
  const double before = circuit.node(gated.node).errors;
  if (errors == before) return false;
  circuit.set_refused(gated.operation, gated.node, node.refused, errors);
  return std::abs(errors - before) > grain;
}

void Gates::set_errors(const Gated& gated, double share, Circuit& circuit) {
  gate(gated, circuit).errors = share;
  apply(gated, circuit);
}

void Gates::set_open(const Gated& gated, double share, Circuit& circuit) {
  gate(gated, circuit).open = share;
  apply(gated, circuit);
}

std::size_t Gates::add_cap() {
  caps_.emplace_back();
  return caps_.size() - 1;
}

void Gates::set_cap(std::size_t cap, std::vector<std::uint32_t> outcomes, std::vector<Gated> nodes,
                    std::optional<double> per_s, const Circuit& circuit) {
  for (const Gated& gated : nodes) gate(gated, circuit);
  caps_[cap] = {std::move(outcomes), std::move(nodes), per_s};
}

void Gates::look_at_doors(Crowd& crowd) const {
  if (caps_.empty()) return;
  crowd.open_doors();
  for (const Cap& cap : caps_) {
    if (!cap.per_s || cap.outcomes.empty()) continue;
    double tries = 0;
    for (const std::uint32_t outcome : cap.outcomes) tries += crowd.tries_per_s(outcome);
    for (const std::uint32_t outcome : cap.outcomes) crowd.narrow_door(outcome, share_let_past(*cap.per_s, tries));
  }
}

// What is refused is asked again by those who retry at once; another look or two, and as much gets past as may.
bool Gates::look_at_nodes(Circuit& circuit) {
  if (gated_.empty()) return false;
  for (const Gated& gated : gated_) nodes_[gated.node].let_past = 1;
  for (const Cap& cap : caps_) {
    if (!cap.per_s) continue;
    double asked = 0;
    for (const Gated& gated : cap.nodes) asked += circuit.arriving(gated.node) * nodes_[gated.node].open;
    for (const Gated& gated : cap.nodes) nodes_[gated.node].let_past *= share_let_past(*cap.per_s, asked);
  }
  bool moved = false;
  for (const Gated& gated : gated_) moved = apply(gated, circuit) || moved;
  return moved;
}

}  // namespace knockon::traffic
