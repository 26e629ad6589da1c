// Binary decision diagrams: functions of yes-or-no variables, shared and in one normal form, so that equal functions
// are equal numbers (R. Bryant, 1986). Bounded: what would need more nodes than allowed is given up, and said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace knockon::graph {

class Diagrams {
 public:
  using Value = std::uint32_t;  // a function; meaningful for the diagrams that made it
  using Variable = std::uint32_t;

  // Takes some 40 bytes a node. REQUIRES: nodes_max >= 2.
  explicit Diagrams(std::size_t nodes_max);

  [[nodiscard]] static constexpr Value never() { return 0; }
  [[nodiscard]] static constexpr Value always() { return 1; }
  [[nodiscard]] Value variable(Variable variable);  // variables are decided in ascending order
  [[nodiscard]] Value both(Value a, Value b) { return chosen(a, b, never()); }
  [[nodiscard]] Value either(Value a, Value b) { return chosen(a, always(), b); }
  [[nodiscard]] Value inverse(Value a) { return chosen(a, never(), always()); }
  [[nodiscard]] Value chosen(Value condition, Value then, Value otherwise);

  // False once the limit was met: every value made since then means nothing.
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }  // of all functions together

  // REQUIRES: the value is neither never() nor always().
  [[nodiscard]] Variable top(Value value) const { return nodes_[value].variable; }
  [[nodiscard]] Value when_true(Value value) const { return nodes_[value].high; }
  [[nodiscard]] Value when_false(Value value) const { return nodes_[value].low; }

 private:
  struct Node {
    Variable variable;
    Value low, high;
  };
  struct Known {  // one remembered answer of chosen()
    Value condition = 0, then = 0, otherwise = 0, answer = 0;
  };
  [[nodiscard]] Value node(Variable variable, Value low, Value high);
  void grow();

  std::size_t nodes_max_;
  std::vector<Node> nodes_;
  std::vector<Value> slots_;  // open addressing by a node's contents; 0: free
  std::vector<Known> known_;
  bool is_complete_ = true;
};

}  // namespace knockon::graph
