#include "engine/report/comparison_text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "engine/report/page.hpp"
#include "tests/unit/study/compared.hpp"

namespace knockon::report {
namespace {

using invented::comparison_of;
using invented::Day;
using invented::days_from;

std::string text_of(const study::Comparison& comparison) { return report::text_of(comparison, TextStyle{}); }

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

std::string line_with(const std::string& text, const std::string& words) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (says(line, words)) return line;
  }
  return {};
}

TEST_CASE("the answer comes first: who is best, by how much, and on how many days") {
  const world::World world = invented::two_apps();

  const std::string text = text_of(comparison_of(world, {{"slow", days_from(90)}, {"quick", days_from(50)}}));

  // 40 minutes a day, 400 people.
  CHECK(says(text, "With quick people lose the fewest minutes: 16k fewer than with slow"));
  CHECK(says(text, "fewer on 100 % of the days"));
  CHECK(text.find("quick") < text.find("ranking"));
}

TEST_CASE("what cannot be told apart is not ranked by luck") {
  const world::World world = invented::two_apps();

  const std::string text = text_of(comparison_of(world, {{"one", days_from(50)}, {"other", days_from(50)}}));

  CHECK(says(text, "one and other cannot be told apart"));
  CHECK(says(line_with(text, "one *"), " 1="));
  CHECK(says(text, "no difference on any day"));
}

TEST_CASE("of several that come out ahead, the difference is said of the one that it is of") {
  const world::World world = invented::two_apps();

  const std::string text =
      text_of(comparison_of(world, {{"slow", days_from(90)}, {"quick", days_from(50)}, {"as-quick", days_from(50)}}));

  const std::string headline = text.substr(text.find("With "), text.find("ranking") - text.find("With "));
  CHECK(says(headline, "With quick and as-quick people lose the fewest minutes; these cannot be told"));
  CHECK(says(headline, "With quick it is"));
}

TEST_CASE("differences carry their sign, their interval and the share of days") {
  const world::World world = invented::two_apps();

  const std::string text = text_of(comparison_of(world, {{"own", days_from(60)}, {"other", days_from(50, 40, 5)}}));

  const std::string restored = text.substr(text.find("restored after\n"));
  const std::string row = line_with(restored, "other");
  CHECK(says(row, "−10m"));
  CHECK(says(row, "█"));
  CHECK(says(row, "100 %"));
  CHECK(says(line_with(text.substr(text.find("staff hours\n")), "other"), "+2"));
}

TEST_CASE("how much sooner it is over is said up to the horizon where runs are cut off there") {
  const world::World world = invented::two_apps();
  std::vector<simulation::Outcome> cut_off;
  for (std::uint64_t i = 0; i < 40; ++i) cut_off.push_back(invented::feed_never_restored(world, i));
  const study::Comparison comparison =
      study::compared(study::Across::strategies, invented::entries_of(world, {"own", "idle"}), 0,
                      {invented::replications_of(days_from(58)), invented::finished(std::move(cut_off))});

  const std::string text = text_of(comparison);

  const std::string restored = text.substr(text.find("restored after"));
  CHECK(says(line_with(restored, "restored after"), "counts up to its end"));
  // Six hours against an hour and two to eight minutes.
  CHECK(says(line_with(restored, "  idle"), "+4h 57m"));
}

TEST_CASE("credits are compared where they differ, and left out where nobody is owed any") {
  const world::World world = invented::two_apps();
  study::Replications paid = invented::replications_of(days_from(50));
  for (simulation::Outcome& outcome : paid.outcomes) outcome.apps[0].credits = quantity::Money{1000};

  const study::Comparison comparison =
      study::compared(study::Across::variants, invented::entries_of(world, {"own", "paid"}), 0,
                      {invented::replications_of(days_from(50)), std::move(paid)});

  CHECK(says(text_of(comparison), "of credits owed\n  paid"));
  CHECK_FALSE(says(text_of(comparison_of(world, {{"own", days_from(50)}, {"other", days_from(60)}})), "credits"));
}

