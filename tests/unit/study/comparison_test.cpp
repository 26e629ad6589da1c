#include "engine/study/comparison.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "engine/quantity/contract.hpp"
#include "tests/unit/study/compared.hpp"

namespace knockon::study {
namespace {

using invented::comparison_of;
using invented::Day;
using invented::days_from;

using Groups = std::vector<std::vector<std::size_t>>;

std::size_t measure(const Comparison& comparison, const std::string& name, const std::string& app = {}) {
  for (std::size_t i = 0; i < comparison.measures.size(); ++i) {
    if (comparison.measures[i].name == name && comparison.measures[i].app == app) return i;
  }
  FAIL("no measure " << name);
  return 0;
}

TEST_CASE("a strategy compared with itself is tied every day in every measure") {
  const world::World world = invented::two_apps();

  const Comparison comparison = comparison_of(world, {{"one", days_from(50)}, {"other", days_from(50)}});

  for (const Pair& pair : comparison.pairs) {
    CAPTURE(comparison.measures[pair.measure].name);
    CHECK(pair.difference.tie == pair.difference.n);
    CHECK_FALSE(pair.is_significant);
    if (pair.difference.n > 0) CHECK(pair.difference.mean == 0.0);
  }
  CHECK(comparison.ranking == Groups{{0, 1}});
  CHECK(comparison.dominated.empty());
}

TEST_CASE("every headline measure is compared, and those of every app that all entries have") {
  const world::World world = invented::two_apps();

  const Comparison comparison = comparison_of(world, {{"one", days_from(50)}, {"other", days_from(60)}});

  for (const char* name :
       {"user_minutes_lost", "down_minutes", "mitigated_minute", "restored_minute", "detected_minute",
        "acknowledged_minute", "diagnosed_minute", "announced_minute", "money_lost", "staff_hours"}) {
    (void)measure(comparison, name);
  }
  const auto down = comparison.pair_of(0, 1, measure(comparison, "down_minutes", "feed"));
  REQUIRE(down);
  CHECK(down->difference.mean == -10.0);
  CHECK(down->is_significant);
}

TEST_CASE("an app that only one of the worlds has is not compared") {
  const world::World world = invented::two_apps();
  world::World smaller = world;
  smaller.apps[1].name = "talk";
  std::vector<Entry> entries = invented::entries_of(world, {"as-it-is", "renamed"});
  entries[1].world = entries[1].base = &smaller;

  const std::vector<ComparedMeasure> measures = compared_measures(entries);

  std::set<std::string> apps;
  for (const ComparedMeasure& one : measures) apps.insert(one.app);
  CHECK(apps == std::set<std::string>{"", "feed"});
}

TEST_CASE("a comparison is the same on any number of threads, down to the last bit") {
  const world::World world = invented::two_apps();
  const auto on = [&](std::size_t threads) {
    return compared(Across::strategies, invented::entries_of(world, {"one", "two", "three"}), 0,
                    {invented::replications_of(days_from(50)), invented::replications_of(days_from(47)),
                     invented::replications_of(days_from(51, 40, 5))},
                    threads);
  };
  const Comparison alone = on(1);

  for (const std::size_t threads : {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{500}}) {
    const Comparison together = on(threads);
    REQUIRE(together.pairs.size() == alone.pairs.size());
    std::size_t with_intervals = 0;
    for (std::size_t i = 0; i < alone.pairs.size(); ++i) {
      const Pair &one = together.pairs[i], &other = alone.pairs[i];
      CHECK((one.a == other.a && one.b == other.b && one.measure == other.measure));
      CHECK(one.difference.mean == other.difference.mean);
      CHECK(one.is_significant == other.is_significant);
      REQUIRE(one.difference.ci95.has_value() == other.difference.ci95.has_value());
      if (!one.difference.ci95) continue;
      ++with_intervals;
      CHECK(one.difference.ci95->low == other.difference.ci95->low);
      CHECK(one.difference.ci95->high == other.difference.ci95->high);
    }
    CHECK(with_intervals > 10);
    CHECK(together.ranking == alone.ranking);
    CHECK(fingerprint_of(together) == fingerprint_of(alone));
  }
}

TEST_CASE("a day on which a replication died in one entry leaves every pair") {
  const world::World world = invented::two_apps();
  Replications whole = invented::replications_of(days_from(50)), with_loss = invented::replications_of(days_from(50));
  with_loss.outcomes.erase(with_loss.outcomes.begin() + 7);
  with_loss.died = {{.index = 7, .error = "no route left"}};

  const Comparison comparison =
      compared(Across::strategies, invented::entries_of(world, {"one", "two", "three"}), 0, {whole, with_loss, whole});

  for (const Results& results : comparison.results) CHECK(results.finished == 39);
  for (const Pair& pair : comparison.pairs) CHECK(pair.difference.n <= 39);
  CHECK(too_many_died(comparison));
}

TEST_CASE("one lost day in a hundred is bearable, and is counted once however many entries lost it") {
  const world::World world = invented::two_apps();
  Replications with_loss = invented::replications_of(days_from(50, 100));
  with_loss.outcomes.pop_back();
  with_loss.died = {{.index = 99, .error = "no route left"}};

  const Comparison comparison =
      compared(Across::strategies, invented::entries_of(world, {"one", "two"}), 0, {with_loss, with_loss});

  CHECK_FALSE(too_many_died(comparison));
}

TEST_CASE("a minus b is b minus a with its sign turned") {
  const world::World world = invented::two_apps();
  const std::vector<Day> a = days_from(50), b{days_from(47)};

  const Comparison one = comparison_of(world, {{"a", a}, {"b", b}}), other = comparison_of(world, {{"b", b}, {"a", a}});

  REQUIRE(one.pairs.size() == other.pairs.size());
  for (std::size_t i = 0; i < one.pairs.size(); ++i) {
    const Pair back = turned(other.pairs[i]);
    CHECK(one.pairs[i].difference.mean == back.difference.mean);
    CHECK(one.pairs[i].difference.ci95 == back.difference.ci95);
    CHECK(one.pairs[i].difference.a_better == back.difference.a_better);
    CHECK(one.pairs[i].is_significant == back.is_significant);
  }
  CHECK(one.pair_of(1, 0, 0)->difference.mean == other.pair_of(0, 1, 0)->difference.mean);
}

TEST_CASE("the best comes first, and what cannot be told apart shares a place") {
  const world::World world = invented::two_apps();
  std::vector<Day> about_fifty = days_from(50);
  for (std::size_t i = 0; i < about_fifty.size(); ++i) about_fifty[i].minutes += i % 2 == 0 ? 9 : -9;

  const Comparison comparison =
      comparison_of(world, {{"slow", days_from(90)}, {"steady", days_from(50)}, {"lucky", about_fifty}});

  REQUIRE(comparison.ranking.size() == 2);
  CHECK(std::set<std::size_t>(comparison.ranking[0].begin(), comparison.ranking[0].end()) ==
        std::set<std::size_t>{1, 2});
  CHECK(comparison.ranking[1] == std::vector<std::size_t>{0});
}

TEST_CASE("up to six entries all pairs are compared, beyond that each with the baseline") {
  const world::World world = invented::two_apps();
  std::vector<std::pair<std::string, std::vector<Day>>> entries;
  for (int i = 0; i < 6; ++i) entries.emplace_back("plan-" + std::to_string(i), days_from(50 + 10 * i));
  const Comparison six = comparison_of(world, entries);
  entries.emplace_back("plan-6", days_from(52));
  const Comparison seven = comparison_of(world, entries, 2);

  CHECK(six.pairs.size() == six.measures.size() * 15);
  CHECK(six.is_of_all_pairs);
  CHECK(seven.pairs.size() == seven.measures.size() * 6);
  CHECK_FALSE(seven.is_of_all_pairs);
  for (const Pair& pair : seven.pairs) CHECK((pair.b == 2 && pair.a != 2));
  // Better than the baseline, the baseline itself, worse than it.
  CHECK(seven.ranking == Groups{{0, 6, 1}, {2}, {3, 4, 5}});
}

TEST_CASE("whoever is better in nothing and worse in something is dominated") {
  const world::World world = invented::two_apps();

  const Comparison comparison = comparison_of(
      world, {{"quick", days_from(50)}, {"slow", days_from(70)}, {"slow-and-cheap", days_from(70, 40, 1)}});

  REQUIRE(comparison.dominated.size() == 2);
  CHECK(comparison.dominated[0].entry == 1);
  CHECK(comparison.dominated[0].by == 0);
  std::vector<std::string> on;
  for (const std::size_t i : comparison.dominated[0].on) on.push_back(comparison.measures[i].name);
  CHECK(on == std::vector<std::string>{"user_minutes_lost", "money_lost"});
  CHECK(comparison.dominated[1].entry == 1);
  CHECK(comparison.dominated[1].by == 2);
}

TEST_CASE("dates that did not come by the horizon have shares and no mean") {
  const world::World world = invented::two_apps();
  Replications mended = invented::replications_of(days_from(50, 20)), not_mended;
  for (std::uint64_t i = 0; i < 20; ++i) not_mended.outcomes.push_back(invented::feed_never_restored(world, i));
  not_mended.requested = 20;

  const Comparison comparison =
      compared(Across::strategies, invented::entries_of(world, {"mended", "not-mended"}), 0, {mended, not_mended});

  const Pair restored = *comparison.pair_of(0, 1, measure(comparison, "restored_minute"));
  CHECK(restored.difference.a_better == 20);
  CHECK_FALSE(restored.difference.mean);
  CHECK_FALSE(restored.is_significant);
  CHECK(comparison.pair_of(0, 1, measure(comparison, "down_minutes"))->difference.mean.has_value());
}

TEST_CASE("minutes in which several apps are down at once count once") {
  const world::World world = invented::two_apps();
  simulation::Outcome outcome = invented::feed_down_for(60);  // from minute 2 to minute 62
  outcome.apps_in_regions[2] =
      invented::down_between(quantity::Duration::minutes(50), quantity::Duration::minutes(80), 100);

  const Reader reader{world, world::StrategyId{0}};

  CHECK(reader.reading_of(IncidentMeasure::down, outcome).value() == Approx(78));
}

TEST_CASE("one entry is nothing to compare") {
  const world::World world = invented::two_apps();

  CHECK_THROWS_AS(compared(Across::strategies, invented::entries_of(world, {"only"}), 0, {{}}),
                  quantity::ContractError);
}

}  // namespace
}  // namespace knockon::study
