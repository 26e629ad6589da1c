// Bytes that are moved, against max-min fairness. Dates are exact to a tick; the kernel's shares are, to a millionth.
#include <catch2/catch.hpp>

#include "tests/hauling.hpp"

using namespace knockon;
using quantity::DataRate;
using quantity::Duration;
using tests::Hauling;
using tests::seconds_of;

namespace {

Approx within_a_millionth(double seconds) { return Approx(seconds).epsilon(1e-6); }

}  // namespace

// 10^9 bytes a second: an hour for 3.6 10^12.
TEST_CASE("a copy takes its bytes divided by the link's bandwidth, and the way's latency", "[simgrid]") {
  Hauling incident;
  const auto copy = incident.copy(3.6e12);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, simulation::EventKind::bytes_arrived, copy) * 60 == Approx(3600.01).margin(1e-5));
}

TEST_CASE("a restore goes as fast as the slower of network and disks", "[simgrid]") {
  const auto [disk, expected] = GENERATE(std::pair{0.5e9, 7200.0}, std::pair{4e9, 3600.0});
  Hauling incident;
  incident["store"].disk = DataRate::bytes_per_second(disk);
  const auto copy = incident.copy(3.6e12);

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == within_a_millionth(expected));
}

TEST_CASE("two copies over one link take twice as long each", "[simgrid]") {
  Hauling incident;
  const auto one = incident.copy(3.6e12);
  const auto other = incident.copy(3.6e12);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(seconds_of(outcome, one) == within_a_millionth(7200));
  CHECK(seconds_of(outcome, other) == within_a_millionth(7200));
}

// Shares of a half until the small one is through at 2 s / b; then all of it: (s + 2 s) / b.
TEST_CASE("a copy gets the whole link when the one beside it is through", "[simgrid]") {
  Hauling incident;
  const auto small = incident.copy(1.8e12);
  const auto large = incident.copy(3.6e12);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(seconds_of(outcome, small) == within_a_millionth(3600));
  CHECK(seconds_of(outcome, large) == within_a_millionth(5400));
}

// Three over a link of 1 GB/s, of which one comes over a second link that carries 0.2: that one gets 0.2, the others
// 0.4 each, and 0.5 after it is through.
TEST_CASE("what one copy cannot use is shared by the others: max-min fairness", "[simgrid]") {
  Hauling incident;
  const auto third = incident.add_site("third");
  incident.add_link("narrow", incident.far, third);
  incident.world.links[1].bandwidth = DataRate::bytes_per_second(0.2e9);
  const auto one = incident.copy(3.6e12);
  const auto other = incident.copy(3.6e12);
  const auto narrow = incident.copy(0.36e12);
  incident.step(narrow).effect.from = third;

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(seconds_of(outcome, narrow) == within_a_millionth(1800.01));  // one more hop
  CHECK(seconds_of(outcome, one) == within_a_millionth(1800 + (3.6 - 0.72) / 0.5 * 1000));
  CHECK(seconds_of(outcome, other) == within_a_millionth(1800 + (3.6 - 0.72) / 0.5 * 1000));
}

TEST_CASE("a copy that loses its link waits and goes on with what is left", "[simgrid]") {
  Hauling incident;
  incident.cut(incident.link, 20, 100);
  const auto copy = incident.copy(3.6e12);

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == within_a_millionth(3600 + 6000));
}

TEST_CASE("a copy that is to restart sends all of it again", "[simgrid]") {
  Hauling incident;
  incident.cut(incident.link, 20, 100);
  const auto copy = incident.copy(3.6e12);
  incident.step(copy).on_loss = world::OnLoss::restart;

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == within_a_millionth(7200 + 3600));
}

// The other way round is slower: a third of an hour at 1 GB/s, then what is left at half of that.
TEST_CASE("a copy takes another way where there is one", "[simgrid]") {
  Hauling incident;
  const auto third = incident.add_site("third");
  incident.add_link("there", incident.far, third);
  incident.add_link("back", third, Hauling::site);
  incident.world.links[1].bandwidth = incident.world.links[2].bandwidth = DataRate::bytes_per_second(0.5e9);
  incident.cut(incident.link, 20, 1000);
  const auto copy = incident.copy(3.6e12);

  const auto outcome = tests::outcome_of(incident.world);

  CHECK(seconds_of(outcome, copy) == within_a_millionth(1200 + 4800.01));
  CHECK(tests::events_of(outcome, simulation::EventKind::bytes_stop).empty());
}

// Within one place the same disks are read and written.
TEST_CASE("a copy within a place takes twice its bytes of the disk", "[simgrid]") {
  Hauling incident;
  incident["store"].disk = DataRate::bytes_per_second(1e9);
  const auto copy = incident.copy(3.6e12);
  incident.step(copy).effect.from = Hauling::site;

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == within_a_millionth(7200 - 0.01));
}

TEST_CASE("each of several targets gets all the bytes, and the last to arrive ends the step", "[simgrid]") {
  Hauling incident;
  const auto third = incident.add_site("third");
  incident.add_link("other", incident.far, third);
  incident.world.links[1].bandwidth = DataRate::bytes_per_second(0.25e9);
  const auto copy = incident.copy(3.6e12);
  incident.step(copy).effect.targets.push_back({incident.service("store"), third});

  CHECK(seconds_of(tests::outcome_of(incident.world), copy) == within_a_millionth(14400));
}
