#include "engine/report/json_parts.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"

namespace knockon::report {
namespace {

using statistics::Bounds;
using statistics::Nature;
using statistics::Quantile;
using statistics::ShareEstimate;
using statistics::Statistic;

// A date beyond the horizon does not exist; an amount by the horizon does.
Json quantile(const std::optional<Quantile>& quantile, Nature nature, double steps) {
  if (!quantile || (nature == Nature::date && quantile->censored)) return nullptr;
  return json_number(quantile->value, steps);
}

void add_statistic(Json& json, const Statistic& statistic, double steps) {
  json["n"] = statistic.n;
  json["undefined_share"] = json_number(statistic.undefined_share.value(), millionths);
  json["censored_share"] = json_number(statistic.censored_share.value(), millionths);
  json["mean"] = json_number(statistic.mean, steps);
  json["ci95"] = json_bounds(statistic.ci95, steps);
  json["p05"] = quantile(statistic.p05, statistic.nature, steps);
  json["p50"] = quantile(statistic.p50, statistic.nature, steps);
  json["p95"] = quantile(statistic.p95, statistic.nature, steps);
  json["p50_ci95"] = json_bounds(statistic.p50_ci95, steps);
  json["p95_ci95"] = json_bounds(statistic.p95_ci95, steps);
}

Json money(const Statistic& statistic, const std::string& currency) {
  Json json = Json::object();
  json["currency"] = currency;
  add_statistic(json, statistic, thousandths);
  return json;
}

Json share(const ShareEstimate& share) { return json_number(share.value.value(), millionths); }
Json share_bounds(const ShareEstimate& share) {
  return json_bounds(Bounds{.low = share.low.value(), .high = share.high.value()}, millionths);
}

void add_measures(Json& json, const study::AppMeasures& app, const std::string& currency) {
  json["down_minutes"] = json_of_statistic(app.down_minutes);
  json["degraded_minutes"] = json_of_statistic(app.degraded_minutes);
  json["first_impact_minute"] = json_of_statistic(app.first_impact_minute);
  json["mitigated_minute"] = json_of_statistic(app.mitigated_minute);
  json["restored_minute"] = json_of_statistic(app.restored_minute);
  json["ever_down_share"] = share(app.ever_down);
  json["ever_down_share_ci95"] = share_bounds(app.ever_down);
  json["unrestored_share"] = share(app.unrestored);
  json["unrestored_share_ci95"] = share_bounds(app.unrestored);
  json["dips"] = json_of_statistic(app.dips);
  json["user_minutes_lost"] = json_of_statistic(app.user_minutes_lost);
  json["failed_journeys"] = json_of_statistic(app.failed_journeys);
  json["slo_budget_spent"] =
      app.slo_budget_spent ? json_of_statistic(*app.slo_budget_spent, millionths) : Json(nullptr);
  json["money_gross"] = money(app.money_gross, currency);
  json["money_lost"] = money(app.money_lost, currency);
  json["money_deferred"] = money(app.money_deferred, currency);
  json["credits_owed"] = money(app.credits_owed, currency);
}

}  // namespace

double steps_of(study::Unit unit) { return unit == study::Unit::share ? millionths : thousandths; }

Json json_number(double value, double steps) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::round(value * steps) / steps;
  // A rate a million runs can show has no use for digits beyond a double's; and minus zero is zero.
  return std::isfinite(rounded) ? rounded + 0.0 : value;
}

Json json_number(const std::optional<double>& value, double steps) {
  return value ? json_number(*value, steps) : Json(nullptr);
}

Json json_bounds(const std::optional<Bounds>& bounds, double steps) {
  if (!bounds) return nullptr;
  return Json::array({json_number(bounds->low, steps), json_number(bounds->high, steps)});
}

Json json_of_statistic(const Statistic& statistic, double steps) {
  Json json = Json::object();
  add_statistic(json, statistic, steps);
  return json;
}

Json json_of_apps(const study::Results& results) {
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

Json json_of_incident(const study::Results& results) {
  const study::IncidentMeasures& incident = results.incident;
  const std::string& currency = results.world->currency;
  Json json = Json::object();
  json["detected_minute"] = json_of_statistic(incident.detected_minute);
  json["acknowledged_minute"] = json_of_statistic(incident.acknowledged_minute);
  json["diagnosed_minute"] = json_of_statistic(incident.diagnosed_minute);
  json["announced_minute"] = json_of_statistic(incident.announced_minute);
  json["mitigated_minute"] = json_of_statistic(incident.mitigated_minute);
  json["restored_minute"] = json_of_statistic(incident.restored_minute);
  json["staff_hours"] = json_of_statistic(incident.staff_hours);
  json["data_lost_minutes"] = json_of_statistic(incident.data_lost_minutes);
  json["user_minutes_lost"] = json_of_statistic(incident.user_minutes_lost);
  json["money_gross"] = money(incident.money_gross, currency);
  json["money_lost"] = money(incident.money_lost, currency);
  json["money_deferred"] = money(incident.money_deferred, currency);
  json["credits_owed"] = money(incident.credits_owed, currency);
  json["staff_cost"] = money(incident.staff_cost, currency);
  json["down_minutes"] = json_of_statistic(incident.down_minutes);
  json["outage_minutes"] = json_of_statistic(incident.outage_minutes);
  json["stuck_steps"] = json_of_statistic(incident.stuck_steps);
  return json;
}

Json json_of_phases(const study::Results& results) {
  Json phases = Json::array();
  for (std::size_t i = 0; i < results.phase_minutes.size(); ++i) {
    Json phase = Json::object();
    phase["phase"] = simulation::text_of(static_cast<simulation::Phase>(i));
    phase["mean"] = results.finished > 0 ? json_number(results.phase_minutes[i], thousandths) : Json(nullptr);
    phases.push_back(std::move(phase));
  }
  return phases;
}

void add_json_head(Json& json, const study::Results& results) {
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
  json["horizon_minutes"] = json_number(world.horizon.in_minutes(), thousandths);
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

std::string text_of(const Json& json) {
  // What an exception said may hold any bytes; JSON may not.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace knockon::report
