// What changes in a flow when a parameter of its world is set to something else: what was worked out from numbers is
// worked out anew, and what is on its way stays on its way.
#include <algorithm>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {

void Flow::State::take_parameters() {
  for (Copies& copy : copies) {
    const auto& fallback = copy.of_journey ? parts->world->journeys[copy.subject].fallback
                                           : parts->world->operations[copy.subject].fallback;
    copy.good_for_s = fallback->stale->in_seconds();
  }
  find_long_queues();
  find_resolver_tries();
  for (std::size_t n = 0; n < caches.size(); ++n) fullest[n] = fullest_cache(caches[n]);
  for (Scaled& one : scaled) {
    const auto& rule = parts->world->services[parts->service_of_instance[one.instance]].autoscale;
    if (rule) one.next_look = std::min(one.next_look, now + rule->every);
  }
  set_link_latencies();
  crowd.take_parameters();
  waits.take_parameters();
  for (std::uint32_t s = 0; slow.is_any() && s < parts->world->services.size(); ++s) {
    for (std::uint32_t place = 0; place < parts->world->services[s].sites.size(); ++place)
      waits.set_usual(parts->first_instance[s] + place, slow.own_time_s(world::ServiceId{s}, place));
  }
  careful.take_parameters();
  circuit.take_parameters();
  slow_times_stale = touched = true;
}

// Of those whose queue has become a short one, nobody waits any more.
void Flow::State::find_long_queues() {
  const std::vector<std::uint32_t> before = std::move(long_queues);
  long_queues.clear();
  for (std::uint32_t instance = 0; instance < parts->instances; ++instance) {
    const std::uint32_t s = parts->service_of_instance[instance];
    if (parts->room_s[s] > 0 && !graph::keeps_waiting(parts->world->services[s])) long_queues.push_back(instance);
  }
  for (const std::uint32_t instance : before) {
    if (std::binary_search(long_queues.begin(), long_queues.end(), instance)) continue;
    circuit.change_instance(world::ServiceId{parts->service_of_instance[instance]}, instance).backlog = 0;
  }
}

void Flow::State::find_resolver_tries() {
  resolver_tries.assign(parts->reach.places(), 1);
  for (std::size_t r = 0; r < parts->regions(); ++r) {
    double users = 0, tries = 0;
    for (const world::Population& population : parts->world->populations) {
      users += population.users[r];
      tries += population.users[r] * population.resolver_tries;
    }
    if (users > 0) resolver_tries[parts->reach.users_of(world::RegionId{r})] = tries / users;
  }
}

void Flow::State::set_link_latencies() {
  bool changed = false;
  for (std::size_t i = 0; i < parts->world->links.size(); ++i) {
    const world::LinkId link{i};
    changed = reach.set_latency(link, slow.latency_s(link)) || changed;
  }
  if (changed) routes_touched = touched = true;
}

void Flow::State::set_slowness(world::OperationId operation, world::SiteId site, const Slowness& slowness) {
  slow.set(parts->node_at(operation, site), slowness);
  const world::ServiceId service = (*parts->world)[operation].service;
  const std::uint32_t instance = parts->instance_at(service, site);
  waits.set_usual(instance, slow.own_time_s(service, instance - parts->first_instance[service.index()]));
  slow_times_stale = touched = true;
}

void Flow::State::set_slowness(world::LinkId link, const Slowness& slowness) {
  slow.set(link, slowness);
  set_link_latencies();
  slow_times_stale = touched = true;
}

}  // namespace knockon::traffic
