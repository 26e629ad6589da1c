#include "engine/report/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"

namespace knockon::report {
namespace {

using Json = nlohmann::ordered_json;
using statistics::Bounds;
using statistics::Nature;
using statistics::Quantile;
using statistics::ShareEstimate;
using statistics::Statistic;

// The smallest step that is written: 1000 of them a unit for minutes and amounts, a million for shares.
constexpr double thousandths = 1000, millionths = 1e6;

Json number(double value, double steps) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::round(value * steps) / steps;
  // A rate a million runs can show has no use for digits beyond a double's; and minus zero is zero.
  return std::isfinite(rounded) ? rounded + 0.0 : value;
}

Json number(const std::optional<double>& value, double steps) { return value ? number(*value, steps) : Json(nullptr); }

Json bounds(const std::optional<Bounds>& bounds, double steps) {
  if (!bounds) return nullptr;
  return Json::array({number(bounds->low, steps), number(bounds->high, steps)});
}

// A date beyond the horizon does not exist; an amount by the horizon does.
Json quantile(const std::optional<Quantile>& quantile, Nature nature, double steps) {
  if (!quantile || (nature == Nature::date && quantile->censored)) return nullptr;
  return number(quantile->value, steps);
}

void add_statistic(Json& json, const Statistic& statistic, double steps) {
  json["n"] = statistic.n;
  json["undefined_share"] = number(statistic.undefined_share.value(), millionths);
  json["censored_share"] = number(statistic.censored_share.value(), millionths);
  json["mean"] = number(statistic.mean, steps);
  json["ci95"] = bounds(statistic.ci95, steps);
  json["p05"] = quantile(statistic.p05, statistic.nature, steps);
  json["p50"] = quantile(statistic.p50, statistic.nature, steps);
  json["p95"] = quantile(statistic.p95, statistic.nature, steps);
  json["p50_ci95"] = bounds(statistic.p50_ci95, steps);
  json["p95_ci95"] = bounds(statistic.p95_ci95, steps);
}

Json statistic(const Statistic& statistic, double steps = thousandths) {
  Json json = Json::object();
  add_statistic(json, statistic, steps);
  return json;
}

Json money(const Statistic& statistic, const std::string& currency) {
  Json json = Json::object();
  json["currency"] = currency;
  add_statistic(json, statistic, thousandths);
  return json;
}

Json share(const ShareEstimate& share) { return number(share.value.value(), millionths); }
Json share_bounds(const ShareEstimate& share) {
  return bounds(Bounds{.low = share.low.value(), .high = share.high.value()}, millionths);
}

void add_measures(Json& json, const study::AppMeasures& app, const std::string& currency) {
  json["down_minutes"] = statistic(app.down_minutes);
  json["degraded_minutes"] = statistic(app.degraded_minutes);
  json["first_impact_minute"] = statistic(app.first_impact_minute);
  json["mitigated_minute"] = statistic(app.mitigated_minute);
  json["restored_minute"] = statistic(app.restored_minute);
  json["ever_down_share"] = share(app.ever_down);
  json["ever_down_share_ci95"] = share_bounds(app.ever_down);
  json["unrestored_share"] = share(app.unrestored);
  json["unrestored_share_ci95"] = share_bounds(app.unrestored);
  json["dips"] = statistic(app.dips);
  json["user_minutes_lost"] = statistic(app.user_minutes_lost);
  json["failed_journeys"] = statistic(app.failed_journeys);
  json["slo_budget_spent"] = app.slo_budget_spent ? statistic(*app.slo_budget_spent, millionths) : Json(nullptr);
  json["money_gross"] = money(app.money_gross, currency);
  json["money_lost"] = money(app.money_lost, currency);
  json["money_deferred"] = money(app.money_deferred, currency);
  json["credits_owed"] = money(app.credits_owed, currency);
}

Json apps(const study::Results& results) {
  const world::World& world = *results.world;
  Json apps = Json::array();
  for (std::size_t a = 0; a < results.apps.size(); ++a) {
    Json app = Json::object();
    app["app"] = world.apps[a].name;
    add_measures(app, results.apps[a].all, world.currency);
    app["regions"] = Json::array();
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      Json region = Json::object();
      region["region"] = world.regions[r].name;
      add_measures(region, results.apps[a].regions[r], world.currency);
      app["regions"].push_back(std::move(region));
    }
    apps.push_back(std::move(app));
  }
  return apps;
}

