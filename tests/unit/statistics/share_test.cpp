#include "engine/statistics/share.hpp"

#include <catch2/catch.hpp>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

TEST_CASE("what never happened in 200 runs may still happen in 1.9 % of them") {
  const ShareEstimate never = share_of(0, 200);

  CHECK(never.value.value() == 0);
  CHECK(never.low.value() == 0);
  CHECK(never.high.value() == Approx(3.841459 / 203.841459));
}

TEST_CASE("what always happened may still fail to") {
  const ShareEstimate always = share_of(200, 200);

  CHECK(always.high.value() == 1);
  CHECK(always.low.value() == Approx(200 / 203.841459));
}

TEST_CASE("a share in the middle has Wilson's interval") {
  const ShareEstimate share = share_of(20, 100);

  CHECK(share.low.value() == Approx(.13337).margin(5e-6));
  CHECK(share.high.value() == Approx(.28883).margin(5e-6));
}

TEST_CASE("of no runs at all nothing is known") {
  const ShareEstimate nothing = share_of(0, 0);

  CHECK(nothing.low.value() == 0);
  CHECK(nothing.high.value() == 1);
  CHECK_THROWS_AS(share_of(3, 2), quantity::ContractError);
}

}  // namespace
}  // namespace knockon::statistics
