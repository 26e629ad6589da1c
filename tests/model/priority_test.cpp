// Services that shed the less important journeys first, against what capacity leaves for each.
#include <catch2/catch.hpp>
#include <vector>

#include "engine/traffic/flow.hpp"
#include "tests/drawn.hpp"

namespace traffic = knockon::traffic;
namespace world = knockon::world;
using knockon::quantity::Duration;
using knockon::quantity::Rate;
using knockon::quantity::Share;
using knockon::quantity::SimTime;
using knockon::tests::Drawn;
using world::Metric;

namespace {

// Three journeys of priority 0, 2 and 1, a thousand a second each, that all call the same services.
struct ThreeJourneys : Drawn {
  static constexpr world::JourneyId plain{0}, important{1}, middling{2};

  explicit ThreeJourneys(const char* picture) : Drawn{picture} {
    for (const int priority : {2, 1}) {
      world::Journey more = world.journeys[0];
      more.name += std::to_string(priority);
      more.priority = priority;
      world.apps[0].journeys.push_back(world::JourneyId{world.journeys.size()});
      world.populations[0].does.push_back({world::JourneyId{world.journeys.size()}, Rate::per_second(1e-3)});
      world.journeys.push_back(more);
    }
    world.populations[0].retry.gives_up = Rate::per_second(1000);  // nobody tries again
  }
  // Requests a second in all.
  void size(const char* name, double per_s) {
    (*this)[name].per_replica = Rate::per_second(per_s / 10);
    (*this)[name].overload = world::Shed{};
    (*this)[name].priority_by_journey = true;
  }
};

std::vector<double> successes(const ThreeJourneys& drawn) {
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();
  while (flow.now() < SimTime::at(Duration::minutes(1))) flow.advance(flow.next_date());
  return {flow.success(ThreeJourneys::important, Drawn::region).total(),
          flow.success(ThreeJourneys::middling, Drawn::region).total(),
          flow.success(ThreeJourneys::plain, Drawn::region).total()};
}

}  // namespace

TEST_CASE("of what a service can do the most important journey has its part first") {
  struct Row {
    double capacity;
    std::vector<double> expected;
  };
  for (const Row& row : {Row{3000, {1, 1, 1}}, Row{2500, {1, 1, 0.5}}, Row{2000, {1, 1, 0}}, Row{1300, {1, 0.3, 0}},
                         Row{400, {0.4, 0, 0}}}) {
    ThreeJourneys drawn{"app -> shop"};
    drawn.size("shop", row.capacity);
    INFO(row.capacity);

    const std::vector<double> found = successes(drawn);

    for (std::size_t n = 0; n < 3; ++n) CHECK(found[n] == Approx(row.expected[n]).margin(0.01));
  }
}

TEST_CASE("a store behind services that know of no priorities still knows whose request it is") {
  ThreeJourneys drawn{"app -> front -> store"};
  drawn.size("store", 1500);

  const std::vector<double> found = successes(drawn);

  CHECK(found[0] == Approx(1));
  CHECK(found[1] == Approx(0.5).margin(0.01));
  CHECK(found[2] == Approx(0).margin(0.01));
}

TEST_CASE("whoever sheds, as much is answered: priorities move refusals and make none") {
  ThreeJourneys by_priority{"app -> shop"}, by_chance{"app -> shop"};
  by_priority.size("shop", 1300);
  by_chance.size("shop", 1300);
  by_chance["shop"].priority_by_journey = false;

  double sum = 0, sum_by_chance = 0;
  for (const double success : successes(by_priority)) sum += success;
  for (const double success : successes(by_chance)) {
    CHECK(success == Approx(1.3 / 3).margin(0.01));
    sum_by_chance += success;
  }

  CHECK(sum == Approx(sum_by_chance).epsilon(1e-3));
}

TEST_CASE("what no journey asks for counts as of priority 0") {
  ThreeJourneys drawn{"app -> shop"};
  drawn.size("shop", 4000);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};

  flow.begin();
  flow.set_load(drawn.operation("shop"), 1, Rate::per_second(3000));
  flow.settle();

  // 2000 a second are left for what is of priority 0: 1000 of a journey and 3000 of nobody's.
  CHECK(flow.success(ThreeJourneys::important, Drawn::region).total() == Approx(1));
  CHECK(flow.success(ThreeJourneys::plain, Drawn::region).total() == Approx(0.5).margin(1e-6));
}

TEST_CASE("nothing is lost between priorities: attempts agree to 1e-9, with classes of users besides") {
  ThreeJourneys drawn{"app -> front -> store"};
  drawn.size("store", 1500);
  drawn.size("front", 2200);
  drawn.world.populations[0].retry.gives_up = Rate::per_hour(1);
  const traffic::Network network{drawn.world};
  traffic::Flow flow{network, {.follows_all = true}};

  flow.begin();
  flow.set_sticky_share(0, Share{0.3});
  flow.set_sticky_errors(0, drawn.operation("front"), Drawn::site, true);
  flow.settle();
  while (flow.now() < SimTime::at(Duration::hours(2))) flow.advance(flow.next_date());

  const traffic::Ledger ledger = flow.ledger();
  CHECK(ledger.attempts_refused > 1e5);
  CHECK(std::abs(ledger.attempts_offered - ledger.attempts_served - ledger.attempts_refused) <
        1e-9 * ledger.attempts_offered);
  CHECK(std::abs(ledger.tries - ledger.tries_answered - ledger.tries_failed - ledger.tries_turned_away) <
        1e-9 * ledger.tries);
}
