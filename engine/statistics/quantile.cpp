#include "engine/statistics/quantile.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

constexpr double tail = 0.025;

// The first rank in [from, to] for which `holds`, which stays true once it is; `to` + 1 when it never does.
template <class Predicate>
std::size_t first_rank(std::size_t from, std::size_t to, Predicate holds) {
  while (from <= to) {
    const std::size_t middle = from + (to - from) / 2;
    if (holds(middle)) {
      to = middle - 1;
    } else {
      from = middle + 1;
    }
  }
  return from;
}

}  // namespace

std::size_t quantile_rank(std::size_t n, int percent) {
  quantity::require(n > 0 && percent > 0 && percent <= 100,
                    "a quantile needs a value and a share within (0, 100] percent");
  return (n * static_cast<std::size_t>(percent) + 99) / 100;
}

Ranks quantile_bounds_ranks(std::size_t n, int percent) {
  if (n == 0) return {};
  const boost::math::binomial below{static_cast<double>(n), percent / 100.0};
  const auto at_most = [&](std::size_t count) { return boost::math::cdf(below, static_cast<double>(count)); };
  const auto at_least = [&](std::size_t count) {
    return boost::math::cdf(boost::math::complement(below, static_cast<double>(count - 1)));
  };
  // The truth lies below the value of rank r with probability P(fewer than r values below it) = P(at most r - 1).
  const std::size_t above_low = first_rank(1, n, [&](std::size_t rank) { return at_most(rank - 1) > tail; });
  const std::size_t high = first_rank(1, n, [&](std::size_t rank) { return at_least(rank) <= tail; });
  Ranks ranks;
  if (above_low > 1) ranks.low = above_low - 1;
  if (high <= n) ranks.high = high;
  return ranks;
}

}  // namespace knockon::statistics
