#include "engine/study/explanation.hpp"

#include <algorithm>
#include <utility>

#include "engine/simulation/cones.hpp"
#include "engine/study/changes.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;
using simulation::Event;
using simulation::EventKind;
using simulation::EventNumber;
using simulation::Outcome;
using world::World;

// --- chains ----------------------------------------------------------------------------------------------------------

// The first such event about the app in the region after onset; 0: none.
EventNumber first_event(const Outcome& outcome, EventKind kind, world::AppId app, world::RegionId region) {
  for (std::size_t i = 0; i < outcome.events.size(); ++i) {
    const Event& event = outcome.events[i];
    if (event.kind != kind || event.at < outcome.onset || event.about.subject != world::Subject{app}) continue;
    if (event.about.place && *event.about.place == world::Place{region}) return static_cast<EventNumber>(i + 1);
  }
  return 0;
}

std::vector<EventNumber> way_to(const Outcome& outcome, EventNumber last) {
  std::vector<EventNumber> events;
  for (EventNumber number = last; number != 0; number = outcome.events[number - 1].cause) events.push_back(number);
  std::reverse(events.begin(), events.end());
  return events;
}

std::vector<Chain> chains_of(const World& world, const Outcome& outcome) {
  std::vector<Chain> chains;
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      const world::AppId app{a};
      const world::RegionId region{r};
      if (!outcome.of(app, region, world.regions.size()).hit) continue;
      EventNumber last = first_event(outcome, EventKind::app_down, app, region);
      if (last == 0) last = first_event(outcome, EventKind::app_degraded, app, region);
      if (last != 0) chains.push_back({.app = app, .region = region, .events = way_to(outcome, last)});
    }
  }
  return chains;
}

// --- where the minutes went ------------------------------------------------------------------------------------------

// The event that restored the incident: the last ok of the first app and region that were restored when it was.
EventNumber restoring_event(const World& world, const Outcome& outcome) {
  const std::size_t regions = world.regions.size();
  for (std::size_t cell = 0; cell < outcome.apps_in_regions.size(); ++cell) {
    if (outcome.apps_in_regions[cell].restored != outcome.incident.restored) continue;
    EventNumber last = 0;
    for (std::size_t i = 0; i < outcome.events.size(); ++i) {
      const Event& event = outcome.events[i];
      const bool is_of_it = event.kind == EventKind::app_ok &&
                            event.about.subject == world::Subject{world::AppId{cell / regions}} && event.about.place &&
                            *event.about.place == world::Place{world::RegionId{cell % regions}};
      if (is_of_it) last = static_cast<EventNumber>(i + 1);
    }
    return last;
  }
  return 0;
}

std::vector<simulation::Stretch> stretches_of(const World& world, const Outcome& outcome) {
  if (!outcome.incident.hit) return {};
  if (!outcome.incident.restored) {
    return simulation::stretches_of(world, outcome.events, simulation::last_move(outcome.events), outcome.onset,
                                    world.horizon, true);
  }
  return simulation::stretches_of(world, outcome.events, restoring_event(world, outcome), outcome.onset,
                                  outcome.onset + *outcome.incident.restored, false);
}

// --- who still waits -------------------------------------------------------------------------------------------------

// Of the event's kind or its opposite, whichever came last about a subject.
bool is_active(const Outcome& outcome, const world::Subject& subject, EventKind begins, EventKind ends) {
  bool active = false;
  for (const Event& event : outcome.events) {
    if (event.about.subject != subject) continue;
    if (event.kind == begins) active = true;
    if (event.kind == ends) active = false;
  }
  return active;
}

// Everything that the effect touches, at each of its places when it stands at several.
simulation::ComponentSet touched_by(const World& world, const simulation::Cones& cones, const world::Effect& effect,
                                    const std::vector<world::SiteId>& places) {
  if (places.empty()) return cones.touched_by(simulation::hits_of(world, effect.targets));
  simulation::ComponentSet touched = cones.none();
  for (const world::SiteId place : places)
    touched.insert(cones.touched_by(simulation::hits_of(world, effect.targets, place)));
  return touched;
}

