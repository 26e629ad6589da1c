#include "engine/statistics/quantile.hpp"

#include <catch2/catch.hpp>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

TEST_CASE("ranks are exact where a product of floating numbers would be one too high") {
  CHECK(quantile_rank(200, 5) == 10);
  CHECK(quantile_rank(20, 95) == 19);
  CHECK(quantile_rank(1, 5) == 1);
  CHECK(quantile_rank(1, 95) == 1);
  CHECK(quantile_rank(3, 50) == 2);
}

TEST_CASE("the ranks around a quantile are those of the binomial distribution") {
  // P(at most 85 of 200) = .0200, P(at most 86) = .0280 at one half: the interval is from the 86th to the 115th.
  CHECK(quantile_bounds_ranks(200, 50) == Ranks{86, 115});
  // Six values: P(none below) = 1/64 < 2.5 %. Five: 1/32, so no interval.
  CHECK(quantile_bounds_ranks(6, 50) == Ranks{1, 6});
  CHECK(quantile_bounds_ranks(5, 50) == Ranks{});
}

TEST_CASE("few runs cannot bound the 95th percentile from above, and say so") {
  // .95^71 = .0262, .95^72 = .0249
  CHECK_FALSE(quantile_bounds_ranks(71, 95).high);
  CHECK(quantile_bounds_ranks(72, 95).high == 72u);
  CHECK(quantile_bounds_ranks(0, 95) == Ranks{});
}

TEST_CASE("a quantile of nothing is a mistake of the caller") {
  CHECK_THROWS_AS(quantile_rank(0, 50), quantity::ContractError);
  CHECK_THROWS_AS(quantile_rank(5, 0), quantity::ContractError);
}

}  // namespace
}  // namespace knockon::statistics
