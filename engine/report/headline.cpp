#include "engine/report/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

using statistics::Quantile;
using study::AppMeasures;
using study::Unit;

constexpr std::size_t names_max = 4;

// Positions in World::apps, in the author's order.
struct Fates {
  std::vector<std::size_t> down;      // in half of the runs or more, in some region
  std::vector<std::size_t> rarely;    // down in fewer
  std::vector<std::size_t> degraded;  // never down
  std::vector<std::size_t> spared;    // neither
};

// The share of runs in the region where it is largest: all users together may be served well enough while one region is
// down.
template <class Share>
double largest(const study::AppResults& app, Share share) {
  double value = share(app.all).value.value();
  for (const AppMeasures& region : app.regions) value = std::max(value, share(region).value.value());
  return value;
}

double down_share(const study::AppResults& app) {
  return largest(app, [](const AppMeasures& measures) { return measures.ever_down; });
}
double hit_share(const study::AppResults& app) {
  return largest(app, [](const AppMeasures& measures) { return measures.ever_hit; });
}

Fates fates_of(const study::Results& results) {
  Fates fates;
  for (std::size_t app = 0; app < results.apps.size(); ++app) {
    const double down = down_share(results.apps[app]);
    auto& fate = down >= 0.5                        ? fates.down
                 : down > 0                         ? fates.rarely
                 : hit_share(results.apps[app]) > 0 ? fates.degraded
                                                    : fates.spared;
    fate.push_back(app);
  }
  return fates;
}

std::vector<std::string> names_of(const study::Results& results, const std::vector<std::size_t>& apps) {
  std::vector<std::string> names;
  names.reserve(apps.size());
  for (const std::size_t app : apps) names.push_back(results.world->apps[app].name);
  return names;
}

// ", longest in apac" where one region's median stands out by a tenth.
std::string worst_region(const study::Results& results, std::size_t app) {
  const auto& regions = results.apps[app].regions;
  if (regions.size() < 2) return {};
  const auto median = [](const AppMeasures& m) { return m.down_minutes.p50.value_or(Quantile{}).value; };
  const auto by_median = [&](const AppMeasures& a, const AppMeasures& b) { return median(a) < median(b); };
  const auto [least, most] = std::minmax_element(regions.begin(), regions.end(), by_median);
  if (median(*most) <= median(*least) * 1.1) return {};
  return ", longest in " + results.world->regions[static_cast<std::size_t>(most - regions.begin())].name;
}

std::string how_long(const study::Results& results, std::size_t app) {
  const std::string& name = results.world->apps[app].name;
  const AppMeasures& all = results.apps[app].all;
  if (all.ever_down.count == 0)
    return fmt::format("{} goes down in single regions{}.", name, worst_region(results, app));
  if (all.ever_down.value.value() < 0.95) {
    return fmt::format("{} goes down in {} of the runs; over all of them it is down for {} on average{}.", name,
                       share_text(all.ever_down.value), minutes_text(all.down_minutes.mean.value_or(0)),
                       worst_region(results, app));
  }
  if (all.down_minutes.p50->censored) {
    return fmt::format("{} goes down, and in most runs is still down at the horizon ({}){}.", name,
                       quantity::rounded_text_of(results.world->horizon), worst_region(results, app));
  }
  return fmt::format("{} goes down for {} (in nine runs of ten for {}){}.", name,
                     quantile_text(all.down_minutes.p50, Unit::minutes, {}),
                     spread_text(all.down_minutes, Unit::minutes, {}), worst_region(results, app));
}

std::string what_is_lost(const study::Results& results) {
  const auto mean = [](const statistics::Statistic& statistic) { return statistic.mean.value_or(0); };
  const double user_minutes = mean(results.incident.user_minutes_lost);
  const double lost = mean(results.incident.money_lost), deferred = mean(results.incident.money_deferred);
  const auto money = [&](double amount) { return value_text(amount, Unit::money, results.world->currency); };
  std::string text;
  if (user_minutes > 0) text += fmt::format(" On average people lose {} minutes of use", count_text(user_minutes));
  if (lost > 0) text += fmt::format("{} {} are lost", text.empty() ? " On average" : " and", money(lost));
  if (deferred > 0 && !text.empty()) text += fmt::format("; {} more are only put off", money(deferred));
  return text.empty() ? text : text + ".";
}

