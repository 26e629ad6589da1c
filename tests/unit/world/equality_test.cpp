#include <catch2/catch.hpp>

#include "tests/drawn.hpp"

using namespace knockon;
using tests::Drawn;

TEST_CASE("two worlds drawn alike are equal, whatever is inside them") {
  const Drawn one{"app -> auth -> store; auth ~> risk"};
  const Drawn other{"app -> auth -> store; auth ~> risk"};

  CHECK(one.world == other.world);
}

TEST_CASE("worlds differ as soon as one call deep inside waits a tick longer") {
  const Drawn one{"app -> auth -> store"};
  Drawn other{"app -> auth -> store"};

  world::Call& call = other.call("auth", "store");
  call.timeout = call.timeout + quantity::Duration::of_ticks(1);

  CHECK_FALSE(one.world == other.world);
}

TEST_CASE("distributions are told apart by their shape, not by their median") {
  const random::Distribution constant = random::Distribution::constant(5);
  const random::Distribution uniform{random::Uniform{0, 10}};

  REQUIRE(constant.median() == uniform.median());
  CHECK_FALSE(constant == uniform);
  CHECK(uniform == random::Distribution{random::Uniform{0, 10}});
  CHECK_FALSE(uniform == random::Distribution{random::Uniform{0, 10}, 1.0});
}
