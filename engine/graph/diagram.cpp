#include "engine/graph/diagram.hpp"

#include <algorithm>

#include "engine/quantity/contract.hpp"

namespace knockon::graph {
namespace {

constexpr std::uint32_t beyond_all = UINT32_MAX;  // the variable of the two constants
constexpr std::size_t slots_at_first = 1 << 10;
constexpr std::size_t known_max = 1 << 18;

std::size_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t hash = a * 0x9E3779B97F4A7C15U ^ (b + 0x7F4A7C15U) * 0xC2B2AE3D27D4EB4FU ^ c * 0x165667B19E3779F9U;
  hash ^= hash >> 29;
  hash *= 0xBF58476D1CE4E5B9U;
  return hash ^ hash >> 32;
}

}  // namespace

Diagrams::Diagrams(std::size_t nodes_max) : nodes_max_{nodes_max}, slots_(slots_at_first, 0), known_(slots_at_first) {
  quantity::require(nodes_max >= 2, "diagrams have room for both constants");
  nodes_.push_back({beyond_all, never(), never()});
  nodes_.push_back({beyond_all, always(), always()});
}

Diagrams::Value Diagrams::variable(Variable variable) { return node(variable, never(), always()); }

Diagrams::Value Diagrams::node(Variable variable, Value low, Value high) {
  if (low == high) return low;
  std::size_t slot = mixed(variable, low, high) & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const Node& other = nodes_[slots_[slot]];
    if (other.variable == variable && other.low == low && other.high == high) return slots_[slot];
  }
  if (nodes_.size() >= nodes_max_) {
    is_complete_ = false;
    return never();
  }
  const auto fresh = static_cast<Value>(nodes_.size());
  nodes_.push_back({variable, low, high});
  slots_[slot] = fresh;
  if (nodes_.size() * 2 > slots_.size()) grow();
  return fresh;
}

void Diagrams::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (Value value = 2; value < nodes_.size(); ++value) {
    const Node& one = nodes_[value];
    std::size_t slot = mixed(one.variable, one.low, one.high) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = value;
  }
  // What is remembered may be forgotten at any time: it saves work and changes no answer.
  if (known_.size() < known_max) known_.assign(known_.size() * 2, Known{});
}

Diagrams::Value Diagrams::chosen(Value condition, Value then, Value otherwise) {
  if (!is_complete_) return never();
  if (condition == always()) return then;
  if (condition == never()) return otherwise;
  if (then == otherwise) return then;
  if (then == always() && otherwise == never()) return condition;
  const Known& remembered = known_[mixed(condition, then, otherwise) & (known_.size() - 1)];
  if (remembered.condition == condition && remembered.then == then && remembered.otherwise == otherwise) {
    return remembered.answer;
  }
  const Variable first = std::min({top(condition), top(then), top(otherwise)});
  const auto low = [&](Value value) { return top(value) == first ? when_false(value) : value; };
  const auto high = [&](Value value) { return top(value) == first ? when_true(value) : value; };
  const Value when_not = chosen(low(condition), low(then), low(otherwise));
  const Value when_so = chosen(high(condition), high(then), high(otherwise));
  const Value answer = node(first, when_not, when_so);
  if (is_complete_)
    known_[mixed(condition, then, otherwise) & (known_.size() - 1)] = {condition, then, otherwise, answer};
  return answer;
}

}  // namespace knockon::graph
