// Steps that move bytes: what is recorded of them, what they wait for, and that nothing of them is left behind.
#include <catch2/catch.hpp>

#include "tests/hauling.hpp"

using namespace knockon;
using quantity::DataRate;
using quantity::Duration;
using simulation::EventKind;
using simulation::Outcome;
using simulation::Phase;
using tests::Hauling;
using tests::minute_of;
using tests::minutes;

namespace {

Duration spent_on(const Outcome& outcome, Phase phase) { return outcome.phases[static_cast<std::size_t>(phase)]; }

// The front is down until the store's data, an hour of bytes, has been brought back.
struct Restoring : Hauling {
  world::StepId restore;

  Restoring() {
    fault(trouble).effect.verb = world::Verb::down;
    restore = copy(3.6e12);
    step(restore).effect.verb = world::Verb::restore;
    step(restore).ways[0].takes = tests::always(minutes(10));
    step(restore).ends = {trouble};
  }
};

}  // namespace

TEST_CASE("a restore ends its fault when the last byte has arrived, and loses the last writes", "[simgrid]") {
  Restoring incident;
  incident.step(incident.restore).effect.loses = minutes(5);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::bytes_leave, incident.restore) == Approx(10));
  CHECK(minute_of(outcome, EventKind::step_done, incident.restore) == Approx(70).epsilon(1e-4));
  CHECK(minute_of(outcome, EventKind::fault_ended, incident.trouble) == Approx(70).epsilon(1e-4));
  CHECK(outcome.incident.data_lost == minutes(5));
}

TEST_CASE("bytes under way are propagation, bytes without a way are waiting", "[simgrid]") {
  Restoring incident;
  incident.cut(incident.link, 30, 25);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::bytes_stop) == Approx(30));
  CHECK(minute_of(outcome, EventKind::bytes_move_on) == Approx(55));
  CHECK(minute_of(outcome, EventKind::step_done, incident.restore) == Approx(95).epsilon(1e-4));
  CHECK(spent_on(outcome, Phase::propagate).in_minutes() >= 39.9);
  Duration all;
  for (const Duration phase : outcome.phases) all += phase;
  CHECK(all == *outcome.incident.restored);
}

TEST_CASE("a restore whose link is down from the begin waits for it", "[simgrid]") {
  Restoring incident;
  incident.cut(incident.link, -10, 50);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(minute_of(outcome, EventKind::bytes_stop) == Approx(10).margin(0.001));
  CHECK(minute_of(outcome, EventKind::step_done, incident.restore) == Approx(50 + 60).epsilon(1e-4));
}

TEST_CASE("a restore that waits for the link which a later step would mend is stuck", "[simgrid]") {
  Restoring incident;
  const auto torn = incident.add_fault(world::Verb::down, incident.link, minutes(60));
  const auto mend = incident.add_step("mend", world::Verb::repair, minutes(5));
  incident.step(mend).after = {incident.restore};
  incident.step(mend).ends = {torn};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.stuck == std::vector{incident.restore});
}

TEST_CASE("a copy that is still under way at the horizon is unfinished", "[simgrid]") {
  Restoring incident;
  incident.step(incident.restore).effect.bytes = quantity::DataSize{1e17};

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(outcome.incident.unfinished == std::vector{incident.restore});
  CHECK(outcome.incident.restored_censored);
}

TEST_CASE("bytes come from the nearest other place where none is named", "[simgrid]") {
  Restoring incident;
  const auto third = incident.add_site("third");
  incident.add_link("short", Hauling::site, third);
  incident.world.links[1].latency = Duration::of_seconds(0.001);
  incident.world.links[1].bandwidth = DataRate::bytes_per_second(2e9);
  incident.step(incident.restore).effect.from.reset();

  CHECK(minute_of(tests::outcome_of(incident.world), EventKind::step_done, incident.restore) ==
        Approx(40).epsilon(1e-4));
}

TEST_CASE("bytes that nothing limits take only the way's latency", "[simgrid]") {
  Restoring incident;
  incident.world.links[0].bandwidth.reset();

  CHECK(minute_of(tests::outcome_of(incident.world), EventKind::step_done, incident.restore) * 60 ==
        Approx(600.01).margin(1e-5));
}

// Bytes under way at the horizon, a link that is off then, odd sizes: none of it reaches the next replication.
TEST_CASE("a replication with bytes under way is the same bits in any slot and after any other", "[simgrid]") {
  Restoring incident;
  incident.step(incident.restore).ways[0].takes =
      random::DurationDistribution{random::Distribution{random::Exponential{420}}};
  incident.copy(1.234567e12);
  incident.copy(7e16);
  incident["store"].disk = DataRate::bytes_per_second(0.777e9);
  incident.cut(incident.link, 33, 21);
  incident.cut(incident.link, 600, 1000);

  const auto all = tests::outcomes_of(incident.world, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  const auto some = tests::outcomes_of(incident.world, {3, 9, 15});
  const auto last = tests::outcomes_of(incident.world, {15});

  CHECK(all[3].fingerprint == some[0].fingerprint);
  CHECK(all[9].fingerprint == some[1].fingerprint);
  CHECK(all[15].fingerprint == some[2].fingerprint);
  CHECK(all[15].fingerprint == last[0].fingerprint);
}

TEST_CASE("a link that is off for no time at all holds nothing up", "[simgrid]") {
  Restoring incident;
  incident.cut(incident.link, 30, 0);

  CHECK(minute_of(tests::outcome_of(incident.world), EventKind::step_done, incident.restore) ==
        Approx(70).epsilon(1e-4));
}
