// One link, one bandwidth: what calls want of it and what is moved over it, against closed forms.
#include <catch2/catch.hpp>

#include "engine/traffic/flow.hpp"
#include "tests/hauling.hpp"

using namespace knockon;
using quantity::DataRate;
using quantity::DataSize;
using quantity::Duration;
using quantity::Share;
using quantity::SimTime;
using tests::Hauling;
using tests::seconds_of;
using world::Metric;

namespace {

// 1,000 calls a second from the near site to the far one that take this share of the link between.
struct Shared : Hauling {
  explicit Shared(double share) : Hauling{"shop -> front -> back; shop ~> store"} {
    (*this)["front"].sites = {Hauling::site};
    (*this)["back"].sites = {far};
    for (const char* name : {"front", "back"}) (*this)[name].replicas = {10};
    call("front", "back").bytes = DataSize{share * per_s / 1000};
  }
};

double load_of(const traffic::Flow& flow, world::LinkId link) { return *flow.value(Metric::load, {link, {}}); }
double answered_a_second(const traffic::Flow& flow, Hauling& incident) {
  return *flow.value(Metric::rate, {incident.service("back"), {}});
}
void run_until(traffic::Flow& flow, Duration date) {
  while (flow.now() < SimTime::at(date)) {
    flow.advance(std::min(SimTime::at(date), flow.next_date()));
    flow.settle();
  }
}

}  // namespace

TEST_CASE("a 1 TB copy over a link that is 60 % full takes 2.5 times as long", "[simgrid]") {
  Hauling empty;
  Shared full{0.6};
  const auto alone = empty.copy(1e12), beside = full.copy(1e12);

  const double alone_s = seconds_of(tests::outcome_of(empty.world), alone);
  const double beside_s = seconds_of(tests::outcome_of(full.world), beside);

  CHECK(alone_s == Approx(1000).epsilon(1e-6));
  CHECK(beside_s == Approx(2500).epsilon(1e-6));
}

TEST_CASE("a copy over a full link goes at the rate that is reserved", "[simgrid]") {
  Shared incident{0.97};
  incident.world.links[0].reserved = Share{0.2};
  const auto copy = incident.copy(1e12);

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == Approx(5000).epsilon(1e-6));
}

// 1.2 TB in twenty minutes, half as fast from then on.
TEST_CASE("a link that loses half of its bandwidth carries half as much", "[simgrid]") {
  Hauling incident;
  const auto worse = incident.add_fault(world::Verb::lose_bandwidth, incident.link, tests::minutes(60 + 20));
  incident.fault(worse).effect.share = Share{0.5};
  const auto copy = incident.copy(3.6e12);

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == Approx(1200 + 4800).epsilon(1e-6));
}

TEST_CASE("bandwidth that is lost comes back when the fault ends", "[simgrid]") {
  Hauling incident;
  const auto worse = incident.add_fault(world::Verb::lose_bandwidth, incident.link, tests::minutes(60 + 20));
  incident.fault(worse).effect.share = Share{0.5};
  incident.fault(worse).lasts = tests::always(tests::minutes(20));
  const auto copy = incident.copy(3.6e12);

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == Approx(1200 + 1200 + 1800).epsilon(1e-6));
}

TEST_CASE("what is moved over a link counts as load on it") {
  Shared incident{0.6};
  const traffic::Network network{incident.world};
  traffic::Flow flow{network};
  flow.begin();

  const double before = load_of(flow, incident.link);
  flow.set_moved(incident.link, DataRate::bytes_per_second(0.4 * Hauling::per_s));
  flow.settle();

  CHECK(before == Approx(0.6));
  CHECK(load_of(flow, incident.link) == Approx(1.0));
  CHECK(flow.success(Hauling::app, Hauling::region).total() == Approx(1));
}

// However many try again, the link lets through what it can: 800 a second of calls of 1.25 MB.
TEST_CASE("calls beyond what a link carries fail, and those within it do not") {
  Shared incident{1.25};
  const traffic::Network network{incident.world};
  traffic::Flow flow{network};

  flow.begin();
  run_until(flow, Duration::hours(2));

  CHECK(answered_a_second(flow, incident) == Approx(800).epsilon(1e-3));
  CHECK(load_of(flow, incident.link) > 1.25);
  CHECK(flow.success(Hauling::app, Hauling::region).total() == Approx(1 / load_of(flow, incident.link)).epsilon(1e-3));
}

TEST_CASE("moved bytes take from calls no more than what is reserved for them") {
  Shared incident{0.95};
  const traffic::Network network{incident.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_moved(incident.link, flow.left_for_moving(incident.link));
  flow.settle();
  run_until(flow, Duration::minutes(30));

  CHECK(answered_a_second(flow, incident) == Approx(0.9 / 0.95 * 1000).epsilon(1e-3));
}

TEST_CASE("a link without bandwidth lets nobody through, and everybody when it is back") {
  Shared incident{0.5};
  const traffic::Network network{incident.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_bandwidth(incident.link, Share{0});
  flow.settle();
  run_until(flow, Duration::minutes(5));
  const double without = flow.success(Hauling::app, Hauling::region).total();
  flow.set_bandwidth(incident.link, Share{1});
  flow.settle();
  run_until(flow, Duration::hours(12));

  CHECK(without < 1e-5);
  CHECK(flow.success(Hauling::app, Hauling::region).total() == Approx(1).margin(1e-6));
}

TEST_CASE("calls go round by another link and take room there") {
  Shared incident{0.5};
  const auto third = incident.add_site("third");
  incident["back"].sites.pop_back();
  incident["front"].sites.pop_back();
  for (const char* name : {"front", "back"}) incident[name].replicas = {10};
  const auto there = incident.add_link("there", Hauling::site, third);
  incident.add_link("on", third, incident.far);
  incident.world.links[1].bandwidth = incident.world.links[2].bandwidth =
      DataRate::bytes_per_second(2 * Hauling::per_s);
  const traffic::Network network{incident.world};
  traffic::Flow flow{network};
  flow.begin();

  flow.set_link_up(incident.link, false);
  flow.settle();

  CHECK(load_of(flow, incident.link) == 0);
  CHECK(load_of(flow, there) == Approx(0.25));
}
