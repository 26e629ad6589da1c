// Two sites of one region with one link between them, and copies over it that all begin at onset.
#pragma once

#include <string>
#include <vector>

#include "tests/incident.hpp"

namespace knockon::tests {

class Hauling : public Incident {
 public:
  static constexpr double per_s = 1e9;  // bytes, of the link
  world::SiteId far;
  world::LinkId link;
  world::FaultId trouble;

  explicit Hauling(std::string_view picture = "shop -> front; shop ~> store") : Incident{picture} {
    for (world::Service& service : world.services) service.per_replica = quantity::Rate::per_second(1e6);
    world.horizon = quantity::Duration::hours(12);
    far = add_site("far");
    link = add_link("wire", Drawn::site, far);
    world.links[0].bandwidth = quantity::DataRate::bytes_per_second(per_s);
    trouble = add_fault(world::Verb::load, service("front"), minutes(60));  // only the begin
    world.strategies[0].when = condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 0);
  }

  // So many bytes for the store at the near site, from the far one, beside all other steps.
  world::StepId copy(double bytes, world::SiteId to = Drawn::site) {
    const auto id = add_step("copy-" + std::to_string(world.steps.size()), world::Verb::copy, {});
    step(id).after.clear();
    step(id).effect.targets = {{service("store"), to}};
    if (to == Drawn::site) step(id).effect.from = far;
    step(id).effect.bytes = quantity::DataSize{bytes};
    return id;
  }
  // Minutes after onset.
  world::FaultId cut(world::LinkId which, double from, double lasts) {
    const auto id = add_fault(world::Verb::down, which, minutes(60 + from));
    fault(id).lasts = always(minutes(lasts));
    return id;
  }
};

// Seconds after onset, less the link's latency.
inline double seconds_of(const simulation::Outcome& outcome, world::StepId copy) {
  return minute_of(outcome, simulation::EventKind::bytes_arrived, copy) * 60 - 0.01;
}

}  // namespace knockon::tests
