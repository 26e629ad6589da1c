// How a replication goes over time, as it is written down while it is played.
#include "engine/simulation/course.hpp"

#include <catch2/catch.hpp>

#include "engine/study/explanation.hpp"
#include "tests/incident.hpp"

// Replications are played in workers: processes of their own.
namespace knockon::study {
namespace {

using quantity::Duration;
using simulation::Course;
using simulation::Health;
using simulation::Recording;
using tests::Incident;
using tests::minutes;

constexpr Recording everything{.step = Duration::minutes(1), .keeps_spells = true};

Explanation played(const Incident& incident, const Recording& recording) {
  Entry entry{.name = "shop", .world = &incident.world, .base = &incident.world, .subject = {}};
  entry.subject.cause = world::CauseId{0};
  entry.subject.strategy = world::StrategyId{0};
  return told(entry, 0, {}, recording);
}

// A million people, awake all day, lose the store at minute 10 of two hours.
Incident store_gone() {
  Incident incident{"shop -> front -> store; tool"};
  incident.world.horizon = Duration::hours(2);
  incident.break_down(incident.service("store"), minutes(10));
  return incident;
}

TEST_CASE("without being asked for, no course is recorded") {
  const Incident incident = store_gone();

  const Explanation explanation = played(incident, {});

  CHECK(explanation.outcome().course.points == 0);
  CHECK(explanation.outcome().course.success.empty());
}

TEST_CASE("a replication that is written down goes as it would have gone") {
  const Incident incident = store_gone();

  const Explanation seen = played(incident, everything), unseen = played(incident, {});

  CHECK(seen.outcome().fingerprint == unseen.outcome().fingerprint);
  CHECK(seen.outcome().incident.user_minutes_lost == unseen.outcome().incident.user_minutes_lost);
}

TEST_CASE("the course begins at onset with what people are used to, and ends by the horizon") {
  const Incident incident = store_gone();

  const Explanation explanation = played(incident, everything);
  const Course& course = explanation.outcome().course;

  REQUIRE(course.points == 111);  // minutes 0 … 110 after an onset at minute 10 of 120
  REQUIRE(course.success.size() == 111);
  CHECK(course.success[0] == Approx(1));
  CHECK(course.success[1] == Approx(0).margin(1e-6));
  CHECK(course.success[110] == Approx(0).margin(1e-6));
}

TEST_CASE("what is lost so far grows with the people and the minutes, up to what the replication measured") {
  const Incident incident = store_gone();

  const Explanation explanation = played(incident, everything);
  const Course& course = explanation.outcome().course;

  // A million people without the app: a million minutes a minute.
  CHECK(course.user_minutes_lost[0] == 0);
  CHECK(course.user_minutes_lost[30] == Approx(30e6));
  CHECK(course.user_minutes_lost[110] == Approx(explanation.outcome().incident.user_minutes_lost));
}

TEST_CASE("people who try again show in the load, and no load is below what they wish for") {
  const Incident incident = store_gone();

  const Explanation explanation = played(incident, everything);
  const Course& course = explanation.outcome().course;

  CHECK(course.tries_per_s[0] == Approx(1000));  // a million people, one try in a thousand seconds
  for (std::size_t point = 1; point < course.points; ++point) REQUIRE(course.tries_per_s[point] >= 999.F);
}

TEST_CASE("a service that is gone is down from then on, its caller too, and one that nobody calls is ok") {
  const Incident incident = store_gone();

  const Explanation explanation = played(incident, everything);
  const auto& services = explanation.outcome().course.services;
  const auto& store = services[incident.service("store").index()];

  REQUIRE(store.size() == 1);
  CHECK(store[0].health == Health::down);
  CHECK(store[0].from == minutes(0));
  CHECK(services[incident.service("front").index()].back().health == Health::down);
  REQUIRE(services[incident.service("tool").index()].size() == 1);
  CHECK(services[incident.service("tool").index()][0].health == Health::ok);
}

TEST_CASE("a service that is gone at one of its two sites is degraded") {
  Incident incident{"shop -> front"};
  incident.world.horizon = Duration::hours(1);
  const world::SiteId other = incident.add_site("other");
  incident.break_down(other, minutes(10));

  const Explanation explanation = played(incident, everything);

  CHECK(explanation.outcome().course.services[incident.service("front").index()].back().health == Health::degraded);
}

TEST_CASE("a cause that never begins leaves no course") {
  Incident incident{"shop -> front"};
  incident.world.horizon = Duration::hours(1);
  incident.break_down(incident.service("front"), minutes(90));

  const Explanation explanation = played(incident, everything);

  CHECK(explanation.outcome().course.points == 0);
}

}  // namespace
}  // namespace knockon::study
