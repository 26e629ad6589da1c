// One step of a strategy, as the people who do it live it: its turn, its people, its way, its work, and how it ends.
#include <algorithm>

#include "engine/simulation/recovery.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;
using world::Verb;

// An attempt that took no time and failed is tried again after this: no plan may spin at one date.
constexpr Duration least_pause = Duration::minutes(1);

// On a wrong diagnosis the wrong thing is mended. Looking, going there, telling people and letting them in succeed all
// the same.
bool can_miss(Verb verb) {
  switch (verb) {
    case Verb::diagnose:
    case Verb::announce:
    case Verb::wait:
    case Verb::travel:
    case Verb::open_door:
    case Verb::break_glass:
    case Verb::admit:
      return false;
    default:
      return true;
  }
}

}  // namespace

// Returns what is to be done after it.
std::optional<Recovery::Next> Recovery::perform(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  if (own.when) cause = wait_for(id, *own.when, cause);
  if (own.only_if && !holds_now(id, *own.only_if)) {
    // What comes after it goes on as if it were done; but done(…) stays false, for nothing was.
    return finish(id, scene_.record(EventKind::step_skipped, target_of(id), cause), false, false);
  }
  for (;;) {
    const SimTime began = scene_.now();
    const Result result = attempt(id, cause);
    if (result == Result::done) return finish(id, cause, true, false);
    if (result == Result::missed) {
      cause = repeat_diagnosis(id, cause);
    } else if (own.otherwise == world::Otherwise::next || own.otherwise == world::Otherwise::stop) {
      return follow_failure(id, cause);
    }
    if (scene_.now() == began) scene_.clockwork.sleep_until(began + least_pause);
    if (result == Result::failed && own.otherwise == world::Otherwise::step) return follow_failure(id, cause);
  }
}

// One attempt, from taking people to what it brought about; `cause` becomes the last event on its path.
Recovery::Result Recovery::attempt(world::StepId id, EventNumber& cause) {
  const world::Step& own = step(id);
  Progress& mine = progress(id);
  const int attempt = mine.attempts++;
  Held held;
  take(id, own.ways.front().team, held, cause);
  std::optional<Choice> choice = choose_way(id, 0, cause, held);
  while (choice && !work(id, *choice, cause)) {
    cause = scene_.record(EventKind::way_given_up, target_of(id), cause, static_cast<double>(choice->number));
    choice = choose_way(id, choice->number + 1, cause, held);
  }
  if (choice) cause = move_bytes(id, cause);
  Result result = Result::done;
  const bool succeeds =
      choice && scene_.draws.happens(choice->way->succeeds, stream_name("succeeds", own.name, attempt));
  if (!succeeds) {
    result = Result::failed;
    cause = do_harm(id, EventKind::step_failed, cause);
  } else if (can_miss(own.effect.verb) && wrong_diagnosis_behind(id)) {
    result = Result::missed;
    cause = do_harm(id, EventKind::step_missed, cause);
  } else {
    cause = carry_out(id, cause);
  }
  release(id, held, cause);
  mine.last = cause;
  return result;
}

// --- conditions ------------------------------------------------------------------------------------------------------

EventNumber Recovery::wait_for(world::StepId id, const world::Condition& condition, EventNumber cause) {
  Bell& bell = *progress(id).bell;
  const Watches::Id watch = scene_.watches.add(condition, {.itself = target_of(id), .here = {}});
  scene_.watches.on_turn(watch, [&bell] { bell.ring(); });
  scene_.watches.activate(watch);
  const SimTime asked = scene_.now();
  while (!scene_.watches.is_read(watch) || !scene_.watches.holds(watch)) bell.wait();
  scene_.watches.deactivate(watch);
  if (scene_.now() == asked) return cause;
  return later(cause, scene_.cause_of(condition, target_of(id), scene_.watches.since(watch)));
}

bool Recovery::holds_now(world::StepId id, const world::Condition& condition) {
  Bell& bell = *progress(id).bell;
  const Watches::Id watch = scene_.watches.add(condition, {.itself = target_of(id), .here = {}});
  scene_.watches.on_turn(watch, [&bell] { bell.ring(); });
  scene_.watches.activate(watch);
  while (!scene_.watches.is_read(watch)) bell.wait();
  scene_.watches.deactivate(watch);
  return scene_.watches.holds(watch);
}

// --- people ----------------------------------------------------------------------------------------------------------

void Recovery::take(world::StepId id, const std::optional<world::TeamId>& team, Held& held, EventNumber& cause) {
  if (held.asked == team) return;
  release(id, held, cause);
  if (!team) return;
  const Teams::Taken taken = teams_.take(*team, step(id).people, id, cause);
  held = {.asked = team, .team = taken.team, .people = step(id).people};
  cause = later(cause, taken.last);
}

void Recovery::release(world::StepId id, Held& held, EventNumber last) {
  if (held.team) teams_.release(*held.team, held.people, id, last);
  held = {};
}

// --- ways ------------------------------------------------------------------------------------------------------------

