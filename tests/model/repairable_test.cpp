// Repairable units against the closed forms of steady availability, and the identities of money and minutes: simulated
// from fault to outcome, on the engine.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tests/incident.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Money;
using quantity::MoneyRate;
using quantity::Share;
using random::DurationDistribution;
using tests::Drawn;
using tests::Incident;

namespace {

DurationDistribution exponential(Duration mean) {
  return DurationDistribution{random::Distribution{random::Exponential{mean.in_seconds()}}};
}

// A unit that works for an exponential time, is repaired for another, and so on: two reactions that take turns.
void let_fail(Incident& incident, const std::string& name, Duration works, Duration is_repaired) {
  const world::ReactionId fails{incident.world.reactions.size()}, mended{incident.world.reactions.size() + 1};
  incident.react(name + "-fails", tests::negated(tests::state_of(world::State::active, mended)), world::Verb::down,
                 incident.service(name));
  incident.react(name + "-is-mended", tests::state_of(world::State::active, fails), world::Verb::load, Drawn::people);
  incident.reaction(fails).delay = exponential(works);
  incident.reaction(fails).until = tests::state_of(world::State::active, mended);
  incident.reaction(mended).delay = exponential(is_repaired);
}

// Mean success over all replications, from the minutes that people lost.
struct Availability {
  double mean = 0, standard_error = 0;
};

Availability measured(Incident& incident) {
  incident.world.horizon = Duration::hours(400);
  // Nothing may be lost to the crowd that comes back after a repair.
  for (world::Service& service : incident.world.services) service.per_replica = quantity::Rate::per_second(1e6);
  incident.add_fault(world::Verb::load, Drawn::people, Duration{});  // changes nothing: from here on minutes count
  std::vector<std::uint64_t> indices(16);
  std::iota(indices.begin(), indices.end(), 0);
  std::vector<double> found;
  for (const simulation::Outcome& outcome : tests::outcomes_of(incident.world, indices)) {
    const double possible = 1e6 * incident.world.horizon.in_minutes();
    found.push_back(1 - outcome.apps[0].user_minutes_lost / possible);
  }
  Availability availability;
  const auto n = static_cast<double>(found.size());
  availability.mean = std::accumulate(found.begin(), found.end(), 0.0) / n;
  double squares = 0;
  for (const double one : found) squares += (one - availability.mean) * (one - availability.mean);
  availability.standard_error = std::sqrt(squares / (n - 1) / n);
  return availability;
}

// MTTF 3 h and MTTR 1 h: one unit is there for three quarters of the time.
constexpr double a = 0.75;

void let_fail(Incident& incident, const std::vector<const char*>& units) {
  for (const char* unit : units) let_fail(incident, unit, Duration::hours(3), Duration::hours(1));
}

void make_alternatives(Incident& incident, int at_least) {
  world::Call group;
  group.form = world::Call::Form::any_of;
  group.at_least = at_least;
  group.members = incident.world.journeys[0].calls;
  incident.world.journeys[0].calls = {group};
}

// Four standard errors: one run in 16,000 would fail if the seed were not fixed; and the error itself has to be small
// enough to tell the closed forms apart.
void check_availability(Incident& incident, double expected) {
  const Availability found = measured(incident);

  INFO("found " << found.mean << " ± " << found.standard_error << ", expected " << expected);
  CHECK(found.standard_error < 0.01);
  CHECK(std::abs(found.mean - expected) < 4 * found.standard_error);
}

}  // namespace

TEST_CASE("one repairable unit is there for MTTF / (MTTF + MTTR) of the time", "[simgrid]") {
  Incident incident{"app -> unit"};
  let_fail(incident, {"unit"});

  check_availability(incident, a);
}

TEST_CASE("two units in series are both there for the product of the time", "[simgrid]") {
  Incident incident{"app -> first; app -> second"};
  let_fail(incident, {"first", "second"});

  check_availability(incident, a * a);
}

TEST_CASE("of two units in parallel one is there but for the product of the outages", "[simgrid]") {
  Incident incident{"app -> first; app -> second"};
  make_alternatives(incident, 1);
  let_fail(incident, {"first", "second"});

  check_availability(incident, 1 - (1 - a) * (1 - a));
}

TEST_CASE("two of three units are there as the binomial says", "[simgrid]") {
  Incident incident{"app -> first; app -> second; app -> third"};
  make_alternatives(incident, 2);
  let_fail(incident, {"first", "second", "third"});

  check_availability(incident, 3 * a * a * (1 - a) + a * a * a);
}

TEST_CASE("everything down for a day costs 1440 times the rate a minute", "[simgrid]") {
  Incident incident{"app -> shop"};
  incident.world.horizon = Duration::hours(24);
  incident.world.populations[0].worth = MoneyRate::per_minute(257'000);
  incident.world.curves[0].points = {{Duration{}, 0.4},
                                     {Duration::hours(21), 1.6}};  // a day that is not flat; its mean is 1
  incident.break_down(incident.service("shop"), Duration{});

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  const double expected = 1440 * 257'000.0;
  CHECK(outcome.apps[0].gross.amount() == Approx(expected).epsilon(1e-3));
  CHECK(outcome.apps_in_regions[0].gross.amount() == Approx(expected).epsilon(1e-3));
  CHECK(outcome.incident.gross.amount() == Approx(expected).epsilon(1e-3));
  CHECK(outcome.apps[0].deferred.amount() == 0);
  CHECK(outcome.apps[0].user_minutes_lost == Approx(1440 * 1e6).epsilon(1e-3));
  CHECK(outcome.apps[0].down_time() == Duration::hours(24));
}

TEST_CASE("what is put off is a share of what is lost, and the rest is lost", "[simgrid]") {
  Incident incident{"app -> shop"};
  incident.world.horizon = Duration::hours(10);
  incident.world.populations[0].worth = MoneyRate::per_minute(1000);
  incident.world.populations[0].deferred = Share{0.3};
  incident["shop"].per_replica = quantity::Rate::per_second(1e6);  // the crowd that comes back is answered at once
  incident.fault(incident.break_down(incident.service("shop"), Duration::hours(1))).lasts =
      tests::always(Duration::minutes(100));

  const simulation::Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.apps[0].gross.amount() == Approx(100'000).epsilon(1e-3));
  CHECK(outcome.apps[0].deferred.amount() == Approx(30'000).epsilon(1e-3));
  CHECK(outcome.apps[0].lost().amount() == Approx(70'000).epsilon(1e-3));
}