// "instagram and ads go down in 3 % of the runs or fewer."
std::string who_is_down_rarely(const study::Results& results, const std::vector<std::size_t>& rarely) {
  double share = 0;
  for (const std::size_t app : rarely) share = std::max(share, down_share(results.apps[app]));
  return fmt::format(" {} {} down in {} of the runs{}.", listed(names_of(results, rarely), names_max),
                     rarely.size() == 1 ? "goes" : "go", share_text(quantity::Share{share}),
                     rarely.size() == 1 ? "" : " or fewer");
}

std::string who_is_spared(const study::Results& results, const std::vector<std::size_t>& spared) {
  if (spared.empty()) return {};
  const statistics::ShareEstimate& never = results.apps[spared.front()].all.ever_hit;
  return fmt::format(" {} {} spared in every run, so hit in at most {} of such days.",
                     listed(names_of(results, spared), names_max), spared.size() == 1 ? "is" : "are",
                     share_text(never.high));
}

std::string name_of(const study::Comparison& comparison, std::size_t entry) {
  return printable(comparison.entries[entry].name);
}

std::vector<std::string> names_of(const study::Comparison& comparison, const std::vector<std::size_t>& entries) {
  std::vector<std::string> names;
  for (const std::size_t entry : entries) names.push_back(name_of(comparison, entry));
  return names;
}

}  // namespace

std::string headline_of(const study::Results& results) {
  const Fates fates = fates_of(results);
  std::string text;
  if (!fates.down.empty()) {
    text = how_long(results, fates.down.front());
    const std::vector<std::size_t> others(fates.down.begin() + 1, fates.down.end());
    if (!others.empty()) {
      text += fmt::format(" {} {} down as well.", listed(names_of(results, others), names_max),
                          others.size() == 1 ? "goes" : "go");
    }
  } else if (!fates.rarely.empty()) {
    text = "In most runs no app goes down.";
  } else if (!fates.degraded.empty()) {
    const statistics::ShareEstimate& never = results.apps[fates.degraded.front()].all.ever_down;
    text = fmt::format("No app goes down in {} runs (in at most {} of such days).", never.of, share_text(never.high));
  } else {
    text = "Nobody notices anything.";
  }
  if (!fates.rarely.empty()) text += who_is_down_rarely(results, fates.rarely);
  if (!fates.degraded.empty()) {
    text += fmt::format(" {} {} degraded, never down.", listed(names_of(results, fates.degraded), names_max),
                        fates.degraded.size() == 1 ? "is" : "are");
  }
  return text + what_is_lost(results) + who_is_spared(results, fates.spared);
}

std::string headline_of(const study::Comparison& comparison) {
  const auto& best = comparison.ranking.front();
  if (comparison.ranking.size() == 1) {
    return fmt::format("By the minutes that people lose, {} cannot be told apart.",
                       listed(names_of(comparison, best), best.size()));
  }
  const bool is_alone = best.size() == 1;
  std::string text =
      fmt::format("With {} people lose the fewest minutes", listed(names_of(comparison, best), best.size()));
  const std::size_t other = best.front() == comparison.baseline ? comparison.ranking[1].front() : comparison.baseline;
  const auto pair = comparison.pair_of(best.front(), other, 0);
  const bool is_told = pair && pair->is_significant && pair->difference.mean && pair->difference.ci95;
  if (!is_alone) text += "; these cannot be told apart";
  if (is_told) {
    text += is_alone ? ": " : fmt::format(". With {} it is ", name_of(comparison, best.front()));
    text += fmt::format("{} fewer than with {} (between {} and {}), and fewer on {} of the days",
                        count_text(-*pair->difference.mean), name_of(comparison, other),
                        count_text(-*pair->difference.ci95->high), count_text(-*pair->difference.ci95->low),
                        share_text(pair->difference.share_of(pair->difference.a_better)));
  }
  return text + ".";
}

}  // namespace knockon::report
