// What must hold of every comparison, whatever the entries' days cost; and how often intervals of differences hold the
// truth, over a thousand pairs of samples at a fixed seed.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include "engine/statistics/holm.hpp"
#include "engine/statistics/paired.hpp"
#include "tests/unit/study/compared.hpp"

namespace knockon {
namespace {

using statistics::Difference;
using statistics::Nature;
using statistics::Reading;
using statistics::Resamples;
using statistics::Sample;

Sample a_sample(std::size_t size) {
  Sample sample;
  for (std::size_t i = 0; i < size; ++i) {
    const double value = *rc::gen::inRange(0, 20);
    const int kind = *rc::gen::inRange(0, 10);
    sample.push_back(kind == 0 ? Reading{} : kind == 1 ? Reading::censored(value) : Reading::exact(value));
  }
  return sample;
}

study::Comparison a_comparison(const world::World& world) {
  const auto entries = *rc::gen::inRange<std::size_t>(2, 6);
  const auto count = *rc::gen::inRange<std::size_t>(1, 30);
  std::vector<std::pair<std::string, std::vector<invented::Day>>> drawn;
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const std::int64_t first = *rc::gen::inRange(10, 14);
    const int hours = *rc::gen::inRange(1, 4);
    std::vector<invented::Day> days;
    for (std::size_t i = 0; i < count; ++i) days.push_back({first + *rc::gen::inRange(0, 4), 1.0 * hours});
    drawn.emplace_back("plan-" + std::to_string(entry), std::move(days));
  }
  return invented::comparison_of(world, drawn);
}

TEST_CASE("days are better, tied or worse, and differences turn with their sides") {
  CHECK(rc::check([] {
    const auto size = *rc::gen::inRange<std::size_t>(0, 40);
    const Sample a = a_sample(size), b = a_sample(size);
    const auto nature = *rc::gen::element(Nature::amount, Nature::date);
    Resamples resamples;

    const Difference one = statistics::difference_of(a, b, nature, resamples);
    const Difference other = statistics::difference_of(b, a, nature, resamples);

    RC_ASSERT(one.a_better + one.tie + one.b_better == one.n);
    RC_ASSERT(one.a_better == other.b_better);
    RC_ASSERT(one.tie == other.tie);
    RC_ASSERT(one.mean.has_value() == other.mean.has_value());
    if (one.mean) RC_ASSERT(*one.mean == -*other.mean);
    RC_ASSERT(one.ci95.has_value() == other.ci95.has_value());
    if (one.ci95) RC_ASSERT(*one.ci95->low == -*other.ci95->high);
    RC_ASSERT(one.p_value == other.p_value);
  }));
}

TEST_CASE("Holm's procedure is no laxer than one test and no stricter than Bonferroni's, and keeps the order") {
  CHECK(rc::check([] {
    std::vector<double> p_values;
    for (const int thousandth : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001)))
      p_values.push_back(thousandth / 1000.0);

    const std::vector<double> adjusted = statistics::holm_adjusted(p_values);

    for (std::size_t i = 0; i < p_values.size(); ++i) {
      RC_ASSERT(adjusted[i] >= p_values[i]);
      RC_ASSERT(adjusted[i] <= std::min(1.0, p_values[i] * static_cast<double>(p_values.size())));
      for (std::size_t j = 0; j < p_values.size(); ++j) {
        if (p_values[i] < p_values[j]) RC_ASSERT(adjusted[i] <= adjusted[j]);
      }
    }
  }));
}

TEST_CASE("dominance is an order: nothing dominates itself, and it passes on") {
  const world::World world = invented::two_apps();
  bool was_passed_on = false;
  CHECK(rc::check([&] {
    const study::Comparison comparison = a_comparison(world);
    std::set<std::pair<std::size_t, std::size_t>> dominated;
    for (const study::Dominated& one : comparison.dominated) {
      RC_ASSERT(!one.on.empty());
      dominated.insert({one.entry, one.by});
    }
    for (const auto& [entry, by] : dominated) {
      RC_ASSERT(entry != by);
      for (const auto& [next, above] : dominated) {
        if (next != by) continue;
        was_passed_on = true;
        RC_ASSERT(dominated.contains({entry, above}));
      }
    }
  }));
  CHECK(was_passed_on);
}

TEST_CASE("every entry is ranked once, and no later group is ahead of an earlier one's best") {
  const world::World world = invented::two_apps();
  CHECK(rc::check([&] {
    const study::Comparison comparison = a_comparison(world);
    std::multiset<std::size_t> ranked;
    double best_before = 0;
    for (const auto& group : comparison.ranking) {
      const double best = *comparison.results[group.front()].incident.user_minutes_lost.mean;
      RC_ASSERT(best >= best_before);
      best_before = best;
      ranked.insert(group.begin(), group.end());
    }
    RC_ASSERT(ranked.size() == comparison.entries.size());
    RC_ASSERT(std::set<std::size_t>(ranked.begin(), ranked.end()).size() == comparison.entries.size());
  }));
}

// --- coverage --------------------------------------------------------------------------------------------------------

class Uniforms {
 public:
  double operator()() { return (static_cast<double>(bits_() >> 11) + .5) * 0x1p-53; }

 private:
  std::mt19937_64 bits_{20211004};
};

double exponential(Uniforms& uniform) { return -std::log(uniform()); }
double normal(Uniforms& uniform) {
  return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::acos(-1) * uniform());
}

// Both entries meet the same day, ten times as wide as what they do with it; a takes a minute longer on average.
double paired_coverage(std::size_t n, const std::function<double(Uniforms&)>& what_a_adds, double truth) {
  constexpr int repetitions = 1000;
  Uniforms uniform;
  Resamples resamples;
  int covered = 0;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    Sample a, b;
    for (std::size_t i = 0; i < n; ++i) {
      const double day = 10 * exponential(uniform);
      b.push_back(Reading::exact(day));
      a.push_back(Reading::exact(day + what_a_adds(uniform)));
    }
    const Difference difference = statistics::difference_of(a, b, Nature::amount, resamples);
    covered += *difference.ci95->low <= truth && truth <= *difference.ci95->high ? 1 : 0;
  }
  return covered / static_cast<double>(repetitions);
}

// A thousand repetitions at 95 % have a standard error of 0.7 %.
TEST_CASE("intervals of paired differences hold the truth as often as they say") {
  const auto normal_around_one = [](Uniforms& uniform) { return 1 + normal(uniform); };
  for (const std::size_t n : {200, 1000}) {
    CAPTURE(n);
    const double of_normal = paired_coverage(n, normal_around_one, 1),
                 of_exponential = paired_coverage(n, exponential, 1);
    CHECK(of_normal >= .93);
    CHECK(of_normal <= .97);
    CHECK(of_exponential >= .93);
    CHECK(of_exponential <= .97);
  }
}

}  // namespace
}  // namespace knockon
