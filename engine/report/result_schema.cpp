#include "engine/report/result_schema.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/simulation/outcome.hpp"

namespace knockon::report {
namespace {

using Json = nlohmann::ordered_json;

struct Field {
  std::string_view name;
  Json schema;
  std::string_view doc = {};
  bool is_always = true;  // there in each result; else only where it was asked for
};

Json of_type(std::string_view type) { return {{"type", type}}; }
Json text() { return of_type("string"); }
Json flag() { return of_type("boolean"); }
Json number() { return of_type("number"); }
Json index() { return {{"type", "integer"}, {"minimum", 0}}; }
Json share() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}; }
Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json names() { return list_of(text()); }
Json pair_of(const Json& item) { return {{"type", "array"}, {"items", item}, {"minItems", 2}, {"maxItems", 2}}; }

Json one_of_the_words(std::vector<std::string_view> words) {
  Json json = Json::object();
  json["enum"] = Json::array();
  for (const std::string_view word : words) json["enum"].push_back(word);
  return json;
}

Json or_null(Json schema) {
  if (schema.contains("$ref")) return {{"anyOf", Json::array({schema, of_type("null")})}};
  schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}

Json defined(std::string_view name) { return {{"$ref", "#/definitions/" + std::string{name}}}; }

// Others may come.
Json map_of(const std::vector<Field>& fields) {
  Json json{{"type", "object"}, {"properties", Json::object()}, {"required", Json::array()}};
  for (const Field& field : fields) {
    Json schema = Json::object();
    if (!field.doc.empty()) schema["description"] = field.doc;
    for (const auto& [key, value] : field.schema.items()) schema[key] = value;
    json["properties"][std::string{field.name}] = std::move(schema);
    if (field.is_always) json["required"].push_back(field.name);
  }
  return json;
}

std::vector<Field> joined(std::vector<Field> first, const std::vector<Field>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// ---- pieces that several results share

Json interval() { return or_null(pair_of(or_null(number()))); }

std::vector<Field> statistic_fields() {
  return {{"n", index(), "replications looked at"},
          {"undefined_share", share(), "of them that have no value: it did not happen, or has no meaning"},
          {"censored_share", share(), "of them that were not over by the horizon"},
          {"mean", or_null(number())},
          {"ci95", interval(), "of the mean; an end that so few values cannot give is null"},
          {"p05", or_null(number())},
          {"p50", or_null(number()), "the lower median: the value of a run that happened"},
          {"p95", or_null(number()), "null beyond the horizon"},
          {"p50_ci95", interval()},
          {"p95_ci95", interval()}};
}

std::vector<Field> money_fields() { return joined({{"currency", text()}}, statistic_fields()); }

std::vector<Field> app_measures() {
  return {{"down_minutes", defined("statistic"), "from onset to horizon"},
          {"degraded_minutes", defined("statistic"), "degraded and not down"},
          {"first_impact_minute", defined("statistic"), "after onset, as all that ends in _minute"},
          {"mitigated_minute", defined("statistic"), "not down any more"},
          {"restored_minute", defined("statistic"), "ok again, and for fifteen minutes"},
          {"ever_down_share", share(), "of replications"},
          {"ever_down_share_ci95", interval()},
          {"unrestored_share", share(), "of replications, by the horizon"},
          {"unrestored_share_ci95", interval()},
          {"dips", defined("statistic"), "how many times it went down or degraded"},
          {"user_minutes_lost", defined("statistic")},
          {"failed_journeys", defined("statistic")},
          {"slo_budget_spent", or_null(defined("statistic")), "null without an objective"},
          {"money_gross", defined("money"), "lost and put off together"},
          {"money_lost", defined("money"), "gone"},
          {"money_deferred", defined("money"), "put off, and made up for later"},
          {"credits_owed", defined("money")}};
}

Json apps() {
  const Json region = map_of(joined({{"region", text()}}, app_measures()));
  return list_of(map_of(joined(joined({{"app", text()}}, app_measures()), {{"regions", list_of(region)}})));
}

Json incident() {
  return map_of(
      {{"detected_minute", defined("statistic")},
       {"acknowledged_minute", defined("statistic")},
       {"diagnosed_minute", defined("statistic")},
       {"announced_minute", defined("statistic")},
       {"mitigated_minute", defined("statistic"), "nothing is down any more"},
       {"restored_minute", defined("statistic"), "everything is ok again, and for fifteen minutes"},
       {"staff_hours", defined("statistic")},
       {"data_lost_minutes", defined("statistic")},
       {"user_minutes_lost", defined("statistic"), "each app by its share of people's time"},
       {"money_gross", defined("money")},
       {"money_lost", defined("money")},
       {"money_deferred", defined("money")},
       {"credits_owed", defined("money")},
       {"staff_cost", defined("money")},
       {"down_minutes", defined("statistic"), "in which some app was down in some region"},
       {"outage_minutes", defined("statistic"), "from onset until everything was restored, or to the horizon"},
       {"stuck_steps", defined("statistic")}});
}

Json phases() {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < simulation::phase_count; ++i)
    words.emplace_back(simulation::text_of(static_cast<simulation::Phase>(i)));
  return list_of(map_of({{"phase", one_of_the_words(words)}, {"mean", or_null(number())}}));
}

