#include "engine/report/json.hpp"

#include <nlohmann/json.hpp>

#include "engine/report/json_parts.hpp"

namespace knockon::report {
namespace {

Json observations(const study::Results& results) {
  Json observations = Json::array();
  for (std::size_t i = 0; i < results.observed.size(); ++i) {
    const world::Observed& observed = results.world->observed[i];
    const double steps = observed.of ? steps_of(study::unit_of(observed.of->measure)) : thousandths;
    Json json = Json::object();
    json["what"] = observed.text;
    json["observed"] = Json::array({json_number(observed.low, steps), json_number(observed.high, steps)});
    json["simulated"] = json_of_statistic(results.observed[i], steps);
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
    const double steps = steps_of(promise.unit);
    Json json = Json::object();
    json["text"] = promise.text;
    json["verdict"] = statistics::text_of(promise.verdict);
    json["value"] = json_number(promise.value, steps);
    json["ci95"] = json_bounds(promise.ci95, steps);
    json["unit"] = name_of(promise.unit);
    json["replications_needed"] = promise.replications_needed ? Json(*promise.replications_needed) : Json(nullptr);
    promises.push_back(std::move(json));
  }
  return promises;
}

}  // namespace

std::string json_of(const study::Results& results) {
  Json json = Json::object();
  add_json_head(json, results);
  json["apps"] = json_of_apps(results);
  json["incident"] = json_of_incident(results);
  json["minutes"] = json_of_phases(results);
  json["observed"] = observations(results);
  json["promises"] = promises(results);
  return text_of(json);
}

}  // namespace knockon::report
