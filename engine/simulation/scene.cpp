#include "engine/simulation/scene.hpp"

namespace knockon::simulation {
namespace {

using quantity::SimTime;

EventNumber if_by(const Trace& trace, EventNumber event, SimTime date) {
  return event != 0 && trace[event].at <= date.since_start() ? event : 0;
}

const ComponentSet& cone_of(const Scene& scene, const world::Target& target, const world::Target& itself) {
  const bool open = std::holds_alternative<world::Itself>(target.subject);
  const world::Subject& subject = open ? itself.subject : target.subject;
  return std::holds_alternative<world::Itself>(subject) ? scene.cones.all() : scene.cones.of(subject);
}

EventNumber fact_behind(const Scene& scene, const world::StateTest& test, SimTime date) {
  const Situation& situation = scene.situation;
  const world::Subject& subject = test.target.subject;
  EventNumber latest = 0;
  if (const auto* fault = std::get_if<world::FaultId>(&subject)) latest = situation.faults[fault->index()].since;
  if (const auto* monitor = std::get_if<world::MonitorId>(&subject)) latest = situation.alerts[monitor->index()].since;
  if (const auto* step = std::get_if<world::StepId>(&subject)) {
    const bool failed = test.state == world::State::failed;
    latest = (failed ? situation.failed : situation.done)[step->index()].since;
  }
  if (const auto* reaction = std::get_if<world::ReactionId>(&subject)) {
    for (const Situation::ReactionFact& fact : situation.reactions[reaction->index()]) {
      latest = later(latest, if_by(scene.trace, fact.since, date));
    }
  }
  return if_by(scene.trace, latest, date);
}

bool is_about_facts(const world::StateTest& test) {
  return test.state == world::State::active || test.state == world::State::alerted ||
         test.state == world::State::done || test.state == world::State::failed;
}

}  // namespace

Scene::Scene(const world::World& its_world, const traffic::Network& network, const Cones& its_cones,
             Clockwork& its_clockwork, const Plan& its_plan, std::uint64_t index)
    : world{its_world},
      cones{its_cones},
      clockwork{its_clockwork},
      plan{its_plan},
      draws{{.seed = its_plan.seed, .index = index}},
      flow{network, its_plan.precision, world.drawn.empty() ? nullptr : &world},
      situation{world},
      readings{world, flow},
      watches{world, flow, readings, situation, alarms},
      effects{world, cones, flow, clockwork, alarms, trace},
      transfers{world, flow, clockwork.transport(), alarms} {}

EventNumber Scene::cause_of(const world::Condition& condition, const world::Target& itself, SimTime date) const {
  EventNumber latest = 0;
  for (const world::MetricTest& test : condition.metric_tests) {
    if (test.metric == world::Metric::time || test.metric == world::Metric::local_time) continue;
    latest = later(latest, trace.latest_touching(cone_of(*this, test.target, itself), date));
  }
  for (const world::StateTest& test : condition.state_tests) {
    latest = later(latest, is_about_facts(test) ? fact_behind(*this, test, date)
                                                : trace.latest_touching(cone_of(*this, test.target, itself), date));
  }
  return latest;
}

EventNumber Scene::cause_of(const std::vector<world::Need>& needs, SimTime date) const {
  EventNumber latest = 0;
  for (const world::Need& need : needs) {
    for (const world::Target& target : need.any_of) {
      latest = later(latest, trace.latest_touching(cones.of(target.subject), date));
    }
  }
  return latest;
}

}  // namespace knockon::simulation
