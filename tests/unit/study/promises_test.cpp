#include "engine/study/promises.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

using statistics::Verdict;
using world::Comparison;
using world::Measure;

constexpr world::AppId feed{0}, chat{1};

PromiseResult judged(const world::Promise& promise, const std::vector<simulation::Outcome>& outcomes) {
  world::World world = invented::two_apps();
  world.promises = {promise};
  statistics::Estimator estimator;
  return promises_of(world, Reader{world, world::StrategyId{0}}, outcomes, estimator).at(0);
}

world::Promise promise(world::Statistic statistic, world::MeasureOf of, Comparison comparison, double low,
                       double high = 0) {
  return {.text = "as written", .statistic = statistic, .of = of, .comparison = comparison, .low = low, .high = high};
}

TEST_CASE("a promise on the median is judged by the median's interval") {
  const auto outcomes = invented::feed_down_from(50, 100);  // median 99, its interval 89 … 110
  const world::MeasureOf down{Measure::down, feed, {}};

  CHECK(judged(promise(world::Statistic::median, down, Comparison::within, 65, 127), outcomes).verdict ==
        Verdict::kept);
  CHECK(judged(promise(world::Statistic::median, down, Comparison::less, 80), outcomes).verdict == Verdict::broken);
  const PromiseResult close = judged(promise(world::Statistic::median, down, Comparison::less, 100), outcomes);
  CHECK(close.verdict == Verdict::undecided);
  CHECK(close.value == 99.0);
  REQUIRE(close.replications_needed);
  CHECK(*close.replications_needed > 1000);
}

TEST_CASE("a promise without a statistic is broken by one replication") {
  auto outcomes = invented::feed_down_from(50, 100);
  const world::Promise never_down = promise(world::Statistic::every, {Measure::down, chat, {}}, Comparison::equal, 0);
  CHECK(judged(never_down, outcomes).verdict == Verdict::kept);
  CHECK(judged(never_down, outcomes).value == 1.0);

  outcomes[42].apps[1] = invented::down_between(quantity::Duration::minutes(1), quantity::Duration::minutes(3), 5);

  const PromiseResult broken = judged(never_down, outcomes);
  CHECK(broken.verdict == Verdict::broken);
  CHECK(broken.value == Approx(.99));
}

TEST_CASE("every run goes down keeps a promise of 100 percent, while a mean of it is never quite sure") {
  const auto outcomes = invented::feed_down_from(50, 200);
  const world::MeasureOf ever_down{Measure::ever_down, feed, {}};

  CHECK(judged(promise(world::Statistic::every, ever_down, Comparison::equal, 1), outcomes).verdict == Verdict::kept);
  CHECK(judged(promise(world::Statistic::mean, ever_down, Comparison::greater, .95), outcomes).verdict ==
        Verdict::kept);
  CHECK(judged(promise(world::Statistic::mean, ever_down, Comparison::equal, 1), outcomes).verdict ==
        Verdict::undecided);
}

TEST_CASE("a run cut off by the horizon cannot keep a promise that reaches beyond it") {
  const world::World world = invented::two_apps();
  const std::vector<simulation::Outcome> outcomes(50, invented::feed_never_restored(world, 0));
  const world::MeasureOf down{Measure::down, feed, {}}, restored{Measure::restored, feed, {}};

  for (const auto& of : {down, restored}) {
    CHECK(judged(promise(world::Statistic::every, of, Comparison::less, 600), outcomes).verdict == Verdict::undecided);
    CHECK(judged(promise(world::Statistic::every, of, Comparison::less, 300), outcomes).verdict == Verdict::broken);
    CHECK(judged(promise(world::Statistic::p95, of, Comparison::less, 600), outcomes).verdict == Verdict::undecided);
    CHECK(judged(promise(world::Statistic::median, of, Comparison::less, 300), outcomes).verdict == Verdict::broken);
    CHECK(judged(promise(world::Statistic::mean, of, Comparison::less, 600), outcomes).verdict == Verdict::undecided);
    CHECK(judged(promise(world::Statistic::mean, of, Comparison::less, 300), outcomes).verdict == Verdict::broken);
  }
}

TEST_CASE("what was not hit keeps every promise about dates") {
  const auto outcomes = invented::feed_down_from(50, 20);

  CHECK(
      judged(promise(world::Statistic::every, {Measure::restored, chat, {}}, Comparison::less, 1), outcomes).verdict ==
      Verdict::kept);
  CHECK(judged(promise(world::Statistic::p95, {Measure::restored, chat, {}}, Comparison::less, 1), outcomes).verdict ==
        Verdict::kept);
}

TEST_CASE("three replications decide nothing about a percentile") {
  const auto outcomes = invented::feed_down_from(50, 3);

  const PromiseResult result =
      judged(promise(world::Statistic::p95, {Measure::down, feed, {}}, Comparison::less, 600), outcomes);

  CHECK(result.verdict == Verdict::undecided);
  CHECK_FALSE(result.replications_needed);
}

TEST_CASE("promises about the graph are left to those who look at it") {
  world::World world = invented::two_apps();
  world.promises = {promise(world::Statistic::every, {Measure::single_points, {}, {}}, Comparison::equal, 0)};
  statistics::Estimator estimator;

  CHECK(promises_of(world, Reader{world, world::StrategyId{0}}, invented::feed_down_from(50, 3), estimator).empty());
}

TEST_CASE("promises about the incident read the incident") {
  const auto outcomes = invented::feed_down_from(50, 30);

  CHECK(judged(promise(world::Statistic::every, {Measure::detected, {}, {}}, Comparison::less, 5), outcomes).verdict ==
        Verdict::kept);
  CHECK(judged(promise(world::Statistic::every, {Measure::stuck, {}, {}}, Comparison::equal, 0), outcomes).verdict ==
        Verdict::kept);
  CHECK(judged(promise(world::Statistic::every, {Measure::staff_hours, {}, {}}, Comparison::at_most, 2), outcomes)
            .verdict == Verdict::broken);
}

}  // namespace
}  // namespace knockon::study