std::vector<Field> head() {
  return {{"knockon", text(), "the program's version"},
          {"format", index(), "of this JSON"},
          {"scenario", text()},
          {"scenario_sha256", {{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}}, "of the merged text"},
          {"cause", text()},
          {"strategy", text()},
          {"variants", names()},
          {"set", list_of(pair_of(text())), "path and value of each --set"},
          {"starts", {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}}},
          {"horizon_minutes", number()},
          {"seed", index()},
          {"replications", index(), "finished"},
          {"requested", index()},
          {"first", index(), "index of the first"},
          {"interrupted", flag()},
          {"died", list_of(map_of({{"index", index()}, {"error", text()}}))},
          {"fingerprint", text(), "of everything that happened"}};
}

Json definitions() { return {{"statistic", map_of(statistic_fields())}, {"money", map_of(money_fields())}}; }

// ---- the results

Json of_run() {
  const Json observed = map_of({{"what", text(), "a measure, or the name of a milestone"},
                                {"observed", pair_of(or_null(number())), "what really happened, least and most"},
                                {"simulated", defined("statistic")}});
  const Json promise =
      map_of({{"text", text(), "as written"},
              {"verdict", one_of_the_words({"kept", "broken", "undecided"})},
              {"value", or_null(number())},
              {"ci95", interval()},
              {"unit", one_of_the_words({"minutes", "user_minutes", "money", "share", "hours", "count"})},
              {"replications_needed", or_null(index()), "about how many would decide it"}});
  return map_of(joined(head(), {{"apps", apps()},
                                {"incident", incident()},
                                {"minutes", phases(), "where they went: all phases in this order; they add up"},
                                {"observed", list_of(observed)},
                                {"promises", list_of(promise)}}));
}

// Of the baseline; null: each entry has its own.
std::vector<Field> head_of_comparison() {
  std::vector<Field> fields = head();
  for (Field& field : fields) {
    if (field.name == "cause" || field.name == "strategy") field.schema = or_null(text());
    if (field.name == "died")
      field.schema = list_of(map_of({{"entry", text()}, {"index", index()}, {"error", text()}}));
  }
  return fields;
}

Json of_compare() {
  const Json entry = map_of({{"name", text()},
                             {"scenario", text()},
                             {"scenario_sha256", text()},
                             {"cause", text()},
                             {"strategy", text()},
                             {"variants", names()},
                             {"fingerprint", text()},
                             {"apps", apps()},
                             {"incident", incident()},
                             {"minutes", phases()}});
  const Json difference = map_of({{"mean", or_null(number())}, {"ci95", interval()}});
  const Json pair = map_of({{"a", text()},
                            {"b", text()},
                            {"measure", text(), "as in the incident, or in the app"},
                            {"app", or_null(text()), "null: the incident's measure"},
                            {"n", index(), "days on which both have a value"},
                            {"difference", difference, "a minus b, on the same days: below zero, a is better"},
                            {"a_better_share", or_null(share()), "of days; the three add up to 1"},
                            {"tie_share", or_null(share())},
                            {"b_better_share", or_null(share())},
                            {"significant", flag(), "by Holm's procedure over all pairs of the measure"}});
  const Json dominated = map_of({{"name", text()}, {"by", text()}, {"on", names(), "measures"}});
  return map_of(
      joined(head_of_comparison(),
             {{"across", one_of_the_words({"strategies", "causes", "variants", "scenarios"})},
              {"baseline", text()},
              {"paired_on", one_of_the_words({"everything", "people and demand"}), "what is the same on the same day"},
              {"entries", list_of(entry)},
              {"pairs_of", one_of_the_words({"all", "baseline"})},
              {"pairs", list_of(pair)},
              {"ranking", list_of(names()), "best first; those that are tied stand together"},
              {"dominated", list_of(dominated), "better on average in nothing, worse in what is listed"}}));
}

