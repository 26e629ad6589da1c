#include "engine/study/changes.hpp"

#include <algorithm>
#include <set>

#include "engine/quantity/time.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;
using simulation::Event;
using simulation::EventKind;
using world::World;

template <class Id>
std::set<Id> subjects_of(const simulation::Outcome& outcome, std::initializer_list<EventKind> kinds) {
  std::set<Id> subjects;
  for (const Event& event : outcome.events) {
    if (std::find(kinds.begin(), kinds.end(), event.kind) == kinds.end()) continue;
    if (const auto* id = std::get_if<Id>(&event.about.subject)) subjects.insert(*id);
  }
  return subjects;
}

class Changes {
 public:
  Changes(const World& world, world::StrategyId strategy, const simulation::Outcome& outcome)
      : world_{world}, strategy_{strategy}, outcome_{outcome} {}

  std::vector<Change> all() {
    for (const std::string& need : needs()) add("the need for " + need, [&](World& other) { meet(other, need); });
    for (const world::ReactionId id : subjects_of<world::ReactionId>(outcome_, {EventKind::reaction_began})) {
      add(world_[id].name + ", the automation", [id](World& other) { other.reactions[id.index()].enabled = false; });
    }
    for (const world::MonitorId id :
         subjects_of<world::MonitorId>(outcome_, {EventKind::alert_on, EventKind::reports_on}))
      add("the delay of the alert " + world_[id].name,
          [id](World& other) { alert_at_once(other.monitors[id.index()]); });
    for (const world::TeamId id : teams()) {
      add("the time until " + world_[id].name + " answers",
          [id](World& other) { answer_at_once(other.teams[id.index()]); });
    }
    for (const world::StepId id : wrong_diagnoses())
      add("the wrong diagnosis in " + world_[id].name, [id](World& other) { other.steps[id.index()].wrong = {}; });
    for (const world::StepId id : subjects_of<world::StepId>(outcome_, {EventKind::step_failed}))
      add("the failed attempt at " + world_[id].name, [id](World& other) { succeed(other.steps[id.index()]); });
    return std::move(changes_);
  }

 private:
  template <class Make>
  void add(std::string without, const Make& make) {
    changes_.push_back({.without = std::move(without), .world = world_});
    make(changes_.back().world);
  }

  // Of all plans that are carried out.
  [[nodiscard]] std::vector<world::StepId> steps() const {
    std::vector<world::StepId> steps;
    for (const world::StrategyId plan : world::plans_of(world_, strategy_)) {
      steps.insert(steps.end(), world_[plan].steps.begin(), world_[plan].steps.end());
    }
    return steps;
  }

  // As written, in the order of the plan, those of monitors behind it.
  [[nodiscard]] std::vector<std::string> needs() const {
    std::vector<std::string> needs;
    const auto add_all = [&](const std::vector<world::Need>& more) {
      for (const world::Need& need : more) {
        if (std::find(needs.begin(), needs.end(), need.text) == needs.end()) needs.push_back(need.text);
      }
    };
    for (const world::StepId step : steps()) {
      for (const world::Way& way : world_[step].ways) add_all(way.needs);
    }
    for (const world::MonitorId monitor : subjects_of<world::MonitorId>(outcome_, {EventKind::monitor_blind}))
      add_all(world_[monitor].needs);
    return needs;
  }

  void meet(World& other, const std::string& met) const {
    const auto drop = [&](std::vector<world::Need>& needs) {
      std::erase_if(needs, [&](const world::Need& need) { return need.text == met; });
    };
    for (const world::StepId step : steps()) {
      for (world::Way& way : other.steps[step.index()].ways) drop(way.needs);
    }
    for (world::Monitor& monitor : other.monitors) drop(monitor.needs);
  }

  // Read every second, never blind, acting at the first reading.
  static void alert_at_once(world::Monitor& monitor) {
    monitor.every = Duration::seconds(1);
    monitor.needs.clear();
    for (world::Condition::Node& node : monitor.alert.nodes) node.hold = {};
  }

  static void answer_at_once(world::Team& team) {
    team.acknowledge = random::DurationDistribution::constant({});
    team.off_hours.reset();
  }

  static void succeed(world::Step& step) {
    for (world::Way& way : step.ways) way.succeeds = quantity::Share{1};
  }

  // Of steps that were begun: a team answers before its first.
  [[nodiscard]] std::set<world::TeamId> teams() const {
    std::set<world::TeamId> teams;
    for (const Event& event : outcome_.events) {
      const auto* step = std::get_if<world::StepId>(&event.about.subject);
      if (event.kind != EventKind::acknowledged || step == nullptr) continue;
      if (event.value > 0) teams.insert(world::TeamId{static_cast<std::size_t>(event.value) - 1});
      for (const world::Way& way : world_[*step].ways) {
        if (way.team) teams.insert(*way.team);
      }
    }
    return teams;
  }

  [[nodiscard]] std::set<world::StepId> wrong_diagnoses() const {
    std::set<world::StepId> wrong;
    for (const Event& event : outcome_.events) {
      const auto* step = std::get_if<world::StepId>(&event.about.subject);
      if (event.kind == EventKind::step_done && event.value != 0 && step != nullptr &&
          world_[*step].effect.verb == world::Verb::diagnose)
        wrong.insert(*step);
    }
    return wrong;
  }

  const World& world_;
  world::StrategyId strategy_;
  const simulation::Outcome& outcome_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_of(const World& world, world::StrategyId strategy, const simulation::Outcome& outcome) {
  return Changes{world, strategy, outcome}.all();
}

}  // namespace knockon::study
