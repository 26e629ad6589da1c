// People who wait to try again, against their equations in small steps and against closed forms.
#include "engine/traffic/retry_pool.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

#include "engine/random/stream.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using traffic::OverStep;

namespace {

using Pool = traffic::RetryPool<double>;

world::Retry waits(double first_s, double factor, double up_to_s, double gives_up_per_s) {
  world::Retry retry;
  retry.first = Duration::of_seconds(first_s);
  retry.factor = factor;
  retry.up_to = Duration::of_seconds(up_to_s);
  retry.gives_up = Rate::per_second(gives_up_per_s);
  return retry;
}

// The same people by small steps of the equations: who fails on a rung goes to the next, on the last to that again.
struct InSmallSteps {
  std::array<double, traffic::RetryLadder::rungs_max> waiting{};
  [[nodiscard]] double all() const {
    double sum = 0;
    for (const double some : waiting) sum += some;
    return sum;
  }
  void move(const traffic::RetryLadder& ladder, double step_s, const OverStep<double>& first,
            const OverStep<double>& success) {
    constexpr int parts = 4000;
    const double part_s = step_s / parts;
    for (int part = 0; part < parts; ++part) {
      const double from_middle = 2 * ((part + 0.5) / parts - 0.5);
      const auto now = [&](const OverStep<double>& some) {
        return some.mean + (some.at_end - some.mean) * from_middle;
      };
      const double failing = 1 - now(success);
      double joining = now(first) * failing;
      const std::size_t last = ladder.rungs() - 1;
      for (std::size_t n = 0; n <= last; ++n) {
        const double trying = waiting[n] * ladder.tries_per_s(n);
        const double stays = n == last ? trying * failing : 0;
        waiting[n] += (joining + stays - trying - waiting[n] * ladder.gives_up_per_s()) * part_s;
        joining = trying * failing;
      }
    }
  }
};

}  // namespace

TEST_CASE("who waits while success goes straight is moved as by small steps of the equations") {
  random::Stream drawn{{11, 0}, "who waits"};
  double all_off = 0, all_off_evenly = 0;
  constexpr int pools = 40;
  for (int n = 0; n < pools; ++n) {
    traffic::RetryLadder ladder{waits(2 + 30 * drawn.uniform(), 1 + drawn.uniform(), 300, 1.0 / 7200)};
    Pool pool, evenly;
    InSmallSteps fine;
    double success = drawn.uniform(), first_per_s = 100;
    for (int step = 0; step < 8; ++step) {
      const double step_s = 5 + 40 * drawn.uniform(), goes = 0.2 * (drawn.uniform() - 0.5);
      const double ends = std::clamp(success + goes, 0.0, 1.0);
      const double first_ends = first_per_s * (0.8 + 0.4 * drawn.uniform());
      const OverStep<double> answered{(success + ends) / 2, ends}, first{(first_per_s + first_ends) / 2, first_ends};
      ladder.set_step(step_s);
      pool.move(ladder, first, answered);
      evenly.move(ladder, OverStep<double>::even(first.mean), OverStep<double>::even(answered.mean));
      fine.move(ladder, step_s, first, answered);
      success = ends;
      first_per_s = first_ends;
    }
    double tries_per_s = 0;
    for (std::size_t rung = 0; rung < ladder.rungs(); ++rung)
      tries_per_s += fine.waiting[rung] * ladder.tries_per_s(rung);
    INFO("pool " << n << ", first wait " << ladder.rung(0).wait_s << " s");
    CHECK(pool.waiting() == Approx(fine.all()).epsilon(0.02));
    CHECK(pool.tries_per_s() == Approx(tries_per_s).epsilon(0.04));
    all_off += std::abs(pool.tries_per_s() / tries_per_s - 1) / pools;
    all_off_evenly += std::abs(evenly.tries_per_s() / tries_per_s - 1) / pools;
  }
  CHECK(all_off < 0.002);
  CHECK(all_off < 0.1 * all_off_evenly);  // the means alone do not do it
}

TEST_CASE("who is there all along is answered the same, whenever in a step most are") {
  traffic::RetryLadder ladder{waits(5, 1, 5, 1e-4)};
  REQUIRE(ladder.rungs() == 1);
  for (const double ends : {0.0, 0.4, 0.5, 0.6, 1.0}) {
    ladder.set_step(1);
    Pool pool;
    pool.move(ladder, OverStep<double>::even(1000), {});
    const double before = pool.waiting();
    ladder.set_step(30);
    const traffic::RetryTally<double> tally = pool.move(ladder, {}, {0.5, ends});
    const double leave_per_s = 0.5 / 5 + 1e-4, left = before * std::exp(-leave_per_s * 30);
    INFO("success ends at " << ends);
    CHECK(pool.waiting() == Approx(left).epsilon(1e-12));
    CHECK(tally.answered == Approx((before - left) * 0.5 / 5 / leave_per_s).epsilon(1e-12));
  }
}

