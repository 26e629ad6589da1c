// What `knockon graph` draws, `knockon import` reads again: the same services, and who hangs on whom.
#include <catch2/catch.hpp>
#include <map>

#include "engine/report/graph_dot.hpp"
#include "engine/report/graph_graphml.hpp"
#include "tests/foreign.hpp"

using namespace knockon;
using namespace knockon::tests;

namespace {

// Kind and calls for each request, by who hangs on whom.
using Relations = std::map<std::pair<std::string, std::string>, std::pair<world::CallKind, double>>;

// Between services. Needs and names become hard calls and what is behind a cache a soft one: a drawing says no more.
Relations drawn_relations(const report::Drawing& drawing) {
  Relations relations;
  for (const auto& edge : drawing.edges) {
    const auto &from = drawing.vertices[edge.from], &to = drawing.vertices[edge.to];
    using Vertex = report::Drawing::Vertex;
    if (from.kind != Vertex::Kind::service || to.kind != Vertex::Kind::service) continue;
    using Kind = graph::Relation::Kind;
    const auto kind = edge.kind == Kind::async                              ? world::CallKind::async
                      : edge.kind == Kind::soft || edge.kind == Kind::cache ? world::CallKind::soft
                                                                            : world::CallKind::hard;
    relations[{from.name, to.name}] = {kind, edge.per_request};
  }
  return relations;
}

Relations calls_in(const world::World& world) {
  Relations calls;
  for (const world::Operation& operation : world.operations) {
    for (const world::Call& call : operation.calls)
      calls[{world[operation.service].name, world[world[call.to].service].name}] = {call.kind, call.per_request};
  }
  return calls;
}

void check_same(const report::Drawing& drawing, const world::World& world) {
  std::set<std::string> drawn;
  for (const auto& vertex : drawing.vertices) {
    if (vertex.kind == report::Drawing::Vertex::Kind::service) drawn.insert(vertex.name);
  }
  CHECK(shape_of(world).services == drawn);
  const Relations expected = drawn_relations(drawing), found = calls_in(world);
  REQUIRE(found.size() == expected.size());
  for (const auto& [ends, relation] : expected) {
    INFO(ends.first << " -> " << ends.second);
    REQUIRE(found.count(ends) == 1);
    CHECK(found.at(ends).first == relation.first);
    CHECK(found.at(ends).second == Approx(relation.second).epsilon(.005));  // three figures are kept
  }
}

}  // namespace

TEST_CASE("what is drawn of the shipped scenarios is imported as the same graph, from DOT and from GraphML") {
  const std::string root = KNOCKON_SOURCE_DIR;
  for (const char* name : {"first-steps", "facebook-2021-10-04", "meta-2024-03-05"}) {
    INFO(name);
    const auto read = scenario::read({root + "/scenarios/" + name + "/scenario.yaml", {root + "/models"}});
    REQUIRE(read.has_value());
    const auto drawing = report::drawing_of(graph::findings_of(read->world, {}), std::nullopt);
    REQUIRE(drawing.has_value());

    check_same(*drawing, imported_world("dot", report::dot_of(*drawing)));
    check_same(*drawing, imported_world("graphml", report::graphml_of(*drawing)));
  }
}

TEST_CASE("a title with marks of the format is written so that it can be read") {
  report::Drawing drawing{.title = "a \"title\" <&> \\ of\nlines", .apps = 0, .vertices = {}, .edges = {}};
  drawing.vertices.push_back({report::Drawing::Vertex::Kind::service, "web", 0});

  CHECK(shape_of(imported_world("dot", report::dot_of(drawing))).services == std::set<std::string>{"web"});
  CHECK(shape_of(imported_world("graphml", report::graphml_of(drawing))).services == std::set<std::string>{"web"});
}
