// The immutable model of one scenario, every name resolved and every default filled in. Built by engine/scenario (or by
// hand in tests); nothing changes it afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/world/condition.hpp"
#include "engine/world/incident.hpp"
#include "engine/world/people.hpp"
#include "engine/world/place.hpp"
#include "engine/world/promise.hpp"
#include "engine/world/service.hpp"

namespace knockon::world {

// A property written as a distribution: drawn once a replication. The world itself holds its median.
struct DrawnProperty {
  std::string path;                   // "services.feed.calls[auth.check].timeout": its place, and the name of its draw
  random::Distribution values;        // in the unit it is written in: seconds, a second, a share of 1, a count
  std::vector<std::string> taken_by;  // further places, which leave it open and take it from there
  friend bool operator==(const DrawnProperty&, const DrawnProperty&) = default;
};

struct World {
  std::string name;  // the scenario's, as the command line knows it
  std::string title;
  std::int64_t starts = 0;  // seconds since 1970-01-01T00:00:00Z
  quantity::Duration horizon = quantity::Duration::hours(24);
  std::string currency = "USD";

  std::vector<Region> regions;
  std::vector<Site> sites;
  std::vector<Link> links;  // none: every pair of places reaches each other
  std::vector<Group> groups;
  std::vector<Service> services;
  std::vector<Operation> operations;  // no circles among their calls
  std::vector<SessionKind> sessions;
  std::vector<App> apps;
  std::vector<Journey> journeys;
  std::vector<Curve> curves;
  std::vector<Population> populations;
  std::vector<Cause> causes;
  std::vector<Fault> faults;
  std::vector<Reaction> reactions;
  std::vector<Monitor> monitors;
  std::vector<Team> teams;
  std::vector<Strategy> strategies;
  std::vector<Step> steps;
  std::vector<Promise> promises;
  std::vector<Observed> observed;
  std::vector<DrawnProperty> drawn;  // in file order

  std::optional<CauseId> cause;  // what `run` takes by default
  std::optional<StrategyId> strategy;

  [[nodiscard]] const Region& operator[](RegionId id) const { return regions[id.index()]; }
  [[nodiscard]] const Site& operator[](SiteId id) const { return sites[id.index()]; }
  [[nodiscard]] const Link& operator[](LinkId id) const { return links[id.index()]; }
  [[nodiscard]] const Group& operator[](GroupId id) const { return groups[id.index()]; }
  [[nodiscard]] const Service& operator[](ServiceId id) const { return services[id.index()]; }
  [[nodiscard]] const Operation& operator[](OperationId id) const { return operations[id.index()]; }
  [[nodiscard]] const SessionKind& operator[](SessionId id) const { return sessions[id.index()]; }
  [[nodiscard]] const App& operator[](AppId id) const { return apps[id.index()]; }
  [[nodiscard]] const Journey& operator[](JourneyId id) const { return journeys[id.index()]; }
  [[nodiscard]] const Curve& operator[](CurveId id) const { return curves[id.index()]; }
  [[nodiscard]] const Population& operator[](PopulationId id) const { return populations[id.index()]; }
  [[nodiscard]] const Cause& operator[](CauseId id) const { return causes[id.index()]; }
  [[nodiscard]] const Fault& operator[](FaultId id) const { return faults[id.index()]; }
  [[nodiscard]] const Reaction& operator[](ReactionId id) const { return reactions[id.index()]; }
  [[nodiscard]] const Monitor& operator[](MonitorId id) const { return monitors[id.index()]; }
  [[nodiscard]] const Team& operator[](TeamId id) const { return teams[id.index()]; }
  [[nodiscard]] const Strategy& operator[](StrategyId id) const { return strategies[id.index()]; }
  [[nodiscard]] const Step& operator[](StepId id) const { return steps[id.index()]; }
  friend bool operator==(const World&, const World&) = default;
};

// The sites a place means, ascending and without repeats: a region's own, a site itself, the sites among a group's
// members (through groups of groups). `here` stands for Here.
[[nodiscard]] std::vector<SiteId> sites_of(const World& world, const Place& place, std::optional<SiteId> here = {});

// The links a group holds, through groups of groups, ascending.
[[nodiscard]] std::vector<LinkId> links_of(const World& world, GroupId group);

// The strategy and all that are carried out beside it, directly or beside one of those.
[[nodiscard]] std::vector<StrategyId> plans_of(const World& world, StrategyId strategy);

// Every condition that something in the world hangs on, in the order of the world's lists.
[[nodiscard]] std::vector<const Condition*> conditions_of(const World& world);

// A subject's name as the author wrote it ("auth.check"); the empty text for Itself.
[[nodiscard]] std::string name_of(const World& world, const Subject& subject);
// "dns@edge-apac"; Here is written "@here".
[[nodiscard]] std::string name_of(const World& world, const Target& target);

// The region's daily mean rate at which people of `population` in it start `journey`; zero when they never do.
[[nodiscard]] quantity::Rate daily_rate(const World& world, JourneyId journey, PopulationId population,
                                        RegionId region);

}  // namespace knockon::world
