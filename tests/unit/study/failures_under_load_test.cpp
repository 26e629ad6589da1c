// Instances gone at random, simulated: the enumeration's answer where there is room, and what capacity allows where
// there is not.
#include "engine/study/failures_under_load.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/scenario/scenario.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using tests::Drawn;

namespace {

// Four sites that can answer 25 requests a second each, asked 80 times a second around the clock by people who do not
// try again; what is too much is refused.
constexpr const char* four_sites = R"(knockon: 1
title: Four sites
starts: 2026-03-02T09:00:00Z
regions: {home: {users: 6912k}}
sites: {a: {in: home}, b: {in: home}, c: {in: home}, d: {in: home}}
services: {web: {replicas: 1, per_replica: 25/s, overload: shed, balance: spread}}
apps: {shop: {journeys: {buy: {calls: [web]}}}}
curves: {flat: {points: {0h: 100%, 12h: 100%}}}
populations: {people: {curve: flat, does: {shop.buy: 1/d}, retry: {first: 60d, up_to: 60d}}}
)";

world::World world_of(const char* text) {
  auto read = scenario::read_text(text);
  if (!read) throw std::runtime_error{scenario::text_of(read.error())};
  return std::move(read->world);
}

}  // namespace

TEST_CASE("with capacity to spare the simulated losses are those of the enumeration") {
  for (const char* picture : {"app -> a -> b -> c -> d; a ~> e; a ~> f; a ~> g; a ~> h",
                              "app -> a; a -> b; a -> c; b -> d", "app -> a; app -> b; a ~> c; b -> c"}) {
    const Drawn drawn{picture};
    const graph::Dependence dependence{drawn.world};
    for (const std::size_t gone : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
      INFO(picture << ", " << gone << " gone");

      const auto enumerated = graph::random_failures(dependence, gone);
      const auto simulated = study::failures_under_load(drawn.world, drawn.world, gone);

      CHECK(simulated.is_exact);
      CHECK(simulated.cases == enumerated.cases);
      CHECK(simulated.served[0] == Approx(enumerated.served[0]).margin(1e-6));
    }
  }
}

TEST_CASE("what is left of four sites answers as much as it has capacity for, where the graph sees no loss") {
  const world::World world = world_of(four_sites);
  const graph::Dependence dependence{world};

  // Nothing is refused, then 75, 50 and 25 of 80, then nothing is left.
  const double expected[] = {1, 75.0 / 80, 50.0 / 80, 25.0 / 80, 0};
  // Soon after, since whoever waits with a wish does not have it a second time: that takes load away.
  const study::UnderLoad soon{.choices = {}, .after = quantity::Duration::minutes(1)};
  for (std::size_t gone = 0; gone <= 4; ++gone) {
    INFO(gone << " gone");
    CHECK(study::failures_under_load(world, world, gone, soon).served[0] == Approx(expected[gone]).epsilon(1e-3));
    CHECK(graph::random_failures(dependence, gone).served[0] == (gone < 4 ? 1 : 0));
  }
}

TEST_CASE("sampled losses agree with all of them within four standard errors, and are the same for the same seed") {
  const Drawn drawn{"app -> a -> b -> c -> d; a ~> e; a ~> f; a ~> g; a ~> h"};
  study::UnderLoad sampling;
  sampling.choices = {.enumerated = 0, .sampled = 300, .seed = 7};

  const auto once = study::failures_under_load(drawn.world, drawn.world, 2, sampling);
  const auto again = study::failures_under_load(drawn.world, drawn.world, 2, sampling);

  CHECK_FALSE(once.is_exact);
  CHECK(once.cases == 300);
  CHECK(std::abs(once.served[0] - 6.0 / 28) < 4 * once.standard_error[0]);
  CHECK(once.served == again.served);
}
