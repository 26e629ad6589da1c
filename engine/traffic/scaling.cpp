// Services whose capacity follows something: autoscalers that look at how busy replicas are, and hosts that need a
// session to be of use.
#include <algorithm>
#include <cmath>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {

void Flow::State::begin_scaling() {
  for (Scaled& one : scaled) {
    const std::uint32_t s = parts->service_of_instance[one.instance];
    const world::Service& service = parts->world->services[s];
    one.written = one.replicas = service.replicas[one.instance - parts->first_instance[s]];
    one.coming.clear();
    one.left = 1;
    one.next_look = service.autoscale ? now + service.autoscale->every : quantity::SimTime::never();
    one.held_at_begin = service.scaled_by ? std::max(held_by_hosts(one), 1e-9) : 1;
  }
}

// Of the sessions that an instance needs, the share that is held: by the machines at its own site, where any are.
double Flow::State::held_by_hosts(const Scaled& one) const {
  const std::uint32_t s = parts->service_of_instance[one.instance];
  const world::Service& service = parts->world->services[s];
  return held_share(*service.scaled_by, std::nullopt, service.sites[one.instance - parts->first_instance[s]]);
}

Flow::State::Scaled* Flow::State::scaled_at(std::uint32_t instance) {
  const auto found =
      std::find_if(scaled.begin(), scaled.end(), [instance](const Scaled& one) { return one.instance == instance; });
  return found == scaled.end() ? nullptr : &*found;
}

void Flow::State::look_at_scaling() {
  for (Scaled& one : scaled) {
    const auto has_come = [this](const Scaled::Coming& some) { return some.date <= now; };
    double added = 0;
    for (const Scaled::Coming& some : one.coming) added += has_come(some) ? some.replicas : 0;
    std::erase_if(one.coming, has_come);
    if (added > 0) {
      one.replicas += added;
      start_cold(one.instance, added / one.replicas);
    }
    if (one.next_look <= now) look_at_replicas(one);
    apply_scaling(one);
  }
}

// An autoscaler sees how busy replicas are, which is never more than wholly: what is refused it does not see.
void Flow::State::look_at_replicas(Scaled& one) {
  const world::Autoscale& rule = *parts->world->services[parts->service_of_instance[one.instance]].autoscale;
  one.next_look = now + rule.every;
  const InstanceState& state = circuit.instance(one.instance);
  const double able = circuit.capacity(one.instance);
  if (!state.is_up() || !(able > 0) || !std::isfinite(able)) return;
  const double busy = std::min(1.0, circuit.load(one.instance) / able);
  const double wanted = std::clamp(one.replicas * busy / rule.keep.value(), rule.from, rule.to);
  double coming = 0;
  for (const Scaled::Coming& some : one.coming) coming += some.replicas;
  if (wanted > one.replicas + coming) one.coming.push_back({now + rule.delay, wanted - one.replicas - coming});
  one.replicas = std::min(one.replicas, wanted);
}

void Flow::State::apply_scaling(const Scaled& one) {
  const world::ServiceId service{parts->service_of_instance[one.instance]};
  double capacity = one.left * one.replicas / one.written;
  if ((*parts->world)[service].scaled_by) capacity *= std::min(1.0, held_by_hosts(one) / one.held_at_begin);
  if (circuit.instance(one.instance).capacity_left == capacity) return;
  circuit.change_instance(service, one.instance).capacity_left = capacity;
}

}  // namespace knockon::traffic