void Recovery::look_at_needs(world::StepId id, Choice& choice) {
  if (choice.way->needs.empty()) return;
  Bell& bell = *progress(id).bell;
  const auto place = choice.way->team ? scene_.world[*choice.way->team].place : std::nullopt;
  choice.needs = scene_.watches.add(choice.way->needs, place);
  scene_.watches.on_turn(*choice.needs, [&bell] { bell.ring(); });
  scene_.watches.activate(*choice.needs);
  while (!scene_.watches.is_read(*choice.needs)) bell.wait();
}

// The first way whose needs are met; else each is waited for in turn.
std::optional<Recovery::Choice> Recovery::choose_way(world::StepId id, std::size_t first, EventNumber& cause,
                                                     Held& held) {
  const auto& ways = step(id).ways;
  for (std::size_t number = first; number < ways.size(); ++number) {
    Choice choice{.way = &ways[number], .number = number, .needs = {}};
    look_at_needs(id, choice);
    if (!choice.needs || scene_.watches.holds(*choice.needs)) {
      take(id, choice.way->team, held, cause);
      return choice;
    }
    scene_.watches.deactivate(*choice.needs);
  }
  return wait_for_ways(id, first, cause, held);
}

std::optional<Recovery::Choice> Recovery::wait_for_ways(world::StepId id, std::size_t first, EventNumber& cause,
                                                        Held& held) {
  const auto& ways = step(id).ways;
  for (std::size_t number = first; number < ways.size(); ++number) {
    Choice choice{.way = &ways[number], .number = number, .needs = {}};
    take(id, choice.way->team, held, cause);
    cause = scene_.record(EventKind::step_waits, target_of(id), cause, static_cast<double>(number));
    progress(id).last = cause;
    const bool for_ever = number + 1 == ways.size() && !choice.way->has_patience;
    look_at_needs(id, choice);
    if (wait_for_needs(id, choice, for_ever ? SimTime::never() : scene_.now() + choice.way->patience)) return choice;
    if (choice.needs) scene_.watches.deactivate(*choice.needs);
    cause = scene_.record(EventKind::way_given_up, target_of(id), cause, static_cast<double>(number));
  }
  return std::nullopt;
}

bool Recovery::wait_for_needs(world::StepId id, Choice& choice, SimTime until) {
  if (!choice.needs) return true;
  Progress& mine = progress(id);
  const Watches& watches = scene_.watches;
  if (watches.holds(*choice.needs)) return true;
  mine.stage = Stage::waits_for_need;
  mine.waits_for = &choice.way->needs;
  while (!watches.holds(*choice.needs) && scene_.now() < until) mine.bell->wait_until(until);
  mine.stage = Stage::begun;
  if (!watches.holds(*choice.needs)) return false;
  choice.cause = scene_.cause_of(choice.way->needs, watches.since(*choice.needs));
  return true;
}

// --- work ------------------------------------------------------------------------------------------------------------

// Works for as long as the way takes, through losses of what it needs; false: given up for the next way.
bool Recovery::work(world::StepId id, Choice& choice, EventNumber& cause) {
  const world::Step& own = step(id);
  Progress& mine = progress(id);
  const Watches& watches = scene_.watches;
  const std::string name = stream_name("takes", own.name, mine.attempts - 1);
  const Duration takes = std::max(scene_.draws.duration(choice.way->takes, name), Duration{});
  cause = scene_.record(EventKind::step_began, target_of(id), later(cause, choice.cause),
                        static_cast<double>(choice.number));
  mine.last = cause;
  bool finished = true;
  for (Duration left = takes; left > Duration{};) {
    const SimTime end = scene_.now() + left;
    while (scene_.now() < end && (!choice.needs || watches.holds(*choice.needs))) mine.bell->wait_until(end);
    if (scene_.now() >= end) break;
    cause = mine.last = scene_.record(EventKind::step_paused, target_of(id), cause);
    if (own.on_loss == world::OnLoss::next_way && choice.number + 1 < own.ways.size()) {
      finished = false;
      break;
    }
    left = own.on_loss == world::OnLoss::restart ? takes : end - scene_.now();
    wait_for_needs(id, choice, SimTime::never());
    cause = mine.last = scene_.record(EventKind::step_resumed, target_of(id), later(cause, choice.cause));
  }
  if (choice.needs) scene_.watches.deactivate(*choice.needs);
  return finished;
}

// A step that missed shows that the diagnosis was wrong: it is made again before the step is. Whether it is right this
// time shows when the step is tried again, and not before.
EventNumber Recovery::repeat_diagnosis(world::StepId id, EventNumber cause) {
  bool has_waited = false;
  while (const auto wrong = wrong_diagnosis_behind(id)) {
    Progress& diagnosis = progress(*wrong);
    if (diagnosis.is_repeated) {  // by another step that missed too
      progress(id).bell->wait_until(scene_.now() + least_pause);
      cause = later(cause, diagnosis.last);
      has_waited = true;
      continue;
    }
    if (has_waited) break;
    diagnosis.is_repeated = true;
    const SimTime began = scene_.now();
    attempt(*wrong, cause);
    diagnosis.is_repeated = false;
    if (scene_.now() == began) scene_.clockwork.sleep_until(began + least_pause);
    for (const world::StepId other : steps()) {
      if (progress(other).bell) progress(other).bell->ring();
    }
    break;
  }
  return cause;
}

}  // namespace knockon::simulation
