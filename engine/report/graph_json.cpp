#include "engine/report/graph_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace knockon::report {
namespace {

using Json = nlohmann::ordered_json;
using graph::ComponentId;
using graph::Findings;

// Too many names would be a file that nobody can read: of what is ranked, the first of these.
constexpr std::size_t ranked_max = 1000;

class Writer {
 public:
  explicit Writer(const Findings& findings) : findings_{findings}, world_{*findings.world} {}

  void add_all(Json& json) const {
    json["services"] = world_.services.size();
    json["dependencies"] = findings_.relations.size();
    json["single_points"] = single_points();
    json["cut_sets"] = cut_sets();
    json["blast_radius"] = blast_radius();
    json["recovery_knots"] = knots();
    json["standstills"] = standstills();
    json["recovery_needs"] = footings();
    json["cycles"] = cycles();
    json["cheapest_edges"] = cheapest_edges();
    json["broken"] = broken();
    json["shape"] = shape();
    if (!findings_.availability.empty()) json["availability"] = availability();
    if (findings_.random_failures) json["random_failures"] = random_failures(*findings_.random_failures);
    if (findings_.random_failures_under_load)
      json["random_failures_under_load"] = random_failures(*findings_.random_failures_under_load);
    json["promises"] = promises();
  }

 private:
  [[nodiscard]] std::string name(ComponentId id) const { return graph::name_of(world_, findings_.components[id]); }
  [[nodiscard]] const char* kind(ComponentId id) const { return graph::text_of(findings_.components[id].kind); }
  [[nodiscard]] Json names(const std::vector<ComponentId>& ids) const {
    Json list = Json::array();
    for (const ComponentId id : ids) list.push_back(name(id));
    return list;
  }
  template <class Id>
  [[nodiscard]] Json names_of(const std::vector<Id>& ids) const {
    Json list = Json::array();
    for (const Id id : ids) list.push_back(world_[id].name);
    return list;
  }
  static Json share(double value) {
    return std::isfinite(value) ? Json(std::round(value * 1e6) / 1e6 + 0.0) : Json(nullptr);
  }
  // Chances of failure may be far below a millionth: six figures of them.
  static Json chance(double value) {
    if (!std::isfinite(value) || value == 0) return std::isfinite(value) ? Json(0.0) : Json(nullptr);
    const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
  }

  [[nodiscard]] Json single_points() const {
    Json list = Json::array();
    for (const auto& point : findings_.impact.single_points) {
      list.push_back({{"app", world_[point.app].name},
                      {"journey", world_[point.journey].name},
                      {"region", world_[point.region].name},
                      {"component", name(point.component)},
                      {"kind", kind(point.component)}});
    }
    return list;
  }
  [[nodiscard]] Json cut_sets() const {
    Json list = Json::array();
    for (const auto& one : findings_.cut_sets) {
      Json sets = Json::array();
      for (const auto& set : one.cuts.sets) sets.push_back(names(set));
      list.push_back({{"app", world_[one.app].name},
                      {"journey", world_[one.journey].name},
                      {"region", world_[one.region].name},
                      {"sets", std::move(sets)},
                      {"complete", one.cuts.complete}});
    }
    return list;
  }
  [[nodiscard]] Json blast_radius() const {
    Json list = Json::array();
    for (const auto& blast : findings_.impact.blast_radius) {
      Json apps = Json::array();
      for (const auto& hit : blast.apps) {
        apps.push_back({{"app", world_[hit.app].name},
                        {"severity", graph::text_of(hit.severity)},
                        {"down_in", names_of(hit.down)},
                        {"degraded_in", names_of(hit.degraded)}});
      }
      list.push_back(
          {{"component", name(blast.component)}, {"kind", kind(blast.component)}, {"apps", std::move(apps)}});
    }
    return list;
  }
  [[nodiscard]] Json knots() const {
    Json list = Json::array();
    for (const auto& knot : findings_.recovery.knots) {
      Json json = {{"strategy", world_[knot.strategy].name},
                   {"step", world_[knot.step].name},
                   {"way", knot.way},
                   {"waits_for", knot.waits_for},
                   {"which_needs", knot.through}};
      json["untied_by"] = knot.untied_by ? Json(*knot.untied_by) : Json(nullptr);
      json["given_up"] = knot.is_given_up;
      list.push_back(std::move(json));
    }
    return list;
  }
  [[nodiscard]] Json standstills() const {
    Json list = Json::array();
    for (const auto& still : findings_.recovery.standstills) {
      list.push_back({{"strategy", world_[still.strategy].name},
                      {"waiting", names_of(still.waiting)},
                      {"behind", names_of(still.behind)},
                      {"would_mend", names_of(still.menders)}});
    }
    return list;
  }
  [[nodiscard]] Json footings() const {
    Json list = Json::array();
    for (const auto& footing : findings_.recovery.footings) {
      list.push_back({{"strategy", world_[footing.strategy].name},
                      {"step", world_[footing.step].name},
                      {"way", footing.way},
                      {"needs", footing.needs},
                      {"depends_on", names_of(footing.depends_on)}});
    }
    return list;
  }
  [[nodiscard]] Json cycles() const {
    Json list = Json::array();
    for (const auto& circle : findings_.circles) list.push_back(names(circle.members));
    return list;
  }
  [[nodiscard]] Json cheapest_edges() const {
    Json list = Json::array();
    for (const auto& circle : findings_.circles) {
      list.push_back({{"from", name(circle.cheapest.from)},
                      {"to", name(circle.cheapest.to)},
                      {"kind", graph::text_of(circle.cheapest.kind)},
                      {"enough", circle.is_enough}});
    }
    return list;
  }
  [[nodiscard]] Json broken() const {
    Json list = Json::array();
    for (const auto& [journey, region] : findings_.impact.broken) {
      list.push_back({{"journey", world_[journey].name}, {"region", world_[region].name}});
    }
    return list;
  }

