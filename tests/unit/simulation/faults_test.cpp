// When faults begin and end, and what is so while several are there.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using simulation::EventKind;
using tests::always;
using tests::Incident;
using tests::minutes;

namespace {

// Capacity for any crowd: down and up are then the fault's alone.
Incident ample(std::string_view picture) {
  Incident incident{picture};
  for (world::Service& service : incident.world.services) service.per_replica = Rate::per_second(1e6);
  return incident;
}

double down_minutes(const simulation::Outcome& outcome) { return outcome.apps[0].down_time().in_minutes(); }

}  // namespace

TEST_CASE("a fault that nothing ends lasts to the horizon", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.break_down(incident.service("front"), minutes(60));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(down_minutes(outcome) == Approx(300));
  CHECK(outcome.incident.restored_censored);
}

TEST_CASE("of two faults on one service the second keeps it down when the first is over", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.fault(incident.break_down(incident.service("front"), minutes(10))).lasts = always(minutes(20));
  incident.fault(incident.break_down(incident.service("front"), minutes(20))).lasts = always(minutes(30));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(down_minutes(outcome) == Approx(40).margin(0.1));
  CHECK(outcome.apps[0].dips == 0);
}

TEST_CASE("errors that came and went leave nothing of themselves", "[simgrid]") {
  Incident incident = ample("shop -> front");
  for (const double share : {0.3, 0.7, 0.1}) {
    const auto fault = incident.add_fault(world::Verb::errors, incident.service("front"), minutes(10 + 10 * share));
    incident.fault(fault).effect.share = Share{share};
    incident.fault(fault).lasts = always(minutes(30));
  }

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].hit);
  REQUIRE(outcome.apps[0].restored);
  CHECK(outcome.apps[0].restored->in_minutes() == Approx(36).margin(0.5));
}

TEST_CASE("a fault begins when its condition holds and ends when the other one does", "[simgrid]") {
  Incident incident = ample("shop -> front; shop -> side");
  const auto first = incident.break_down(incident.service("side"), minutes(10));
  incident.fault(first).lasts = always(minutes(30));
  const auto second = incident.break_down(incident.service("front"), {});
  incident.fault(second).when = tests::held(tests::state_of(world::State::active, first), minutes(5));
  incident.fault(second).until = tests::held(tests::negated(tests::state_of(world::State::active, first)), minutes(7));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::fault_began, second) == Approx(5));
  CHECK(tests::minute_of(outcome, EventKind::fault_ended, second) == Approx(37));
  const auto began = tests::events_of(outcome, EventKind::fault_began);
  CHECK(outcome.events[began[1].cause - 1].about.subject == world::Subject{first});
}

TEST_CASE("a date named by the clock is met exactly", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), {});
  incident.fault(fault).when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 5400);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.onset == minutes(90));
}

TEST_CASE("local midnight comes when the region's clock says so", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.world.starts = 1709650800;  // 15:00 UTC
  incident.world.regions[0].clock = Duration::hours(7);
  const auto fault = incident.break_down(incident.service("front"), {});
  incident.fault(fault).when =
      tests::condition_of(world::Metric::local_time, Incident::region, world::Comparison::less, 3600);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.onset == Duration::hours(2));
}

TEST_CASE("a fault that flaps is down for its duty of every period", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), minutes(60));
  incident.fault(fault).lasts = always(minutes(180));
  incident.fault(fault).flaps = world::Flaps{.period = minutes(30), .duty = Share{0.4}};

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].down.size() == 6);
  CHECK(outcome.apps[0].dips == 5);
  CHECK(down_minutes(outcome) == Approx(6 * 12).margin(1));
}

