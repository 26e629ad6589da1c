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
  const int steps = *rc::gen::inRange(0, 4);
  for (int i = 0; i < steps; ++i) {
    const auto verb = *rc::gen::element(world::Verb::diagnose, world::Verb::repair, world::Verb::wait);
    const auto id = incident.add_step("step-" + std::to_string(i), verb, minutes(*rc::gen::inRange(0, 60)), team);
    incident.step(id).ways[0].succeeds = Share{*rc::gen::element(0.5, 1.0)};
    if (verb == world::Verb::diagnose) incident.step(id).wrong = Share{*rc::gen::element(0.0, 0.5)};
    if (*rc::gen::arbitrary<bool>()) {
      incident.step(id).ways[0].needs = {Incident::need(incident.service(*rc::gen::elementOf(names)))};
    }
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

}  // namespace

TEST_CASE("whatever fails, phases add up, causes precede, intervals keep apart and bits repeat", "[simgrid]") {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = 30;
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
        for (const simulation::AppOutcome& app : outcome.apps) check_intervals(app, end);
        for (const simulation::AppOutcome& app : outcome.apps_in_regions) check_intervals(app, end);
      },
      rc::detail::TestMetadata{}, params);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  INFO(message.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}
