// How soon it is over, as a curve of blocks.
#include "engine/report/cumulative_curve.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

using quantity::Duration;
using simulation::Outcome;

Outcome over_after(std::int64_t minutes) {
  Outcome outcome;
  outcome.incident.hit = true;
  outcome.incident.restored = Duration::minutes(minutes);
  return outcome;
}

Outcome never_over() {
  Outcome outcome;
  outcome.incident.hit = outcome.incident.restored_censored = true;
  return outcome;
}

std::string drawn(std::vector<Outcome> outcomes) {
  study::Results results;
  results.finished = outcomes.size();
  results.outcomes = std::move(outcomes);
  return cumulative_curve_of(results, 50, Paint{false});
}

TEST_CASE("a curve rises to all runs where the last of them is over") {
  // Of four runs one is over after each quarter of an hour: a row of blocks more for each. A block is a minute and a
  // half.
  const std::string text = drawn({over_after(15), over_after(30), over_after(45), over_after(60)});

  CHECK(text ==
        "\nhow soon it is over  share of the 4 runs in which all is ok again by then\n"
        "  100 %                                         █\n"
        "                                      ███████████\n"
        "   50 %                     █████████████████████\n"
        "                  ███████████████████████████████\n"
        "         ┴─────────┴─────────┴─────────┴─────────\n"
        "         0         15m       30m       45m\n");
}

TEST_CASE("runs that are not over by the horizon keep the curve below all") {
  const std::string text = drawn({over_after(10), never_over()});

  CHECK(text.find("  100 %\n") != std::string::npos);
  CHECK(text.find("   50 %") != std::string::npos);
}

TEST_CASE("where nobody was hit, or nothing was over, there is no curve") {
  CHECK(drawn({}).empty());
  CHECK(drawn({Outcome{}, Outcome{}}).empty());
  CHECK(drawn({never_over()}).empty());
}

}  // namespace
}  // namespace knockon::report
