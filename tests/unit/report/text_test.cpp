#include "engine/report/text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "engine/report/page.hpp"
#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

using quantity::Duration;
using world::Comparison;
using world::Measure;

// Feed down for 50 to 244 minutes in 195 runs and until the horizon in 5; west stays down 25 minutes longer than east.
struct Story {
  world::World world = invented::two_apps();
  study::Replications replications;
};

Story story() {
  Story story;
  const world::AppId feed{0}, chat{1};
  story.world.observed = {{.text = "restored(feed@west)",
                           .of = world::MeasureOf{Measure::restored, feed, world::RegionId{1}},
                           .low = 50,
                           .high = 70},
                          {.text = "generally-restored", .milestone = world::Condition{}, .low = 431, .high = 431}};
  story.world.promises = {
      {.text = "median down(feed) in 65m..127m",
       .statistic = world::Statistic::median,
       .of = {Measure::down, feed, {}},
       .comparison = Comparison::within,
       .low = 65,
       .high = 127},
      {.text = "p95 down(feed) < 4h",
       .statistic = world::Statistic::p95,
       .of = {Measure::down, feed, {}},
       .comparison = Comparison::less,
       .low = 240},
      {.text = "down(chat) = 0s", .of = {Measure::down, chat, {}}, .comparison = Comparison::equal}};
  auto outcomes = invented::feed_down_from(50, 195);
  for (std::uint64_t index = 195; index < 200; ++index)
    outcomes.push_back(invented::feed_never_restored(story.world, index));
  for (auto& outcome : outcomes) {
    auto& east = outcome.apps_in_regions[0];
    auto& west = outcome.apps_in_regions[1];
    const Duration end = east.down[0].to;
    east.degraded = {{end, end + Duration::minutes(11)}};
    west.down[0].to = end + Duration::minutes(25);
    outcome.milestones = {std::nullopt, Duration::minutes(300)};
  }
  story.replications = invented::finished(std::move(outcomes));
  return story;
}

std::string report_of(const Story& story, bool has_colour = false) {
  return text_of(study::results_of(story.world, invented::subject(), story.replications), {.has_colour = has_colour});
}

TEST_CASE("the report says first who was down, for how long and at what price, and then what that stands on") {
  CHECK(report_of(story()) ==
        R"(A push goes wrong
bad-push, met with roll-back: 200 runs of 6h, seed 1

feed goes down for 2h 29m (in nine runs of ten for 59m – 3h 59m), longest in
west. On average people lose 60.9k minutes of use and 4.57k USD are lost; 1.52k
USD more are only put off. chat is spared in every run, so hit in at most 1.9 %
of such days.

                        ──────── down ─────────  degra- restored minutes     USD
app, region             median in 9 runs of 10     ded    after    lost    lost
feed                    2h 29m 59m – 3h 59m          0s   2h 31m   60.9k   4.57k
                        not restored in 2.5 % of the runs (1.1 – 5.7 %)
  east                  2h 29m 59m – 3h 59m         11m   2h 31m   15.2k   1.14k
  west                  2h 54m 1h 24m – 4h 24m       0s   2h 31m   45.7k   3.43k
chat                    not hit in 200 runs (in at most 1.9 % of such days)

the median run  number 99, from its onset at 2024-03-05T15:00:00Z
  █ down  ▒ degraded  · ok
feed east ███████████████████████████████████████████████████▒▒▒·········
     west ███████████████████████████████████████████████████████████····
chat      ·······························································
          ┴─────────┴─────────┴─────────┴─────────┴─────────┴─────────┴──
          0         30m       1h        1h 30m    2h        2h 30m    3h

how soon it is over  share of the 200 runs in which all is ok again by then
  100 %                                                     ▁▁▂▃▃▄▄▅▆▆▇
                                                ▁▂▂▃▄▄▅▅▆▇▇████████████
   50 %                            ▁▁▂▃▃▄▄▅▆▆▇█████████████████████████
                       ▁▂▂▃▄▄▅▅▆▇▇█████████████████████████████████████
         ┴──────────────┴──────────────┴──────────────┴──────────────┴─
         0              1h             2h             3h             4h

the incident  median after onset, and in nine runs of ten
  detected             4m  4m
  acknowledged         9m  9m
  diagnosed           20m  20m
  announced           15m  15m
  mitigated        2h 31m  1h 1m – 4h 1m
  restored         2h 31m  1h 1m – 4h 1m

where the minutes went  mean of all runs, 2h 34m in all
  detect            4m   2.6 %  █
  fix           2h 30m    97 %  ███████████████████████████████████████████

the price  mean, its 95 % interval, and in nine runs of ten
  value lost       4.57k USD  4.33k – 4.82k USD       1.77k – 7.17k USD
  value put off    1.52k USD  1.44k – 1.61k USD       590 – 2.39k USD
  staff                  3 h  3 h                     3 h

what really happened  beside the simulated median, and nine runs of ten
  restored(feed@west)  50m – 1h 10m       2h 31m  1h 1m – 4h 1m      ×2.16
  generally-restored   7h 11m                 5h  5h                 ×0.70

promises
  BROKEN     median down(feed) in 65m..127m
             2h 29m, 95 % interval 2h 15m – 2h 44m
  undecided  p95 down(feed) < 4h
             3h 59m, 95 % interval > 3h 53m; more runs may not decide
  kept       down(chat) = 0s

fingerprint 0f8fc6a7d64a402b, scenario aaaaaaaaaaaaaaaa
)");
}

