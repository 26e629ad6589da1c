#include "engine/report/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"
#include "engine/report/svg_picture.hpp"
#include "engine/report/time_axis.hpp"
#include "engine/report/timeline.hpp"
#include "engine/study/series.hpp"

namespace knockon::report {
namespace {

using simulation::AppOutcome;
using simulation::Outcome;
using study::Results;
using world::World;
using Anchor = SvgPicture::Anchor;

constexpr double width = 960, left = 230, right_edge = 936, top = 64;
constexpr double row_height = 22;
constexpr std::size_t marks_most = 8;

// Minutes across the width.
struct Axis {
  double end = 1;
  [[nodiscard]] double operator()(double minute) const {
    return left + std::clamp(minute / end, 0.0, 1.0) * (right_edge - left);
  }
};

std::string title_of(const World& world) { return world.title.empty() ? world.name : world.title; }

void draw_heading(SvgPicture& picture, const std::string& title, const std::string& about) {
  picture.text("title", {12, 24}, fitting(title, (width - 24) * .8));
  picture.text("faint", {12, 44}, fitting(about, width - 24));
}

void draw_axis(SvgPicture& picture, const Axis& axis, double bottom) {
  for (const double minute : round_times(axis.end, marks_most)) {
    picture.line("grid", {axis(minute), top - 6}, {axis(minute), bottom});
    picture.text("tick", {axis(minute), bottom + 18}, minute == 0 ? "0" : minutes_text(minute), Anchor::middle);
  }
}

// --- timelines -------------------------------------------------------------------------------------------------------

struct Row {
  std::string app, region;
  const AppOutcome* outcome;
};

// Apps that were hit, each with its regions where they are several.
std::vector<Row> rows_of(const World& world, const Outcome& outcome) {
  std::vector<Row> rows;
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    const auto in = [&](std::size_t r) -> const AppOutcome& {
      return outcome.of(world::AppId{a}, world::RegionId{r}, world.regions.size());
    };
    bool is_hit = false;
    for (std::size_t r = 0; r < world.regions.size(); ++r) is_hit = is_hit || in(r).hit;
    for (std::size_t r = 0; is_hit && r < world.regions.size(); ++r)
      rows.push_back({r == 0 ? world.apps[a].name : "", world.regions.size() > 1 ? world.regions[r].name : "", &in(r)});
  }
  return rows;
}

void draw_row(SvgPicture& picture, const Row& row, double middle, const Axis& axis) {
  picture.text("", {12, middle + 4}, fitting(row.app, left - 68));
  picture.text("faint", {left - 10, middle + 4}, fitting(row.region, 48), Anchor::end);
  picture.line("ok", {axis(0), middle}, {right_edge, middle});
  const auto draw = [&](const char* look, const std::vector<simulation::Interval>& intervals, double half) {
    for (const auto& interval : intervals) {
      const double from = axis(interval.from.in_minutes()), to = axis(interval.to.in_minutes());
      picture.rectangle(look, {.x = from, .y = middle - half, .width = std::max(1.5, to - from), .height = 2 * half});
    }
  };
  draw("degraded", row.outcome->degraded, 4.5);
  draw("down", row.outcome->down, 8);
}

void draw_key(SvgPicture& picture, double y) {
  picture.rectangle("down", {.x = left, .y = y - 12, .width = 22, .height = 16});
  picture.text("tick", {left + 28, y}, "down");
  picture.rectangle("degraded", {.x = left + 80, .y = y - 8.5, .width = 22, .height = 9});
  picture.text("tick", {left + 108, y}, "degraded");
  picture.line("ok", {left + 186, y - 4}, {left + 208, y - 4});
  picture.text("tick", {left + 214, y}, "ok");
}

Picture timeline(const World& world, const Outcome& outcome, const std::string& which) {
  const std::vector<Row> rows = rows_of(world, outcome);
  const Axis axis{shown_minutes(world, outcome)};
  const double bottom = top + row_height * static_cast<double>(std::max<std::size_t>(1, rows.size()));
  SvgPicture picture{width, bottom + 54, title_of(world) + ": when each app was down"};
  draw_heading(picture, title_of(world), which);
  draw_axis(picture, axis, bottom);
  for (std::size_t i = 0; i < rows.size(); ++i)
    draw_row(picture, rows[i], top + row_height * (static_cast<double>(i) + .5), axis);
  if (rows.empty()) picture.text("faint", {left, top + 14}, "nobody notices anything");
  draw_key(picture, bottom + 42);
  return {.file = "timeline.svg", .svg = picture.svg()};
}

// --- how long it lasts -----------------------------------------------------------------------------------------------

struct Spread {
  std::string name;
  std::vector<double> minutes;  // of the runs, as far as they are known
  statistics::Statistic statistic;
};

constexpr double spread_height = 58;

void draw_spread(SvgPicture& picture, const Spread& spread, double y, const Axis& axis) {
  constexpr std::size_t bins = 60;
  const double base = y + spread_height - 20;
  std::vector<std::size_t> counts(bins, 0);
  for (const double minute : spread.minutes) {
    const auto bin = static_cast<std::size_t>(std::max(0.0, minute / axis.end * static_cast<double>(bins)));
    ++counts[std::min(bins - 1, bin)];
  }
  const auto highest = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  for (std::size_t i = 0; i < bins && highest > 0; ++i) {
    if (counts[i] == 0) continue;
    const double height = std::max(1.5, static_cast<double>(counts[i]) / highest * (spread_height - 26));
    const double from = axis(axis.end * static_cast<double>(i) / bins);
    const double to = axis(axis.end * static_cast<double>(i + 1) / bins);
    picture.rectangle("bar", {.x = from + .5, .y = base - height, .width = to - from - 1, .height = height});
  }
  picture.text("", {12, base - 6}, fitting(spread.name, left - 24));
  const statistics::Statistic& statistic = spread.statistic;
  if (!statistic.p05 || !statistic.p95 || statistic.p05->censored) return;
  picture.whisker(base + 7, axis(statistic.p05->value),
                  statistic.p95->censored ? right_edge : axis(statistic.p95->value));
  if (!statistic.p50->censored) picture.circle("median", {axis(statistic.p50->value), base + 7}, 3.2);
  picture.text("tick", {12, base + 10}, quantile_text(statistic.p50, study::Unit::minutes, {}));
}

Picture spreads(const std::string& file, const std::string& title, const std::string& about,
                const std::vector<Spread>& spreads) {
  double most = 1;
  for (const Spread& spread : spreads) {
    for (const double minute : spread.minutes) most = std::max(most, minute);
  }
  const Axis axis{most * 1.02};
  const double bottom = top + spread_height * static_cast<double>(spreads.size());
  SvgPicture picture{width, bottom + 34, title + ": how long it lasts"};
  draw_heading(picture, title, about);
  draw_axis(picture, axis, bottom);
  for (std::size_t i = 0; i < spreads.size(); ++i)
    draw_spread(picture, spreads[i], top + spread_height * static_cast<double>(i), axis);
  return {.file = file, .svg = picture.svg()};
}

// Minutes until all is ok again; a run that was not over by the horizon counts as there.
Spread incident_spread(const std::string& name, const Results& results) {
  Spread spread{.name = name, .minutes = {}, .statistic = results.incident.restored_minute};
  for (const Outcome& outcome : results.outcomes) {
    if (!outcome.incident.hit) continue;
    const auto end = outcome.incident.restored.value_or(results.world->horizon - outcome.onset);
    spread.minutes.push_back(end.in_minutes());
  }
  return spread;
}

std::vector<Spread> app_spreads(const Results& results) {
  std::vector<Spread> list;
  for (std::size_t a = 0; a < results.apps.size(); ++a) {
    if (results.apps[a].all.ever_down.count == 0) continue;
    Spread spread{
        .name = results.world->apps[a].name + " down", .minutes = {}, .statistic = results.apps[a].all.down_minutes};
    for (const Outcome& outcome : results.outcomes) spread.minutes.push_back(outcome.apps[a].down_time().in_minutes());
    list.push_back(std::move(spread));
  }
  return list;
}

// --- success over time -----------------------------------------------------------------------------------------------

// The app that the headline begins with: the first that is down in half of the runs, else the one that loses most.
std::size_t shown_app(const Results& results) {
  for (std::size_t a = 0; a < results.apps.size(); ++a) {
    if (results.apps[a].all.ever_down.value.value() >= .5) return a;
  }
  const auto lost = [](const study::AppResults& app) { return app.all.user_minutes_lost.mean.value_or(0); };
  const auto most = std::max_element(results.apps.begin(), results.apps.end(),
                                     [&](const auto& a, const auto& b) { return lost(a) < lost(b); });
  return static_cast<std::size_t>(most - results.apps.begin());
}

std::optional<Picture> success(const Results& results) {
  const World& world = *results.world;
  const study::Series series = study::series_of(world, results.outcomes);
  if (series.points < 2 || results.apps.empty()) return std::nullopt;
  const std::size_t app = shown_app(results);
  const double step = series.step.in_minutes();
  const auto& restored = results.incident.restored_minute;
  const double end = static_cast<double>(series.points - 1) * step;
  const Axis axis{restored.p95 && !restored.p95->censored ? std::min(end, restored.p95->value * 1.1 + 2) : end};
  constexpr double bottom = top + 240;
  const auto height = [](double share) { return bottom - share * (bottom - top); };
  SvgPicture picture{width, bottom + 54, world.apps[app].name + ": success over time"};
  draw_heading(picture, world.apps[app].name + ": the share of people whose first try is answered",
               fmt::format("median of {} runs, shades hold nine runs of ten", series.replications));
  draw_axis(picture, axis, bottom);
  for (const double share : {0., .25, .5, .75, 1.}) {
    picture.line("grid", {left, height(share)}, {right_edge, height(share)});
    picture.text("tick", {left - 8, height(share) + 4}, share_text(quantity::Share{share}), Anchor::end);
  }
  constexpr std::size_t looks = 4;
  double key = left;
  for (std::size_t r = 0; r < world.regions.size(); ++r) {
    const study::Band& band = series.success[app * world.regions.size() + r];
    std::vector<SvgPicture::Point> median, area;
    for (std::size_t i = 0; i < series.points && static_cast<double>(i) * step <= axis.end; ++i) {
      const double x = axis(static_cast<double>(i) * step);
      median.push_back({x, height(band.p50[i])});
      area.push_back({x, height(band.p95[i])});
    }
    for (std::size_t i = median.size(); i-- > 0;) area.push_back({median[i].x, height(band.p05[i])});
    picture.area(fmt::format("band-{}", r % looks + 1), area);
    picture.curve(fmt::format("line-{}", r % looks + 1), median);
    picture.line(fmt::format("line-{}", r % looks + 1), {key, bottom + 38}, {key + 26, bottom + 38});
    picture.text("tick", {key + 32, bottom + 42}, fitting(world.regions[r].name, 90));
    key += 44 + 7 * static_cast<double>(std::min<std::size_t>(13, width_of(world.regions[r].name)));
  }
  return Picture{.file = "success.svg", .svg = picture.svg()};
}

// --- where the minutes went ------------------------------------------------------------------------------------------

struct Minutes {
  std::string name;
  std::array<double, simulation::phase_count> phases;
};

double sum_of(const Minutes& minutes) {
  double sum = 0;
  for (const double phase : minutes.phases) sum += phase;
  return sum;
}

Picture minutes(const std::string& title, const std::vector<Minutes>& rows) {
  constexpr double bar_height = 34;
  double most = 1e-9;
  for (const Minutes& row : rows) most = std::max(most, sum_of(row));
  const Axis axis{most * 1.12};
  const double bottom = top + bar_height * static_cast<double>(rows.size());
  SvgPicture picture{width, bottom + 60, title + ": where the minutes went"};
  draw_heading(picture, title, "where the minutes went, means of all runs");
  draw_axis(picture, axis, bottom);
  std::array<bool, simulation::phase_count> is_used{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = top + bar_height * static_cast<double>(i);
    picture.text("", {12, y + 20}, fitting(rows[i].name, left - 24));
    double from = 0;
    for (std::size_t phase = 0; phase < rows[i].phases.size(); ++phase) {
      const double to = from + rows[i].phases[phase];
      if (to <= from) continue;
      is_used[phase] = true;
      picture.rectangle(simulation::text_of(static_cast<simulation::Phase>(phase)),
                        {.x = axis(from), .y = y + 4, .width = axis(to) - axis(from), .height = bar_height - 10});
      from = to;
    }
    picture.text("tick", {axis(from) + 6, y + 20}, minutes_text(from));
  }
  double key = 12;
  for (std::size_t phase = 0; phase < is_used.size(); ++phase) {
    if (!is_used[phase]) continue;
    const std::string name = simulation::text_of(static_cast<simulation::Phase>(phase));
    picture.rectangle(name, {.x = key, .y = bottom + 34, .width = 14, .height = 14});
    picture.text("tick", {key + 19, bottom + 46}, name);
    key += 34 + 7 * static_cast<double>(name.size());
  }
  return {.file = "minutes.svg", .svg = picture.svg()};
}

}  // namespace