  [[nodiscard]] Json shape() const {
    const graph::Burden& burden = findings_.burden;
    Json fans = Json::array(), latencies = Json::array(), retries = Json::array(), impatience = Json::array();
    for (const auto& fan : burden.fans) {
      fans.push_back({{"service", world_[fan.service].name}, {"in", fan.in}, {"out", fan.out}});
    }
    for (const auto& path : burden.latency_paths) {
      latencies.push_back({{"journey", world_[path.journey].name},
                           {"region", world_[path.region].name},
                           {"median_s", share(path.total.in_seconds())},
                           {"path", names_of(path.path)}});
    }
    for (std::size_t i = 0; i < std::min(burden.amplifications.size(), ranked_max); ++i) {
      const auto& one = burden.amplifications[i];
      retries.push_back(
          {{"operation", world_[one.operation].name}, {"times", one.times}, {"path", names_of(one.path)}});
    }
    for (std::size_t i = 0; i < std::min(burden.impatience.size(), ranked_max); ++i) {
      const auto& one = burden.impatience[i];
      const bool is_journey = one.caller_journey != graph::Impatience::none;
      impatience.push_back({{"caller", is_journey ? world_.journeys[one.caller_journey].name
                                                  : world_.operations[one.caller_operation].name},
                            {"callee", world_[one.callee].name},
                            {"waits_s", share(one.waits.in_seconds())},
                            {"may_take_s", share(one.may_take.in_seconds())}});
    }
    return {{"depth", burden.depth},         {"deepest", names_of(burden.deepest)},
            {"fans", std::move(fans)},       {"latency", std::move(latencies)},
            {"retries", std::move(retries)}, {"impatient", std::move(impatience)}};
  }

  [[nodiscard]] Json availability() const {
    Json list = Json::array();
    for (const auto& one : findings_.availability) {
      Json importance = Json::array();
      for (std::size_t i = 0; i < std::min(one.parts.size(), ranked_max); ++i) {
        const auto& part = one.parts[i];
        importance.push_back({{"component", name(part.component)},
                              {"birnbaum", chance(part.importance.birnbaum)},
                              {"fussell_vesely", chance(part.importance.fussell_vesely)},
                              {"risk_achievement_worth", chance(part.importance.risk_achievement_worth)},
                              {"risk_reduction_worth", chance(part.importance.risk_reduction_worth)}});
      }
      list.push_back({{"app", world_[one.app].name},
                      {"journey", world_[one.journey].name},
                      {"region", world_[one.region].name},
                      {"unavailable", one.unavailable ? chance(*one.unavailable) : Json(nullptr)},
                      {"importance", std::move(importance)}});
    }
    return list;
  }
  [[nodiscard]] Json random_failures(const graph::RandomFailures& found) const {
    Json apps = Json::array();
    for (std::size_t a = 0; a < world_.apps.size(); ++a) {
      apps.push_back({{"app", world_.apps[a].name},
                      {"served", share(found.served[a])},
                      {"standard_error", share(found.standard_error[a])}});
    }
    return {{"gone", found.gone},
            {"instances", found.instances},
            {"cases", found.cases},
            {"exact", found.is_exact},
            {"apps", std::move(apps)}};
  }
  [[nodiscard]] Json promises() const {
    Json list = Json::array();
    for (const auto& promise : findings_.promises) {
      list.push_back(
          {{"text", promise.text}, {"verdict", promise.is_kept ? "kept" : "broken"}, {"value", promise.value}});
    }
    return list;
  }

  const Findings& findings_;
  const world::World& world_;
};

Json changes(const graph::Changes& changes) { return {{"gone", changes.gone}, {"added", changes.added}}; }

}  // namespace

std::string json_of(const Findings& findings, const GraphSubject& subject, const graph::Difference* difference) {
  const world::World& world = *findings.world;
  Json json = Json::object();
  json["knockon"] = subject.version;
  json["format"] = 1;
  json["scenario"] = world.name;
  json["scenario_sha256"] = subject.scenario_sha256;
  json["cause"] = findings.cause ? Json(world[*findings.cause].name) : Json(nullptr);
  json["strategy"] = subject.strategy ? Json(world[*subject.strategy].name) : Json(nullptr);
  json["variants"] = subject.variants;
  Json set = Json::array();
  for (const auto& [path, value] : subject.set) set.push_back(Json::array({path, value}));
  json["set"] = std::move(set);
  Writer{findings}.add_all(json);
  if (difference != nullptr) {
    json["difference"] = {{"components", changes(difference->components)},
                          {"dependencies", changes(difference->relations)},
                          {"single_points", changes(difference->single_points)},
                          {"knots", changes(difference->knots)},
                          {"cycles", changes(difference->circles)}};
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace knockon::report
