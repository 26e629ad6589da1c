#include "engine/simulation/replication.hpp"

#include <algorithm>
#include <vector>

#include "engine/quantity/contract.hpp"
#include "engine/simulation/phases.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

// Everything that acts at one date settles within a few rounds, since nothing acts twice within a second.
constexpr int rounds_max = 1000;

// The highest tier that one outage has passed.
quantity::Money credits_of(const world::App& app, const AppOutcome& outcome) {
  quantity::Money owed;
  Duration longest;
  for (const Interval& down : outcome.down) longest = std::max(longest, down.to - down.from);
  Duration highest = Duration::of_ticks(-1);
  for (const world::Credit& credit : app.credits) {
    if (longest <= credit.after || credit.after <= highest) continue;
    highest = credit.after;
    owed = credit.pays;
  }
  return owed;
}

}  // namespace

Replication::Replication(const world::World& world, traffic::Flow& flow, const Cones& cones, Clockwork& clockwork,
                         const Plan& plan, std::uint64_t index)
    : scene_{world, flow, cones, clockwork, plan, index},
      faults_{(scene_.flow.begin(), scene_)},
      deeds_{scene_, faults_},
      reactions_{scene_, deeds_},
      names_{scene_},
      statuses_{scene_},
      losses_{scene_},
      recorder_{scene_, losses_},
      milestones_{scene_},
      monitors_{scene_},
      teams_{scene_},
      plans_{scene_, faults_, deeds_, reactions_, teams_},
      director_{clockwork},
      index_{index} {
  scene_.readings.refresh();
  plans_.watch(director_);
  // What is found now has long been so; what the faults of the very first moment do has not.
  scene_.watches.look_right(scene_.now(), true);
}

Outcome Replication::played(std::uint64_t slot) {
  scene_.clockwork.play(slot,
                        {.next_date = [this] { return next_date(); }, .pulse = [this](SimTime now) { pulse(now); }},
                        [this] { direct(); });
  quantity::require(scene_.now() == scene_.horizon(), "a replication ends at its horizon");
  return measured();
}

// --- the clock's every step ------------------------------------------------------------------------------------------

SimTime Replication::next_date() const {
  const bool unsettled = scene_.effects.has_changed() || scene_.transfers.is_stirred() || scene_.watches.has_unread() ||
                         scene_.situation.changes() != situation_seen_;
  if (unsettled) return scene_.now();
  return std::min({scene_.flow.next_date(), scene_.alarms.next(), monitors_.next_date()});
}

// Moves the flows to `now`, reads the left limits, does what is due, settles, reads the right limits; and again, as
// long as something that was read brings about a change at this very date. Monitors read when all else is done.
void Replication::pulse(SimTime now) {
  // What was changed between two pulses, people have changed, or a deed that goes on. Replications have much in common
  // until then. Afterwards each goes its own way, and a look is a step.
  somebody_has_acted_ = somebody_has_acted_ || scene_.effects.has_changed();
  if (now > scene_.now()) {
    somebody_has_acted_ ? scene_.flow.advance(now) : scene_.flow.look(now);
    scene_.readings.refresh();
    losses_.look_left(now);
    recorder_.look_left(now);
    scene_.watches.look_left(now);
    scene_.watches.look_at_what_was(now);
  }
  bool has_jumped = false;
  for (int round = 0;; ++round) {
    quantity::require(round < rounds_max, "what happens at one date comes to an end");
    faults_.pass(now);
    reactions_.pass(now);
    names_.pass(now);
    scene_.effects.pass(now);
    note_onset();
    scene_.flow.settle();
    bool jumped = scene_.effects.take_changed();
    if (scene_.transfers.follow(now, jumped)) {
      scene_.flow.settle();
      jumped = true;
    }
    if (jumped) scene_.readings.refresh();
    has_jumped = has_jumped || jumped;
    situation_seen_ = scene_.situation.changes();
    scene_.watches.look_right(now, jumped);
    note_onset();
    const bool settled = !scene_.effects.has_changed() && !scene_.watches.has_unread() &&
                         scene_.situation.changes() == situation_seen_ && scene_.alarms.next() > now;
    if (!settled) continue;
    if (monitors_.next_date() > now) break;
    monitors_.pass(now);
  }
  if (has_jumped) {
    losses_.look_right();
    recorder_.look_right();
  }
  if (plans_.hang_on_alerts()) plans_.consider(director_);
}

