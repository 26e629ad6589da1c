// Deeds that take effect part by part while time goes on, and those that are undone again.
#include <algorithm>
#include <numeric>

#include "engine/simulation/recovery.hpp"
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

void Recovery::go_by_stages(world::StepId id, EventNumber done) {
  switch (step(id).effect.verb) {
    case Verb::roll_back:
      return roll_back(id, done);
    case Verb::restart:
      return restart(id, done);
    case Verb::purge:
      return purge(id);
    case Verb::warm:
      return warm(id, done);
    default:
      return;
  }
}

// A roll-back by stages takes a fault back by equal parts; the step is over when the last is done.
void Recovery::roll_back(world::StepId id, EventNumber done) {
  const world::Step& own = step(id);
  const Duration every = own.staged_every.value_or(Duration{});
  const int stages = every > Duration{} ? std::max(own.stages, 1) : 1;
  for (int stage = 1; stage < stages; ++stage) {
    for (const world::FaultId fault : own.ends) {
      faults_.recede(fault, 1 - static_cast<double>(stage) / stages, done);
    }
    scene_.clockwork.sleep_until(scene_.now() + every);
  }
}

// Replicas are started anew at their rate, in their order; what the restart mends is mended where it has been.
void Recovery::restart(world::StepId id, EventNumber done) {
  const SimTime began = scene_.now();
  for (const RestartStage& stage : restart_of(scene_.world, step(id).effect)) {
    if (began + stage.after > scene_.now()) scene_.clockwork.sleep_until(began + stage.after);
    for (const Instance& instance : stage.instances) scene_.effects.restart(instance, stage.share);
    if (stage.restarted >= 1) continue;
    for (const world::FaultId fault : step(id).ends) faults_.recede(fault, 1 - stage.restarted, done);
  }
}

void Recovery::purge(world::StepId id) {
  const world::Effect& effect = step(id).effect;
  const std::vector<Instance> instances = instances_of(scene_.world, hits_of(scene_.world, effect.targets));
  if (!effect.restart_rate) return scene_.effects.purge(instances, effect.share);
  double waiting = 0;
  for (const Instance& instance : instances) waiting += scene_.effects.backlog(instance);
  const Duration all = Duration::of_seconds(waiting * effect.share.value() / effect.restart_rate->per_second());
  // Parts of what is left, so that all together come to the share of what was there.
  double left = 1;
  for (int part = 0; part < parts_of_it && waiting > 0; ++part) {
    scene_.clockwork.sleep_until(scene_.now() + all * (1.0 / parts_of_it));
    const double wanted = 1 - effect.share.value() * (part + 1) / parts_of_it;
    scene_.effects.purge(instances, Share{1 - wanted / left});
    left = wanted;
  }
}

// What a cache is filled with is read from the store behind it.
void Recovery::warm(world::StepId id, EventNumber done) {
  const world::Effect& effect = step(id).effect;
  std::vector<Instance> instances = instances_of(scene_.world, hits_of(scene_.world, effect.targets));
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
    reads.push_back(scene_.effects.begin(read, {}, 1, done));
  }
  for (int part = 1; part <= parts; ++part) {
    if (per_second > 0) scene_.clockwork.sleep_until(scene_.now() + Duration::of_seconds(all / per_second / parts));
    for (std::size_t i = 0; i < instances.size(); ++i) {
      const double gain = std::max(0.0, effect.share.value() - fills[i]) * part / parts;
      scene_.effects.warm(instances[i], Share{fills[i] + gain});
    }
  }
  for (const Effects::Id read : reads) scene_.effects.end(read, done);
}

// Added replicas start cold. What lasts for a time is taken away again by itself.
void Recovery::add_capacity(world::StepId id, EventNumber done) {
  const world::Step& own = step(id);
  const Effects::Id added = scene_.effects.begin(own.effect, {}, 1, done);
  for (const Instance& instance : instances_of(scene_.world, hits_of(scene_.world, own.effect.targets))) {
    const double times = scene_.effects.times_capacity(own.effect, instance);
    if (times > 1) scene_.effects.restart(instance, Share{1 - 1 / times});
  }
  if (!own.lasts) return;
  const std::string name = stream_name("lasts", own.name, progress(id).attempts - 1);
  const SimTime end = scene_.now() + std::max(scene_.draws.duration(*own.lasts, name), Duration{});
  scene_.clockwork.start_actor("undo", [this, id, added, end, done] {
    if (end > scene_.now()) scene_.clockwork.sleep_until(end);
    const ComponentSet touched = scene_.effects.touched_by(step(id).effect, {});
    scene_.effects.end(added, scene_.record(EventKind::step_undone, target_of(id), done, 0, &touched));
  });
}

}  // namespace knockon::simulation
