// Deeds that take effect part by part while time goes on, and those that are undone again.
#include <algorithm>
#include <numeric>

#include "engine/simulation/deeds.hpp"
#include "engine/simulation/restart.hpp"

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Share;
using quantity::SimTime;
using world::Verb;

// What goes at a rate is done in this many parts.
constexpr int parts_of_it = 10;

}  // namespace

// A roll-back by stages takes a fault back by equal parts; it is over when the last is done.
void Deeds::roll_back(const Deed& deed, EventNumber cause) {
  const Duration every = deed.effect.staged_every.value_or(Duration{});
  const int stages = every > Duration{} ? std::max(deed.effect.stages, 1) : 1;
  for (int stage = 1; stage < stages; ++stage) {
    for (const world::FaultId fault : deed.ends) {
      faults_.recede(fault, 1 - static_cast<double>(stage) / stages, cause);
    }
    if (!sleep_until(deed, scene_.now() + every)) return;
  }
}

// Replicas are started anew at their rate, in their order; what the restart mends is mended where it has been.
void Deeds::restart(const Deed& deed, EventNumber cause) {
  const SimTime began = scene_.now();
  for (const RestartStage& stage : restart_of(scene_.flow.world_now(), deed.effect, deed.here)) {
    if (!sleep_until(deed, began + stage.after)) return;
    for (const Instance& instance : stage.instances) scene_.effects.restart(instance, stage.share);
    if (stage.restarted >= 1) continue;
    for (const world::FaultId fault : deed.ends) faults_.recede(fault, 1 - stage.restarted, cause);
  }
}

void Deeds::purge(const Deed& deed) {
  const world::Effect& effect = deed.effect;
  const std::vector<Instance> instances = instances_of(scene_.world, hits(deed));
  if (!effect.restart_rate) return scene_.effects.purge(instances, effect.share);
  double waiting = 0;
  for (const Instance& instance : instances) waiting += scene_.effects.backlog(instance);
  const Duration all = Duration::of_seconds(waiting * effect.share.value() / effect.restart_rate->per_second());
  // Parts of what is left, so that all together come to the share of what was there.
  double left = 1;
  for (int part = 0; part < parts_of_it && waiting > 0; ++part) {
    if (!sleep_until(deed, scene_.now() + all * (1.0 / parts_of_it))) return;
    const double wanted = 1 - effect.share.value() * (part + 1) / parts_of_it;
    scene_.effects.purge(instances, Share{1 - wanted / left});
    left = wanted;
  }
}

// What a cache is filled with is read from the store behind it.
void Deeds::warm(const Deed& deed, EventNumber cause) {
  const world::Effect& effect = deed.effect;
  std::vector<Instance> instances = instances_of(scene_.world, hits(deed));
  std::erase_if(instances, [this](const Instance& instance) { return !scene_.world[instance.service].cache; });
  std::vector<double> fills, missing;  // as shares; in entries
  for (const Instance& instance : instances) {
    fills.push_back(scene_.effects.fill(instance));
    missing.push_back(std::max(0.0, effect.share.value() - fills.back()) *
                      scene_.world[instance.service].cache->entries);
  }
  const double all = std::accumulate(missing.begin(), missing.end(), 0.0);
  const double per_second = effect.restart_rate && all > 0 ? effect.restart_rate->per_second() : 0;
  const int parts = per_second > 0 ? parts_of_it : 1;
  std::vector<Effects::Id> reads;
  for (std::size_t i = 0; i < instances.size() && per_second > 0; ++i) {
    world::Effect& read = own_effects_.emplace_back();
    read.verb = Verb::load;
    read.targets = {target_of(scene_.world[instances[i].service].cache->behind)};
    read.added = quantity::Rate::per_second(per_second * missing[i] / all);
    reads.push_back(scene_.effects.begin(read, {}, 1, cause));
  }
  for (int part = 1; part <= parts; ++part) {
    if (per_second > 0 && !sleep_until(deed, scene_.now() + Duration::of_seconds(all / per_second / parts))) break;
    for (std::size_t i = 0; i < instances.size(); ++i) {
      const double gain = std::max(0.0, effect.share.value() - fills[i]) * part / parts;
      scene_.effects.warm(instances[i], Share{fills[i] + gain});
    }
  }
  for (const Effects::Id read : reads) scene_.effects.end(read, cause);
}

// Added replicas start cold.
void Deeds::add_capacity(Deed& deed, EventNumber cause) {
  deed.effects.push_back(scene_.effects.begin(deed.effect, deed.here, 1, cause));
  for (const Instance& instance : instances_of(scene_.world, hits(deed))) {
    const double times = scene_.effects.times_capacity(deed.effect, instance, deed.here);
    if (times > 1) scene_.effects.restart(instance, Share{1 - 1 / times});
  }
}

}  // namespace knockon::simulation
