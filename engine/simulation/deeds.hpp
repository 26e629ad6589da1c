// What people and machines do to mend things: the verbs of recovery, at once or part by part. What a step does is for
// good; what a reaction does lasts for as long as its reason, and is taken back then.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "engine/simulation/faults.hpp"
#include "engine/simulation/scene.hpp"

namespace knockon::simulation {

// One doing of an effect, by a step or by a reaction at one of its places.
struct Deed {
  const world::Effect& effect;
  world::Target who;
  std::optional<world::SiteId> here;
  const std::vector<world::FaultId>& ends;  // what it can end
  Bell& bell;                               // wakes it
  EventNumber* last = nullptr;              // told of what it has come to, when given
  bool is_kept_up = false;                  // lasts for as long as its reason does
  bool is_called_off = false;               // goes no further
  std::vector<Effects::Id> effects = {};    // to be taken back
  std::optional<Effects::Drain> drain = {};
  std::optional<Effects::Cap> cap = {};
};

// Whether the verb mends, and is done rather than present; else it is an effect of its own for as long as it lasts.
[[nodiscard]] bool is_deed(world::Verb verb);
// Whether doing it may take time: then it needs an actor.
[[nodiscard]] bool takes_time(world::Verb verb);

class Deeds {
 public:
  Deeds(Scene& scene, Faults& faults) : scene_{scene}, faults_{faults} {}
  Deeds(const Deeds&) = delete;
  Deeds& operator=(const Deeds&) = delete;

  // Does it, up to the end of faults. `cause`: the event that says so. REQUIRES: called by an actor where it takes
  // time.
  void carry_out(Deed& deed, EventNumber cause);
  // Opens doors in stages while the guard holds; returns the last event.
  EventNumber let_in(Deed& deed, EventNumber cause);
  void end_faults(const Deed& deed, EventNumber cause);
  // Takes back what it holds, and goes no further.
  void take_back(Deed& deed, EventNumber cause);
  // Writes that fail-overs have lost.
  [[nodiscard]] quantity::Duration data_lost() const { return data_lost_; }

 private:
  struct SwitchedOff {
    const world::Effect* effect;
    std::optional<world::SiteId> here;
    Effects::Id id;
  };

  // Returns whether it is to go on.
  bool sleep_until(const Deed& deed, quantity::SimTime date);
  bool wait_for(const Deed& deed, const world::Condition& condition, EventNumber& cause);
  void open(Deed& deed, const Hits& doors, double level, EventNumber cause);
  void switch_on(const Deed& deed, EventNumber cause);
  void roll_back(const Deed& deed, EventNumber cause);
  void restart(const Deed& deed, EventNumber cause);
  void purge(const Deed& deed);
  void warm(const Deed& deed, EventNumber cause);
  void add_capacity(Deed& deed, EventNumber cause);
  [[nodiscard]] Hits hits(const Deed& deed) const { return hits_of(scene_.world, deed.effect.targets, deed.here); }

  Scene& scene_;
  Faults& faults_;
  std::vector<SwitchedOff> switched_off_;
  std::deque<world::Effect> own_effects_;  // beside what was written; effects keep references
  quantity::Duration data_lost_;
};

}  // namespace knockon::simulation
