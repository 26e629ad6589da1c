#include "engine/simulation/phases.hpp"

#include <algorithm>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using world::Verb;

Phase phase_of_work(Verb verb) {
  switch (verb) {
    case Verb::diagnose:
      return Phase::diagnose;
    case Verb::travel:
    case Verb::open_door:
    case Verb::break_glass:
      return Phase::access;
    case Verb::wait:
      return Phase::wait;
    case Verb::admit:
      return Phase::ramp;
    default:
      return Phase::fix;
  }
}

Phase phase_of_work(const world::World& world, const Event& event) {
  const auto* step = std::get_if<world::StepId>(&event.about.subject);
  return step == nullptr ? Phase::fix : phase_of_work(world[*step].effect.verb);
}

// What was going on until `event`, which `cause` brought about.
Phase phase_before(const world::World& world, const Event& event, const Event& cause) {
  switch (event.kind) {
    case EventKind::monitor_blind:
    case EventKind::monitor_seeing:
    case EventKind::alert_on:
    case EventKind::alert_off:
    case EventKind::reports_on:
    case EventKind::strategy_began:
      return Phase::detect;
    case EventKind::acknowledged:
    case EventKind::escalated:
      return Phase::acknowledge;
    // Before a step begins, its turn, its condition, its people or what it needs are waited for.
    case EventKind::step_waits:
    case EventKind::step_began:
    case EventKind::step_resumed:
    case EventKind::step_skipped:
    case EventKind::way_given_up:
    case EventKind::step_stuck:
    case EventKind::bytes_move_on:
      return Phase::wait;
    case EventKind::step_missed:
      return Phase::misdiagnose;
    case EventKind::step_done: {
      const Phase phase = phase_of_work(world, event);
      return phase == Phase::diagnose && event.value != 0 ? Phase::misdiagnose : phase;
    }
    case EventKind::step_paused:
    case EventKind::step_failed:
    case EventKind::announced:
    case EventKind::bytes_leave:
      return phase_of_work(world, event);
    case EventKind::admitted:
      return Phase::ramp;
    // A fault that ends by itself is waited for; one that a step ends by stages spreads its mending.
    case EventKind::fault_ended:
      return cause.kind == EventKind::fault_began ? Phase::wait : Phase::propagate;
    case EventKind::fault_began:
    case EventKind::reaction_began:
    case EventKind::reaction_ended:
    case EventKind::step_undone:
    case EventKind::cached_names_gone:
    case EventKind::cached_names_back:
    case EventKind::link_off:
    case EventKind::link_on:
    case EventKind::bytes_stop:
    case EventKind::bytes_arrived:
      return Phase::propagate;
    case EventKind::app_down:
    case EventKind::app_degraded:
    case EventKind::app_ok:
    case EventKind::milestone:
      return Phase::tail;
  }
  return Phase::unresolved;
}

bool is_move(EventKind kind) {
  switch (kind) {
    case EventKind::app_down:
    case EventKind::app_degraded:
    case EventKind::app_ok:
    case EventKind::monitor_blind:
    case EventKind::monitor_seeing:
    case EventKind::alert_off:
    case EventKind::step_stuck:
    case EventKind::milestone:
      return false;
    default:
      return true;
  }
}

// An attempt that fails while the diagnosis behind it is wrong would have mended nothing either.
void blame_diagnoses(const world::World& world, const std::vector<Event>& events, std::vector<Stretch>& stretches) {
  bool is_wrong = false;
  for (Stretch& stretch : stretches) {
    if (stretch.ended_by == 0) continue;
    const Event& event = events[stretch.ended_by - 1];
    if (event.kind == EventKind::step_done && phase_of_work(world, event) == Phase::diagnose)
      is_wrong = event.value != 0;
    if (event.kind == EventKind::step_failed && stretch.phase == Phase::fix && is_wrong)
      stretch.phase = Phase::misdiagnose;
  }
}

}  // namespace

std::vector<Stretch> stretches_of(const world::World& world, const std::vector<Event>& events, EventNumber last,
                                  Duration onset, Duration end, bool unresolved) {
  std::vector<Stretch> stretches;
  Duration reached = end;  // everything after it belongs to a phase already
  const auto give = [&](Phase phase, Duration from, EventNumber ended_by) {
    const Duration until = std::clamp(from, onset, reached);
    stretches.push_back({.phase = phase, .from = until, .to = reached, .ended_by = ended_by});
    reached = until;
  };
  const Phase after_last = unresolved ? Phase::unresolved : Phase::tail;
  give(after_last, last == 0 ? onset : events[last - 1].at, 0);
  for (EventNumber number = last; number != 0;) {
    const Event& event = events[number - 1];
    if (event.cause == 0) break;
    const Event& cause = events[event.cause - 1];
    // At onset itself the way is followed to the fault; what had happened before is not told.
    if (reached <= onset && cause.at < onset) break;
    give(phase_before(world, event, cause), cause.at, number);
    number = event.cause;
  }
  // The chain began with something that nothing brought about, later than onset: until then it was waited for.
  if (reached > onset) give(Phase::wait, onset, 0);
  std::reverse(stretches.begin(), stretches.end());
  blame_diagnoses(world, events, stretches);
  return stretches;
}

std::array<Duration, phase_count> phases_of(const std::vector<Stretch>& stretches) {
  std::array<Duration, phase_count> phases{};
  for (const Stretch& stretch : stretches) phases[static_cast<std::size_t>(stretch.phase)] += stretch.to - stretch.from;
  return phases;
}

EventNumber last_move(const std::vector<Event>& events) {
  for (auto number = static_cast<EventNumber>(events.size()); number > 0; --number) {
    if (is_move(events[number - 1].kind)) return number;
  }
  return 0;
}

}  // namespace knockon::simulation
