// How fast an objective's budget is spent, over windows.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/unit/simulation/planned.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Share;
using simulation::EventKind;
using simulation::Outcome;
using tests::minutes;
using tests::Planned;

namespace {

// 99.9 % are promised; a share of wishes fails from minute 60 on.
struct Burning : Planned {
  explicit Burning(double failing) {
    world.apps[0].slo_target = Share{0.999};
    fault(trouble).effect.verb = world::Verb::errors;
    fault(trouble).effect.share = Share{failing};
    monitor().every = Duration::seconds(1);
  }
  world::Monitor& monitor() { return world.monitors[0]; }
  static world::Condition burns(double times, Duration window, world::Comparison way = world::Comparison::greater) {
    world::Condition condition = tests::condition_of(world::Metric::burn, app, way, times);
    condition.metric_tests[0].window = window;
    return condition;
  }
};

double alert_in(const Burning& incident) {
  return tests::minute_of(tests::outcome_of(incident.world), EventKind::alert_on);
}

}  // namespace

// Over a window W the budget burns f t / W / 0.1 % after t: it passes b times after b W 0.1 % / f.
TEST_CASE("a burn over a window is passed after the window's share of what fails", "[simgrid]") {
  struct Case {
    double failing, times;
    Duration window;
  };
  for (const Case& one : {Case{1, 14.4, Duration::hours(1)}, Case{0.1, 14.4, Duration::hours(1)},
                          Case{0.05, 6, Duration::hours(6)}, Case{0.2, 14.4, Duration::minutes(5)}}) {
    Burning incident{one.failing};
    incident.world.horizon = Duration::hours(12);
    incident.monitor().alert = Burning::burns(one.times, one.window);

    const double expected = one.times * one.window.in_minutes() * 0.001 / one.failing;

    // A look a sixtieth of the window, and the monitor's second.
    const double late = one.window.in_minutes() / 60 + 1.0 / 30;
    const double alert = alert_in(incident);
    CHECK(alert >= expected - 1e-3);
    CHECK(alert <= expected + late);
  }
}

TEST_CASE("what fails less than the budget allows so often never alerts", "[simgrid]") {
  Burning incident{0.0143};
  incident.monitor().alert = Burning::burns(14.4, Duration::hours(1));

  CHECK(alert_in(incident) == -1);
}

TEST_CASE("of two windows the long one decides when it alerts, and the short one when it is over", "[simgrid]") {
  Burning incident{0.5};
  incident.fault(incident.trouble).lasts = tests::always(minutes(20));
  incident.monitor().alert =
      tests::both(Burning::burns(14.4, Duration::hours(1)), Burning::burns(14.4, Duration::minutes(5)));

  const Outcome outcome = tests::outcome_of(incident.world);

  const double on = tests::minute_of(outcome, EventKind::alert_on);
  const double off = tests::minute_of(outcome, EventKind::alert_off);
  CHECK(on == Approx(60 * 14.4 * 0.001 / 0.5).margin(1.04));           // the long window: 1.7 minutes
  CHECK(off == Approx(20 + 5 - 5 * 14.4 * 0.001 / 0.5).margin(0.12));  // the short one: 4.9 minutes after the end
}

TEST_CASE("an app without an objective burns nothing", "[simgrid]") {
  Burning incident{1};
  incident.world.apps[0].slo_target.reset();
  incident.monitor().alert = Burning::burns(1, Duration::hours(1));

  CHECK(alert_in(incident) == -1);
}

TEST_CASE("a step that asks late knows what was before it asked", "[simgrid]") {
  Burning incident{0.1};  // after three minutes five times as fast as allowed, over an hour
  incident.world.strategies[0].when =
      tests::condition_of(world::Metric::time, world::Itself{}, world::Comparison::at_least, 3660);
  const auto tell = incident.add_step("tell", world::Verb::announce, {});
  incident.step(tell).when = Burning::burns(5, Duration::hours(1));

  const Outcome outcome = tests::outcome_of(incident.world);

  CHECK(tests::minute_of(outcome, EventKind::strategy_began) == Approx(1));
  CHECK(tests::minute_of(outcome, EventKind::announced) == Approx(3).margin(1.01));
  CHECK(tests::minute_of(outcome, EventKind::announced) >= 3 - 1e-3);
}
