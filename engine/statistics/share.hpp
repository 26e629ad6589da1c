// How large a share is, when k of n replications had it.
#pragma once

#include <cstddef>

#include "engine/quantity/amount.hpp"

namespace knockon::statistics {

struct ShareEstimate {
  std::size_t count = 0, of = 0;
  quantity::Share value;      // count / of; zero of nothing is zero
  quantity::Share low, high;  // Wilson's 95 % score interval: 0 of n still has an upper end above zero
};

// E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927). Requires count <= of.
[[nodiscard]] ShareEstimate share_of(std::size_t count, std::size_t of);

}  // namespace knockon::statistics