std::vector<Picture> pictures_of(const Results& results) {
  if (results.outcomes.empty()) return {};
  const World& world = *results.world;
  const Outcome& outcome = results.outcomes[*results.median];
  std::vector<Picture> pictures;
  pictures.push_back(timeline(world, outcome, fmt::format("the median run, number {}", outcome.index)));
  if (auto curves = success(results)) pictures.push_back(std::move(*curves));
  std::vector<Spread> all{incident_spread("until all is ok again", results)};
  for (Spread& spread : app_spreads(results)) all.push_back(std::move(spread));
  pictures.push_back(spreads(
      "durations.svg", title_of(world),
      fmt::format("how long it lasts in {} runs; below, the median and nine runs of ten", results.finished), all));
  pictures.push_back(minutes(title_of(world), {{"all runs", results.phase_minutes}}));
  return pictures;
}

std::vector<Picture> pictures_of(const study::Comparison& comparison) {
  const Results& baseline = comparison.results[comparison.baseline];
  if (baseline.outcomes.empty()) return {};
  std::vector<Spread> all;
  std::vector<Minutes> rows;
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group) {
      all.push_back(incident_spread(comparison.entries[entry].name, comparison.results[entry]));
      rows.push_back({comparison.entries[entry].name, comparison.results[entry].phase_minutes});
    }
  }
  const std::string title = title_of(*baseline.world);
  return {spreads("comparison.svg", title,
                  fmt::format("until all is ok again, on the same {} days; below, the median and nine runs of ten",
                              baseline.finished),
                  all),
          minutes(title, rows)};
}

std::vector<Picture> pictures_of(const study::Explanation& explanation) {
  return {
      timeline(explanation.world(), explanation.outcome(), fmt::format("replication {}", explanation.outcome().index))};
}

}  // namespace knockon::report