TEST_CASE("a fault that flaps by chance is on for whole periods, as often as its chance says", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), minutes(60));
  incident.fault(fault).lasts = always(minutes(300));
  incident.fault(fault).flaps =
      world::Flaps{.period = minutes(3), .duty = Share{0.5}, .chance = Share{0.3}, .nodes = {}};

  double down = 0;
  for (const auto& outcome : tests::outcomes_of(incident.world, {0, 1, 2, 3, 4, 5, 6, 7})) {
    for (const simulation::Interval& spell : outcome.apps[0].down) {
      const double periods = (spell.to - spell.from).in_minutes() / 3;
      CHECK(periods == Approx(std::round(periods)).margin(0.02));
    }
    down += down_minutes(outcome);
  }

  // 800 periods, each on with 0.3: four standard errors are 0.065.
  CHECK(down / 8 / 300 == Approx(0.3).margin(0.065));
}

TEST_CASE("a share of a flapping fault's sites takes part, and the share moves", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.add_site("far");
  incident["front"].balance = world::Balance::spread;
  const auto fault = incident.add_fault(world::Verb::errors, incident.service("front"), minutes(60));
  incident.fault(fault).lasts = always(minutes(100));
  incident.fault(fault).flaps = world::Flaps{
      .period = minutes(100), .duty = Share{1}, .chance = {}, .nodes = {Share{0.2}, Share{1}, minutes(80)}};
  incident.world.apps[0].down.metric_tests[0].low = 0.4;

  const auto outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(40).margin(4.1));  // 0.2 + 0.01 a minute, in 20 steps
}

TEST_CASE("a fault that comes again does so by its own clock, whether or not it has gone", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), minutes(30));
  incident.fault(fault).every = always(minutes(60));
  incident.fault(fault).lasts = always(minutes(10));

  const auto outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 6);
  for (std::size_t n = 0; n < 6; ++n)
    CHECK(outcome.apps[0].down[n].from.in_minutes() == Approx(60.0 * static_cast<double>(n)).margin(0.01));
  incident.fault(fault).lasts = always(minutes(90));  // longer than it takes to come again: every second time is lost
  CHECK(tests::events_of(tests::outcome_of(incident.world), EventKind::fault_began).size() == 3);
}

TEST_CASE("a fault that comes again at exponential times comes as often as their mean says", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), minutes(0));
  incident.fault(fault).every = random::DurationDistribution{random::Distribution{random::Exponential{1200}}};
  incident.fault(fault).lasts = always(Duration::seconds(5));

  double onsets = 0;
  const std::vector<std::uint64_t> indices{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  for (const auto& outcome : tests::outcomes_of(incident.world, indices))
    onsets += static_cast<double>(tests::events_of(outcome, EventKind::fault_began).size()) - 1;

  // 18 in six hours, twelve times: 216, and four standard errors of a Poisson count are 59.
  CHECK(onsets == Approx(216).margin(59));
}

TEST_CASE("errors that spread over an hour lose about half of what they lose at once", "[simgrid]") {
  const auto lost = [](Duration over) {
    Incident incident = ample("shop -> front");
    const auto fault = incident.add_fault(world::Verb::errors, incident.service("front"), minutes(60));
    incident.fault(fault).effect.share = Share{0.8};
    incident.fault(fault).lasts = always(minutes(60));
    incident.fault(fault).over = over;
    return tests::outcome_of(incident.world).apps[0].user_minutes_lost;
  };

  CHECK(lost(minutes(60)) / lost({}) == Approx(0.5).margin(0.06));
}

TEST_CASE("a group goes down link by link, and every link says so", "[simgrid]") {
  Incident incident = ample("shop -> front -> back");
  const auto far = incident.add_site("far");
  incident["front"].sites = {Incident::site};
  incident["front"].replicas = {10};
  incident["back"].sites = {far};
  incident["back"].replicas = {10};
  const auto link = incident.add_link("haul", Incident::site, far);
  const auto spare = incident.add_link("spare", Incident::site, far);
  incident.world.groups.push_back({.name = "hauls", .members = {link, spare}});
  const auto fault = incident.break_down(world::GroupId{0}, minutes(60));
  incident.fault(fault).lasts = always(minutes(30));

  const auto outcomes = tests::outcomes_of(incident.world, {0, 1});  // the second finds every link on again

  CHECK(tests::events_of(outcomes[0], EventKind::link_off).size() == 2);
  CHECK(tests::events_of(outcomes[0], EventKind::link_on).size() == 2);
  CHECK(down_minutes(outcomes[0]) == Approx(30).margin(0.1));
  CHECK(outcomes[1].apps[0].down.size() == 1);
}

