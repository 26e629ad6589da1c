// Many questions asked of the same data: how unlikely each answer is once all of them are taken into account.
#pragma once

#include <span>
#include <vector>

namespace knockon::statistics {

// Adjusted p-values, in the order given: those of at most 0.05 are significant together, with at most one chance in
// twenty that any of them is not. S. Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979).
// REQUIRES: every value within [0, 1].
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace knockon::statistics
