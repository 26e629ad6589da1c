#include "engine/graph/fault_tree.hpp"

#include <algorithm>

#include "engine/graph/settled.hpp"

namespace knockon::graph {
namespace {

// What the tasks can hang on. Few things that much hangs on (groups, the network) are decided first, then services,
// callers before callees: such orders keep diagrams small.
std::vector<ComponentId> components_below(const Dependence& dependence, world::JourneyId journey,
                                          const std::vector<Dependence::Task>& tasks) {
  const world::World& world = dependence.world();
  const Components& all = dependence.components();
  std::vector<bool> is_below(all.size(), false);
  std::vector<ComponentId> network, services;
  for (std::size_t i = 0; i < world.sites.size(); ++i) network.push_back(all.of(world::SiteId{i}));
  for (std::size_t i = 0; i < world.links.size(); ++i) network.push_back(all.of(world::LinkId{i}));
  if (const auto& session = world[journey].session) network.push_back(all.of(*session));
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) {
    if (task->is_service) services.push_back(all.of(world::ServiceId{task->index}));
  }
  std::vector<bool> is_group_below(all.size(), false);
  for (const auto* part : {&network, &services}) {
    for (const ComponentId id : *part) {
      for (const ComponentId group : all.groups_of(id)) is_group_below[group.index()] = true;
    }
  }
  std::vector<ComponentId> components;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_group_below[i]) components.emplace_back(i);
  }
  components.insert(components.end(), network.begin(), network.end());
  components.insert(components.end(), services.begin(), services.end());
  return components;
}

}  // namespace

FaultTree::FaultTree(const Dependence& dependence, world::JourneyId journey, const Limits& limits)
    : diagrams_{std::max<std::size_t>(limits.nodes, 2)} {
  const std::vector<Dependence::Task> tasks = dependence.order_for(journey);
  components_ = components_below(dependence, journey, tasks);
  if (components_.size() > limits.components) {
    is_within_limits_ = false;
    return;
  }
  Working<Diagrams::Value> working;
  working.components.assign(dependence.components().size(), Diagrams::always());
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const Diagrams::Value gone = diagrams_.variable(static_cast<Diagrams::Variable>(i));
    working.components[components_[i].index()] = diagrams_.inverse(gone);
  }
  const Settled<Diagrams> settled{dependence, diagrams_, std::move(working), tasks};
  for (std::size_t r = 0; r < dependence.world().regions.size(); ++r) {
    down_.push_back(diagrams_.inverse(settled.journey(journey, world::RegionId{r}).any));
  }
}

FaultTree::Cuts FaultTree::cut_sets(world::RegionId region, const CutSetLimits& limits) const {
  if (!is_complete()) return {.sets = {}, .complete = false};
  CutSets found = cut_sets_of(diagrams_, down(region), limits);
  Cuts cuts{.sets = {}, .complete = found.complete};
  for (const auto& variables : found.sets) {
    std::vector<ComponentId>& set = cuts.sets.emplace_back();
    for (const Diagrams::Variable variable : variables) set.push_back(components_[variable]);
    std::sort(set.begin(), set.end());
  }
  std::stable_sort(cuts.sets.begin(), cuts.sets.end(),
                   [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return cuts;
}

}  // namespace knockon::graph
