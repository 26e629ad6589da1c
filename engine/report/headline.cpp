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

struct Fates {
  std::vector<std::size_t> down, degraded, spared;  // positions in World::apps, in the author's order
};

Fates fates_of(const study::Results& results) {
  Fates fates;
  for (std::size_t app = 0; app < results.apps.size(); ++app) {
    const AppMeasures& all = results.apps[app].all;
    const auto& regions = results.apps[app].regions;
    // "Never down" means in no region, although all users together may have been served well enough.
    const auto in_any = [&](auto is) { return is(all) || std::any_of(regions.begin(), regions.end(), is); };
    const bool is_down = in_any([](const AppMeasures& m) { return m.ever_down.count > 0; });
    const bool is_hit = in_any([](const AppMeasures& m) { return m.ever_hit.count > 0; });
    (is_down ? fates.down : is_hit ? fates.degraded : fates.spared).push_back(app);
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

std::string who_is_spared(const study::Results& results, const std::vector<std::size_t>& spared) {
  if (spared.empty()) return {};
  const statistics::ShareEstimate& never = results.apps[spared.front()].all.ever_hit;
  return fmt::format(" {} {} spared in every run, so hit in at most {} of such days.",
                     listed(names_of(results, spared), names_max), spared.size() == 1 ? "is" : "are",
                     share_text(never.high));
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
  } else if (!fates.degraded.empty()) {
    const statistics::ShareEstimate& never = results.apps[fates.degraded.front()].all.ever_down;
    text = fmt::format("No app goes down in {} runs (in at most {} of such days).", never.of, share_text(never.high));
  } else {
    text = "Nobody notices anything.";
  }
  if (!fates.degraded.empty()) {
    text += fmt::format(" {} {} degraded, never down.", listed(names_of(results, fates.degraded), names_max),
                        fates.degraded.size() == 1 ? "is" : "are");
  }
  return text + what_is_lost(results) + who_is_spared(results, fates.spared);
}

}  // namespace knockon::report