Json incident(const study::IncidentMeasures& incident, const std::string& currency) {
  Json json = Json::object();
  json["detected_minute"] = statistic(incident.detected_minute);
  json["acknowledged_minute"] = statistic(incident.acknowledged_minute);
  json["diagnosed_minute"] = statistic(incident.diagnosed_minute);
  json["announced_minute"] = statistic(incident.announced_minute);
  json["mitigated_minute"] = statistic(incident.mitigated_minute);
  json["restored_minute"] = statistic(incident.restored_minute);
  json["staff_hours"] = statistic(incident.staff_hours);
  json["data_lost_minutes"] = statistic(incident.data_lost_minutes);
  json["user_minutes_lost"] = statistic(incident.user_minutes_lost);
  json["money_gross"] = money(incident.money_gross, currency);
  json["money_lost"] = money(incident.money_lost, currency);
  json["money_deferred"] = money(incident.money_deferred, currency);
  json["credits_owed"] = money(incident.credits_owed, currency);
  json["staff_cost"] = money(incident.staff_cost, currency);
  json["stuck_steps"] = statistic(incident.stuck_steps);
  return json;
}

Json phases(const study::Results& results) {
  Json phases = Json::array();
  for (std::size_t i = 0; i < results.phase_minutes.size(); ++i) {
    Json phase = Json::object();
    phase["phase"] = simulation::text_of(static_cast<simulation::Phase>(i));
    phase["mean"] = results.finished > 0 ? number(results.phase_minutes[i], thousandths) : Json(nullptr);
    phases.push_back(std::move(phase));
  }
  return phases;
}

Json observations(const study::Results& results) {
  Json observations = Json::array();
  for (std::size_t i = 0; i < results.observed.size(); ++i) {
    const world::Observed& observed = results.world->observed[i];
    const bool is_share = observed.of && study::unit_of(observed.of->measure) == study::Unit::share;
    const double steps = is_share ? millionths : thousandths;
    Json json = Json::object();
    json["what"] = observed.text;
    json["observed"] = Json::array({number(observed.low, steps), number(observed.high, steps)});
    json["simulated"] = statistic(results.observed[i], steps);
    observations.push_back(std::move(json));
  }
  return observations;
}

const char* name_of(study::Unit unit) {
  switch (unit) {
    case study::Unit::minutes:
      return "minutes";
    case study::Unit::user_minutes:
      return "user_minutes";
    case study::Unit::money:
      return "money";
    case study::Unit::share:
      return "share";
    case study::Unit::hours:
      return "hours";
    case study::Unit::count:
      return "count";
  }
  return "";
}

Json promises(const study::Results& results) {
  Json promises = Json::array();
  for (const study::PromiseResult& promise : results.promises) {
    const double steps = promise.unit == study::Unit::share ? millionths : thousandths;
    Json json = Json::object();
    json["text"] = promise.text;
    json["verdict"] = statistics::text_of(promise.verdict);
    json["value"] = number(promise.value, steps);
    json["ci95"] = bounds(promise.ci95, steps);
    json["unit"] = name_of(promise.unit);
    json["replications_needed"] = promise.replications_needed ? Json(*promise.replications_needed) : Json(nullptr);
    promises.push_back(std::move(json));
  }
  return promises;
}

void add_head(Json& json, const study::Results& results) {
  const world::World& world = *results.world;
  const study::Subject& subject = results.subject;
  json["knockon"] = subject.version;
  json["format"] = 1;
  json["scenario"] = world.name;
  json["scenario_sha256"] = subject.scenario_sha256;
  json["cause"] = world[subject.cause].name;
  json["strategy"] = world[subject.strategy].name;
  json["variants"] = subject.variants;
  json["set"] = Json::array();
  for (const auto& [path, value] : subject.set) json["set"].push_back(Json::array({path, value}));
  json["starts"] = quantity::text_of_date(world.starts);
  json["horizon_minutes"] = number(world.horizon.in_minutes(), thousandths);
  json["seed"] = subject.seed;
  json["replications"] = results.finished;
  json["requested"] = results.requested;
  json["first"] = results.first;
  json["interrupted"] = results.interrupted;
  json["died"] = Json::array();
  for (const study::Died& died : results.died) {
    Json one = Json::object();
    one["index"] = died.index;
    one["error"] = died.error;
    json["died"].push_back(std::move(one));
  }
  json["fingerprint"] = fingerprint_text(results.fingerprint);
}

}  // namespace

std::string json_of(const study::Results& results) {
  Json json = Json::object();
  add_head(json, results);
  json["apps"] = apps(results);
  json["incident"] = incident(results.incident, results.world->currency);
  json["minutes"] = phases(results);
  json["observed"] = observations(results);
  json["promises"] = promises(results);
  // What an exception said may hold any bytes; JSON may not.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace knockon::report
