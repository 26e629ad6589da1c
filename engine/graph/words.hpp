// The algebra of 256 cases at a time, one in each bit of four words: an answer of two values fills one line of a cache.
// See settled.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/graph/settled.hpp"

namespace knockon::graph {

struct Words {
  static constexpr std::size_t lanes = 256;
  class Value {
   public:
    [[nodiscard]] constexpr bool holds(std::size_t lane) const { return (words_[lane / 64] >> lane % 64 & 1U) != 0; }
    constexpr void clear(std::size_t lane) { words_[lane / 64] &= ~(std::uint64_t{1} << lane % 64); }
    friend constexpr bool operator==(const Value&, const Value&) = default;

   private:
    friend Words;
    std::array<std::uint64_t, lanes / 64> words_{};
  };

  [[nodiscard]] static constexpr Value never() { return {}; }
  [[nodiscard]] static constexpr Value always() { return inverse(never()); }
  [[nodiscard]] static constexpr Value both(Value a, const Value& b) {
    for (std::size_t i = 0; i < a.words_.size(); ++i) a.words_[i] &= b.words_[i];
    return a;
  }
  [[nodiscard]] static constexpr Value either(Value a, const Value& b) {
    for (std::size_t i = 0; i < a.words_.size(); ++i) a.words_[i] |= b.words_[i];
    return a;
  }
  [[nodiscard]] static constexpr Value inverse(Value a) {
    for (std::uint64_t& word : a.words_) word = ~word;
    return a;
  }
};

}  // namespace knockon::graph
