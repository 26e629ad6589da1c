// Callers find some services by a name. While nobody answers for it, cached answers run out; events say when the last
// is gone and when names are found again, so that the minutes in between can be told from those of the repair.
#pragma once

#include <optional>
#include <vector>

#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

class Names {
 public:
  explicit Names(Scene& scene) : scene_{scene} {
    const auto& services = scene.world.services;
    names_.reserve(services.size());  // listeners keep references
    for (std::size_t i = 0; i < services.size(); ++i) {
      if (services[i].resolve) add(world::ServiceId{i});
    }
  }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  void pass(quantity::SimTime now) {
    for (Name& name : names_) {
      if (!scene_.alarms.take(name.run_out, now)) continue;
      name.is_gone = true;
      record(name, EventKind::cached_names_gone);
    }
  }

 private:
  struct Name {
    world::ServiceId service;
    world::Condition answered;  // reachable(through)
    Watches::Id watch = 0;
    Alarms::Id run_out = 0;
    bool is_gone = false;
  };

  void add(world::ServiceId service) {
    Name& name = names_.emplace_back();
    name.service = service;
    const world::Target through = target_of(scene_.world[service].resolve->through);
    name.answered.nodes = {{.kind = world::Condition::Kind::state, .hold = {}}};
    name.answered.state_tests = {{.state = world::State::reachable, .target = through, .from = {}}};
    name.run_out = scene_.alarms.add();
    name.watch = scene_.watches.add(name.answered, {});
    scene_.watches.on_turn(name.watch, [this, &name] { turn(name); });
    scene_.watches.activate(name.watch);
  }

  void turn(Name& name) {
    if (!scene_.watches.holds(name.watch)) {
      scene_.alarms.set(name.run_out, scene_.now() + scene_.world[name.service].resolve->ttl);
      return;
    }
    scene_.alarms.clear(name.run_out);
    if (name.is_gone) record(name, EventKind::cached_names_back);
    name.is_gone = false;
  }

  void record(const Name& name, EventKind kind) {
    ComponentSet touched = scene_.cones.none();
    touched.insert(scene_.cones.component(name.service));
    const EventNumber cause = scene_.cause_of(name.answered, {}, scene_.watches.since(name.watch));
    scene_.record(kind, target_of(name.service), cause, 0, &touched);
  }

  Scene& scene_;
  std::vector<Name> names_;
};

}  // namespace knockon::simulation
