#include "engine/simulation/teams.hpp"

#include <algorithm>

#include "engine/quantity/contract.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

constexpr Duration day = Duration::hours(24);

bool is_within_hours(const world::World& world, const world::Team& team, SimTime now) {
  Duration offset;
  if (team.place) {
    const auto regions = regions_of(world, team.place);
    if (!regions.empty()) offset = world[regions.front()].clock;
  }
  const std::int64_t ticks =
      (Duration::seconds(world.starts % 86400) + now.since_start() + offset).ticks() % day.ticks();
  const Duration local = Duration::of_ticks(ticks < 0 ? ticks + day.ticks() : ticks);
  if (team.hours_from <= team.hours_to) return team.hours_from <= local && local < team.hours_to;
  return team.hours_from <= local || local < team.hours_to;  // through the night
}

}  // namespace

Teams::Teams(Scene& scene) : scene_{scene} {
  for (const world::Team& team : scene.world.teams) {
    states_.push_back({.crew = Crew{std::max(team.people, 1)}, .called = {}, .answers = {}, .shifts = {}});
  }
}

int Teams::within(world::TeamId team, int people) const {
  return std::clamp(people, 1, std::max(scene_.world[team].people, 1));
}

Duration Teams::time_to_acknowledge(world::TeamId team) const {
  const world::Team& layout = scene_.world[team];
  const bool off = layout.off_hours && !is_within_hours(scene_.world, layout, scene_.now());
  const std::string name = stream_name("acknowledge/team", layout.name) + "/incident";
  return std::max(scene_.draws.duration(off ? *layout.off_hours : layout.acknowledge, name), Duration{});
}

void Teams::call(world::TeamId team) {
  State& state = states_[team.index()];
  if (state.called) return;
  state.called = scene_.now();
  state.answers = scene_.now() + time_to_acknowledge(team);
}

// Asks one team after the other, each when the one before has let its time pass, until one of them has answered.
world::TeamId Teams::await_answer(world::TeamId team, world::StepId step, EventNumber& cause) {
  call(team);
  world::TeamId first = team;  // to answer, of those asked so far
  for (world::TeamId asked = team;;) {
    State& own = states_[asked.index()];
    const world::Team& layout = scene_.world[asked];
    const SimTime answered = *states_[first.index()].answers;
    const SimTime patience_ends = *own.called + layout.escalate_after;
    if (!layout.escalates_to || answered <= std::max(patience_ends, scene_.now())) {
      if (answered > scene_.now()) scene_.clockwork.sleep_until(answered);
      return first;
    }
    if (patience_ends > scene_.now()) scene_.clockwork.sleep_until(patience_ends);
    const world::TeamId next = *layout.escalates_to;
    if (own.escalated == 0) {
      own.escalated = scene_.record(EventKind::escalated, target_of(step), cause, static_cast<double>(next.index()));
    }
    cause = later(cause, own.escalated);
    call(next);
    if (*states_[next.index()].answers < *states_[first.index()].answers) first = next;
    asked = next;
  }
}

void Teams::take_crew(world::TeamId team, int people, EventNumber& cause) {
  State& state = states_[team.index()];
  const SimTime asked = scene_.now();
  state.crew.take(within(team, people));
  if (scene_.now() > asked) cause = later(cause, state.freed);
}

Teams::Taken Teams::take(world::TeamId team, int people, world::StepId step, EventNumber cause) {
  take_crew(team, people, cause);
  const world::TeamId first = await_answer(team, step, cause);
  if (first != team) {
    states_[team.index()].crew.release(within(team, people));
    take_crew(first, people, cause);
  }
  State& state = states_[first.index()];
  if (state.acknowledged == 0) {
    const double in_place = first == team ? 0 : static_cast<double>(first.index()) + 1;
    state.acknowledged = scene_.record(EventKind::acknowledged, target_of(step), cause, in_place);
    scene_.mark(&Marks::acknowledged);
  }
  state.shifts.push_back({.step = step, .people = within(first, people), .since = scene_.now()});
  return {.team = first, .last = later(cause, state.acknowledged)};
}

void Teams::release(world::TeamId team, int people, world::StepId step, EventNumber last) {
  State& state = states_[team.index()];
  const auto shift =
      std::find_if(state.shifts.begin(), state.shifts.end(), [step](const Shift& known) { return known.step == step; });
  quantity::require(shift != state.shifts.end(), "people are released by the step that took them");
  state.person_hours += shift->people * (scene_.now() - shift->since).in_hours();
  state.shifts.erase(shift);
  state.freed = last;
  state.crew.release(within(team, people));
}

void Teams::fill(IncidentOutcome& outcome) const {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    double hours = states_[i].person_hours;
    for (const Shift& shift : states_[i].shifts) hours += shift.people * (scene_.now() - shift.since).in_hours();
    outcome.staff_hours += hours;
    outcome.staff_cost += quantity::Money{scene_.world.teams[i].cost.per_minute() * 60 * hours};
  }
}

}  // namespace knockon::simulation
