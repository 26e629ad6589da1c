#include "tests/incident.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "engine/simulation/engine.hpp"
#include "engine/study/outcome_bytes.hpp"

namespace knockon::tests {

using quantity::Duration;
using world::Condition;

Condition state_of(world::State state, world::Subject subject) {
  Condition condition;
  condition.state_tests.push_back({.state = state, .target = {subject, {}}, .from = {}});
  condition.nodes.push_back({.kind = Condition::Kind::state, .hold = {}});
  condition.text = "drawn";
  return condition;
}

Condition negated(Condition condition) {
  const auto whole = static_cast<std::uint32_t>(condition.nodes.size() - 1);
  condition.nodes.push_back({.kind = Condition::Kind::negation, .first = whole, .hold = {}});
  return condition;
}

Condition held(Condition condition, Duration hold) {
  const auto whole = static_cast<std::uint32_t>(condition.nodes.size() - 1);
  condition.nodes.push_back({.kind = Condition::Kind::held_for, .first = whole, .hold = hold});
  return condition;
}

Condition both(const Condition& a, const Condition& b) {
  Condition whole = a;
  const auto nodes = static_cast<std::uint32_t>(a.nodes.size());
  for (Condition::Node node : b.nodes) {
    const bool is_metric = node.kind == Condition::Kind::metric, is_state = node.kind == Condition::Kind::state;
    node.first += static_cast<std::uint32_t>(is_metric  ? a.metric_tests.size()
                                             : is_state ? a.state_tests.size()
                                                        : nodes);
    node.second += nodes;
    whole.nodes.push_back(node);
  }
  whole.metric_tests.insert(whole.metric_tests.end(), b.metric_tests.begin(), b.metric_tests.end());
  whole.state_tests.insert(whole.state_tests.end(), b.state_tests.begin(), b.state_tests.end());
  const auto last = static_cast<std::uint32_t>(whole.nodes.size() - 1);
  whole.nodes.push_back({.kind = Condition::Kind::conjunction, .first = nodes - 1, .second = last, .hold = {}});
  return whole;
}

Incident::Incident(std::string_view picture) : Drawn{picture} {
  world.horizon = Duration::hours(6);
  world.causes.push_back({.name = "cause", .title = "cause", .faults = {}});
  world.strategies.push_back({.name = "plan", .when = {}, .steps = {}});
}

world::SiteId Incident::add_site(const std::string& name, world::RegionId in) {
  const world::SiteId id{world.sites.size()};
  world.sites.push_back({name, in});
  for (world::Service& service : world.services) {
    service.sites.push_back(id);
    service.replicas.push_back(service.replicas.front());
  }
  return id;
}

world::LinkId Incident::add_link(const std::string& name, world::Endpoint from, world::Endpoint to) {
  world.links.push_back({.name = name, .from = from, .to = to, .latency = Duration::of_seconds(0.01), .bandwidth = {}});
  return world::LinkId{world.links.size() - 1};
}

world::RegionId Incident::add_region(const std::string& name, double users) {
  world.regions.push_back({name, users, {}});
  for (world::Population& population : world.populations) population.users.push_back(users);
  return world::RegionId{world.regions.size() - 1};
}

world::FaultId Incident::add_fault(world::Verb verb, world::Subject target, Duration at) {
  const world::FaultId id{world.faults.size()};
  world::Fault fault;
  fault.name = "fault-" + std::to_string(id.index());
  fault.cause = world::CauseId{0};
  fault.effect.verb = verb;
  fault.effect.targets = {{target, {}}};
  fault.at = always(at);
  world.faults.push_back(std::move(fault));
  world.causes[0].faults.push_back(id);
  return id;
}

world::FaultId Incident::break_down(world::Subject target, Duration at) {
  return add_fault(world::Verb::down, target, at);
}

world::ReactionId Incident::react(const std::string& name, Condition when, world::Verb verb, world::Subject target) {
  world::Reaction reaction;
  reaction.name = name;
  reaction.when = std::move(when);
  reaction.effect.verb = verb;
  reaction.effect.targets = {{target, {}}};
  world.reactions.push_back(std::move(reaction));
  return world::ReactionId{world.reactions.size() - 1};
}

world::MonitorId Incident::watch_success() {
  world::Monitor monitor;
  monitor.name = "success";
  monitor.alert = condition_of(world::Metric::success, app, world::Comparison::less, 0.9, Duration::minutes(2));
  monitor.every = Duration::seconds(30);
  world.monitors.push_back(std::move(monitor));
  return world::MonitorId{world.monitors.size() - 1};
}

world::TeamId Incident::add_team(const std::string& name, Duration acknowledges, int members) {
  world::Team team;
  team.name = name;
  team.people = members;
  team.acknowledge = always(acknowledges);
  world.teams.push_back(std::move(team));
  return world::TeamId{world.teams.size() - 1};
}

world::StepId Incident::add_step(const std::string& name, world::Verb verb, Duration takes,
                                 std::optional<world::TeamId> team) {
  const world::StepId id{world.steps.size()};
  world::Step step;
  step.name = name;
  step.strategy = world::StrategyId{world.strategies.size() - 1};
  step.effect.verb = verb;
  step.team = team;
  step.ways.push_back({.needs = {}, .takes = always(takes), .team = team});
  auto& steps = world.strategies.back().steps;
  if (!steps.empty()) step.after.push_back(steps.back());
  if (verb == world::Verb::repair) {
    for (std::size_t i = 0; i < world.faults.size(); ++i) step.ends.emplace_back(i);
  }
  world.steps.push_back(std::move(step));
  steps.push_back(id);
  return id;
}

namespace {

// What the engine's process says: 'o' and an outcome, 'e' and an error, each behind its length.
void write_all(int to, char kind, const std::string& bytes) {
  const std::uint64_t length = bytes.size();
  std::string message(1, kind);
  message.append(reinterpret_cast<const char*>(&length), sizeof length).append(bytes);
  for (std::size_t done = 0; done < message.size();) {
    const ssize_t count = write(to, message.data() + done, message.size() - done);
    if (count <= 0) _exit(1);
    done += static_cast<std::size_t>(count);
  }
}

[[noreturn]] void run_in_child(int to, const world::World& world, const std::vector<std::uint64_t>& indices,
                               world::StrategyId strategy, std::uint64_t seed) {
  try {
    const traffic::Network network{world};
    simulation::Engine engine{world, network};
    for (const std::uint64_t index : indices) {
      write_all(to, 'o', study::bytes_of(engine.replicate({world::CauseId{0}, strategy, seed, true}, index)));
    }
  } catch (const std::exception& error) {
    write_all(to, 'e', error.what());
  }
  _exit(0);  // the kernel's own farewell takes time and says nothing
}

std::string all_from(int descriptor) {
  std::string all;
  char buffer[1 << 16];
  for (ssize_t count = 0; (count = read(descriptor, buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(count));
  }
  return all;
}

}  // namespace

std::vector<simulation::Outcome> outcomes_of(const world::World& world, const std::vector<std::uint64_t>& indices,
                                             world::StrategyId strategy, std::uint64_t seed) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork();
  if (child == 0) run_in_child(ends[1], world, indices, strategy, seed);
  close(ends[1]);
  const std::string said = all_from(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  std::vector<simulation::Outcome> outcomes;
  for (std::size_t at = 0; at < said.size();) {
    std::uint64_t length = 0;
    said.copy(reinterpret_cast<char*>(&length), sizeof length, at + 1);
    const std::string body = said.substr(at + 1 + sizeof length, length);
    if (said[at] == 'e') throw std::runtime_error{body};
    outcomes.push_back(study::outcome_of(body).value());
    at += 1 + sizeof length + length;
  }
  if (outcomes.size() != indices.size()) throw std::runtime_error{"the engine's process died"};
  return outcomes;
}

simulation::Outcome outcome_of(const world::World& world, std::uint64_t index) {
  return outcomes_of(world, {index}).front();
}

std::vector<simulation::Event> events_of(const simulation::Outcome& outcome, simulation::EventKind kind) {
  std::vector<simulation::Event> found;
  for (const simulation::Event& event : outcome.events) {
    if (event.kind == kind) found.push_back(event);
  }
  return found;
}

double minute_of(const simulation::Outcome& outcome, simulation::EventKind kind,
                 std::optional<world::Subject> subject) {
  for (const simulation::Event& event : outcome.events) {
    if (event.kind == kind && (!subject || event.about.subject == *subject)) {
      return (event.at - outcome.onset).in_minutes();
    }
  }
  return -1;
}

}  // namespace knockon::tests
