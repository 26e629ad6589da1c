#include "engine/report/graph_sarif.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace knockon::report {
namespace {

using Json = nlohmann::ordered_json;
using graph::Findings;

Json rule(const char* id, const char* text) { return {{"id", id}, {"shortDescription", {{"text", text}}}}; }

class Review {
 public:
  Review(const Findings& findings, const FindPlace& find) : findings_{findings}, world_{*findings.world}, find_{find} {}

  Json results() {
    for (const auto& blast : findings_.impact.blast_radius) add_single_point(blast);
    for (const auto& knot : findings_.recovery.knots) add_knot(knot);
    for (const auto& circle : findings_.circles) {
      std::string names;
      for (const auto id : circle.members) names += (names.empty() ? "" : ", ") + name(id);
      add("circle", "note", keys_of(circle.members.front()),
          fmt::format("{} hang on each other; the cheapest edge to give up is {} to {}", names,
                      name(circle.cheapest.from), name(circle.cheapest.to)));
    }
    for (const auto& promise : findings_.promises) {
      if (!promise.is_kept)
        add("promise", "error", {"promises", promise.text}, fmt::format("{}: it is {:g}", promise.text, promise.value));
    }
    return std::move(results_);
  }

 private:
  [[nodiscard]] std::string name(graph::ComponentId id) const {
    return graph::name_of(world_, findings_.components[id]);
  }
  // Where a component is declared. A site that nobody wrote is its region's.
  [[nodiscard]] std::vector<std::string> keys_of(graph::ComponentId id) const {
    using Kind = graph::Component::Kind;
    const graph::Component component = findings_.components[id];
    switch (component.kind) {
      case Kind::service:
        return {"services", name(id)};
      case Kind::site:
        return {find_({"sites", name(id)}) ? "sites" : "regions", name(id)};
      case Kind::link:
        return {"links", name(id)};
      case Kind::group:
        return {"groups", name(id)};
      case Kind::session:
        return {"sessions", name(id)};
    }
    return {};
  }
  void add(const char* rule_id, const char* level, const std::vector<std::string>& keys, const std::string& text) {
    Json result = {{"ruleId", rule_id}, {"level", level}, {"message", {{"text", text}}}};
    if (const auto place = find_(keys)) {
      const Json region = {{"startLine", place->line},
                           {"startColumn", place->column},
                           {"endLine", place->line},
                           {"endColumn", place->end_column}};
      result["locations"] =
          Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", place->uri}}}, {"region", region}}}}});
    }
    results_.push_back(std::move(result));
  }
  void add_single_point(const graph::Blast& blast) {
    std::string apps;
    for (const auto& hit : blast.apps) {
      if (hit.severity == graph::Severity::down) apps += (apps.empty() ? "" : ", ") + world_[hit.app].name;
    }
    if (apps.empty()) return;
    add("single-point", "note", keys_of(blast.component),
        fmt::format("{} {} alone takes down {}", graph::text_of(findings_.components[blast.component].kind),
                    name(blast.component), apps));
  }
  void add_knot(const graph::Knot& knot) {
    std::string chain = knot.waits_for;
    for (const std::string& through : knot.through) chain += ", which needs " + through;
    add("recovery-knot", knot.is_tied() ? "error" : "warning",
        {"strategies", world_[knot.strategy].name, "steps", world_[knot.step].name},
        fmt::format("{}: step {} needs {}", world_[knot.strategy].name, world_[knot.step].name, chain));
  }

  const Findings& findings_;
  const world::World& world_;
  const FindPlace& find_;
  Json results_ = Json::array();
};

}  // namespace

std::string sarif_of(const Findings& findings, const FindPlace& find, const std::string& version) {
  Json driver = {{"name", "knockon"},
                 {"version", version},
                 {"rules", Json::array({rule("single-point", "one component takes apps down alone"),
                                        rule("recovery-knot", "a step of recovery needs what has failed"),
                                        rule("circle", "components hang on each other"),
                                        rule("promise", "a promise about the graph is broken")})}};
  Json run = {{"tool", {{"driver", std::move(driver)}}},
              {"columnKind", "unicodeCodePoints"},
              {"results", Review{findings, find}.results()}};
  Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({std::move(run)})}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace knockon::report
