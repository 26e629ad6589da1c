#include "engine/study/precision.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

using quantity::Share;

simulation::Outcome calm(std::size_t, std::uint64_t index) { return invented::feed_down_for(60, index); }

TEST_CASE("five per cent, or a minute, is precise enough for every app") {
  const world::World world = invented::two_apps();

  // 51 … 70 minutes, over and over: a standard deviation of 5.8, so about ± 0.8 minutes after 200 runs.
  std::vector<simulation::Outcome> narrow, wide;
  for (std::size_t i = 0; i < 200; ++i) {
    narrow.push_back(invented::feed_down_for(51 + static_cast<std::int64_t>(i % 20), i));
    wide.push_back(invented::feed_down_for(i % 2 == 0 ? 10 : 110, i));  // ± 7 of 60
  }

  CHECK(is_precise(world, narrow, Share::percent(5)));
  CHECK(is_precise(world, narrow, Share::percent(0.1)));  // by the minute
  CHECK_FALSE(is_precise(world, wide, Share::percent(5)));
  CHECK(is_precise(world, wide, Share::percent(15)));
}

TEST_CASE("too few runs are never precise, however alike") {
  const world::World world = invented::two_apps();

  CHECK_FALSE(is_precise(world, invented::feed_down_from(60, 9), Share::percent(50)));
}

TEST_CASE("looks are at 200, 400, 800 replications and so on, and at no others") {
  std::vector<std::size_t> looks;
  const auto stop_at_800 = [&](const std::vector<Replications>& entries) {
    looks.push_back(entries.front().outcomes.size());
    return looks.back() >= 800;
  };

  const std::vector<Replications> entries = replicated_until({.jobs = 2}, 2, calm, stop_at_800);

  CHECK(looks == std::vector<std::size_t>{200, 400, 800});
  for (const Replications& entry : entries) {
    REQUIRE(entry.outcomes.size() == 800);
    CHECK(entry.requested == 800);
    for (std::uint64_t index = 0; index < 800; ++index) REQUIRE(entry.outcomes[index].index == index);
  }
}

TEST_CASE("an interruption ends the looking") {
  int looks = 0;
  const Watch watch{.progress = {}, .stop = [] { return true; }};

  const std::vector<Replications> entries = replicated_until(
      {.jobs = 2}, 1, calm, [&](const std::vector<Replications>&) { return ++looks > 100; }, watch);

  CHECK(entries.front().interrupted);
  CHECK(looks == 0);
}

}  // namespace
}  // namespace knockon::study
