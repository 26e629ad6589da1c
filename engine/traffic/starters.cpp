// Replicas that call somebody when they start, once each: for a list of what to serve, a configuration, a lease. They
// warm up no faster than they are answered, and go on asking until they are.
#include <algorithm>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {
namespace {

// How often each replica asks: once over its warm-up, as far as that goes on.
double calls_per_s(const world::WarmUp& warm_up, const world::Call& call) {
  return call.per_request / std::max(warm_up.over.in_seconds(), 1.0);
}

}  // namespace

// Of the instance's replicas, those that are still warming up.
double Flow::State::starting_share(std::uint32_t instance) const {
  if (!circuit.instance(instance).is_up()) return 0;
  if (!warm_since[instance].is_never()) return 1;
  double share = 0;
  for (const Newcomers& some : newcomers) share += some.instance == instance ? some.share : 0;
  return std::min(share, 1.0);
}

void Flow::State::hold_up_starters(double step) {
  for (const std::uint32_t instance : asking_starters) {
    if (starting_share(instance) <= 0) continue;
    const world::Service& service = parts->world->services[service_of_instance[instance]];
    const world::SiteId site = service.sites[instance - parts->first_instance[service_of_instance[instance]]];
    double answered = 1;
    for (const world::Call& call : service.warm_up->calls) {
      if (call.kind != world::CallKind::hard) continue;
      const std::uint32_t node = nearest_node(call.to, reach.place_of(site));
      answered *= node == nowhere ? 0 : circuit.answer(node).total();
    }
    const quantity::Duration waited = quantity::Duration::of_seconds((1 - answered) * step);
    if (!warm_since[instance].is_never()) warm_since[instance] = warm_since[instance] + waited;
    for (Newcomers& some : newcomers) {
      if (some.instance == instance) some.since = some.since + waited;
    }
  }
}

void Flow::State::bring_starters_calls() {
  const world::World& world = *parts->world;
  std::vector<double> asked(parts->nodes, 0);
  for (const std::uint32_t instance : asking_starters) {
    const double starting = starting_share(instance);
    if (starting <= 0) continue;
    const world::Service& service = world.services[service_of_instance[instance]];
    const std::uint32_t position = instance - parts->first_instance[service_of_instance[instance]];
    for (const world::Call& call : service.warm_up->calls) {
      const std::uint32_t node = nearest_node(call.to, reach.place_of(service.sites[position]));
      if (node != nowhere) asked[node] += starting * service.replicas[position] * calls_per_s(*service.warm_up, call);
    }
  }
  for (std::uint32_t o = 0; o < world.operations.size(); ++o) {
    const Caller& caller = parts->callers[o];
    for (std::uint32_t node = caller.first_node; node < caller.first_node + caller.places; ++node) {
      if (starters_ask[node] == asked[node]) continue;
      starters_ask[node] = asked[node];
      bring_extra(world::OperationId{o}, node);
    }
  }
}

}  // namespace knockon::traffic