TEST_CASE("no line is wider than a terminal of 80 columns") {
  std::istringstream lines{report_of(story())};
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(width_of(line) <= 80);
  }
}

TEST_CASE("colour is added on top and changes no character") {
  const std::string plain = report_of(story());
  std::string coloured = report_of(story(), true);
  CHECK(coloured != plain);

  for (std::size_t from; (from = coloured.find('\033')) != std::string::npos;) {
    coloured.erase(from, coloured.find('m', from) - from + 1);
  }
  CHECK(coloured == plain);
}

TEST_CASE("a title cannot steer the terminal") {
  Story hostile = story();
  hostile.world.title =
      "red \033[31m and \xc2\x9b"
      "31m, rung \a";

  const std::string text = report_of(hostile);

  CHECK(text.find('\033') == std::string::npos);
  CHECK(text.find('\xc2' + std::string{"\x9b"}) == std::string::npos);
  CHECK(text.find('\a') == std::string::npos);
}

TEST_CASE("an interrupted run says how far it came, and a death is named with its number") {
  Story cut = story();
  cut.replications.outcomes.resize(20);
  cut.replications.interrupted = true;
  cut.replications.died = {{.index = 7, .error = "no route left"}};

  const std::string text = report_of(cut);

  CHECK(text.find("Interrupted: these are the first 20 of 200 runs.\n") != std::string::npos);
  CHECK(text.find("1 of 200 runs died and are left out:\n  number 7: no route left\n") != std::string::npos);
}

TEST_CASE("a run in which nothing finished is reported without figures") {
  Story none = story();
  none.replications.outcomes.clear();

  CHECK(report_of(none).find("No run finished.\n") != std::string::npos);
}

TEST_CASE("an app that is down in few runs is not counted among those that go down") {
  Story rare = story();
  for (std::size_t i = 0; i < 3; ++i) {
    auto& outcome = rare.replications.outcomes[i * 10];
    outcome.apps_in_regions[2] = invented::down_between(Duration::minutes(3), Duration::minutes(9), 6);
  }

  const std::string text = report_of(rare);

  CHECK(text.find("chat goes down in 1.5 % of the runs.") != std::string::npos);
  CHECK(text.find("  east                      0s in 1.5 % of runs") != std::string::npos);
}

TEST_CASE("where nobody was hit the report says how sure that is") {
  Story calm{invented::two_apps(), {}};
  std::vector<simulation::Outcome> outcomes;
  for (std::uint64_t index = 0; index < 50; ++index) {
    outcomes.push_back({.index = index, .apps = {{}, {}}, .apps_in_regions = {{}, {}, {}, {}}});
  }
  calm.replications = invented::finished(outcomes);

  const std::string text = report_of(calm);

  CHECK(text.find("Nobody notices anything. feed and chat are spared in every run") != std::string::npos);
  CHECK(text.find("not hit in 50 runs (in at most 7.1 % of such days)") != std::string::npos);
}

}  // namespace
}  // namespace knockon::report