void Replication::note_onset() {
  if (has_onset_ || !scene_.marks.onset) return;
  has_onset_ = true;
  losses_.begin();
  recorder_.begin();
  milestones_.begin();
  plans_.consider(director_);  // a condition may have held before
}

// --- the director ----------------------------------------------------------------------------------------------------

void Replication::direct() {
  const SimTime horizon = scene_.horizon();
  while (scene_.now() < horizon) {
    director_.wait_until(horizon);
    if (scene_.now() < horizon) plans_.begin_called();
  }
}

// --- what it measured ------------------------------------------------------------------------------------------------

Outcome Replication::measured() {
  const world::World& world = scene_.world;
  Outcome outcome;
  outcome.index = index_;
  outcome.onset = scene_.marks.onset ? scene_.marks.onset->since_start() : world.horizon;
  outcome.apps.resize(world.apps.size());
  outcome.apps_in_regions.resize(world.apps.size() * world.regions.size());
  outcome.milestones.resize(world.observed.size());
  plans_.fill(outcome.incident);
  outcome.incident.data_lost += deeds_.data_lost();
  teams_.fill(outcome.incident);
  if (scene_.marks.onset) {
    statuses_.fill(outcome);
    losses_.fill(outcome);
    for (std::size_t a = 0; a < world.apps.size(); ++a)
      outcome.apps[a].credits = credits_of(world.apps[a], outcome.apps[a]);
    for (std::size_t i = 0; i < world.observed.size(); ++i) {
      if (const auto reached = milestones_.reached(i)) outcome.milestones[i] = *reached - *scene_.marks.onset;
    }
    measure_incident(outcome);
    measure_phases(outcome);
  }
  outcome.fingerprint = scene_.trace.fingerprint(scene_.draws.bits("fingerprint"));
  if (scene_.plan.keep_events) outcome.events = scene_.trace.events();
  outcome.course = recorder_.taken();
  return outcome;
}

void Replication::measure_incident(Outcome& outcome) const {
  IncidentOutcome& incident = outcome.incident;
  const SimTime onset = *scene_.marks.onset;
  const auto after_onset = [onset](const std::optional<SimTime>& date) {
    return date ? std::optional{*date - onset} : std::nullopt;
  };
  incident.detected = after_onset(scene_.marks.detected);
  incident.acknowledged = after_onset(scene_.marks.acknowledged);
  incident.diagnosed = after_onset(scene_.marks.diagnosed);
  incident.announced = after_onset(scene_.marks.announced);
  Duration mitigated, restored;
  bool was_down = false;
  for (const AppOutcome& app : outcome.apps_in_regions) {
    incident.hit = incident.hit || app.hit;
    was_down = was_down || !app.down.empty();
    incident.mitigated_censored = incident.mitigated_censored || app.mitigated_is_censored();
    incident.restored_censored = incident.restored_censored || app.restored_is_censored();
    mitigated = std::max(mitigated, app.mitigated.value_or(Duration{}));
    restored = std::max(restored, app.restored.value_or(Duration{}));
  }
  if (was_down && !incident.mitigated_censored) incident.mitigated = mitigated;
  if (incident.hit && !incident.restored_censored) incident.restored = restored;
}

void Replication::measure_phases(Outcome& outcome) const {
  if (!outcome.incident.hit) return;
  const world::World& world = scene_.world;
  const std::vector<Event>& events = scene_.trace.events();
  if (!outcome.incident.restored) {
    outcome.phases = phases_of(stretches_of(world, events, last_move(events), outcome.onset, world.horizon, true));
    return;
  }
  for (std::size_t cell = 0; cell < outcome.apps_in_regions.size(); ++cell) {
    if (outcome.apps_in_regions[cell].restored != outcome.incident.restored) continue;
    const EventNumber last =
        statuses_.last_ok(world::AppId{cell / world.regions.size()}, world::RegionId{cell % world.regions.size()});
    const Duration end = outcome.onset + *outcome.incident.restored;
    outcome.phases = phases_of(stretches_of(world, events, last, outcome.onset, end, false));
    return;
  }
}

}  // namespace knockon::simulation
