#include "engine/report/outage_table.hpp"

#include <fmt/format.h>

#include "engine/report/figure.hpp"

namespace knockon::report {
namespace {

using study::AppMeasures;
using study::Unit;

constexpr std::size_t name_width = 22;

struct Cells {
  std::string down, spread, degraded, restored, people, money;
};

std::string figures(const Cells& cells) {
  std::string line = right(cells.down, 8) + " " + left(cells.spread, 16) + right(cells.degraded, 8) +
                     right(cells.restored, 9) + right(cells.people, 8) + right(cells.money, 8);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string mean_text(const statistics::Statistic& statistic) {
  return statistic.mean ? count_text(*statistic.mean) : "–";
}

// Of what is rare, how rare it is says more than how long most runs are spared.
std::string down_spread(const AppMeasures& measures) {
  const quantity::Share share = measures.ever_down.value;
  return share.value() < 0.5 ? "in " + share_text(share) + " of runs"
                             : spread_text(measures.down_minutes, Unit::minutes, {});
}

Cells cells_of(const AppMeasures& measures) {
  const auto median = [](const statistics::Statistic& statistic) {
    return quantile_text(statistic.p50, Unit::minutes, {});
  };
  const bool is_ever_down = measures.ever_down.count > 0;
  return {.down = is_ever_down ? median(measures.down_minutes) : "never",
          .spread = is_ever_down ? down_spread(measures) : "",
          .degraded = median(measures.degraded_minutes),
          .restored = median(measures.restored_minute),
          .people = mean_text(measures.user_minutes_lost),
          .money = mean_text(measures.money_lost)};
}

std::string row(const std::string& name, const std::string& rest, Ink ink, const Paint& paint) {
  if (width_of(name) <= name_width) return paint(ink, left(name, name_width)) + rest + "\n";
  return paint(ink, name) + "\n" + std::string(name_width, ' ') + rest + "\n";
}

std::string spared(const AppMeasures& measures) {
  return fmt::format("  not hit in {} runs (in at most {} of such days)", measures.ever_hit.of,
                     share_text(measures.ever_hit.high));
}

std::string measures_row(const std::string& name, const AppMeasures& measures, Ink ink, const Paint& paint) {
  if (measures.ever_hit.count == 0) return row(name, paint(Ink::faint, spared(measures)), ink, paint);
  return row(name, figures(cells_of(measures)), ink, paint);
}

std::string note(const std::string& text, const Paint& paint) {
  return std::string(name_width + 2, ' ') + paint(Ink::doubtful, text) + "\n";
}

std::string share_with_bounds(const statistics::ShareEstimate& share) {
  return fmt::format("{} of the runs ({})", share_text(share.value),
                     bounds_text({.low = share.low.value(), .high = share.high.value()}, Unit::share, {}));
}

// What medians hide: outages that some runs are spared, and outages that do not end.
std::string notes(const AppMeasures& all, const Paint& paint) {
  std::string text;
  if (all.ever_down.count > 0 && all.ever_down.count < all.ever_down.of)
    text += note("down in " + share_with_bounds(all.ever_down), paint);
  if (all.unrestored.count > 0) text += note("not restored in " + share_with_bounds(all.unrestored), paint);
  return text;
}

bool is_hit_anywhere(const study::AppResults& app) {
  bool is_hit = app.all.ever_hit.count > 0;
  for (const AppMeasures& region : app.regions) is_hit = is_hit || region.ever_hit.count > 0;
  return is_hit;
}

}  // namespace

std::string outage_table_of(const study::Results& results, const Paint& paint) {
  const world::World& world = *results.world;
  const std::string upper =
      std::string(name_width + 2, ' ') + "──────── down ─────────  degra- restored minutes" + right(world.currency, 8);
  const std::string lower =
      left("app, region", name_width + 2) + "median in 9 runs of 10     ded    after    lost    lost";
  std::string text = paint(Ink::faint, upper) + "\n" + paint(Ink::faint, lower) + "\n";
  for (std::size_t a = 0; a < results.apps.size(); ++a) {
    const study::AppResults& app = results.apps[a];
    text += measures_row(world.apps[a].name, app.all, Ink::strong, paint);
    if (!is_hit_anywhere(app)) continue;
    text += notes(app.all, paint);
    // A world of one region has said it all.
    for (std::size_t r = 0; r < app.regions.size() && app.regions.size() > 1; ++r) {
      text += measures_row("  " + world.regions[r].name, app.regions[r], Ink::plain, paint);
    }
  }
  return text;
}

}  // namespace knockon::report
