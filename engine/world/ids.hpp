// What things are called inside the engine: a typed position in one of World's lists.
#pragma once

#include "engine/quantity/id.hpp"

namespace knockon::world {

struct Region;
struct Site;
struct Link;
struct Group;
struct Service;
struct Operation;
struct SessionKind;
struct App;
struct Journey;
struct Population;
struct Curve;
struct Cause;
struct Fault;
struct Reaction;
struct Monitor;
struct Team;
struct Strategy;
struct Step;

using RegionId = quantity::Id<Region>;
using SiteId = quantity::Id<Site>;
using LinkId = quantity::Id<Link>;
using GroupId = quantity::Id<Group>;
using ServiceId = quantity::Id<Service>;
using OperationId = quantity::Id<Operation>;  // over all services
using SessionId = quantity::Id<SessionKind>;
using AppId = quantity::Id<App>;
using JourneyId = quantity::Id<Journey>;  // over all apps
using PopulationId = quantity::Id<Population>;
using CurveId = quantity::Id<Curve>;
using CauseId = quantity::Id<Cause>;
using FaultId = quantity::Id<Fault>;  // over all causes
using ReactionId = quantity::Id<Reaction>;
using MonitorId = quantity::Id<Monitor>;
using TeamId = quantity::Id<Team>;
using StrategyId = quantity::Id<Strategy>;
using StepId = quantity::Id<Step>;  // over all strategies

}  // namespace knockon::world
