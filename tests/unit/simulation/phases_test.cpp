// Where the minutes went: on made-up traces, and on what was simulated.
#include "engine/simulation/phases.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "engine/simulation/trace.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using simulation::EventKind;
using simulation::EventNumber;
using simulation::Phase;
using tests::Incident;
using tests::minutes;

namespace {

using Phases = std::array<Duration, simulation::phase_count>;

double in(const Phases& phases, Phase phase) { return phases[static_cast<std::size_t>(phase)].in_minutes(); }
Duration sum(const Phases& phases) { return std::accumulate(phases.begin(), phases.end(), Duration{}); }

// A plan of one step of each of these verbs, in this order; and a trace to write into.
struct Story {
  Incident incident{"shop -> front"};
  simulation::Trace trace;

  world::StepId step(world::Verb verb) { return incident.add_step("step", verb, {}); }
  EventNumber tell(double minute, EventKind kind, EventNumber cause, world::Subject about = {}, double value = 0) {
    return trace.add({.at = minutes(minute), .kind = kind, .about = {about, {}}, .value = value, .cause = cause});
  }
  [[nodiscard]] Phases until(EventNumber last, double end, bool unresolved = false) const {
    return phases_of(stretches_of(incident.world, trace.events(), last, minutes(10), minutes(end), unresolved));
  }
};

}  // namespace

TEST_CASE("the way back from ok to the fault gives every minute to one phase") {
  Story story;
  const auto find_out = story.step(world::Verb::diagnose);
  const auto drive = story.step(world::Verb::travel);
  const auto fix = story.step(world::Verb::repair);
  const auto let_in = story.step(world::Verb::admit);
  const auto fault = story.tell(10, EventKind::fault_began, 0);
  const auto alert = story.tell(13, EventKind::alert_on, fault);
  const auto strategy = story.tell(13, EventKind::strategy_began, alert);
  const auto acknowledged = story.tell(18, EventKind::acknowledged, strategy);
  const auto looks = story.tell(18, EventKind::step_began, acknowledged, find_out);
  const auto found = story.tell(30, EventKind::step_done, looks, find_out);
  const auto drives = story.tell(30, EventKind::step_began, found, drive);
  const auto there = story.tell(70, EventKind::step_done, drives, drive);
  const auto waits = story.tell(70, EventKind::step_waits, there, fix);
  const auto fixes = story.tell(77, EventKind::step_began, waits, fix);
  const auto fixed = story.tell(90, EventKind::step_done, fixes, fix);
  const auto ended = story.tell(94, EventKind::fault_ended, fixed);
  const auto opens = story.tell(94, EventKind::step_began, ended, let_in);
  const auto first = story.tell(94, EventKind::admitted, opens, let_in);
  const auto all = story.tell(114, EventKind::admitted, first, let_in);
  const auto ok = story.tell(120, EventKind::app_ok, all);

  const Phases phases = story.until(ok, 120);

  CHECK(in(phases, Phase::detect) == Approx(3));
  CHECK(in(phases, Phase::acknowledge) == Approx(5));
  CHECK(in(phases, Phase::diagnose) == Approx(12));
  CHECK(in(phases, Phase::access) == Approx(40));
  CHECK(in(phases, Phase::wait) == Approx(7));
  CHECK(in(phases, Phase::fix) == Approx(13));
  CHECK(in(phases, Phase::propagate) == Approx(4));
  CHECK(in(phases, Phase::ramp) == Approx(20));
  CHECK(in(phases, Phase::tail) == Approx(6));
  CHECK(sum(phases) == minutes(110));
}

TEST_CASE("work on a wrong diagnosis and the diagnosis itself are one phase") {
  Story story;
  const auto find_out = story.step(world::Verb::diagnose);
  const auto fix = story.step(world::Verb::repair);
  const auto fault = story.tell(10, EventKind::fault_began, 0);
  const auto looks = story.tell(12, EventKind::step_began, fault, find_out);
  const auto wrong = story.tell(20, EventKind::step_done, looks, find_out, 1);
  const auto tries = story.tell(20, EventKind::step_began, wrong, fix);
  const auto missed = story.tell(45, EventKind::step_missed, tries, fix);
  const auto again = story.tell(45, EventKind::step_began, missed, find_out);
  const auto found = story.tell(50, EventKind::step_done, again, find_out);

  const Phases phases = story.until(found, 50);

  CHECK(in(phases, Phase::misdiagnose) == Approx(33));
  CHECK(in(phases, Phase::diagnose) == Approx(5));
  CHECK(sum(phases) == minutes(40));
}

