// A shop whose front is down an hour after the start, somebody who is told, and two services that people may need.
#pragma once

#include "tests/incident.hpp"

namespace knockon::tests {

class Planned : public Incident {
 public:
  world::FaultId trouble{0};
  world::TeamId people_on_call{0};

  explicit Planned(int members = 1) : Incident{"shop -> front; shop ~> side; shop ~> door"} {
    for (world::Service& service : world.services) service.per_replica = quantity::Rate::per_second(1e6);
    trouble = break_down(service("front"), minutes(60));
    watch_success();
    people_on_call = add_team("people", minutes(5), members);
  }

  // Minutes after onset.
  void lose(std::string_view name, double from, double lasts) {
    fault(break_down(service(name), minutes(60 + from))).lasts = always(minutes(lasts));
  }
  world::StepId repair(double takes) {
    const world::StepId id = add_step("repair", world::Verb::repair, minutes(takes), people_on_call);
    step(id).ends = {trouble};
    return id;
  }
};

}  // namespace knockon::tests
