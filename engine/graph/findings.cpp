#include "engine/graph/findings.hpp"

#include <algorithm>

namespace knockon::graph {
namespace {

using world::World;

// Calls `look(app, journey, region)` for every journey where its app is used.
template <class Look>
void for_each_journey(const Dependence& dependence, const Look& look) {
  const World& world = dependence.world();
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    const world::AppId app{a};
    const auto regions = dependence.regions_of(app);
    for (const world::JourneyId journey : world[app].journeys) look(app, journey, regions);
  }
}

// The chance that each variable of the tree has failed: people, groups and sessions do not wear out by themselves.
std::vector<double> chances_of(const FaultTree& tree, const Components& components, quantity::Share availability) {
  std::vector<double> gone;
  for (const ComponentId id : tree.components()) {
    const auto kind = components[id].kind;
    const bool is_given = kind == Component::Kind::group || kind == Component::Kind::session;
    gone.push_back(is_given ? 0 : 1 - availability.value());
  }
  return gone;
}

JourneyAvailability availability_of(const FaultTree& tree, const Components& components, world::RegionId region,
                                    quantity::Share availability) {
  JourneyAvailability found;
  if (!tree.is_complete()) return found;
  const std::vector<double> gone = chances_of(tree, components, availability);
  const Diagrams::Value down = tree.down(region);
  found.unavailable = probability_of(tree.diagrams(), down, gone);
  for (const Importance& importance : importances_of(tree.diagrams(), down, gone)) {
    if (gone[importance.variable] > 0) found.parts.push_back({tree.components()[importance.variable], importance});
  }
  return found;
}

void look_at_sets(const Dependence& dependence, const Questions& questions, Findings& findings) {
  for_each_journey(dependence, [&](world::AppId app, world::JourneyId journey, const auto& regions) {
    const FaultTree tree{dependence, journey, {.nodes = questions.diagram_nodes}};
    for (const world::RegionId region : regions) {
      findings.cut_sets.push_back({app, journey, region, tree.cut_sets(region, questions.cut_sets)});
      if (!questions.availability) continue;
      JourneyAvailability found = availability_of(tree, dependence.components(), region, *questions.availability);
      found.app = app;
      found.journey = journey;
      found.region = region;
      findings.availability.push_back(std::move(found));
    }
  });
}

void judge_promises(const World& world, const Questions& questions, Findings& findings) {
  const auto own = questions.strategy ? questions.strategy : world.strategy;
  for (const world::Promise& promise : world.promises) {
    double value = 0;
    if (promise.of.measure == world::Measure::single_points) {
      value = static_cast<double>(single_points_of(findings.impact, promise.of.app, promise.of.region));
    } else if (promise.of.measure == world::Measure::knots && questions.cause) {
      for (std::size_t s = 0; s < world.strategies.size(); ++s) {
        const world::StrategyId strategy{s};
        if (own && *own != strategy) continue;
        value += static_cast<double>(tied_knots(findings.recovery, strategy));
      }
    } else {
      continue;
    }
    findings.promises.push_back(
        {promise.text, value, world::holds(promise.comparison, value, promise.low, promise.high)});
  }
}

void keep_only(world::StrategyId strategy, Recovery& recovery) {
  const auto is_other = [&](const auto& one) { return one.strategy != strategy; };
  std::erase_if(recovery.knots, is_other);
  std::erase_if(recovery.standstills, is_other);
  std::erase_if(recovery.footings, is_other);
}

}  // namespace

Findings findings_of(const World& world, const Questions& questions) {
  const Dependence dependence{world};
  Findings findings{.world = &world, .components = dependence.components()};
  findings.relations = relations_of(world, findings.components);
  findings.impact = impact_of(dependence);
  look_at_sets(dependence, questions, findings);
  findings.cause = questions.cause;
  if (questions.cause) findings.recovery = recovery_of(dependence, *questions.cause);
  if (questions.strategy) keep_only(*questions.strategy, findings.recovery);
  findings.circles = circles_among(findings.relations, findings.components.size());
  findings.burden = burden_of(dependence);
  if (questions.instances_gone) findings.random_failures = random_failures(dependence, *questions.instances_gone);
  judge_promises(world, questions, findings);
  return findings;
}

std::size_t single_points_of(const Impact& impact, std::optional<world::AppId> app,
                             std::optional<world::RegionId> region) {
  return static_cast<std::size_t>(
      std::count_if(impact.blast_radius.begin(), impact.blast_radius.end(), [&](const Blast& blast) {
        return std::any_of(blast.apps.begin(), blast.apps.end(), [&](const Blast::Hit& hit) {
          if (app && hit.app != *app) return false;
          if (!region) return !hit.down.empty();
          return std::find(hit.down.begin(), hit.down.end(), *region) != hit.down.end();
        });
      }));
}

}  // namespace knockon::graph
