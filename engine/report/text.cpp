#include "engine/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/cumulative_curve.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/headline.hpp"
#include "engine/report/outage_table.hpp"
#include "engine/report/page.hpp"
#include "engine/report/phase_bars.hpp"
#include "engine/report/timeline.hpp"

namespace knockon::report {
namespace {

using statistics::Statistic;
using statistics::Verdict;
using study::Results;
using study::Unit;

constexpr std::size_t columns = 80;

std::string title(const Results& results, const Paint& paint) {
  const world::World& world = *results.world;
  const std::string name = printable(world.title.empty() ? world.name : world.title);
  std::string what =
      fmt::format("{}, met with {}", world[results.subject.cause].name, world[results.subject.strategy].name);
  if (!results.subject.variants.empty())
    what += ", as " + listed(results.subject.variants, results.subject.variants.size());
  for (const auto& [path, value] : results.subject.set) what += fmt::format(", {}={}", path, printable(value));
  what += fmt::format(": {} runs of {}, seed {}", results.finished, quantity::rounded_text_of(world.horizon),
                      results.subject.seed);
  return paint(Ink::strong, wrapped(name, columns)) + "\n" + paint(Ink::faint, wrapped(what, columns)) + "\n\n";
}

// Dates of the incident: label, then median and spread.
std::string incident(const Results& results, const Paint& paint) {
  const study::IncidentMeasures& incident = results.incident;
  const std::vector<std::pair<const char*, const Statistic*>> rows{
      {"detected", &incident.detected_minute},   {"acknowledged", &incident.acknowledged_minute},
      {"diagnosed", &incident.diagnosed_minute}, {"announced", &incident.announced_minute},
      {"mitigated", &incident.mitigated_minute}, {"restored", &incident.restored_minute}};
  std::string text = section("the incident", "median after onset, and in nine runs of ten", paint);
  for (const auto& [label, statistic] : rows) {
    const bool is_known = statistic->p50.has_value();
    text += "  " + left(label, 14) +
            (is_known ? right(quantile_text(statistic->p50, Unit::minutes, {}), 9) + "  " +
                            spread_text(*statistic, Unit::minutes, {})
                      : right("–", 9)) +
            "\n";
  }
  return text;
}

std::string costs(const Results& results, const Paint& paint) {
  const study::IncidentMeasures& incident = results.incident;
  const std::string& currency = results.world->currency;
  struct Row {
    const char* label;
    const Statistic* statistic;
    Unit unit;
  };
  const std::vector<Row> rows{
      {"value lost", &incident.money_lost, Unit::money},     {"value put off", &incident.money_deferred, Unit::money},
      {"credits owed", &incident.credits_owed, Unit::money}, {"staff", &incident.staff_hours, Unit::hours},
      {"staff cost", &incident.staff_cost, Unit::money},     {"data lost", &incident.data_lost_minutes, Unit::minutes}};
  std::string lines;
  for (const auto& [label, statistic, unit] : rows) {
    if (statistic->mean.value_or(0) == 0) continue;
    const std::string bounds = statistic->ci95 ? bounds_text(*statistic->ci95, unit, currency) : "";
    std::string line = "  " + left(label, 14) + right(value_text(*statistic->mean, unit, currency), 12) + "  " +
                       left(bounds, 22) + "  " + spread_text(*statistic, unit, currency);
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + "\n";
  }
  if (lines.empty()) return {};
  return section("the price", "mean, its 95 % interval, and in nine runs of ten", paint) + lines;
}

std::string median_timeline(const Results& results, const Paint& paint) {
  const world::World& world = *results.world;
  const simulation::Outcome& outcome = results.outcomes[*results.median];
  const std::int64_t onset = world.starts + static_cast<std::int64_t>(outcome.onset.in_seconds());
  const std::string about =
      fmt::format("number {}, from its onset at {}", outcome.index, quantity::text_of_date(onset));
  return section("the median run", about, paint) + "  " + timeline_key(paint) +
         timeline_of(world, outcome, columns, paint);
}

// The simulated median against the range that was reported.
std::string comparison(double median, double low, double high) {
  if (median >= low && median <= high) return "within";
  const double nearest = median < low ? low : high;
  return nearest > 0 ? fmt::format("×{:.2f}", median / nearest) : "beyond";
}

std::string observation(const world::Observed& really, const Statistic& simulated, std::size_t name_width,
                        const std::string& currency) {
  const Unit unit = really.of ? study::unit_of(really.of->measure) : Unit::minutes;
  const std::string name = printable(really.text);
  const std::string range = really.low == really.high
                                ? value_text(really.low, unit, currency)
                                : bounds_text({.low = really.low, .high = really.high}, unit, currency);
  const bool is_comparable = simulated.p50 && !simulated.p50->censored;
  std::string line = "  " + left(name, name_width);
  if (width_of(name) > name_width) line += "\n" + std::string(2 + name_width, ' ');
  line += "  " + left(range, 16) + right(quantile_text(simulated.p50, unit, currency), 9) + "  " +
          left(spread_text(simulated, unit, currency), 16);
  if (is_comparable) line += right(comparison(simulated.p50->value, really.low, really.high), 8);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string observed(const Results& results, const Paint& paint) {
  if (results.observed.empty()) return {};
  std::size_t name_width = 0;
  for (const world::Observed& line : results.world->observed) name_width = std::max(name_width, width_of(line.text));
  name_width = std::min<std::size_t>(name_width, 24);
  std::string text = section("what really happened", "beside the simulated median, and nine runs of ten", paint);
  for (std::size_t i = 0; i < results.observed.size(); ++i) {
    text += observation(results.world->observed[i], results.observed[i], name_width, results.world->currency);
  }
  return text;
}

// How a verdict was reached: the value judged and its interval.
std::string grounds(const study::PromiseResult& promise, const std::string& currency) {
  std::string text;
  if (promise.value) text = value_text(*promise.value, promise.unit, currency);
  const std::string bounds = promise.ci95 ? bounds_text(*promise.ci95, promise.unit, currency) : "";
  if (!bounds.empty()) text += (text.empty() ? "" : ", ") + std::string{"95 % interval "} + bounds;
  if (promise.verdict == Verdict::undecided) {
    text += promise.replications_needed ? fmt::format("; about {} runs would decide", *promise.replications_needed)
                                        : "; more runs may not decide";
  }
  return text;
}

std::string promises(const Results& results, const Paint& paint) {
  if (results.promises.empty()) return {};
  std::string text = section("promises", "", paint);
  for (const study::PromiseResult& promise : results.promises) {
    const Ink ink = promise.verdict == Verdict::kept     ? Ink::good
                    : promise.verdict == Verdict::broken ? Ink::bad
                                                         : Ink::doubtful;
    const std::string name = promise.verdict == Verdict::broken ? "BROKEN" : statistics::text_of(promise.verdict);
    text += "  " + paint(ink, left(name, 11)) + printable(promise.text) + "\n";
    // Of a promise that must hold in every run, the share that keeps it is worth saying only when it is not all.
    const bool is_plain = promise.verdict == Verdict::kept && promise.unit == Unit::share;
    if (!is_plain)
      text += std::string(13, ' ') +
              paint(Ink::faint, wrapped(grounds(promise, results.world->currency), columns - 13, 13)) + "\n";
  }
  return text;
}

std::string misfortunes(const Results& results, const Paint& paint) {
  std::string text;
  if (results.interrupted) {
    text += "\n" +
            paint(Ink::doubtful,
                  fmt::format("Interrupted: these are the first {} of {} runs.", results.finished, results.requested)) +
            "\n";
  }
  if (!results.died.empty()) {
    text +=
        "\n" +
        paint(Ink::bad, fmt::format("{} of {} runs died and are left out:", results.died.size(), results.requested)) +
        "\n";
    constexpr std::size_t shown_max = 5;
    for (std::size_t i = 0; i < std::min(shown_max, results.died.size()); ++i) {
      text += fmt::format("  number {}: {}\n", results.died[i].index, printable(results.died[i].error));
    }
    if (results.died.size() > shown_max) text += fmt::format("  and {} more\n", results.died.size() - shown_max);
  }
  return text;
}

std::string ending(const Results& results, const Paint& paint) {
  return "\n" +
         paint(Ink::faint, fmt::format("fingerprint {}, scenario {}", fingerprint_text(results.fingerprint),
                                       results.subject.scenario_sha256.substr(0, 16))) +
         "\n";
}

}  // namespace

std::string text_of(const Results& results, const TextStyle& style) {
  const Paint paint{style.has_colour};
  std::string text = title(results, paint);
  if (results.finished == 0) return text + "No run finished.\n" + misfortunes(results, paint);
  text += wrapped(headline_of(results), columns) + "\n\n";
  text += outage_table_of(results, paint);
  text += median_timeline(results, paint);
  text += cumulative_curve_of(results, columns, paint);
  text += incident(results, paint);
  text += phase_bars_of(results.phase_minutes, "mean of all runs, ", paint);
  text += costs(results, paint);
  text += observed(results, paint);
  text += promises(results, paint);
  return text + misfortunes(results, paint) + ending(results, paint);
}

}  // namespace knockon::report
