#include "engine/simulation/cones.hpp"

#include <algorithm>

#include "engine/simulation/numbering.hpp"

namespace knockon::simulation {

// Walks from what is asked to all it needs. A set of what was seen makes circles (through needs and names) harmless.
class Cones::Search {
 public:
  explicit Search(const Cones& cones) : cones_{cones}, world_{cones.world_}, found_{cones.none()} {}

  ComponentSet from(const world::Subject& subject) {
    std::visit([&](auto id) { add(id); }, subject);
    while (!open_.empty()) {
      const world::ServiceId service = open_.back();
      open_.pop_back();
      open(world_[service]);
    }
    return std::move(found_);
  }

 private:
  void add(world::Itself) {}
  void add(world::FaultId) {}
  void add(world::ReactionId) {}
  void add(world::MonitorId) {}
  void add(world::StepId) {}
  void add(world::SiteId id) {
    found_.insert(cones_.component(id));
    add_all_links();
  }
  void add(world::LinkId id) { found_.insert(cones_.component(id)); }
  void add(world::RegionId id) {
    for (const world::SiteId site : world::sites_of(world_, id)) add(site);
  }
  void add(world::GroupId id) {
    for (const world::Entity& member : world_[id].members) {
      std::visit([&](auto inner) { add(inner); }, member);
    }
  }
  void add(world::ServiceId id) {
    if (found_.contains(cones_.component(id))) return;
    found_.insert(cones_.component(id));
    open_.push_back(id);
  }
  void add(world::OperationId id) { add(world_[id].service); }
  void add(world::SessionId id) {
    if (found_.contains(cones_.component(id))) return;
    found_.insert(cones_.component(id));
    add(world_[id].store);
    std::visit([&](auto opening) { add(opening); }, world_[id].opened_by);
    if (const auto& renewal = world_[id].renewal) add(renewal->by);
  }
  void add(world::JourneyId id) {
    if (found_.contains(cones_.component(id))) return;
    found_.insert(cones_.component(id));
    for (const world::Call& call : world_[id].calls) add(call);
    if (world_[id].session) add(*world_[id].session);
  }
  void add(world::AppId id) {
    for (const world::JourneyId journey : world_[id].journeys) add(journey);
    for (std::size_t i = 0; i < world_.populations.size(); ++i) {
      const auto& apps = world_.populations[i].apps;
      if (std::any_of(apps.begin(), apps.end(), [id](const auto& share) { return share.app == id; })) {
        add(world::PopulationId{i});
      }
    }
  }
  void add(world::PopulationId id) { found_.insert(cones_.component(id)); }
  void add(const world::Call& call) {
    if (call.form == world::Call::Form::single) add(call.to);
    for (const world::Call& member : call.members) add(member);
  }

  void open(const world::Service& service) {
    for (const world::SiteId site : service.sites) add(site);
    for (const world::Need& need : service.needs) {
      for (const world::Target& target : need.any_of) {
        std::visit([&](auto id) { add(id); }, target.subject);
      }
    }
    for (const world::OperationId operation : service.operations) {
      for (const world::Call& call : world_[operation].calls) add(call);
    }
    if (service.scaled_by) add(*service.scaled_by);
    if (service.cache) add(service.cache->behind);
    if (service.resolve) add(service.resolve->through);
  }
  // Which links a path takes changes with what is down: any link can matter to anything that is somewhere.
  void add_all_links() {
    for (std::size_t i = 0; i < world_.links.size(); ++i) found_.insert(cones_.component(world::LinkId{i}));
  }

  const Cones& cones_;
  const world::World& world_;
  ComponentSet found_;
  std::vector<world::ServiceId> open_;
};

Cones::Cones(const world::World& world)
    : world_{world},
      links_{world.sites.size()},
      services_{links_ + world.links.size()},
      sessions_{services_ + world.services.size()},
      journeys_{sessions_ + world.sessions.size()},
      populations_{journeys_ + world.journeys.size()},
      size_{populations_ + world.populations.size()},
      all_{size_} {
  for (std::size_t i = 0; i < size_; ++i) all_.insert(i);
}

const ComponentSet& Cones::of(const world::Subject& subject) const {
  const std::uint64_t key = number_of(subject);
  const auto known = found_.find(key);
  if (known != found_.end()) return known->second;
  return found_.emplace(key, Search{*this}.from(subject)).first->second;
}

ComponentSet Cones::touched_by(const Hits& hits) const {
  ComponentSet touched = none();
  for (const world::LinkId id : hits.links) touched.insert(component(id));
  for (const world::SiteId id : hits.sites) touched.insert(component(id));
  for (const Instance& instance : hits.instances) touched.insert(component(instance.service));
  for (const Answerer& answerer : hits.operations) touched.insert(component(world_[answerer.operation].service));
  for (const Door& door : hits.doors) touched.insert(component(door.journey));
  for (const world::SessionId id : hits.sessions) touched.insert(component(id));
  for (const world::PopulationId id : hits.populations) touched.insert(component(id));
  return touched;
}

}  // namespace knockon::simulation
