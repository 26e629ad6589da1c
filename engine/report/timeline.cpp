#include "engine/report/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/report/time_axis.hpp"

namespace knockon::report {
namespace {

using simulation::AppOutcome;
using simulation::Interval;

// Ordered: the worse wins a block.
enum class State : std::uint8_t { ok, degraded, down };
using Row = std::vector<State>;

}  // namespace

double shown_minutes(const world::World& world, const simulation::Outcome& outcome) {
  double last = 0;
  for (const auto* apps : {&outcome.apps, &outcome.apps_in_regions}) {
    for (const AppOutcome& app : *apps) {
      for (const auto* intervals : {&app.down, &app.degraded}) {
        for (const Interval& interval : *intervals) last = std::max(last, interval.to.in_minutes());
      }
    }
  }
  const double end = (world.horizon - outcome.onset).in_minutes();
  return std::max(1.0, std::min(end, last * 1.06 + 1));
}

namespace {

void mark(Row& row, const std::vector<Interval>& intervals, State state, double minutes_per_block) {
  for (const Interval& interval : intervals) {
    const double from = interval.from.in_minutes() / minutes_per_block,
                 to = interval.to.in_minutes() / minutes_per_block;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(from)));
    const auto end = std::min(row.size(), static_cast<std::size_t>(std::max(0.0, std::ceil(to))));
    for (std::size_t block = first; block < end; ++block) row[block] = std::max(row[block], state);
  }
}

Row row_of(const AppOutcome& app, std::size_t blocks, const Scale& scale) {
  Row row(blocks, State::ok);
  mark(row, app.degraded, State::degraded, scale.minutes_per_block);
  mark(row, app.down, State::down, scale.minutes_per_block);
  return row;
}

const char* glyph_of(State state) { return state == State::down ? "█" : state == State::degraded ? "▒" : "·"; }
Ink ink_of(State state) {
  return state == State::down ? Ink::bad : state == State::degraded ? Ink::doubtful : Ink::faint;
}

// Coloured by runs of one state, not block by block.
std::string drawn(const Row& row, const Paint& paint) {
  std::string text;
  for (std::size_t from = 0; from < row.size();) {
    std::size_t to = from;
    while (to < row.size() && row[to] == row[from]) ++to;
    text += paint(ink_of(row[from]), repeated(glyph_of(row[from]), to - from));
    from = to;
  }
  return text;
}

struct Labelled {
  std::string app, region;
  Row row;
};

std::vector<Labelled> rows_of(const world::World& world, const simulation::Outcome& outcome, std::size_t blocks,
                              const Scale& scale) {
  std::vector<Labelled> rows;
  const std::size_t regions = world.regions.size();
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    std::vector<Row> by_region;
    for (std::size_t r = 0; r < regions; ++r) {
      by_region.push_back(row_of(outcome.of(world::AppId{a}, world::RegionId{r}, regions), blocks, scale));
    }
    const bool are_alike =
        std::all_of(by_region.begin(), by_region.end(), [&](const Row& row) { return row == by_region.front(); });
    if (are_alike) {
      rows.push_back(
          {world.apps[a].name, {}, by_region.empty() ? row_of(outcome.apps[a], blocks, scale) : by_region.front()});
      continue;
    }
    for (std::size_t r = 0; r < regions; ++r) {
      rows.push_back({r == 0 ? world.apps[a].name : "", world.regions[r].name, std::move(by_region[r])});
    }
  }
  return rows;
}

}  // namespace

std::string timeline_key(const Paint& paint) {
  return paint(Ink::bad, "█") + " down  " + paint(Ink::doubtful, "▒") + " degraded  " + paint(Ink::faint, "·") +
         " ok\n";
}

std::string timeline_of(const world::World& world, const simulation::Outcome& outcome, std::size_t width,
                        const Paint& paint) {
  std::size_t name_width = 0, region_width = 0;
  for (const world::App& app : world.apps) name_width = std::max(name_width, width_of(app.name));
  for (const world::Region& region : world.regions) region_width = std::max(region_width, width_of(region.name) + 1);
  if (world.regions.size() < 2) region_width = 0;
  const std::size_t indent = name_width + 1 + region_width;
  const std::size_t room = width > indent + 20 ? width - indent : 20;

  const double minutes = shown_minutes(world, outcome);
  const Scale scale = scale_for(minutes, room);
  const auto blocks = std::min(room, static_cast<std::size_t>(std::ceil(minutes / scale.minutes_per_block)));

  std::string text;
  for (const Labelled& labelled : rows_of(world, outcome, blocks, scale)) {
    text +=
        left(labelled.app, name_width + 1) + left(labelled.region, region_width) + drawn(labelled.row, paint) + "\n";
  }
  return text + axis_of(indent, blocks, scale);
}

}  // namespace knockon::report
