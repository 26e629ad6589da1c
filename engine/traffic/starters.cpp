// Replicas that call somebody when they start, once each: for a list of what to serve, a configuration, a lease. They
// warm up no faster than they are answered, and go on asking until they are.
#include <algorithm>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {
// Of the instance's replicas, those that are still warming up.
double Flow::State::starting_share(std::uint32_t instance) const {
  if (!circuit.instance(instance).is_up()) return 0;
  if (!warm_since[instance].is_never()) return 1;
  double share = 0;
  for (const Newcomers& some : newcomers) share += some.instance == instance ? some.share : 0;
  return std::min(share, 1.0);
}

// What starters at this place, so many a second, ask of each node is added to `asked`, if that is given. Returns how
// often they are answered so that they can go on.
double Flow::State::ask_for_starters(const world::Call& call, std::size_t place, double per_s,
                                     std::vector<double>* asked) const {
  using Form = world::Call::Form;
  if (call.form == Form::single) {
    const std::uint32_t node = nearest_node(call.to, place);
    if (node != nowhere && asked != nullptr) (*asked)[node] += per_s * call.per_request;
    if (call.kind != world::CallKind::hard) return 1;
    return node == nowhere ? 0 : circuit.answer(node).total;
  }
  if (call.form == Form::parallel) {
    double all = 1;
    for (const world::Call& member : call.members) all *= ask_for_starters(member, place, per_s, asked);
    return all;
  }
  // By how many answers they have had: whoever has enough asks nobody else.
  std::vector<double> had(static_cast<std::size_t>(call.at_least) + 1, 0);
  had[0] = 1;
  for (const world::Call& member : call.members) {
    const double one = ask_for_starters(member, place, per_s * (1 - had.back()), asked);
    for (std::size_t n = had.size() - 1; n-- > 0;) {
      had[n + 1] += had[n] * one;
      had[n] *= 1 - one;
    }
  }
  return had.back();
}

void Flow::State::hold_up_starters(double step) {
  for (const std::uint32_t instance : asking_starters) {
    if (starting_share(instance) <= 0) continue;
    const world::Service& service = parts->world->services[parts->service_of_instance[instance]];
    const world::SiteId site = service.sites[instance - parts->first_instance[parts->service_of_instance[instance]]];
    double answered = 1;
    for (const world::Call& call : service.warm_up->calls)
      answered *= ask_for_starters(call, reach.place_of(site), 0, nullptr);
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
    const world::Service& service = world.services[parts->service_of_instance[instance]];
    const std::uint32_t position = instance - parts->first_instance[parts->service_of_instance[instance]];
    // Each asks once over its warm-up, as far as that goes on.
    const double over_s = std::max(service.warm_up->over.in_seconds(), 1.0);
    const double begin_per_s = starting * service.replicas[position] / over_s;
    for (const world::Call& call : service.warm_up->calls)
      ask_for_starters(call, reach.place_of(service.sites[position]), begin_per_s, &asked);
  }
  for (std::uint32_t o = 0; o < world.operations.size(); ++o) {
    const Caller& caller = parts->callers[o];
    for (std::uint32_t node = caller.first_node; node < caller.first_node + caller.places; ++node) {
      if (asked_at(node).starters == asked[node]) continue;
      asked_at(node).starters = asked[node];
      bring_extra(world::OperationId{o}, node);
    }
  }
}

}  // namespace knockon::traffic
