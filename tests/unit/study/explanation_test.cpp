#include "engine/study/explanation.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "tests/incident.hpp"

// Explanations run the engine in workers: processes of their own.
namespace knockon::study {
namespace {

using simulation::Event;
using simulation::EventKind;
using simulation::EventNumber;
using tests::always;
using tests::Incident;
using tests::minutes;
using world::Verb;

// The shop's store breaks at minute 10; a team of one answers after five minutes and mends it in twenty.
struct Shop {
  Incident incident{"shop -> front -> store; tool"};
  world::FaultId broken = incident.break_down(incident.service("store"), minutes(10));
  world::MonitorId monitor = incident.watch_success();
  world::TeamId team = incident.add_team("people", minutes(5));
  world::StepId mend = incident.add_step("mend", Verb::repair, minutes(20), team);

  Shop() {
    incident.step(mend).effect.targets = {{incident.service("store"), {}}};
    incident.step(mend).ends = {broken};
  }
  [[nodiscard]] Explanation explained(std::uint64_t index = 0) {
    entry = {.name = "shop", .world = &incident.world, .base = &incident.world, .subject = {}};
    entry.subject.cause = world::CauseId{0};
    entry.subject.strategy = world::StrategyId{0};
    return study::explained(entry, index, 2, {}, {.step = minutes(1), .keeps_spells = true});
  }
  Entry entry;
};

double saved(const Explanation& explanation, const std::string& without) {
  for (const Counterfactual& one : explanation.counterfactuals) {
    if (one.without == without) return one.saves_minutes;
  }
  FAIL("nothing is said about " << without);
  return 0;
}

bool is_asked(const Explanation& explanation, const std::string& without) {
  return std::any_of(explanation.counterfactuals.begin(), explanation.counterfactuals.end(),
                     [&](const Counterfactual& one) { return one.without == without; });
}

TEST_CASE("a chain begins at a fault, follows recorded causes only and ends with the app") {
  Shop shop;

  const Explanation explanation = shop.explained();

  REQUIRE(explanation.chains.size() == 1);
  const std::vector<Event>& events = explanation.outcome().events;
  const std::vector<EventNumber>& chain = explanation.chains[0].events;
  CHECK(events[chain.front() - 1].kind == EventKind::fault_began);
  CHECK(events[chain.front() - 1].cause == 0);
  CHECK(events[chain.back() - 1].kind == EventKind::app_down);
  for (std::size_t i = 1; i < chain.size(); ++i) CHECK(events[chain[i] - 1].cause == chain[i - 1]);
}

TEST_CASE("the stretches leave no gap between onset and the end, and add up to the phases") {
  Shop shop;

  const Explanation explanation = shop.explained();

  const simulation::Outcome& outcome = explanation.outcome();
  REQUIRE(outcome.incident.restored);
  REQUIRE_FALSE(explanation.stretches.empty());
  CHECK(explanation.stretches.front().from == outcome.onset);
  CHECK(explanation.stretches.back().to == outcome.onset + *outcome.incident.restored);
  for (std::size_t i = 1; i < explanation.stretches.size(); ++i)
    CHECK(explanation.stretches[i].from == explanation.stretches[i - 1].to);
  CHECK(simulation::phases_of(explanation.stretches) == outcome.phases);
}

TEST_CASE("the replication that is explained is the one that was run") {
  Shop shop;

  const Explanation explanation = shop.explained(7);

  CHECK(explanation.outcome().index == 7);
  CHECK(explanation.outcome().fingerprint == tests::outcome_of(shop.incident.world, 7).fingerprint);
}

// The crowd that has gathered by the time of the mending, the larger the later that is, shifts the end of the tail by
// a minute (1.06 after an hour, by steps thirty times finer).
constexpr double crowd_minutes = 1.2;

TEST_CASE("a team that answers at once saves the time it took to answer") {
  Shop shop;

  CHECK(saved(shop.explained(), "the time until people answers") == Approx(5).margin(crowd_minutes));
}

// The alert holds back for two minutes and is read every half minute on a grid of its own.
TEST_CASE("an alert that comes at once saves its hold and part of its interval") {
  Shop shop;

  const double minutes_saved =
      saved(shop.explained(), "the delay of the alert " + shop.incident.world[shop.monitor].name);

  CHECK(minutes_saved >= 1.9);
  CHECK(minutes_saved <= 2.5 + crowd_minutes);
}

TEST_CASE("a need that is not met for a while costs as long as it is waited for") {
  Shop shop;
  shop.incident.fault(shop.incident.break_down(shop.incident.service("tool"), minutes(10))).lasts = always(minutes(60));
  shop.incident.step(shop.mend).ways[0].needs = {Incident::need(shop.incident.service("tool"))};

  const Explanation explanation = shop.explained();

  // Without it the mending begins when people answer, else after an hour.
  const double detected = explanation.outcome().incident.acknowledged->in_minutes();
  CHECK(saved(explanation, "the need for needed") == Approx(60 - detected).margin(crowd_minutes));
  CHECK_FALSE(explanation.counterfactuals.front().is_at_least);
}

TEST_CASE("of what is not well at the end, the service that everything else hangs on is named, with what keeps it so") {
  Shop shop;
  shop.incident.step(shop.mend).ends = {};

  const Explanation explanation = shop.explained();

  REQUIRE(explanation.unwell.size() == 1);
  CHECK(explanation.unwell[0].service == shop.incident.service("store"));
  CHECK(explanation.unwell[0].health == simulation::Health::down);
  CHECK(explanation.unwell[0].because == std::vector<std::string>{shop.incident.world[shop.broken].name});
  CHECK(explanation.unwell[0].with_it == std::vector{shop.incident.service("front")});
}

TEST_CASE("nothing is not well once all is restored") {
  Shop shop;

  CHECK(shop.explained().unwell.empty());
}

TEST_CASE("a step that waits for what only it would mend is stuck, and the fault that keeps it is named") {
  Shop shop;
  shop.incident.step(shop.mend).ways[0].needs = {Incident::need(shop.incident.service("store"))};

  const Explanation explanation = shop.explained();

  REQUIRE(explanation.waiting.size() == 1);
  CHECK(explanation.waiting[0].step == shop.mend);
  CHECK(explanation.waiting[0].is_stuck);
  CHECK(explanation.waiting[0].waits_for == std::vector<std::string>{"needed"});
  CHECK(explanation.waiting[0].because == std::vector<std::string>{shop.incident.world[shop.broken].name});
  const auto met = std::find_if(explanation.counterfactuals.begin(), explanation.counterfactuals.end(),
                                [](const Counterfactual& one) { return one.without == "the need for needed"; });
  REQUIRE(met != explanation.counterfactuals.end());
  CHECK(met->is_at_least);
  CHECK(met->saves_minutes > 0);
}

TEST_CASE("a step that waits for what something else broke is unfinished, not stuck") {
  Shop shop;
  const auto other = shop.incident.break_down(shop.incident.service("tool"), minutes(0));
  shop.incident.step(shop.mend).ways[0].needs = {Incident::need(shop.incident.service("tool"))};

  const Explanation explanation = shop.explained();

  REQUIRE(explanation.waiting.size() == 1);
  CHECK_FALSE(explanation.waiting[0].is_stuck);
  CHECK(explanation.waiting[0].because == std::vector<std::string>{shop.incident.world[other].name});
}

TEST_CASE("automation that makes matters worse is found out by leaving it away") {
  Shop shop;
  world::Condition front_suffers =
      tests::negated(tests::state_of(world::State::usable, shop.incident.service("store")));
  const auto reaction = shop.incident.react("overreaction", front_suffers, Verb::down, shop.incident.service("front"));
  shop.incident.reaction(reaction).never_ends = true;

  const Explanation explanation = shop.explained();

  const auto off =
      std::find_if(explanation.counterfactuals.begin(), explanation.counterfactuals.end(),
                   [](const Counterfactual& one) { return one.without == "overreaction, the automation"; });
  REQUIRE(off != explanation.counterfactuals.end());
  CHECK(off->saves_minutes > 0);
  CHECK(off->is_at_least);
}

TEST_CASE("what did not happen is not asked about") {
  Shop shop;

  const Explanation explanation = shop.explained();

  CHECK_FALSE(is_asked(explanation, "the failed attempt at mend"));
  CHECK_FALSE(is_asked(explanation, "the wrong diagnosis in mend"));
  CHECK_FALSE(is_asked(explanation, "the need for needed"));
}

TEST_CASE("a wrong diagnosis is asked about, and a right one would have been quicker") {
  Shop shop;
  const auto find = shop.incident.add_step("find", Verb::diagnose, minutes(15), shop.team);
  shop.incident.step(find).wrong = quantity::Share{.999};
  shop.incident.step(find).after = {};
  shop.incident.step(shop.mend).after = {find};

  const Explanation explanation = shop.explained();

  CHECK(saved(explanation, "the wrong diagnosis in find") > 0);
}

TEST_CASE("an app that is not hit has no chain, and a day without an outage no stretches") {
  Shop shop;
  shop.incident.fault(shop.broken).at = always(shop.incident.world.horizon - minutes(.3));

  const Explanation explanation = shop.explained();

  CHECK(explanation.chains.empty());
  CHECK(explanation.stretches.empty());
  CHECK(explanation.results.finished == 1);
}

}  // namespace
}  // namespace knockon::study