Json of_explain() {
  const std::vector<Field> event{{"event", index()},
                                 {"minute", number(), "after onset"},
                                 {"subject", text()},
                                 {"change", text()},
                                 {"cause", or_null(index()), "the event that caused it"},
                                 {"text", text(), "the event as a sentence"}};
  const Json chain = map_of({{"app", text()}, {"region", text()}, {"events", list_of(map_of(event))}});
  const Json stretch = map_of({{"phase", text()},
                               {"from_minute", number()},
                               {"to_minute", number()},
                               {"ended_by", or_null(map_of(event)), "null: the end, or nothing recorded"}});
  const Json waiting = map_of({{"step", text()}, {"waits_for", text()}, {"because", names()}});
  const Json unwell = map_of({{"service", text()},
                              {"health", one_of_the_words({"degraded", "down"})},
                              {"since_minute", number()},
                              {"because", names(), "faults and automation still active; none: the load alone keeps it"},
                              {"with_it", names(), "those that hang on it and are not ok either"}});
  const Json counterfactual = map_of({{"without", text()},
                                      {"saves_minutes", or_null(number())},
                                      {"saves_user_minutes", number()},
                                      {"at_least", flag(), "the outage itself was not over by the horizon"}});
  return map_of(joined(head(), {{"replication", index(), "the day that is explained"},
                                {"chains", list_of(chain), "why each app went down"},
                                {"recovery", list_of(stretch), "from onset to the end, by phases"},
                                {"minutes", phases()},
                                {"stuck", list_of(waiting)},
                                {"unfinished", list_of(waiting), "steps that wait, and not for what they must mend"},
                                {"unwell", list_of(unwell), "where the trouble sat when the run ended"},
                                {"counterfactuals", list_of(counterfactual), "the most helpful first"}}));
}

std::vector<Field> graph_recovery() {
  const Json knot = map_of({{"strategy", text()},
                            {"step", text()},
                            {"way", index(), "from 0"},
                            {"waits_for", text()},
                            {"which_needs", names()},
                            {"untied_by", or_null(index()), "a way that does without; null: none"},
                            {"given_up", flag(), "no way can, and the plan goes on without the step"}});
  const Json standstill =
      map_of({{"strategy", text()}, {"waiting", names()}, {"behind", names()}, {"would_mend", names()}});
  const Json need = map_of({{"strategy", text()},
                            {"step", text()},
                            {"way", index(), "from 0"},
                            {"needs", names()},
                            {"depends_on", names()}});
  return {{"recovery_knots", list_of(knot), "steps that need what only they, or what comes after, would mend"},
          {"standstills", list_of(standstill), "steps that are never done: each waits for its need, or for another"},
          {"recovery_needs", list_of(need), "what each way of a step stands on"}};
}

Json graph_shape() {
  const Json fan = map_of({{"service", text()}, {"in", index()}, {"out", index()}});
  const Json latency = map_of(
      {{"journey", text()}, {"region", text()}, {"median_s", or_null(number()), "in seconds"}, {"path", names()}});
  const Json retry = map_of({{"operation", text()}, {"times", number()}, {"path", names()}});
  const Json impatient = map_of({{"caller", text()},
                                 {"callee", text()},
                                 {"waits_s", or_null(number()), "in seconds"},
                                 {"may_take_s", or_null(number()), "in seconds"}});
  return map_of({{"depth", index(), "calls on the longest path"},
                 {"deepest", names()},
                 {"fans", list_of(fan), "who calls how many, and is called by how many"},
                 {"latency", list_of(latency)},
                 {"retries", list_of(retry), "how many attempts may reach an operation for one"},
                 {"impatient", list_of(impatient), "who waits less than the answer may take"}});
}

std::vector<Field> graph_chances() {
  const Json importance = map_of({{"component", text()},
                                  {"birnbaum", or_null(number())},
                                  {"fussell_vesely", or_null(number())},
                                  {"risk_achievement_worth", or_null(number())},
                                  {"risk_reduction_worth", or_null(number())}});
  const Json availability = map_of({{"app", text()},
                                    {"journey", text()},
                                    {"region", text()},
                                    {"unavailable", or_null(number())},
                                    {"importance", list_of(importance)}});
  const Json served = map_of({{"app", text()}, {"served", or_null(share())}, {"standard_error", or_null(number())}});
  const Json random = map_of({{"gone", index(), "of the instances"},
                              {"instances", index()},
                              {"cases", index(), "looked at"},
                              {"exact", flag(), "all cases were; else a sample of them"},
                              {"apps", list_of(served)}});
  return {{"availability", list_of(availability), "from the components' own", false},
          {"random_failures", random, "when so many instances are gone", false},
          {"random_failures_under_load", random, "the same, simulated: what is left carries the load", false}};
}