// The faults and reactions active at the end that touch something of these.
std::vector<std::string> obstacles_in(const World& world, const Outcome& outcome, const simulation::Cones& cones,
                                      const simulation::ComponentSet& hung_on) {
  std::vector<std::string> obstacles;
  const auto consider = [&](const std::string& name, const simulation::ComponentSet& touched) {
    if (hung_on.meets(touched)) obstacles.push_back(name);
  };
  for (std::size_t i = 0; i < world.faults.size(); ++i) {
    const world::Fault& fault = world.faults[i];
    if (is_active(outcome, world::FaultId{i}, EventKind::fault_began, EventKind::fault_ended))
      consider(fault.name, touched_by(world, cones, fault.effect, {}));
  }
  for (std::size_t i = 0; i < world.reactions.size(); ++i) {
    const world::Reaction& reaction = world.reactions[i];
    if (is_active(outcome, world::ReactionId{i}, EventKind::reaction_began, EventKind::reaction_ended))
      consider(reaction.name, touched_by(world, cones, reaction.effect, reaction.per));
  }
  return obstacles;
}

std::vector<std::string> obstacles_to(const World& world, const Outcome& outcome, const simulation::Cones& cones,
                                      const std::vector<world::Need>& needs) {
  simulation::ComponentSet hung_on = cones.none();
  for (const world::Need& need : needs) {
    for (const world::Target& target : need.any_of) hung_on.insert(cones.of(target.subject));
  }
  return obstacles_in(world, outcome, cones, hung_on);
}

// The way that the step was last waiting for; none: it waits for something else.
const world::Way* way_waited_for(const World& world, const Outcome& outcome, world::StepId step) {
  const world::Way* way = nullptr;
  for (const Event& event : outcome.events) {
    if (event.about.subject != world::Subject{step}) continue;
    if (event.kind == EventKind::step_waits || event.kind == EventKind::step_began)
      way = &world[step].ways[static_cast<std::size_t>(event.value)];
  }
  return way;
}

std::vector<Waiting> waiting_in(const World& world, world::StrategyId strategy, const Outcome& outcome) {
  const simulation::Cones cones{world};
  std::vector<Waiting> waiting;
  const auto is_in = [](const std::vector<world::StepId>& steps, world::StepId step) {
    return std::find(steps.begin(), steps.end(), step) != steps.end();
  };
  const auto consider = [&](world::StepId step) {
    const bool is_stuck = is_in(outcome.incident.stuck, step);
    if (!is_stuck && !is_in(outcome.incident.unfinished, step)) return;
    Waiting one{.step = step, .is_stuck = is_stuck, .waits_for = {}, .because = {}};
    if (const world::Way* way = way_waited_for(world, outcome, step)) {
      for (const world::Need& need : way->needs) one.waits_for.push_back(need.text);
      one.because = obstacles_to(world, outcome, cones, way->needs);
    }
    waiting.push_back(std::move(one));
  };
  for (const world::StrategyId plan : world::plans_of(world, strategy)) {
    for (const world::StepId step : world[plan].steps) consider(step);
  }
  return waiting;
}

// --- what was not well
// ------------------------------------------------------------------------------------------------

std::vector<Unwell> unwell_in(const World& world, const Outcome& outcome) {
  if (!outcome.incident.restored_censored || outcome.course.services.empty()) return {};
  const simulation::Cones cones{world};
  const auto hangs_on = [&](world::ServiceId one, world::ServiceId other) {
    return cones.of(one).contains(cones.component(other));
  };
  std::vector<world::ServiceId> ill;
  for (std::size_t i = 0; i < world.services.size(); ++i) {
    const auto& spells = outcome.course.services[i];
    if (!spells.empty() && spells.back().health != simulation::Health::ok) ill.emplace_back(i);
  }
  std::vector<Unwell> unwell;
  for (const world::ServiceId one : ill) {
    const bool suffers_from_another = std::any_of(
        ill.begin(), ill.end(), [&](world::ServiceId other) { return hangs_on(one, other) && !hangs_on(other, one); });
    if (suffers_from_another) continue;
    const simulation::Spell& last = outcome.course.services[one.index()].back();
    Unwell found{.service = one,
                 .health = last.health,
                 .since = last.from,
                 .because = obstacles_in(world, outcome, cones, cones.of(one)),
                 .with_it = {}};
    for (const world::ServiceId other : ill) {
      if (other != one && hangs_on(other, one)) found.with_it.push_back(other);
    }
    unwell.push_back(std::move(found));
  }
  return unwell;
}

