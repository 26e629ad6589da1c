#include "engine/traffic/live_world.hpp"

#include <algorithm>

#include "engine/quantity/contract.hpp"

namespace knockon::traffic {

bool sets_parameters(const world::World& world) {
  const std::vector<const world::Effect*> effects = world::effects_of(world);
  return std::any_of(effects.begin(), effects.end(),
                     [](const world::Effect* effect) { return effect->verb == world::Verb::set; });
}

LiveWorld::LiveWorld(const Network::Parts& written, const world::World* drawn)
    : written_{written}, world_{drawn != nullptr ? *drawn : *written.world}, parts_{world_} {
  lay_out_anew();
}

LiveWorld::Known& LiveWorld::known(const world::Subject& subject, const std::string& path) {
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [&](const Known& known) { return known.subject == subject && known.path == path; });
  if (found != known_.end()) return *found;
  const auto parameter = world::parameter_of(world_, subject, path);
  quantity::require(parameter.has_value(), "only what a thing has, and may change, is set");
  return known_.emplace_back(Known{subject, path, *parameter, world::as_it_is(*parameter), {}});
}

bool LiveWorld::set(const world::Subject& subject, const std::string& path, std::optional<double> value) {
  Known& parameter = known(subject, path);
  if (parameter.value == value) return false;
  parameter.value = value;
  value ? world::put(parameter.parameter, *value) : parameter.put_back();
  lay_out_anew();
  return true;
}

// What hangs on numbers is worked out from them as it was at first, so that nothing is forgotten; which flows there are
// hangs on none that may be set. Hardware that the author left open stays as it was sized, unless it was busier than
// that, or less busy.
void LiveWorld::lay_out_anew() {
  Network::Parts fresh{world_};
  quantity::require(fresh.nodes == parts_.nodes && fresh.slots == parts_.slots &&
                        fresh.careful.size() == parts_.careful.size() && fresh.looping == parts_.looping &&
                        fresh.arrival_of == parts_.arrival_of && fresh.first_instance == parts_.first_instance,
                    "parameters that are set leave the flows as they are laid out");
  take_sizes(fresh);
  for (std::size_t s = 0; s < world_.services.size(); ++s) {
    const world::Service& now = world_.services[s];
    const world::Service& was = written_.world->services[s];
    for (std::size_t position = 0; position < now.sites.size(); ++position) {
      double& capacity = fresh.capacity[fresh.first_instance[s] + position];
      if (const auto* slowdown = std::get_if<world::Slowdown>(&now.overload)) {
        capacity = now.replicas[position] / slowdown->per_request.in_seconds();
      } else if (now.per_replica) {
        capacity = now.replicas[position] * now.per_replica->per_second();
      } else {
        if (now.replicas[position] != was.replicas[position] && was.replicas[position] > 0)
          capacity *= now.replicas[position] / was.replicas[position];
        if (now.busy_at_peak != was.busy_at_peak) capacity *= was.busy_at_peak.value() / now.busy_at_peak.value();
      }
    }
  }
  parts_ = std::move(fresh);
}

// As they were measured in the world as written, whose flows may be evaluated in another order and lie in it.
void LiveWorld::take_sizes(Network::Parts& fresh) const {
  fresh.capacity.resize(fresh.instances);
  fresh.peak.resize(fresh.instances);
  fresh.usual.resize(fresh.nodes);
  for (std::size_t s = 0; s < world_.services.size(); ++s) {
    const std::uint32_t was = written_.first_instance[s], is = fresh.first_instance[s];
    std::copy_n(&written_.capacity[was], world_.services[s].sites.size(), &fresh.capacity[is]);
    std::copy_n(&written_.peak[was], world_.services[s].sites.size(), &fresh.peak[is]);
  }
  for (std::size_t o = 0; o < world_.operations.size(); ++o) {
    const Caller& was = written_.callers[o];
    std::copy_n(&written_.usual[was.first_node], was.places, &fresh.usual[fresh.callers[o].first_node]);
  }
}

}  // namespace knockon::traffic
