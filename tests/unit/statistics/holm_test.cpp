#include "engine/statistics/holm.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "engine/quantity/contract.hpp"

namespace knockon::statistics {
namespace {

// The example with which the procedure is usually taught: at 5 % the first and the fourth are significant, and the
// third is not although 0.03 alone would be.
TEST_CASE("of four questions the two least likely by chance are answered, and the third is not") {
  const std::vector<double> adjusted = holm_adjusted(std::vector<double>{.01, .04, .03, .005});

  CHECK(adjusted[3] == Approx(4 * .005));
  CHECK(adjusted[0] == Approx(3 * .01));
  CHECK(adjusted[2] == Approx(2 * .03));
  CHECK(adjusted[1] == Approx(2 * .03));  // not 0.04: whoever stands behind a failure fails too
}

TEST_CASE("one question needs no correction, and none no answer") {
  CHECK(holm_adjusted(std::vector<double>{.03}) == std::vector<double>{.03});
  CHECK(holm_adjusted({}).empty());
}

TEST_CASE("an adjusted value is a probability too") {
  CHECK(holm_adjusted(std::vector<double>{.6, .5, 1}) == std::vector<double>{1, 1, 1});
}

TEST_CASE("what is no probability is refused") {
  CHECK_THROWS_AS(holm_adjusted(std::vector<double>{-.1}), quantity::ContractError);
  CHECK_THROWS_AS(holm_adjusted(std::vector<double>{1.1}), quantity::ContractError);
}

}  // namespace
}  // namespace knockon::statistics
