// Cut sets, probabilities and importance of functions that are known by heart.
#include "engine/graph/cut_sets.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/graph/availability.hpp"

using namespace knockon;
using graph::CutSets;
using graph::Diagrams;
using Value = Diagrams::Value;
using Sets = std::vector<std::vector<Diagrams::Variable>>;

namespace {

// At least k of the variables 0 … n - 1.
Value at_least(Diagrams& diagrams, int k, int n) {
  std::vector<Value> counted(static_cast<std::size_t>(k) + 1, Diagrams::never());
  counted[0] = Diagrams::always();
  for (int i = 0; i < n; ++i) {
    for (std::size_t c = static_cast<std::size_t>(k); c > 0; --c) {
      const Value one_more = diagrams.both(counted[c - 1], diagrams.variable(static_cast<Diagrams::Variable>(i)));
      counted[c] = diagrams.either(counted[c], one_more);
    }
  }
  return counted.back();
}

double binomial(int n, int k) { return std::tgamma(n + 1) / std::tgamma(k + 1) / std::tgamma(n - k + 1); }

}  // namespace

TEST_CASE("two of three fail in three pairs") {
  Diagrams diagrams{1000};

  const CutSets cuts = graph::cut_sets_of(diagrams, at_least(diagrams, 2, 3));

  CHECK(cuts.sets == Sets{{0, 1}, {0, 2}, {1, 2}});
  CHECK(cuts.complete);
}

TEST_CASE("a bridge network fails with either end, or across the bridge") {
  // given: the textbook example, with the cut sets
  // {1 2} {3 4} {1 5 4} {2 5 3}: 1 and 2 leave the source, 3 and 4 reach the target and 5 ties the two lanes.
  Diagrams d{1000};
  const auto works = [&](Diagrams::Variable v) { return d.inverse(d.variable(v)); };
  const auto path = [&](std::initializer_list<Diagrams::Variable> edges) {
    Value all = Diagrams::always();
    for (const auto edge : edges) all = d.both(all, works(edge));
    return all;
  };
  const Value connected = d.either(d.either(path({1, 3}), path({2, 4})), d.either(path({1, 5, 4}), path({2, 5, 3})));

  const CutSets cuts = graph::cut_sets_of(d, d.inverse(connected));

  CHECK(cuts.sets == Sets{{1, 2}, {3, 4}, {1, 4, 5}, {2, 3, 5}});
}

TEST_CASE("sets beyond the size that is asked for are left out, and those within are all there") {
  Diagrams diagrams{1000};
  const Value down = diagrams.either(diagrams.variable(0), at_least(diagrams, 3, 4));

  const CutSets cuts = graph::cut_sets_of(diagrams, down, {.size = 2});

  CHECK(cuts.sets == Sets{{0}});
  CHECK(cuts.complete);
}

TEST_CASE("what always fails has the empty set for a cut set, what never fails has none") {
  const Diagrams diagrams{2};

  CHECK(graph::cut_sets_of(diagrams, Diagrams::always()).sets == Sets{{}});
  CHECK(graph::cut_sets_of(diagrams, Diagrams::never()).sets.empty());
}

TEST_CASE("a set is minimal when no part of it is a cut set, also where a second failure repairs") {
  // given: down when 0 failed and 1 did not, or when 1 and 2 failed
  Diagrams d{1000};
  const Value down = d.either(d.both(d.variable(0), d.inverse(d.variable(1))), d.both(d.variable(1), d.variable(2)));

  CHECK(graph::cut_sets_of(d, down).sets == Sets{{0}, {1, 2}});
}

TEST_CASE("more sets than are listed are said to be incomplete") {
  Diagrams diagrams{100'000};

  const CutSets cuts = graph::cut_sets_of(diagrams, at_least(diagrams, 3, 30), {.size = 3, .sets = 100});

  CHECK(cuts.sets.size() == 100);
  CHECK_FALSE(cuts.complete);
}

TEST_CASE("diagrams that would need more nodes than allowed say so, and so do their cut sets") {
  Diagrams diagrams{20};

  const Value down = at_least(diagrams, 8, 16);

  CHECK_FALSE(diagrams.is_complete());
  CHECK(diagrams.size() <= 20);
  CHECK_FALSE(graph::cut_sets_of(diagrams, down).complete);
}

TEST_CASE("cut sets that need more room than allowed keep the smaller sets and say so") {
  Diagrams diagrams{100'000};
  const Value down = diagrams.either(diagrams.variable(40), at_least(diagrams, 6, 24));

  const CutSets cuts = graph::cut_sets_of(diagrams, down, {.size = 6, .sets = 1'000'000, .nodes = 60});

  CHECK(cuts.sets == Sets{{40}});
  CHECK_FALSE(cuts.complete);
}

TEST_CASE("k of n fail as often as the binomial law says") {
  for (const int k : {1, 3, 5, 9}) {
    Diagrams diagrams{10'000};
    const Value down = at_least(diagrams, k, 9);
    const double q = 0.2;
    double expected = 0;
    for (int i = k; i <= 9; ++i) expected += binomial(9, i) * std::pow(q, i) * std::pow(1 - q, 9 - i);

    CHECK(graph::probability_of(diagrams, down, std::vector<double>(9, q)) == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("the diagram agrees with inclusion and exclusion over the cut sets") {
  // given: the cut sets {0 1} {1 2} {0 3}, each failing on its own terms
  Diagrams d{1000};
  const auto pair = [&](Diagrams::Variable a, Diagrams::Variable b) { return d.both(d.variable(a), d.variable(b)); };
  const Value down = d.either(pair(0, 1), d.either(pair(1, 2), pair(0, 3)));
  const std::vector<double> q{0.1, 0.2, 0.3, 0.4};

  const double singles = q[0] * q[1] + q[1] * q[2] + q[0] * q[3];
  const double doubles = q[0] * q[1] * q[2] + q[0] * q[1] * q[3] + q[0] * q[1] * q[2] * q[3];
  const double triple = q[0] * q[1] * q[2] * q[3];
  CHECK(graph::probability_of(d, down, q) == Approx(singles - doubles + triple).epsilon(1e-12));
}

TEST_CASE("importance of one in series with a pair follows from its definitions") {
  // given: Q = a + (1 - a) b c
  Diagrams d{1000};
  const Value down = d.either(d.variable(0), d.both(d.variable(1), d.variable(2)));
  const double a = 0.01, b = 0.1, c = 0.2, q = a + (1 - a) * b * c;

  const auto all = graph::importances_of(d, down, {a, b, c});

  REQUIRE(all.size() == 3);
  CHECK(all[0].variable == 0);
  CHECK(all[0].birnbaum == Approx(1 - b * c));
  CHECK(all[0].fussell_vesely == Approx(1 - b * c / q));
  CHECK(all[0].risk_achievement_worth == Approx(1 / q));
  CHECK(all[0].risk_reduction_worth == Approx(q / (b * c)));
  CHECK(all[1].variable == 1);  // the pair: dQ/db = (1 - a) c
  CHECK(all[1].birnbaum == Approx((1 - a) * c));
  CHECK(all[2].birnbaum == Approx((1 - a) * b));
}

TEST_CASE("without the only reason to fail nothing is left of the risk") {
  Diagrams d{10};

  const auto all = graph::importances_of(d, d.variable(0), {0.25});

  REQUIRE(all.size() == 1);
  CHECK(std::isinf(all[0].risk_reduction_worth));
  CHECK(all[0].fussell_vesely == Approx(1));
  CHECK(all[0].risk_achievement_worth == Approx(4));
}
