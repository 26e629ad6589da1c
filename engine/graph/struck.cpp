#include "engine/graph/struck.hpp"

#include <algorithm>

namespace knockon::graph {
namespace {

using world::Verb;

constexpr int groups_deep = 64;  // groups hold groups without circles; nobody needs so many

bool takes_down(const world::Effect& effect) {
  switch (effect.verb) {
    case Verb::down:
    case Verb::unreachable:
      return true;
    case Verb::lose_capacity:
      return effect.share.value() >= 1;
    default:
      return false;
  }
}
bool fails_most(const world::Effect& effect) { return effect.verb == Verb::errors && effect.share.value() > 0.5; }

}  // namespace

Struck::Struck(const Dependence& dependence, const std::vector<world::FaultId>& faults)
    : dependence_{dependence}, world_{dependence.world()} {
  working_.components.assign(dependence.components().size(), Words::always());
  working_.instances.assign(dependence.instances(), Words::always());
  working_.nodes.assign(dependence.nodes(), Words::always());
  for (const world::FaultId fault : faults) strike(world_[fault]);
}

void Struck::strike(const world::Fault& fault) {
  for (const world::Target& target : fault.effect.targets) strike_all(fault, target);
}

void Struck::strike_all(const world::Fault& fault, const world::Target& target) {
  const bool is_network =
      std::holds_alternative<world::SiteId>(target.subject) || std::holds_alternative<world::LinkId>(target.subject) ||
      std::holds_alternative<world::RegionId>(target.subject) || std::holds_alternative<world::GroupId>(target.subject);
  if (is_network && takes_down(fault.effect)) network_targets_.push_back(world::name_of(world_, target));
  strike(fault.effect, target.subject, target.place);
}

void Struck::strike(const world::Effect& effect, const world::Subject& subject,
                    const std::optional<world::Place>& place) {
  if (const auto* service = std::get_if<world::ServiceId>(&subject)) {
    strike_service(effect, *service, place);
  } else if (const auto* operation = std::get_if<world::OperationId>(&subject)) {
    if (takes_down(effect) || fails_most(effect)) strike_operation(*operation, place);
  } else if (const auto* link = std::get_if<world::LinkId>(&subject)) {
    if (takes_down(effect)) lose(dependence_.components().of(*link));
  } else if (const auto* site = std::get_if<world::SiteId>(&subject)) {
    if (takes_down(effect)) lose(dependence_.components().of(*site));
    for (std::size_t s = 0; fails_most(effect) && s < world_.services.size(); ++s) {
      strike_service(effect, world::ServiceId{s}, *site);
    }
  } else if (const auto* region = std::get_if<world::RegionId>(&subject)) {
    for (const world::SiteId inside : world::sites_of(world_, *region)) strike(effect, inside, {});
  } else if (const auto* group = std::get_if<world::GroupId>(&subject)) {
    if (++depth_ <= groups_deep) {
      for (const world::Entity& member : world_[*group].members) {
        std::visit([&](auto id) { strike(effect, world::Subject{id}, place); }, member);
      }
    }
    --depth_;
  }
}

void Struck::strike_service(const world::Effect& effect, world::ServiceId id,
                            const std::optional<world::Place>& place) {
  const world::Service& service = world_[id];
  for (std::size_t position = 0; takes_down(effect) && position < service.sites.size(); ++position) {
    if (is_at(service.sites[position], place)) working_.instances[dependence_.instance(id, position)] = Words::never();
  }
  for (const world::OperationId operation : service.operations) {
    if (fails_most(effect)) strike_operation(operation, place);
  }
}

void Struck::strike_operation(world::OperationId operation, const std::optional<world::Place>& place) {
  const auto& sites = world_[world_[operation].service].sites;
  for (std::size_t position = 0; position < sites.size(); ++position) {
    if (is_at(sites[position], place)) working_.nodes[dependence_.node(operation, position)] = Words::never();
  }
}

bool Struck::is_at(world::SiteId site, const std::optional<world::Place>& place) const {
  if (!place || std::holds_alternative<world::Here>(*place)) return true;
  const std::vector<world::SiteId> sites = world::sites_of(world_, *place);
  return std::binary_search(sites.begin(), sites.end(), site);
}

}  // namespace knockon::graph