// --- what would have saved time --------------------------------------------------------------------------------------

double outage_minutes(const World& world, const Outcome& outcome) {
  const simulation::IncidentOutcome& incident = outcome.incident;
  if (!incident.hit) return 0;
  return (incident.restored ? *incident.restored : world.horizon - outcome.onset).in_minutes();
}

std::vector<Counterfactual> answers_of(const World& world, const Outcome& outcome, const std::vector<Change>& changes,
                                       const std::vector<Replications>& replications) {
  std::vector<Counterfactual> answers;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (replications[i].outcomes.empty()) continue;
    const Outcome& other = replications[i].outcomes.front();
    answers.push_back({.without = changes[i].without,
                       .saves_minutes = outage_minutes(world, outcome) - outage_minutes(world, other),
                       .saves_user_minutes = outcome.incident.user_minutes_lost - other.incident.user_minutes_lost,
                       .is_at_least = outcome.incident.restored_censored && !other.incident.restored_censored});
  }
  std::stable_sort(answers.begin(), answers.end(), [](const Counterfactual& a, const Counterfactual& b) {
    if (a.saves_minutes != b.saves_minutes) return a.saves_minutes > b.saves_minutes;
    return a.saves_user_minutes > b.saves_user_minutes;
  });
  return answers;
}

std::vector<Counterfactual> counterfactuals_of(const Entry& entry, const Outcome& outcome, unsigned jobs,
                                               const Watch& watch) {
  const std::vector<Change> changes = changes_of(*entry.world, entry.subject.strategy, outcome);
  std::vector<Entry> entries;
  entries.reserve(changes.size());
  for (const Change& change : changes)
    entries.push_back({.name = change.without, .world = &change.world, .base = entry.base, .subject = entry.subject});
  EntryEngines engines{entries};
  const auto replications = replicated_entries(
      engines.request(outcome.index, 1, jobs), entries.size(),
      [&](std::size_t changed, std::uint64_t index) { return engines.replicate(changed, index); }, watch);
  return answers_of(*entry.world, outcome, changes, replications);
}

}  // namespace

Explanation told(const Entry& entry, std::uint64_t index, const Watch& watch, const simulation::Recording& recording) {
  const std::vector<Entry> entries{entry};
  EntryEngines engines{entries, {.events = true, .recording = recording}};
  Replications replications = replicated(
      engines.request(index, 1, 1), [&](std::uint64_t number) { return engines.replicate(0, number); }, watch);
  Explanation explanation;
  explanation.results = results_of(*entry.world, entry.subject, std::move(replications));
  if (explanation.results.outcomes.empty()) return explanation;
  const Outcome& outcome = explanation.outcome();
  explanation.chains = chains_of(*entry.world, outcome);
  explanation.stretches = stretches_of(*entry.world, outcome);
  explanation.waiting = waiting_in(*entry.world, entry.subject.strategy, outcome);
  explanation.unwell = unwell_in(*entry.world, outcome);
  return explanation;
}

Explanation explained(const Entry& entry, std::uint64_t index, unsigned jobs, const Watch& watch,
                      const simulation::Recording& recording) {
  Explanation explanation = told(entry, index, watch, recording);
  if (explanation.results.outcomes.empty()) return explanation;
  explanation.counterfactuals = counterfactuals_of(entry, explanation.outcome(), jobs, watch);
  return explanation;
}

}  // namespace knockon::study