Json of_graph() {
  const Json kind = one_of_the_words({"service", "site", "link", "group", "session"});
  const Json edge_kind = one_of_the_words({"hard", "soft", "async", "cache", "name", "session", "need"});
  const Json single_point =
      map_of({{"app", text()}, {"journey", text()}, {"region", text()}, {"component", text()}, {"kind", kind}});
  const Json cut_sets = map_of({{"app", text()},
                                {"journey", text()},
                                {"region", text()},
                                {"sets", list_of(names()), "what must fail together"},
                                {"complete", flag(), "whether these are all"}});
  const Json hit = map_of({{"app", text()},
                           {"severity", one_of_the_words({"down", "degraded"})},
                           {"down_in", names()},
                           {"degraded_in", names()}});
  const Json radius = map_of({{"component", text()}, {"kind", kind}, {"apps", list_of(hit)}});
  const Json edge = map_of({{"from", text()}, {"to", text()}, {"kind", edge_kind}, {"enough", flag()}});
  const Json promise =
      map_of({{"text", text()}, {"verdict", one_of_the_words({"kept", "broken"})}, {"value", number()}});
  const Json change = map_of({{"gone", names()}, {"added", names()}});
  const Json difference = map_of({{"components", change},
                                  {"dependencies", change},
                                  {"single_points", change},
                                  {"knots", change},
                                  {"cycles", change}});
  std::vector<Field> fields{{"knockon", text(), "the program's version"},
                            {"format", index(), "of this JSON"},
                            {"scenario", text()},
                            {"scenario_sha256", text(), "of the merged text"},
                            {"cause", or_null(text())},
                            {"strategy", or_null(text()), "null: all"},
                            {"variants", names()},
                            {"set", list_of(pair_of(text()))},
                            {"services", index()},
                            {"dependencies", index()},
                            {"single_points", list_of(single_point), "what takes a journey down alone"},
                            {"cut_sets", list_of(cut_sets)},
                            {"blast_radius", list_of(radius), "what goes with a component"}};
  fields = joined(std::move(fields), graph_recovery());
  fields = joined(std::move(fields), {{"cycles", list_of(names())},
                                      {"cheapest_edges", list_of(edge), "where each cycle is cut most easily"},
                                      {"broken", list_of(map_of({{"journey", text()}, {"region", text()}})),
                                       "what does not work although nothing has failed"},
                                      {"shape", graph_shape()}});
  fields = joined(std::move(fields), graph_chances());
  return map_of(joined(std::move(fields),
                       {{"promises", list_of(promise)}, {"difference", difference, "to another scenario", false}}));
}

Json of_check() {
  const Json diagnostic = map_of({{"path", text()},
                                  {"line", index(), "from 1"},
                                  {"column", index(), "from 1, in characters"},
                                  {"end_column", index(), "one past the last"},
                                  {"severity", one_of_the_words({"error", "warning"})},
                                  {"code", {{"type", "string"}, {"pattern", "^[a-z0-9]+(-[a-z0-9]+)*$"}}, "stable"},
                                  {"message", text()},
                                  {"hint", text(), "empty without one"},
                                  {"note", text(), "a sentence on why; empty without one"}});
  return map_of({{"diagnostics", list_of(diagnostic), "none: well-formed"}});
}

struct Result {
  std::string_view command;
  Json (*schema)();
};
constexpr Result results[] = {
    {"run", of_run}, {"compare", of_compare}, {"graph", of_graph}, {"explain", of_explain}, {"check", of_check}};

}  // namespace

const std::vector<std::string_view>& described_results() {
  static const std::vector<std::string_view> commands = [] {
    std::vector<std::string_view> names;
    for (const Result& result : results) names.push_back(result.command);
    return names;
  }();
  return commands;
}

std::string result_schema_text(std::string_view command) {
  for (const Result& result : results) {
    if (result.command != command) continue;
    Json json{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "what `knockon " + std::string{command} + " --json` writes"}};
    const Json schema = result.schema();
    for (const auto& [key, value] : schema.items()) json[key] = value;
    json["definitions"] = definitions();
    return json.dump(1) + "\n";
  }
  throw quantity::ContractError{"only the results of commands that write JSON are described"};
}

}  // namespace knockon::report
