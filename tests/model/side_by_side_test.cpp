// Regions and places are worked out side by side, four at once: each must fare as it would alone.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/lanes.hpp"
#include "engine/traffic/retry_pool.hpp"
#include "tests/drawn.hpp"

using namespace knockon;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using quantity::SimTime;
using tests::Drawn;
using traffic::Lanes;
using world::Metric;

namespace {

// So many units of the last place.
double apart(double one, double other) {
  return std::abs(one - other) / (std::nextafter(std::abs(other), INFINITY) - std::abs(other));
}

}  // namespace

TEST_CASE("four exponentials at once are those of the library, to two units of the last place") {
  double farthest = 0;
  for (int n = 0; n <= 200'000; ++n) {
    const double part = n / 200'000.0;
    const std::array<double, traffic::lanes> x = {-part, -40 * part, -700 * part, -1e-9 * part};
    const Lanes all = traffic::exp_of_loss(Lanes::of_all(x.data()));
    for (std::size_t lane = 0; lane < traffic::lanes; ++lane)
      farthest = std::max(farthest, apart(all[lane], std::exp(x[lane])));
  }
  CHECK(farthest <= 2);
  const std::array<double, traffic::lanes> ends = {0.0, -709.0, -1e9, -INFINITY};
  const Lanes all = traffic::exp_of_loss(Lanes::of_all(ends.data()));
  CHECK(all[0] == 1);
  for (std::size_t lane = 1; lane < traffic::lanes; ++lane) CHECK(all[lane] == 0);
}

TEST_CASE("who waits to try again in one of four pools side by side fares as in a pool alone") {
  world::Retry retry;
  retry.gives_up = Rate::per_second(1.0 / 900);
  traffic::RetryLadder ladder{retry};
  traffic::RetryPool<Lanes> beside, kept_out_beside;
  std::array<traffic::RetryPool<double>, traffic::lanes> alone{}, kept_out_alone{};
  random::Stream drawn{{7, 0}, "side by side"};
  for (int step = 0; step < 500; ++step) {
    ladder.set_step(1200 * std::pow(drawn.uniform(), 4) + 1e-3);
    traffic::OverStep<Lanes> first, success;
    for (std::size_t lane = 0; lane < traffic::lanes; ++lane) {
      // Some come while others do not; sometimes all are answered, or nobody is.
      for (Lanes* some : {&first.mean, &first.at_end})
        some->set(lane, drawn.uniform() < 0.5 ? 0 : 1e4 * drawn.uniform());
      for (Lanes* some : {&success.mean, &success.at_end}) {
        const double luck = drawn.uniform();
        some->set(lane, luck < 0.2 ? 0 : luck > 0.8 ? 1 : luck);
      }
    }
    const traffic::RetryTally<Lanes> tally = beside.move(ladder, first, success);
    for (std::size_t lane = 0; lane < traffic::lanes; ++lane) {
      const traffic::RetryTally<double> own =
          alone[lane].move(ladder, {first.mean[lane], first.at_end[lane]}, {success.mean[lane], success.at_end[lane]});
      INFO("step " << step << ", lane " << lane);
      REQUIRE(tally.tries[lane] == Approx(own.tries).epsilon(1e-9).margin(1e-6));
      REQUIRE(tally.answered[lane] == Approx(own.answered).epsilon(1e-9).margin(1e-6));
      REQUIRE(tally.gave_up[lane] == Approx(own.gave_up).epsilon(1e-9).margin(1e-6));
      REQUIRE(beside.waiting()[lane] == Approx(alone[lane].waiting()).epsilon(1e-9).margin(1e-6));
      REQUIRE(beside.tries_per_s()[lane] == Approx(alone[lane].tries_per_s()).epsilon(1e-9).margin(1e-6));
    }
    const std::size_t handing = static_cast<std::size_t>(step) % traffic::lanes;
    Lanes part;
    part.set(handing, 0.3);
    beside.hand_over(part, kept_out_beside);
    alone[handing].hand_over(0.3, kept_out_alone[handing]);
  }
}

namespace {

// So many regions, each with a site where every service is, which is the nearest. People read, and log in for it.
struct Apart : Drawn {
  explicit Apart(const std::vector<double>& users) : Drawn{"reader -> feed -> shelf; feed ~> extra; reader -> gate"} {
    call("reader", "feed").per_request = 2;
    call("feed", "shelf").tries = 3;
    call("feed", "shelf").backoff.first = {};
    world.operations[operation("extra").index()].fallback = world::Fallback{.stale = {}, .share = Share{0.5}};
    log_in_at("gate", Share{0.9});
    world.populations[0].users = users;
    for (std::size_t r = 1; r < users.size(); ++r) {
      const std::string name = "place-" + std::to_string(r);
      world.regions.push_back({name, 1e6, {}});
      world.sites.push_back({name, world::RegionId{r}});
    }
    for (world::Service& one : world.services) {
      one.sites.clear();
      for (std::size_t r = 0; r < users.size(); ++r) one.sites.push_back(world::SiteId{r});
      one.replicas.assign(users.size(), 10);
      one.per_replica = Rate::per_second(1e6);
    }
  }
};

struct Course {
  Apart world;
  traffic::Network network{world.world};
  traffic::Flow flow;
  explicit Course(const std::vector<double>& users, traffic::Precision precision = {})
      : world{users}, flow{network, precision} {
    flow.begin();
  }
};

}  // namespace