TEST_CASE("an attempt that fails on a wrong diagnosis belongs to the diagnosis, on a right one to the fixing") {
  Story story;
  const auto find_out = story.step(world::Verb::diagnose);
  const auto fix = story.step(world::Verb::repair);
  const auto fault = story.tell(10, EventKind::fault_began, 0);
  const auto wrong = story.tell(20, EventKind::step_done, fault, find_out, 1);
  const auto tries = story.tell(20, EventKind::step_began, wrong, fix);
  const auto failed = story.tell(27, EventKind::step_failed, tries, fix);
  const auto found = story.tell(50, EventKind::step_done, failed, find_out);
  const auto tries_again = story.tell(50, EventKind::step_began, found, fix);
  const auto failed_again = story.tell(55, EventKind::step_failed, tries_again, fix);

  const Phases phases = story.until(failed_again, 55);

  CHECK(in(phases, Phase::misdiagnose) == Approx(17));
  CHECK(in(phases, Phase::fix) == Approx(5));
}

TEST_CASE("the way back is followed to the fault, also when much happened at once with it") {
  Story story;
  const auto fault = story.tell(10, EventKind::fault_began, 0);
  const auto link = story.tell(10, EventKind::link_off, fault);
  const auto ok = story.tell(60, EventKind::app_ok, link);

  const auto stretches = stretches_of(story.incident.world, story.trace.events(), ok, minutes(10), minutes(60), false);

  REQUIRE(stretches.size() == 3);
  CHECK(stretches[0].ended_by == link);
  CHECK(sum(phases_of(stretches)) == minutes(50));
}

TEST_CASE("what follows the last move of an outage that is not over is unresolved") {
  Story story;
  const auto drive = story.step(world::Verb::travel);
  const auto fault = story.tell(10, EventKind::fault_began, 0);
  const auto alert = story.tell(15, EventKind::alert_on, fault);
  const auto drives = story.tell(15, EventKind::step_began, alert, drive);
  story.tell(16, EventKind::app_down, fault);

  const Phases phases = story.until(last_move(story.trace.events()), 100, true);

  CHECK(last_move(story.trace.events()) == drives);
  CHECK(in(phases, Phase::unresolved) == Approx(85));
  CHECK(in(phases, Phase::detect) == Approx(5));
  CHECK(sum(phases) == minutes(90));
}

TEST_CASE("a chain that begins after onset leaves the time before it to waiting") {
  Story story;
  story.tell(10, EventKind::fault_began, 0);
  const auto second = story.tell(40, EventKind::fault_began, 0);
  const auto ok = story.tell(60, EventKind::app_ok, second);

  const Phases phases = story.until(ok, 60);

  CHECK(in(phases, Phase::wait) == Approx(30));
  CHECK(in(phases, Phase::tail) == Approx(20));
}

TEST_CASE("a chain from before onset is cut there") {
  Story story;
  const auto before = story.tell(5, EventKind::reaction_began, 0);
  const auto ok = story.tell(60, EventKind::app_ok, before);

  CHECK(sum(story.until(ok, 60)) == minutes(50));
}

TEST_CASE("simulated minutes add up to the outage, tick by tick, whether it was restored or not", "[simgrid]") {
  Incident incident{"shop -> front -> back; other -> tool"};
  incident.break_down(incident.service("back"), minutes(13));
  incident.watch_success();
  const auto team = incident.add_team("ops", minutes(5));
  const auto find_out = incident.add_step("find-out", world::Verb::diagnose, minutes(10), team);
  incident.step(find_out).wrong = quantity::Share{0.4};
  const auto fix = incident.add_step("fix", world::Verb::repair, minutes(60), team);
  incident.step(fix).ways[0].succeeds = quantity::Share{0.6};
  incident.step(fix).ways[0].needs = {Incident::need(incident.service("tool"))};
  const auto tool = incident.break_down(incident.service("tool"), minutes(40));
  incident.fault(tool).lasts = tests::always(minutes(50));
  incident.step(fix).ends = {world::FaultId{0}};

  for (const simulation::Outcome& outcome : tests::outcomes_of(incident.world, {0, 1, 2, 3, 4, 5, 6, 7})) {
    const Duration end = outcome.incident.restored.value_or(incident.world.horizon - outcome.onset);
    CHECK(sum(outcome.phases) == end);
    CHECK((in(outcome.phases, Phase::unresolved) > 0) == !outcome.incident.restored.has_value());
  }
}