TEST_CASE("of waits that are all alike, as many are left as by small steps of the equations") {
  random::Stream drawn{{13, 0}, "all alike"};
  for (int n = 0; n < 40; ++n) {
    traffic::RetryLadder ladder{waits(3 + 10 * drawn.uniform(), 1, 60, 1e-4)};
    Pool pool;
    InSmallSteps fine;
    for (int step = 0; step < 6; ++step) {
      const double first = 100 * drawn.uniform(), mean = 0.2 + 0.6 * drawn.uniform(),
                   goes = 0.2 * (drawn.uniform() - 0.5);
      const OverStep<double> first_per_s{first, first * (0.5 + drawn.uniform())}, success{mean, mean + goes};
      ladder.set_step(5 + 40 * drawn.uniform());
      pool.move(ladder, first_per_s, success);
      fine.move(ladder, ladder.step_s(), first_per_s, success);
      INFO("pool " << n << ", step " << step);
      CHECK(pool.waiting() == Approx(fine.all()).epsilon(0.05));
    }
  }
}

TEST_CASE("parts of a step follow its line, and make up all of it") {
  constexpr int parts = 5;
  for (const auto& [mean, at_end] :
       {std::pair{0.5, 0.7}, std::pair{0.5, 0.1}, std::pair{0.9, 0.4}, std::pair{0.2, 1.0}}) {
    double all = 0, before = -1;
    for (int n = 1; n <= parts; ++n) {
      const OverStep<double> part = traffic::part_of(OverStep<double>{mean, at_end}, n / 5.0, 1 / 5.0);
      const double begins = 2 * part.mean - part.at_end;
      INFO("part " << n << " of a step of " << mean << " that ends at " << at_end);
      CHECK(begins > -1e-12);
      CHECK(begins < 1 + 1e-12);
      if (n > 1) CHECK(begins == Approx(before).margin(1e-12));
      all += part.mean / parts;
      before = part.at_end;
    }
    CHECK(all == Approx(mean));
    // It goes no farther than lets it begin with none, or with all.
    CHECK(before == Approx(std::clamp(at_end, mean - std::min(mean, 1 - mean), mean + std::min(mean, 1 - mean))));
  }
}

TEST_CASE("where waits are short, as many wait at the end of a step as what is so then makes") {
  traffic::RetryLadder ladder{waits(0.5, 1e6, 3600, 0)};  // then nearly nobody comes back within the step
  ladder.set_step(100);
  Pool pool;
  pool.move(ladder, {1000, 1500}, {0.6, 0.9});
  const double soon = 1500 * (1 - 0.9) * 0.5;  // joining a second then, for half a second
  const double later = pool.waiting() - soon;
  CHECK(pool.tries_per_s() - later / 3600 == Approx(soon / 0.5).epsilon(0.03));
}

TEST_CASE("whatever comes and is answered, nobody who waits is lost, and nobody is made up") {
  random::Stream drawn{{12, 0}, "whatever comes"};
  traffic::RetryLadder ladder{waits(10, 1.6, 360, 1.0 / 3600)};
  Pool pool;
  double before = 0;
  for (int step = 0; step < 2000; ++step) {
    ladder.set_step(1200 * std::pow(drawn.uniform(), 3) + 1e-3);
    const auto some = [&] { return drawn.uniform() < 0.3 ? 0 : drawn.uniform() < 0.2 ? 1 : drawn.uniform(); };
    const OverStep<double> first{1e5 * some(), 1e5 * some()}, success{some(), some()};
    const traffic::RetryTally<double> tally = pool.move(ladder, first, success);
    const double joined = first.mean * (1 - success.mean) * ladder.step_s();
    INFO("step " << step << " of " << ladder.step_s() << " s");
    REQUIRE(pool.waiting() >= 0);
    REQUIRE(pool.tries_per_s() >= 0);
    REQUIRE(tally.tries >= 0);
    REQUIRE(tally.tries <= (before + joined) * (ladder.step_s() * ladder.tries_per_s(0)) * (1 + 1e-9));
    REQUIRE(tally.gave_up >= 0);
    REQUIRE(pool.waiting() + tally.answered + tally.gave_up == Approx(before + joined).epsilon(1e-11).margin(1e-6));
    before = pool.waiting();
  }
}

TEST_CASE("how many tries are foreseen is how many are made, while as many are answered all along") {
  const auto [first_s, factor, up_to_s] =
      GENERATE(std::tuple{5.0, 2.0, 5.0}, std::tuple{5.0, 2.0, 60.0}, std::tuple{20.0, 1.6, 360.0});
  for (const double success : {0.0, 0.3, 0.9}) {
    for (const double step_s : {1.0, 12.0, 100.0, 1200.0}) {
      traffic::RetryLadder ladder{waits(first_s, factor, up_to_s, 1e-4)};
      const auto even = OverStep<double>::even(success);
      Pool pool;
      ladder.set_step(40);
      for (int i = 0; i < 5; ++i) pool.move(ladder, OverStep<double>::even(10), even);
      ladder.set_step(step_s);
      const OverStep<double> foreseen = pool.foreseen_tries_per_s(ladder, 10, success);
      const auto tally = pool.move(ladder, OverStep<double>::even(10), even);
      INFO("waits " << first_s << " to " << up_to_s << " s, success " << success << ", step " << step_s << " s");
      CHECK(foreseen.mean == Approx(tally.tries / step_s).epsilon(0.05));
      CHECK(foreseen.at_end == Approx(pool.tries_per_s()).epsilon(0.05));
    }
  }
}