TEST_CASE("where everything works the mean of unlike regions and journeys is one, to the last bit") {
  const std::vector<double> users = {1e6, 3e6, 0, 2e6, 1.7e6, 0.3e6, 1.1e6};
  for (std::size_t regions = 1; regions <= users.size(); ++regions) {
    const Course course{{users.begin(), users.begin() + static_cast<std::ptrdiff_t>(regions)}};
    CHECK(course.flow.success(world::AppId{0}).total() == 1);
    CHECK(course.flow.value(world::Metric::success, {world::AppId{0}, {}}) == 1);
    for (std::size_t r = 0; r < regions; ++r)
      CHECK(course.flow.success(world::AppId{0}, world::RegionId{r}).total() == 1);
  }
}

TEST_CASE("each of up to six regions side by side fares as alone, and keeps to its own place") {
  const std::vector<double> users = {1e6, 3e6, 0, 2e6, 1.5e6, 0.25e6};  // nobody in the third
  const std::vector<double> errors = {0.3, 0, 0.9, 0.05, 1, 0.6}, admitted = {1, 0.4, 0.8, 1, 0.2, 0.5};
  const traffic::Precision precision{.follows_all = GENERATE(false, true)};
  for (std::size_t regions = 1; regions <= users.size(); ++regions) {
    Course all{{users.begin(), users.begin() + static_cast<std::ptrdiff_t>(regions)}, precision};
    std::vector<std::unique_ptr<Course>> alone;
    for (std::size_t r = 0; r < regions; ++r)
      alone.push_back(std::make_unique<Course>(std::vector{users[r]}, precision));

    const auto strike = [&](Course& course, std::size_t region, std::size_t place) {
      const world::SiteId site{place};
      course.flow.set_errors(course.world.operation("shelf"), site, Share{errors[region]});
      course.flow.set_errors(course.world.operation("extra"), site, Share{errors[(region + 3) % errors.size()]});
      course.flow.set_errors(course.world.operation("gate"), site, Share{errors[(region + 1) % errors.size()]});
      course.flow.set_admission(world::JourneyId{1}, world::RegionId{place}, Share{admitted[region]});
    };
    const auto log_everybody_out = [](Course& course) {
      course.flow.begin_log_out(world::SessionId{0}, Share{0.8}, Duration::minutes(5), Duration::minutes(40));
      course.flow.settle();
    };
    for (std::size_t r = 0; r < regions; ++r) {
      strike(all, r, r);
      strike(*alone[r], r, 0);
      log_everybody_out(*alone[r]);
    }
    log_everybody_out(all);

    const auto look = [&] {
      for (std::size_t r = 0; r < regions; ++r) {
        INFO("region " << r << " of " << regions << " after " << all.flow.now().since_start().in_seconds() << " s");
        const world::RegionId here{r};
        for (const world::JourneyId journey : {world::JourneyId{0}, world::JourneyId{1}}) {
          const traffic::Success beside = all.flow.success(journey, here),
                                 own = alone[r]->flow.success(journey, Drawn::region);
          REQUIRE(beside.ok == Approx(own.ok).epsilon(1e-8).margin(1e-9));
          REQUIRE(beside.degraded == Approx(own.degraded).epsilon(1e-8).margin(1e-9));
        }
        REQUIRE(all.flow.tries(Drawn::app, here).per_second() ==
                Approx(alone[r]->flow.tries(Drawn::app, Drawn::region).per_second()).epsilon(1e-8));
        if (!precision.follows_all) continue;
        for (const char* name : {"feed", "shelf", "extra", "gate"}) {
          const double beside = *all.flow.value(Metric::rate, {all.world.service(name), world::SiteId{r}}),
                       own = *alone[r]->flow.value(Metric::rate, {alone[r]->world.service(name), Drawn::site});
          REQUIRE(beside == Approx(own).epsilon(1e-8));
        }
      }
      double failing = 0;
      for (const auto& one : alone) failing += one->flow.people_failing();
      REQUIRE(all.flow.people_failing() == Approx(failing).epsilon(1e-8));
    };
    look();
    // Everybody takes the same steps; which a region alone would take longer or shorter.
    int steps = 0;
    const auto run_until = [&](SimTime end) {
      while (all.flow.now() < end) {
        SimTime next = std::min(end, all.flow.next_date());
        for (const auto& one : alone) next = std::min(next, one->flow.next_date());
        all.flow.advance(next);
        for (const auto& one : alone) one->flow.advance(next);
        look();
        ++steps;
      }
    };
    run_until(SimTime::at(Duration::hours(1)));
    // While people wait to try again, some of them are let in or kept out anew.
    for (std::size_t r = 0; r < regions; ++r) {
      const Share now{admitted[(r + 1) % admitted.size()]};
      all.flow.set_admission(world::JourneyId{1}, world::RegionId{r}, now);
      alone[r]->flow.set_admission(world::JourneyId{1}, Drawn::region, now);
      alone[r]->flow.settle();
    }
    all.flow.settle();
    look();
    run_until(SimTime::at(Duration::hours(2)));
    CHECK(steps > 10);
    const double reads = all.flow.success(world::JourneyId{0}, Drawn::region).total();
    CHECK(reads > 0.3);
    CHECK(reads < 0.99);
  }
}
