#include "engine/traffic/trunk.hpp"

namespace knockon::traffic {
namespace {

// As many states are kept as a long outage has steps, and fewer of a large world.
constexpr std::size_t states_max = 256, places_max = 50'000;
// Of the changes that were made once, so many of the last at each node are known again.
constexpr std::size_t known_once_max = 4;

}  // namespace

Trunk::Trunk(const Flow::State& begun)
    : nodes_max_{std::min(states_max, places_max / std::max<std::size_t>(begun.parts->nodes, 1))} {
  add(begun).state.circuit.stand_still();
}

Trunk::Node& Trunk::add(const Flow::State& state) { return *nodes_.emplace_back(std::make_unique<Node>(state)); }

Trunk::Node* Trunk::after(Node& node) {
  if (node.next != nullptr || nodes_.size() >= nodes_max_) return node.next;
  Node& next = add(node.state);
  next.state.advance(node.state.next_date());
  next.state.circuit.stand_still();
  return node.next = &next;
}

Trunk::Node* Trunk::after(const Node& node, quantity::SimTime date, const ChangeWords& changes) const {
  for (const Branch& branch : node.branches) {
    if (branch.date == date && branch.changes == changes) return branch.node;
  }
  return nullptr;
}

Trunk::Node* Trunk::keep(Node& node, quantity::SimTime date, const ChangeWords& changes, const Flow::State& settled) {
  for (Branch& branch : node.branches) {
    if (branch.date != date || branch.changes != changes) continue;
    if (nodes_.size() >= nodes_max_) return nullptr;
    branch.node = &add(settled);
    branch.node->state.circuit.stand_still();
    return branch.node;
  }
  const auto known_once = [](const Branch& branch) { return branch.node == nullptr; };
  if (static_cast<std::size_t>(std::ranges::count_if(node.branches, known_once)) >= known_once_max)
    node.branches.erase(std::ranges::find_if(node.branches, known_once));
  node.branches.push_back({date, changes, nullptr});
  return nullptr;
}

}  // namespace knockon::traffic
