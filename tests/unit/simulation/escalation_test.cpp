// Nobody answers the page: who is called next, when, and who then does the work.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using simulation::EventKind;
using simulation::Outcome;
using tests::always;
using tests::minutes;
using tests::Planned;

namespace {

// The people on call answer after `acknowledges` minutes; after 30 without an answer the seniors are called, who
// take 10.
struct Escalating : Planned {
  explicit Escalating(double acknowledges, double seniors_acknowledge = 10)
      : seniors{add_team("seniors", minutes(seniors_acknowledge))} {
    team(people_on_call).acknowledge = always(minutes(acknowledges));
    team(people_on_call).escalates_to = seniors;
    team(people_on_call).escalate_after = minutes(30);
    team(people_on_call).cost = quantity::MoneyRate::per_hour(60);
    team(seniors).cost = quantity::MoneyRate::per_hour(600);
  }
  world::Team& team(world::TeamId id) { return world.teams[id.index()]; }
  world::TeamId seniors;
};

random::DurationDistribution exponential(double mean_minutes) {
  return random::DurationDistribution{random::Distribution{random::Exponential{mean_minutes * 60}}};
}

double after_alert(const Outcome& outcome, EventKind kind) {
  return tests::minute_of(outcome, kind) - outcome.incident.detected->in_minutes();
}

}  // namespace

TEST_CASE("a team that answers in time is not passed over", "[simgrid]") {
  Escalating incident{20};
  incident.repair(60);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::escalated).empty());
  CHECK(after_alert(outcome, EventKind::step_began) == Approx(20));
  CHECK(outcome.incident.staff_cost.amount() == Approx(60));
}

TEST_CASE("after its time without an answer the next team is called, and whoever answers first does the work",
          "[simgrid]") {
  for (const double acknowledges : {35.0, 500.0}) {
    Escalating incident{acknowledges};
    incident.repair(60);
    const bool first_is_back = acknowledges < 40;

    const Outcome outcome = tests::outcome_of(incident.world);

    CHECK(after_alert(outcome, EventKind::escalated) == Approx(30));
    CHECK(after_alert(outcome, EventKind::step_began) == Approx(first_is_back ? 35 : 40));
    CHECK(outcome.incident.acknowledged->in_minutes() ==
          Approx(outcome.incident.detected->in_minutes() + (first_is_back ? 35 : 40)));
    CHECK(outcome.incident.staff_cost.amount() == Approx(first_is_back ? 60 : 600));
  }
}

TEST_CASE("a page at night is handed over to those for whom it is day, and by day it is not", "[simgrid]") {
  // An hour after the start something breaks. People on call work from 9 to 17 and sleep through a page for three hours
  // otherwise; ten hours west of them others work the same hours of their own day.
  for (const int hour : {10, 20}) {
    Escalating incident{5};
    const auto west = incident.add_region("west", 0);
    incident.world.regions[west.index()].clock = Duration::hours(-10);
    for (const world::TeamId id : {incident.people_on_call, incident.seniors}) {
      incident.team(id).hours_from = Duration::hours(9);
      incident.team(id).hours_to = Duration::hours(17);
      incident.team(id).off_hours = always(minutes(180));
    }
    incident.team(incident.seniors).place = world::Place{west};
    incident.world.starts = hour * 3600;
    incident.repair(60);
    const bool is_day_here = hour == 10;

    const Outcome outcome = tests::outcome_of(incident.world);

    CHECK(after_alert(outcome, EventKind::step_began) == Approx(is_day_here ? 5 : 30 + 10));
    CHECK(outcome.incident.staff_cost.amount() == Approx(is_day_here ? 60 : 600));
  }
}

TEST_CASE("escalation goes on from team to team, each with a time of its own", "[simgrid]") {
  Escalating incident{500, 500};
  const auto director = incident.add_team("director", minutes(1));
  incident.team(incident.seniors).escalates_to = director;
  incident.team(incident.seniors).escalate_after = minutes(15);
  incident.repair(10);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::escalated).size() == 2);
  CHECK(after_alert(outcome, EventKind::step_began) == Approx(30 + 15 + 1));
}

TEST_CASE("who answered in place of another goes on with what comes after, until the others answer too", "[simgrid]") {
  Escalating incident{100};
  incident.add_step("look", world::Verb::wait, minutes(70), incident.people_on_call);  // the seniors: from 40 to 110
  incident.repair(10);

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::events_of(outcome, EventKind::acknowledged).size() == 2);
  CHECK(after_alert(outcome, EventKind::step_done) == Approx(110));
  CHECK(outcome.incident.staff_cost.amount() == Approx(700 + 10));  // seventy minutes of seniors, ten of the others
}

TEST_CASE("a second step for a team that has not answered finds those who came in its place", "[simgrid]") {
  Escalating incident{500};
  incident.add_step("look", world::Verb::wait, minutes(20), incident.people_on_call);
  const auto repair = incident.repair(10);
  incident.step(repair).after.clear();

  const Outcome outcome = tests::outcome_of(incident.world);

  const auto done = tests::events_of(outcome, EventKind::step_done);
  REQUIRE(done.size() == 2);  // there is one senior: one step after the other
  CHECK((done[0].at - outcome.onset).in_minutes() - outcome.incident.detected->in_minutes() == Approx(60));
  CHECK((done[1].at - done[0].at).in_minutes() == Approx(10));
}

// Exponential times to answer, means 1/a and 1/b: the page is answered after T = min(A, t + B), of which the mean is
// the integral of P(T > x): (1 - e^-at)/a before the second team is called, and e^-at/(a + b) after it.
TEST_CASE("the mean time to an answer with escalation is that of two clocks, the second started late", "[simgrid]") {
  Escalating incident{0};
  const double mean = 40, second = 20, late = 30;
  incident.team(incident.people_on_call).acknowledge = exponential(mean);
  incident.team(incident.seniors).acknowledge = exponential(second);
  incident.repair(1);
  incident.world.horizon = Duration::hours(24);

  double sum = 0, squares = 0, n = 0;
  for (std::uint64_t first = 0; first < 640; first += 16) {  // as many as one engine plays
    std::vector<std::uint64_t> indices(16);
    std::iota(indices.begin(), indices.end(), first);
    for (const Outcome& outcome : tests::outcomes_of(incident.world, indices)) {
      const double waited = after_alert(outcome, EventKind::step_began);
      sum += waited;
      squares += waited * waited;
      n += 1;
    }
  }

  const double error = std::sqrt((squares / n - sum / n * (sum / n)) / n);
  const double called = std::exp(-late / mean);
  const double expected = mean * (1 - called) + called / (1 / mean + 1 / second);
  CHECK(std::abs(sum / n - expected) < 3 * error);
  CHECK(std::abs(sum / n - mean) > 5 * error);  // so escalation can be told from none
}
