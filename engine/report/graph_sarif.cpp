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
  Review(const Findings& findings, const std::string& path)
      : findings_{findings}, world_{*findings.world}, path_{path} {}

  Json results() {
    for (const auto& blast : findings_.impact.blast_radius) add_single_point(blast);
    for (const auto& knot : findings_.recovery.knots) add_knot(knot);
    for (const auto& circle : findings_.circles) {
      std::string names;
      for (const auto id : circle.members) names += (names.empty() ? "" : ", ") + name(id);
      add("circle", "note",
          fmt::format("{} hang on each other; the cheapest edge to give up is {} to {}", names,
                      name(circle.cheapest.from), name(circle.cheapest.to)));
    }
    for (const auto& promise : findings_.promises) {
      if (!promise.is_kept) add("promise", "error", fmt::format("{}: it is {:g}", promise.text, promise.value));
    }
    return std::move(results_);
  }

 private:
  [[nodiscard]] std::string name(graph::ComponentId id) const {
    return graph::name_of(world_, findings_.components[id]);
  }
  void add(const char* rule_id, const char* level, const std::string& text) {
    results_.push_back(
        {{"ruleId", rule_id},
         {"level", level},
         {"message", {{"text", text}}},
         {"locations", Json::array({{{"physicalLocation",
                                      {{"artifactLocation", {{"uri", path_}}}, {"region", {{"startLine", 1}}}}}}})}});
  }
  void add_single_point(const graph::Blast& blast) {
    std::string apps;
    for (const auto& hit : blast.apps) {
      if (hit.severity == graph::Severity::down) apps += (apps.empty() ? "" : ", ") + world_[hit.app].name;
    }
    if (apps.empty()) return;
    add("single-point", "note",
        fmt::format("{} {} alone takes down {}", graph::text_of(findings_.components[blast.component].kind),
                    name(blast.component), apps));
  }
  void add_knot(const graph::Knot& knot) {
    std::string chain = knot.waits_for;
    for (const std::string& through : knot.through) chain += ", which needs " + through;
    add("recovery-knot", knot.is_tied() ? "error" : "warning",
        fmt::format("{}: step {} needs {}", world_[knot.strategy].name, world_[knot.step].name, chain));
  }

  const Findings& findings_;
  const world::World& world_;
  const std::string& path_;
  Json results_ = Json::array();
};

}  // namespace

std::string sarif_of(const Findings& findings, const std::string& path, const std::string& version) {
  Json driver = {{"name", "knockon"},
                 {"version", version},
                 {"rules", Json::array({rule("single-point", "one component takes apps down alone"),
                                        rule("recovery-knot", "a step of recovery needs what has failed"),
                                        rule("circle", "components hang on each other"),
                                        rule("promise", "a promise about the graph is broken")})}};
  Json run = {{"tool", {{"driver", std::move(driver)}}}, {"results", Review{findings, path}.results()}};
  Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({std::move(run)})}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace knockon::report
