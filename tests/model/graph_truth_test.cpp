// What the graph says of the shipped scenarios, held against their traffic: every component is taken down in the flow
// model and left so, and the apps that are down then must be those that the graph names. Load is left out by giving
// every service capacity to spare, since the graph does not look at load.
#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/graph/severity.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/traffic/flow.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using graph::Component;
using graph::ComponentId;
using graph::Dependence;
using graph::Severity;
using quantity::Duration;
using quantity::Share;
using quantity::SimTime;
using tests::Incident;

namespace {

world::World shipped(const std::string& name) {
  const std::string root = KNOCKON_SOURCE_DIR;
  auto read = scenario::read({root + "/scenarios/" + name + "/scenario.yaml", {root + "/models"}});
  REQUIRE(read.has_value());
  for (world::Service& service : read->world.services) service.per_replica = quantity::Rate::per_second(1e12);
  return std::move(read->world);
}

void take_down(traffic::Flow& flow, const Dependence& dependence, ComponentId id);

void take_members_down(traffic::Flow& flow, const Dependence& dependence, ComponentId group) {
  for (std::size_t i = 0; i < dependence.components().size(); ++i) {
    const auto& above = dependence.components().groups_of(ComponentId{i});
    if (std::binary_search(above.begin(), above.end(), group)) take_down(flow, dependence, ComponentId{i});
  }
}

void take_down(traffic::Flow& flow, const Dependence& dependence, ComponentId id) {
  const Component component = dependence.components()[id];
  const world::World& world = dependence.world();
  switch (component.kind) {
    case Component::Kind::service: {
      const world::ServiceId service{component.index};
      for (const world::SiteId site : world[service].sites) flow.set_service_up(service, site, false);
      return;
    }
    case Component::Kind::site:
      flow.set_site_up(world::SiteId{component.index}, false);
      return;
    case Component::Kind::link:
      flow.set_link_up(world::LinkId{component.index}, false);
      return;
    case Component::Kind::group:
      take_members_down(flow, dependence, id);
      return;
    case Component::Kind::session: {
      const world::SessionId session{component.index};
      (void)flow.begin_log_out(session, Share{1}, {}, {});
      for (std::size_t r = 0; r < world.regions.size(); ++r) {
        flow.set_admission(world[session].opening_journey(), world::RegionId{r}, Share{0});
      }
      return;
    }
  }
}

void check_every_component(const std::string& name) {
  const world::World world = shipped(name);
  const Dependence dependence{world};
  const traffic::Network network{world};
  for (std::size_t i = 0; i < dependence.components().size(); ++i) {
    traffic::Flow flow{network};
    flow.begin();
    take_down(flow, dependence, ComponentId{i});
    flow.settle();
    const SimTime end = SimTime{} + Duration::hours(1);
    while (flow.now() < end) {
      flow.advance(std::min(flow.next_date(), end));
      flow.settle();
    }
    const graph::Fates fates = graph::fates_of(dependence, {.components = {ComponentId{i}}});
    for (std::size_t a = 0; a < world.apps.size(); ++a) {
      for (const world::RegionId region : dependence.regions_of(world::AppId{a})) {
        INFO(name << " without " << name_of(world, dependence.components()[ComponentId{i}]) << ": "
                  << world.apps[a].name << " in " << world[region].name);
        const bool is_down = flow.success(world::AppId{a}, region).total() < 0.5;
        CHECK(is_down == (fates.of(world::AppId{a}, region) == Severity::down));
      }
    }
  }
}

}  // namespace

TEST_CASE("Meta 2024: the graph's single points are those of the traffic") { check_every_component("meta-2024-03-05"); }

TEST_CASE("Facebook 2021: the graph's single points are those of the traffic") {
  check_every_component("facebook-2021-10-04");
}

TEST_CASE("First steps: the graph's single points are those of the traffic") { check_every_component("first-steps"); }

TEST_CASE("a single point that fails with nobody to mend it keeps the app down to the horizon, others do not",
          "[simgrid]") {
  for (const char* gone : {"web", "store", "prices"}) {
    Incident incident{"app -> web -> store; web ~> prices"};
    incident.break_down(incident.service(gone), tests::minutes(30));
    const Dependence dependence{incident.world};
    const Severity severity =
        graph::fates_of(dependence, {.components = {dependence.components().of(incident.service(gone))}})
            .of(Incident::app, Incident::region);

    const auto outcome = tests::outcome_of(incident.world);

    INFO(gone);
    const auto& down = outcome.apps[0].down;
    const bool is_down_for_good =
        down.size() == 1 && down[0].from == Duration{} && down[0].to == Duration::minutes(330);
    CHECK(is_down_for_good == (severity == Severity::down));
    CHECK(down.empty() == (severity != Severity::down));
  }
}
