#include "engine/report/comparison_json.hpp"

#include <nlohmann/json.hpp>

#include "engine/report/figure.hpp"
#include "engine/report/json_parts.hpp"

namespace knockon::report {
namespace {

using study::Across;
using study::Comparison;

Json entry(const Comparison& comparison, std::size_t position) {
  const study::Results& results = comparison.results[position];
  Json json = Json::object();
  json["name"] = comparison.entries[position].name;
  json["scenario"] = results.world->name;
  json["scenario_sha256"] = results.subject.scenario_sha256;
  json["cause"] = (*results.world)[results.subject.cause].name;
  json["strategy"] = (*results.world)[results.subject.strategy].name;
  json["variants"] = results.subject.variants;
  json["fingerprint"] = fingerprint_text(results.fingerprint);
  json["apps"] = json_of_apps(results);
  json["incident"] = json_of_incident(results);
  json["minutes"] = json_of_phases(results);
  return json;
}

Json pair(const Comparison& comparison, const study::Pair& pair) {
  const study::ComparedMeasure& measure = comparison.measures[pair.measure];
  const statistics::Difference& difference = pair.difference;
  const auto share = [&](std::size_t days) -> Json {
    return difference.n == 0 ? Json(nullptr) : json_number(difference.share_of(days).value(), millionths);
  };
  Json json = Json::object();
  json["a"] = comparison.entries[pair.a].name;
  json["b"] = comparison.entries[pair.b].name;
  json["measure"] = measure.name;
  json["app"] = measure.app.empty() ? Json(nullptr) : Json(measure.app);
  json["n"] = difference.n;
  json["difference"]["mean"] = json_number(difference.mean, steps_of(measure.unit));
  json["difference"]["ci95"] = json_bounds(difference.ci95, steps_of(measure.unit));
  json["a_better_share"] = share(difference.a_better);
  json["tie_share"] = share(difference.tie);
  json["b_better_share"] = share(difference.b_better);
  json["significant"] = pair.is_significant;
  return json;
}

Json names(const Comparison& comparison, const std::vector<std::size_t>& entries) {
  Json names = Json::array();
  for (const std::size_t position : entries) names.push_back(comparison.entries[position].name);
  return names;
}

Json dominated(const Comparison& comparison, const study::Dominated& dominated) {
  Json json = Json::object();
  json["name"] = comparison.entries[dominated.entry].name;
  json["by"] = comparison.entries[dominated.by].name;
  json["on"] = Json::array();
  for (const std::size_t measure : dominated.on) json["on"].push_back(comparison.measures[measure].name);
  return json;
}

// The head is the baseline's; what is not the same in all entries is told by each.
void add_head(Json& json, const Comparison& comparison) {
  add_json_head(json, comparison.results[comparison.baseline]);
  if (comparison.across == Across::strategies) json["strategy"] = nullptr;
  if (comparison.across == Across::causes) json["cause"] = nullptr;
  json["died"] = Json::array();
  for (std::size_t i = 0; i < comparison.entries.size(); ++i) {
    for (const study::Died& died : comparison.results[i].died) {
      Json one = Json::object();
      one["entry"] = comparison.entries[i].name;
      one["index"] = died.index;
      one["error"] = died.error;
      json["died"].push_back(std::move(one));
    }
  }
  json["fingerprint"] = fingerprint_text(fingerprint_of(comparison));
}

}  // namespace

std::string json_of(const Comparison& comparison) {
  Json json = Json::object();
  add_head(json, comparison);
  json["across"] = study::text_of(comparison.across);
  json["baseline"] = comparison.entries[comparison.baseline].name;
  json["paired_on"] = comparison.across == Across::causes ? "people and demand" : "everything";
  json["entries"] = Json::array();
  for (std::size_t i = 0; i < comparison.entries.size(); ++i) json["entries"].push_back(entry(comparison, i));
  json["pairs_of"] = comparison.is_of_all_pairs ? "all" : "baseline";
  json["pairs"] = Json::array();
  for (const study::Pair& one : comparison.pairs) json["pairs"].push_back(pair(comparison, one));
  json["ranking"] = Json::array();
  for (const auto& group : comparison.ranking) json["ranking"].push_back(names(comparison, group));
  json["dominated"] = Json::array();
  for (const study::Dominated& one : comparison.dominated) json["dominated"].push_back(dominated(comparison, one));
  return text_of(json);
}

}  // namespace knockon::report