TEST_CASE("a site that is down at the horizon is up in the next replication", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.break_down(Incident::site, minutes(60));

  const auto outcomes = tests::outcomes_of(incident.world, {0, 1});

  CHECK(down_minutes(outcomes[0]) == Approx(300));
  CHECK(down_minutes(outcomes[1]) == Approx(300));
}

TEST_CASE("half of a group is struck by a fault with half a share", "[simgrid]") {
  Incident incident = ample("shop -> front");
  incident.world.services.push_back(incident.world.services[0]);  // another, in the same group
  incident.world.services[1].name = "other";
  incident.world.services[1].operations = {world::OperationId{1}};
  incident.world.operations.push_back(incident.world.operations[0]);
  incident.world.operations[1].service = world::ServiceId{1};
  incident.world.groups.push_back({.name = "both", .members = {world::ServiceId{1}, world::ServiceId{0}}});
  const auto fault = incident.break_down(world::GroupId{0}, minutes(60));
  incident.fault(fault).effect.share = Share{0.5};

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].down.empty());  // the other one is the first of the two
}

TEST_CASE("a roll-out doubles what it adds at each stage", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.add_fault(world::Verb::errors, incident.service("front"), minutes(60));
  incident.fault(fault).over = minutes(60);
  incident.fault(fault).by = world::Spread::rollout;
  incident.fault(fault).stages = 4;  // 1, 3, 7 and 15 fifteenths, at 0, 20, 40 and 60 minutes
  incident.fault(fault).lasts = always(minutes(80));

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].user_minutes_lost == Approx(1e6 * 20 * (1 + 3 + 7 + 15) / 15.0).epsilon(1e-3));
  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from.in_minutes() == Approx(60).margin(0.1));  // at 40 minutes 8 of 15 still succeed
}

TEST_CASE("site by site, a site has the whole fault or none of it", "[simgrid]") {
  for (const world::Verb verb : {world::Verb::errors, world::Verb::down, world::Verb::lose_capacity}) {
    Incident incident = ample("shop -> front");
    for (const char* name : {"east", "west"}) incident.add_site(name, incident.add_region(name, 1e6));
    const auto fault = incident.add_fault(verb, incident.service("front"), minutes(60));
    incident.fault(fault).over = minutes(60);
    incident.fault(fault).by = world::Spread::site;
    incident.fault(fault).lasts = always(minutes(90));

    const auto outcome = tests::outcome_of(incident.world);

    for (std::size_t region = 0; region < 3; ++region) {
      INFO(world::text_of(verb) << " " << region);
      const auto& down = outcome.of(Incident::app, world::RegionId{region}, 3).down;
      REQUIRE(down.size() == 1);
      // Callers leave a site that is down for the next, and are served until the last is.
      const double expected = verb == world::Verb::down ? 60 : 30.0 * static_cast<double>(region);
      CHECK(down[0].from.in_minutes() == Approx(expected).margin(0.1));
    }
  }
}

TEST_CASE("a fault of one site that spreads site by site is there at once", "[simgrid]") {
  Incident incident = ample("shop -> front");
  const auto fault = incident.break_down(incident.service("front"), minutes(60));
  incident.fault(fault).over = minutes(60);
  incident.fault(fault).by = world::Spread::site;

  const auto outcome = tests::outcome_of(incident.world);

  REQUIRE(outcome.apps[0].down.size() == 1);
  CHECK(outcome.apps[0].down[0].from == Duration{});
}
