// What machines that hold sessions, and people's devices that renew them, ask of services, and what they hear.
#include <algorithm>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {

double Flow::State::held_share(world::SessionId session, std::optional<world::RegionId> region,
                               std::optional<world::SiteId> site) const {
  if (!std::holds_alternative<world::Machines>((*parts->world)[session].holders))
    return crowd.held_share(session, region);
  if (site) {
    if (const auto there = fleets.held_share(session, region, site)) return *there;
  }
  return fleets.held_share(session, region).value_or(1);
}

// Of those who look the service up at this place, the share that finds an address.
double Flow::State::resolving_share(world::ServiceId service, std::size_t place) const {
  const std::uint32_t name = parts->name_of_service[service.index()];
  for (const NameUse& use : name_uses) {
    if (use.name == name && use.place == place) return use.known + (1 - use.known) * use.answered;
  }
  return 1;
}

MachineAnswer Flow::State::answer_to_machines(world::OperationId operation, std::size_t place, double asked_per_s) {
  const world::ServiceId service = (*parts->world)[operation].service;
  const std::uint32_t node = nearest_node(operation, place);
  if (node == nowhere) return {.answered = 0};
  const std::uint32_t instance =
      parts->first_instance[service.index()] + node - parts->callers[operation.index()].first_node;
  double in_time = 1;
  const double patience_s = patience_of_machines_s((*parts->world)[service]);
  if (graph::keeps_waiting((*parts->world)[service])) {
    const Wait wait = waits.wait(instance, circuit);
    in_time = share_within(patience_s, after_waiting(wait, parts->answer_time[operation.index()]));
    if (parts->calls_to[operation.index()].empty()) circuit.set_in_time(node, in_time);
  }
  const double taken = circuit.answer_however_late(node).total * resolving_share(service, place);
  const double failing = 1 - taken * in_time;
  const double spare_per_s = (circuit.capacity(instance) - circuit.load(instance)) / (*parts->world)[operation].cost;
  return {.answered = 1 - failing,
          .held_up_s = failing > 0 ? patience_s * taken * (1 - in_time) / failing : 0,
          .room_per_s = std::max(0.0, asked_per_s + spare_per_s)};
}

void Flow::State::hear_machines() {
  for (std::size_t n = 0; n < fleets.size(); ++n) {
    const Fleets::Layout& machines = fleets.layout(n);
    const std::size_t place = reach.place_of(machines.site);
    const MachineAnswer opening = answer_to_machines(machines.opening, place, fleets.opening_per_s(n));
    MachineAnswer renewing;
    if (machines.renewing) renewing = answer_to_machines(*machines.renewing, place, fleets.renewing_per_s(n));
    fleets.set_answers(n, opening, renewing);
  }
  for (std::uint32_t h = 0; h < parts->holdings.size(); ++h) {
    const Holding& holding = parts->holdings[h];
    if (!holding.renewed_by) continue;
    holding.for_each_region([&](world::RegionId region, std::size_t lane) {
      const double asked_per_s = crowd.renewals_per_s(h, lane);
      const MachineAnswer answer = answer_to_machines(*holding.renewed_by, reach.users_of(region), asked_per_s);
      crowd.set_renewed(h, lane, answer.answered);
    });
  }
}

void Flow::State::bring_machines_attempts() {
  const world::World& world = *parts->world;
  std::vector<double> asked(parts->nodes, 0);
  const auto add = [&](world::OperationId operation, std::size_t place, double per_s) {
    const std::uint32_t node = nearest_node(operation, place);
    if (node != nowhere) asked[node] += per_s * resolving_share(world[operation].service, place);
  };
  for (std::size_t n = 0; n < fleets.size(); ++n) {
    const Fleets::Layout& machines = fleets.layout(n);
    const std::size_t place = reach.place_of(machines.site);
    add(machines.opening, place, fleets.opening_per_s(n));
    if (machines.renewing) add(*machines.renewing, place, fleets.renewing_per_s(n));
  }
  for (std::uint32_t h = 0; h < parts->holdings.size(); ++h) {
    const Holding& holding = parts->holdings[h];
    if (!holding.renewed_by) continue;
    holding.for_each_region([&](world::RegionId region, std::size_t lane) {
      add(*holding.renewed_by, reach.users_of(region), crowd.renewals_per_s(h, lane));
    });
  }
  for (std::uint32_t o = 0; o < world.operations.size(); ++o) {
    const Caller& caller = parts->callers[o];
    for (std::uint32_t node = caller.first_node; node < caller.first_node + caller.places; ++node) {
      if (asked_at(node).machines == asked[node]) continue;
      asked_at(node).machines = asked[node];
      bring_extra(world::OperationId{o}, node);
    }
  }
}

}  // namespace knockon::traffic
