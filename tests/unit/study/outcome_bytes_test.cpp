#include "engine/study/outcome_bytes.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;

// Something in every field, and every alternative of what a field can hold.
simulation::Outcome full_outcome() {
  simulation::Outcome outcome = invented::feed_down_for(90, 17);
  outcome.fingerprint = 0xfedcba9876543210;
  outcome.onset = Duration::of_ticks(123456789);
  outcome.apps[0].degraded = {{Duration::minutes(92), Duration::minutes(95)},
                              {Duration::minutes(99), Duration::minutes(100)}};
  outcome.apps[0].dips = 2;
  outcome.apps[0].slo_budget_spent = quantity::Share{1.75};
  outcome.apps[0].credits = quantity::Money{1.5e6};
  outcome.incident.data_lost = Duration::seconds(30);
  outcome.incident.staff_cost = quantity::Money{810};
  outcome.incident.stuck = {world::StepId{1}};
  outcome.incident.unfinished = {world::StepId{0}, world::StepId{1}};
  outcome.milestones = {Duration::minutes(77), std::nullopt};
  using simulation::Event;
  using simulation::EventKind;
  outcome.events = {
      Event{.at = Duration::minutes(1), .kind = EventKind::fault_began, .about = {world::FaultId{3}, {}}},
      Event{.at = Duration::minutes(2),
            .kind = EventKind::app_down,
            .about = {world::AppId{0}, world::RegionId{1}},
            .cause = 1},
      Event{.at = Duration::minutes(3),
            .kind = EventKind::admitted,
            .about = {world::JourneyId{5}, world::SiteId{2}},
            .value = .25},
      Event{.at = Duration::minutes(4), .kind = EventKind::strategy_began, .about = {world::Itself{}, world::Here{}}},
  };
  outcome.course = {.step = Duration::minutes(1),
                    .points = 2,
                    .success = {1, .25F},
                    .tries_per_s = {1000, 1.5F},
                    .user_minutes_lost = {0, 12.5},
                    .money_lost = {0, 3},
                    .services = {{{.from = {}, .health = simulation::Health::ok},
                                  {.from = Duration::minutes(1), .health = simulation::Health::down}}},
                    .sessions = {{}}};
  return outcome;
}

TEST_CASE("an outcome survives the way through the pipe bit by bit") {
  const simulation::Outcome sent = full_outcome();

  const auto received = outcome_of(bytes_of(sent));

  REQUIRE(received);
  CHECK(bytes_of(*received) == bytes_of(sent));
  CHECK(received->index == 17);
  CHECK(received->fingerprint == 0xfedcba9876543210);
  CHECK(received->onset == sent.onset);
  CHECK(received->apps[0].degraded[1].to == Duration::minutes(100));
  CHECK(received->apps[0].slo_budget_spent == quantity::Share{1.75});
  CHECK_FALSE(received->apps[1].restored);
  CHECK(received->incident.unfinished == sent.incident.unfinished);
  CHECK(received->milestones == sent.milestones);
  REQUIRE(received->events.size() == 4);
  CHECK(received->events[1].about.place == world::Place{world::RegionId{1}});
  CHECK(received->events[2].about.subject == world::Subject{world::JourneyId{5}});
  CHECK(received->events[2].value == .25);
  CHECK(received->events[1].cause == 1);
  CHECK(received->course.success == std::vector<float>{1, .25F});
  CHECK(received->course.services[0][1].health == simulation::Health::down);
}

TEST_CASE("bytes cut short anywhere are no outcome") {
  const std::string bytes = bytes_of(full_outcome());

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_FALSE(outcome_of(std::string_view{bytes}.substr(0, size)));
  }
  CHECK_FALSE(outcome_of(bytes + "x"));
}

TEST_CASE("a size that cannot be is refused before it is allocated") {
  std::string bytes = bytes_of(simulation::Outcome{});
  // index, fingerprint and onset take 24 bytes; the number of apps follows.
  for (std::size_t i = 24; i < 28; ++i) bytes[i] = '\xff';

  CHECK_FALSE(outcome_of(bytes));
}

}  // namespace
}  // namespace knockon::study
