// What must hold of a replication whatever fails and whoever mends it.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Share;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

// Whatever people may try, with whatever they need, and with harm when it fails.
void add_steps(Incident& incident, world::TeamId team, const std::vector<std::string>& names) {
  using world::Verb;
  const int steps = *rc::gen::inRange(0, 4);
  for (int i = 0; i < steps; ++i) {
    const auto verb = *rc::gen::element(Verb::diagnose, Verb::repair, Verb::wait, Verb::restart, Verb::drain,
                                        Verb::undrain, Verb::add_capacity, Verb::purge, Verb::admit);
    const auto id = incident.add_step("step-" + std::to_string(i), verb, minutes(*rc::gen::inRange(0, 60)), team);
    world::Step& step = incident.step(id);
    const auto target = incident.service(*rc::gen::elementOf(names));
    step.effect.targets = {{verb == Verb::admit ? world::Subject{Incident::app} : world::Subject{target}, {}}};
    if (verb == Verb::restart) step.ends = incident.world.causes[0].faults;
    step.effect.replicas = verb == Verb::add_capacity ? *rc::gen::inRange(1, 20) : 0;
    if (*rc::gen::arbitrary<bool>()) step.effect.restart_rate = quantity::Rate::per_hour(*rc::gen::inRange(1, 100));
    if (verb == Verb::add_capacity) step.lasts = always(minutes(*rc::gen::inRange(0, 100)));
    if (verb == Verb::admit) {
      step.effect.admission =
          world::Admission{.from = Share{0.2}, .by = Share{0.3}, .to = Share{1}, .every = minutes(7), .guard = {}};
      step.effect.admission->guard = tests::state_of(world::State::usable, target);
      step.effect.admission->broken = *rc::gen::element(world::OnBroken::hold, world::OnBroken::back_off);
    }
    step.ways[0].succeeds = Share{*rc::gen::element(0.5, 1.0)};
    step.otherwise = *rc::gen::element(world::Otherwise::repeat, world::Otherwise::next, world::Otherwise::step);
    step.otherwise_step = incident.world.strategies.back().steps.front();
    if (verb == Verb::diagnose) step.wrong = Share{*rc::gen::element(0.0, 0.5)};
    if (*rc::gen::arbitrary<bool>()) {
      step.ways[0].needs = {Incident::need(incident.service(*rc::gen::elementOf(names)))};
      step.ways[0].has_patience = *rc::gen::arbitrary<bool>();
      step.ways[0].patience = minutes(*rc::gen::inRange(0, 30));
    }
    if (*rc::gen::arbitrary<bool>()) {
      step.harm.emplace();
      step.harm->verb = *rc::gen::element(Verb::errors, Verb::lose_capacity, Verb::down);
      step.harm->targets = {{target, {}}};
      step.harm->share = Share{0.4};
    }
  }
}

Incident random_incident() {
  Incident incident{"shop -> front -> store; front ~> side"};
  const std::vector<std::string> names{"front", "store", "side"};
  const int faults = *rc::gen::inRange(1, 4);
  for (int i = 0; i < faults; ++i) {
    const auto verb = *rc::gen::element(world::Verb::down, world::Verb::errors, world::Verb::lose_capacity);
    const auto id =
        incident.add_fault(verb, incident.service(*rc::gen::elementOf(names)), minutes(*rc::gen::inRange(0, 300)));
    incident.fault(id).effect.share = Share{*rc::gen::element(0.3, 0.7, 1.0)};
    if (*rc::gen::arbitrary<bool>()) incident.fault(id).lasts = always(minutes(*rc::gen::inRange(1, 200)));
  }
  incident.watch_success();
  const auto team = incident.add_team("people", minutes(*rc::gen::inRange(0, 20)), *rc::gen::inRange(1, 3));
  if (*rc::gen::arbitrary<bool>()) {
    const auto seniors = incident.add_team("seniors", minutes(*rc::gen::inRange(0, 20)));
    incident.world.teams[team.index()].escalates_to = seniors;
    incident.world.teams[team.index()].escalate_after = minutes(*rc::gen::inRange(1, 20));
  }
  if (*rc::gen::arbitrary<bool>()) {
    incident.world.monitors[0].needs = {Incident::need(incident.service(*rc::gen::elementOf(names)))};
    incident.world.monitors[0].no_data = minutes(*rc::gen::inRange(1, 30));
  }
  add_steps(incident, team, names);
  if (*rc::gen::arbitrary<bool>()) {
    incident.world.strategies.push_back({.name = "beside", .when = {}, .steps = {}});
    add_steps(incident, team, names);
    incident.world.strategies[0].beside = {world::StrategyId{1}};
  }
  return incident;
}

void check_intervals(const simulation::AppOutcome& app, Duration end) {
  std::vector<simulation::Interval> all = app.down;
  all.insert(all.end(), app.degraded.begin(), app.degraded.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  Duration reached;
  for (const simulation::Interval& interval : all) {
    RC_ASSERT(interval.from >= reached);
    RC_ASSERT(interval.to > interval.from);
    reached = interval.to;
  }
  RC_ASSERT(reached <= end);
}

// Whatever took an app down, going from each event to the one that brought it about leads to a fault.
void check_causes(const simulation::Outcome& outcome) {
  for (const simulation::Event& event : outcome.events) {
    const bool is_fall =
        event.kind == simulation::EventKind::app_down || event.kind == simulation::EventKind::app_degraded;
    if (!is_fall || event.at < outcome.onset) continue;
    const simulation::Event* first = &event;
    while (first->cause != 0) {
      const simulation::Event& before = outcome.events[first->cause - 1];
      RC_ASSERT(before.at <= first->at);
      first = &before;
    }
    RC_ASSERT(first->kind == simulation::EventKind::fault_began);
  }
}

}  // namespace

TEST_CASE("whatever fails, phases add up, causes lead back to a fault, intervals keep apart and bits repeat",
          "[simgrid]") {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = 150;
  params.maxSize = 30;
  const auto result = rc::detail::checkTestable(
      [] {
        const Incident incident = random_incident();
        const std::vector outcomes{tests::outcome_of(incident.world), tests::outcome_of(incident.world)};
        const simulation::Outcome& outcome = outcomes[0];

        RC_ASSERT(outcome.fingerprint == outcomes[1].fingerprint);
        const Duration end = incident.world.horizon - outcome.onset;
        Duration sum;
        for (const Duration phase : outcome.phases) sum += phase;
        RC_ASSERT(sum == (outcome.incident.hit ? outcome.incident.restored.value_or(end) : Duration{}));
        for (std::size_t i = 0; i < outcome.events.size(); ++i) RC_ASSERT(outcome.events[i].cause <= i);
        check_causes(outcome);
        for (const simulation::AppOutcome& app : outcome.apps) check_intervals(app, end);
        for (const simulation::AppOutcome& app : outcome.apps_in_regions) check_intervals(app, end);
      },
      rc::detail::TestMetadata{}, params);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  INFO(message.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}
