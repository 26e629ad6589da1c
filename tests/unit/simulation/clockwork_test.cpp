// The door to the kernel: what goes wrong inside comes out whole, and signals stay whose they were.
#include "engine/simulation/clockwork.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <vector>

#include "engine/quantity/contract.hpp"
#include "tests/apart.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using quantity::ContractError;
using quantity::SimTime;
using simulation::Bell;
using simulation::Clockwork;
using simulation::Crew;
using tests::Incident;
using tests::minutes;

namespace {

SimTime at(double minute) { return SimTime::at(minutes(minute)); }
Clockwork::Hooks quiet() {
  return {.next_date = [] { return SimTime::never(); }, .pulse = [](SimTime) {}};
}

}  // namespace

TEST_CASE("what the flows throw between two events is thrown by play, though an actor waits", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    Bell bell{clockwork};
    bool thrown = false;
    try {
      clockwork.play(
          0, {.next_date = [] { return at(5); }, .pulse = [](SimTime now) { quantity::require(now < at(5), "early"); }},
          [&] {
            clockwork.start_actor("waits", [&] { bell.wait(); });
            clockwork.sleep_until(at(60));
          });
    } catch (const ContractError&) {
      thrown = true;
    }
    return thrown;
  }));
}

TEST_CASE("flows go on alone, are where an actor wakes up by himself, and wake others at their own date", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    Bell bell{clockwork};
    std::vector<SimTime> pulses;
    const auto flow = [&] { return pulses.empty() ? SimTime{} : pulses.back(); };
    SimTime flow_then, woken, flow_at_waking;
    clockwork.play(0,
                   {.next_date = [&] { return flow() + minutes(1); },
                    .pulse =
                        [&](SimTime now) {
                          pulses.push_back(now);
                          if (now == at(5.5)) bell.ring();
                        }},
                   [&] {
                     clockwork.start_actor("waits", [&] {
                       bell.wait();
                       woken = clockwork.now();
                       flow_at_waking = flow();
                     });
                     clockwork.sleep_until(at(3.5));
                     flow_then = flow();
                     clockwork.sleep_until(at(8));
                   });
    const std::vector expected{at(1), at(2), at(3), at(3.5), at(4.5), at(5.5), at(6.5), at(7.5), at(8)};
    // Whatever is done to the kernel at a date of its own, it may ask again for what follows from it at that date.
    pulses.erase(std::unique(pulses.begin(), pulses.end()), pulses.end());
    return pulses == expected && flow_then == at(3.5) && woken == at(5.5) && flow_at_waking == at(5.5);
  }));
}

TEST_CASE("what an actor throws is thrown by play", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    bool thrown = false;
    try {
      clockwork.play(0, quiet(), [&] {
        clockwork.start_actor("fails", [] { throw ContractError{"on purpose"}; });
        clockwork.sleep_until(at(60));
      });
    } catch (const ContractError&) {
      thrown = true;
    }
    return thrown;
  }));
}

TEST_CASE("the kernel takes no signal for itself", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    std::signal(SIGINT, SIG_IGN);
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    clockwork.play(0, quiet(), [&] { clockwork.sleep_until(at(1)); });
    return std::signal(SIGINT, SIG_DFL) == SIG_IGN;
  }));
}

TEST_CASE("a bell that rang before anybody waited is heard, once", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    Bell bell{clockwork};
    SimTime first, second;
    clockwork.play(0, quiet(), [&] {
      bell.ring();
      bell.ring();
      bell.wait_until(at(10));
      first = clockwork.now();
      bell.wait_until(at(10));
      second = clockwork.now();
    });
    return first == SimTime{} && second == at(10);
  }));
}

TEST_CASE("whoever wants two of three people is not overtaken by those who want one", "[simgrid]") {
  CHECK(tests::holds_apart([] {
    const Incident incident{"shop -> front"};
    Clockwork clockwork{incident.world};
    Crew crew{3};
    std::vector<int> order;
    const auto work = [&](int number, int people, double begins, double lasts) {
      clockwork.start_actor("works", [&, number, people, begins, lasts] {
        clockwork.sleep_until(at(begins));
        crew.take(people);
        order.push_back(number);
        clockwork.sleep_until(clockwork.now() + minutes(lasts));
        crew.release(people);
      });
    };
    clockwork.play(0, quiet(), [&] {
      work(1, 2, 1, 10);
      work(2, 2, 2, 10);
      work(3, 1, 3, 10);
      clockwork.sleep_until(at(60));
    });
    return order == std::vector{1, 2, 3};
  }));
}
