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
                        fresh.careful.size() == parts_.careful.size() && fresh.looping == parts_.looping,
                    "parameters that are set leave the flows as they are laid out");
  fresh.capacity = written_.capacity;
  fresh.peak = written_.peak;
  fresh.usual = written_.usual;
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

}  // namespace knockon::traffic
