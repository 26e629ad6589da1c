#include "engine/study/results.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

using statistics::Quantile;

TEST_CASE("every app has its minutes in each region and over all users") {
  const world::World world = invented::two_apps();

  const Results results = results_of(world, invented::subject(), invented::finished(invented::feed_down_from(50, 21)));

  REQUIRE(results.apps.size() == 2);
  REQUIRE(results.apps[0].regions.size() == 2);
  CHECK(results.apps[0].all.down_minutes.p50 == Quantile{60, false});
  CHECK(results.apps[0].regions[1].down_minutes.p50 == Quantile{60, false});
  CHECK(results.apps[0].regions[1].user_minutes_lost.p50 == Quantile{60 * 300, false});
  CHECK(results.apps[0].all.money_lost.p50 == Quantile{60 * 400 / 10 - 60 * 400 / 40, false});
  CHECK(results.apps[0].all.ever_down.value.value() == 1);
}

TEST_CASE("an app that was not hit has zero minutes, no date, and may still be hit one day") {
  const world::World world = invented::two_apps();

  const Results results = results_of(world, invented::subject(), invented::finished(invented::feed_down_from(50, 200)));

  const AppMeasures& chat = results.apps[1].all;
  CHECK(chat.down_minutes.mean == 0.0);
  CHECK(chat.first_impact_minute.undefined_share.value() == 1);
  CHECK_FALSE(chat.restored_minute.p50);
  CHECK(chat.ever_down.high.value() > 0);
  CHECK_FALSE(chat.slo_budget_spent);
}

TEST_CASE("runs that are not restored by the horizon leave dates without a mean and minutes with a censored share") {
  const world::World world = invented::two_apps();
  auto outcomes = invented::feed_down_from(50, 9);
  outcomes.push_back(invented::feed_never_restored(world, 9));

  const Results results = results_of(world, invented::subject(), invented::finished(outcomes));

  const AppMeasures& feed = results.apps[0].all;
  CHECK(feed.unrestored.count == 1);
  CHECK_FALSE(feed.restored_minute.mean);
  CHECK(feed.restored_minute.p95 == Quantile{360, true});
  CHECK(feed.down_minutes.censored_share.value() == Approx(.1));
  CHECK(feed.down_minutes.mean.has_value());
  CHECK_FALSE(results.incident.restored_minute.mean);
  CHECK(results.incident.restored_minute.censored_share.value() == Approx(.1));
}

TEST_CASE("what a plan never does has no date, but what it did not get done by the horizon is censored") {
  world::World world = invented::two_apps();
  world.strategies[0].steps = {world::StepId{0}};  // diagnoses, announces nothing
  simulation::Outcome outcome = invented::feed_down_for(30);
  outcome.incident.announced.reset();
  outcome.incident.diagnosed.reset();

  const Results results = results_of(world, invented::subject(), invented::finished({outcome}));

  CHECK(results.incident.announced_minute.undefined_share.value() == 1);
  CHECK(results.incident.diagnosed_minute.censored_share.value() == 1);
}

TEST_CASE("the median replication is the lower median by user-minutes, ties by index") {
  const world::World world = invented::two_apps();
  const auto at = [](std::int64_t minutes, std::uint64_t index) { return invented::feed_down_for(minutes, index); };

  const Results even =
      results_of(world, invented::subject(), invented::finished({at(90, 0), at(30, 1), at(60, 2), at(120, 3)}));
  const Results tied = results_of(world, invented::subject(), invented::finished({at(60, 4), at(60, 5), at(60, 6)}));

  CHECK(even.outcomes[*even.median].index == 2);
  CHECK(tied.outcomes[*tied.median].index == 5);
  CHECK_FALSE(results_of(world, invented::subject(), {}).median);
}

TEST_CASE("the phases' means add up to the mean outage") {
  const world::World world = invented::two_apps();

  const Results results = results_of(world, invented::subject(), invented::finished(invented::feed_down_from(50, 21)));

  CHECK(std::accumulate(results.phase_minutes.begin(), results.phase_minutes.end(), 0.0) == Approx(62));
}

TEST_CASE("the run's fingerprint hangs on every replication's and on its index") {
  const world::World world = invented::two_apps();
  const auto fingerprint = [&](std::vector<simulation::Outcome> outcomes) {
    return results_of(world, invented::subject(), invented::finished(std::move(outcomes))).fingerprint;
  };
  auto outcomes = invented::feed_down_from(50, 5);
  const std::uint64_t original = fingerprint(outcomes);

  CHECK(fingerprint(outcomes) == original);
  outcomes[2].fingerprint ^= 1;
  CHECK(fingerprint(outcomes) != original);
  outcomes[2].fingerprint ^= 1;
  outcomes[4].index = 9;
  CHECK(fingerprint(outcomes) != original);
}

TEST_CASE("more than one replication in a hundred may not die") {
  Results results;
  results.requested = 200;
  results.died = {{.index = 1}, {.index = 2}};
  CHECK_FALSE(too_many_died(results));

  results.died.push_back({.index = 3});
  CHECK(too_many_died(results));
}

TEST_CASE("milestones and measures are summarised beside what was observed") {
  world::World world = invented::two_apps();
  world.observed = {{.text = "restored(feed@west)",
                     .of = world::MeasureOf{world::Measure::restored, world::AppId{0}, world::RegionId{1}},
                     .low = 50,
                     .high = 70},
                    {.text = "back in general", .milestone = world::Condition{}, .low = 40, .high = 40}};
  auto outcomes = invented::feed_down_from(50, 21);
  for (auto& outcome : outcomes) outcome.milestones = {std::nullopt, quantity::Duration::minutes(44)};
  outcomes[0].milestones[1].reset();

  const Results results = results_of(world, invented::subject(), invented::finished(outcomes));

  CHECK(results.observed[0].p50 == Quantile{62, false});
  CHECK(results.observed[1].p50 == Quantile{44, false});
  CHECK(results.observed[1].censored_share.value() == Approx(1.0 / 21));
}

}  // namespace
}  // namespace knockon::study
