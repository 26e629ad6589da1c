#include "engine/world/world.hpp"

#include <algorithm>
#include <set>

#include "engine/quantity/contract.hpp"

namespace knockon::world {
namespace {

// Calls `visit` for every member of the group, through groups of groups, each group once.
template <class Visit>
void for_each_member(const World& world, GroupId group, std::set<GroupId>& seen, const Visit& visit) {
  if (!seen.insert(group).second) return;
  for (const Entity& member : world[group].members) {
    if (const auto* inner = std::get_if<GroupId>(&member)) {
      for_each_member(world, *inner, seen, visit);
    } else {
      visit(member);
    }
  }
}

template <class Thing>
void sort_and_strip(std::vector<Thing>& things) {
  std::sort(things.begin(), things.end());
  things.erase(std::unique(things.begin(), things.end()), things.end());
}

void add_sites_of_region(const World& world, RegionId region, std::vector<SiteId>& sites) {
  for (std::size_t i = 0; i < world.sites.size(); ++i) {
    if (world.sites[i].region == region) sites.emplace_back(i);
  }
}

std::string name_of_place(const World& world, const Place& place) {
  struct Visitor {
    const World& world;
    std::string operator()(Here) const { return "here"; }
    std::string operator()(RegionId id) const { return world[id].name; }
    std::string operator()(SiteId id) const { return world[id].name; }
    std::string operator()(GroupId id) const { return world[id].name; }
  };
  return std::visit(Visitor{world}, place);
}

}  // namespace

std::vector<SiteId> sites_of(const World& world, const Place& place, std::optional<SiteId> here) {
  std::vector<SiteId> sites;
  if (std::holds_alternative<Here>(place)) {
    quantity::require(here.has_value(), "`here` is only meant inside a reaction with `per`");
    sites.push_back(*here);
  } else if (const auto* region = std::get_if<RegionId>(&place)) {
    add_sites_of_region(world, *region, sites);
  } else if (const auto* site = std::get_if<SiteId>(&place)) {
    sites.push_back(*site);
  } else {
    std::set<GroupId> seen;
    for_each_member(world, std::get<GroupId>(place), seen, [&](const Entity& member) {
      if (const auto* member_site = std::get_if<SiteId>(&member)) sites.push_back(*member_site);
      if (const auto* member_region = std::get_if<RegionId>(&member)) add_sites_of_region(world, *member_region, sites);
    });
  }
  sort_and_strip(sites);
  return sites;
}

std::vector<LinkId> links_of(const World& world, GroupId group) {
  std::vector<LinkId> links;
  std::set<GroupId> seen;
  for_each_member(world, group, seen, [&](const Entity& member) {
    if (const auto* link = std::get_if<LinkId>(&member)) links.push_back(*link);
  });
  sort_and_strip(links);
  return links;
}

std::string name_of(const World& world, const Subject& subject) {
  return std::visit(
      [&](auto id) -> std::string {
        if constexpr (std::is_same_v<decltype(id), Itself>) {
          return {};
        } else {
          return world[id].name;
        }
      },
      subject);
}

std::string name_of(const World& world, const Target& target) {
  std::string name = name_of(world, target.subject);
  if (target.place) name += "@" + name_of_place(world, *target.place);
  return name;
}

quantity::Rate daily_rate(const World& world, JourneyId journey, PopulationId population, RegionId region) {
  const Population& people = world[population];
  for (const Population::Habit& habit : people.does) {
    if (habit.journey == journey) {
      return quantity::Rate::per_second(habit.per_user.per_second() * people.users[region.index()]);
    }
  }
  return {};
}

std::vector<StrategyId> plans_of(const World& world, StrategyId strategy) {
  std::vector<StrategyId> plans{strategy};
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (const StrategyId other : world[plans[i]].beside) {
      if (std::find(plans.begin(), plans.end(), other) == plans.end()) plans.push_back(other);
    }
  }
  return plans;
}

std::vector<const Condition*> conditions_of(const World& world) {
  std::vector<const Condition*> conditions;
  const auto add = [&](const std::optional<Condition>& condition) {
    if (condition) conditions.push_back(&*condition);
  };
  for (const App& app : world.apps) conditions.insert(conditions.end(), {&app.down, &app.degraded});
  for (const Fault& fault : world.faults) {
    add(fault.when);
    add(fault.until);
  }
  for (const Reaction& reaction : world.reactions) {
    conditions.push_back(&reaction.when);
    add(reaction.until);
    if (reaction.effect.admission) add(reaction.effect.admission->guard);
  }
  for (const Monitor& monitor : world.monitors) conditions.push_back(&monitor.alert);
  for (const Strategy& strategy : world.strategies) add(strategy.when);
  for (const Step& step : world.steps) {
    add(step.when);
    add(step.only_if);
    if (step.effect.admission) add(step.effect.admission->guard);
  }
  for (const Observed& observed : world.observed) add(observed.milestone);
  return conditions;
}

double Service::replicas_at(SiteId site) const {
  const auto found = std::lower_bound(sites.begin(), sites.end(), site);
  quantity::require(found != sites.end() && *found == site, "a service is where its replicas are asked for");
  return replicas[static_cast<std::size_t>(found - sites.begin())];
}

Curve::Leg Curve::leg_at(quantity::Duration local) const {
  constexpr std::int64_t day = quantity::Duration::hours(24).ticks();
  std::int64_t in_day = local.ticks() % day;
  if (in_day < 0) in_day += day;
  const auto after = std::upper_bound(points.begin(), points.end(), in_day,
                                      [](std::int64_t t, const Point& point) { return t < point.local.ticks(); });
  const Point& next = after == points.end() ? points.front() : *after;
  const Point& previous = after == points.begin() ? points.back() : *std::prev(after);
  std::int64_t span = next.local.ticks() - previous.local.ticks();
  std::int64_t gone = in_day - previous.local.ticks();
  if (span <= 0) span += day;
  if (gone < 0) gone += day;
  return {.begins = local - quantity::Duration::of_ticks(gone),
          .length = quantity::Duration::of_ticks(span),
          .level = previous.level,
          .rise = next.level - previous.level};
}

}  // namespace knockon::world