TEST_CASE("a difference that may be chance is marked so") {
  const world::World world = invented::two_apps();
  std::vector<Day> shaken = days_from(50);
  for (std::size_t i = 0; i < shaken.size(); ++i) shaken[i].minutes += i % 2 == 0 ? 9 : -9;

  const std::string text = text_of(comparison_of(world, {{"own", days_from(50)}, {"shaken", shaken}}));

  CHECK(says(line_with(text.substr(text.find("minutes lost\n")), "shaken"), "≈"));
}

TEST_CASE("pairs without the baseline follow the ranking, the better of two first") {
  const world::World world = invented::two_apps();

  const std::string text = text_of(comparison_of(
      world, {{"own", days_from(60)}, {"worst", days_from(90)}, {"best", days_from(50)}, {"middle", days_from(70)}}));

  const std::string others = text.substr(text.find("the others among themselves"));
  const std::size_t first = others.find("best – middle"), second = others.find("best – worst"),
                    third = others.find("middle – worst");
  REQUIRE(third != std::string::npos);
  CHECK(first < second);
  CHECK(second < third);
}

TEST_CASE("names that are too long for their column leave the columns where they are") {
  const world::World world = invented::two_apps();
  const std::string name = "a-strategy-with-a-name-that-somebody-thought-long-about";

  const std::string text = text_of(comparison_of(
      world, {{"own", days_from(60)}, {"best", days_from(50)}, {"middle", days_from(70)}, {name, days_from(90)}}));

  const std::string others = text.substr(text.find("the others among themselves"));
  const auto end_of_share = [&](const std::string& line) { return width_of(line); };
  CHECK(end_of_share(line_with(others, "best – middle")) == end_of_share(line_with(others, "−16k")));
  CHECK(line_with(others, "best – middle").find("100 %") != std::string::npos);
}

TEST_CASE("what is dominated is marked, and told by whom and in what") {
  const world::World world = invented::two_apps();

  const std::string text = text_of(comparison_of(world, {{"quick", days_from(50)}, {"slow", days_from(90)}}));

  CHECK(says(text, "slow †"));
  CHECK(says(text, "† slow is dominated by quick"));
}

TEST_CASE("no line is wider than a terminal, whatever the names' length") {
  const world::World world = invented::two_apps();
  const std::string long_name = "a-strategy-with-a-name-that-somebody-thought-long-about";

  const std::string text = text_of(comparison_of(
      world, {{"own", days_from(60)}, {long_name, days_from(50)}, {"a", days_from(71)}, {"b", days_from(72)}}));

  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((width_of(line) <= 80 || says(line, long_name)));
  }
}

TEST_CASE("causes are said to share people and demand only") {
  const world::World world = invented::two_apps();
  study::Comparison comparison = comparison_of(world, {{"one", days_from(50)}, {"other", days_from(60)}});
  comparison.across = study::Across::causes;

  CHECK(says(text_of(comparison), "Causes share people and demand, not faults"));
  CHECK_FALSE(says(text_of(comparison), "dominated"));
}

TEST_CASE("a comparison of which no day is left says so instead of printing nothing") {
  const world::World world = invented::two_apps();
  study::Replications none, whole = invented::replications_of(days_from(50, 2));
  none.requested = 2;
  none.died = {{.index = 0, .error = "no \033[2Jroute"}, {.index = 1, .error = "no route"}};

  const std::string text = text_of(
      study::compared(study::Across::strategies, invented::entries_of(world, {"one", "other"}), 0, {whole, none}));

  CHECK(says(text, "No run finished in all of them."));
  CHECK(says(text, "2 of 2 runs with other died"));
  CHECK_FALSE(says(text, "\033"));
}

std::size_t count_of(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

TEST_CASE("a colour that begins ends, and before the end of its last line") {
  const world::World world = invented::two_apps();
  const study::Comparison comparison = comparison_of(world, {{"quick", days_from(50)}, {"slow", days_from(90)}});

  const std::string text = report::text_of(comparison, {.has_colour = true});

  CHECK(count_of(text, "\033[0m") > 3);
  CHECK(count_of(text, "\033[") == 2 * count_of(text, "\033[0m"));
  CHECK_FALSE(says(text, "\n\033[0m"));
}

}  // namespace
}  // namespace knockon::report
