// The algebra of 64 cases at a time, one in each bit of a word; see settled.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/graph/settled.hpp"

namespace knockon::graph {

struct Words {
  using Value = std::uint64_t;
  static constexpr std::size_t lanes = 64;
  [[nodiscard]] static constexpr Value always() { return ~Value{0}; }
  [[nodiscard]] static constexpr Value never() { return 0; }
  [[nodiscard]] static constexpr Value both(Value a, Value b) { return a & b; }
  [[nodiscard]] static constexpr Value either(Value a, Value b) { return a | b; }
  [[nodiscard]] static constexpr Value inverse(Value a) { return ~a; }
};

}  // namespace knockon::graph
