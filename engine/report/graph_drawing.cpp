#include "engine/report/graph_drawing.hpp"

#include <deque>
#include <utility>

namespace knockon::report {
namespace {

using graph::Component;
using graph::ComponentId;
using graph::Findings;
using graph::Relation;

// Vertices: components, then apps.
class Sketch {
 public:
  explicit Sketch(const Findings& findings) : findings_{findings}, world_{*findings.world} {
    for (const Relation& relation : findings.relations)
      edges_.push_back({relation.from.index(), relation.to.index(), relation.kind, relation.per_request});
    for (std::size_t a = 0; a < world_.apps.size(); ++a) add_app(a);
    is_shown_.assign(first_app() + world_.apps.size(), true);
    for (std::size_t i = 0; i < first_app(); ++i) {
      const auto kind = findings.components[ComponentId{i}].kind;
      is_shown_[i] = kind == Component::Kind::service || kind == Component::Kind::session;
    }
  }

  // False: nothing is called that.
  bool look_at(const Focus& focus) {
    std::vector<std::vector<std::size_t>> neighbours(is_shown_.size());
    for (const Drawing::Edge& edge : edges_) {
      neighbours[edge.from].push_back(edge.to);
      neighbours[edge.to].push_back(edge.from);
    }
    std::vector<bool> is_near(is_shown_.size(), false);
    std::deque<std::pair<std::size_t, std::size_t>> open;
    for (std::size_t i = 0; i < is_shown_.size(); ++i) {
      if (!is_shown_[i] || name(i) != focus.name) continue;
      is_near[i] = true;
      open.emplace_back(i, 0);
    }
    if (open.empty()) return false;
    while (!open.empty()) {
      const auto [vertex, distance] = open.front();
      open.pop_front();
      for (const std::size_t other : neighbours[vertex]) {
        if (distance == focus.depth || is_near[other]) continue;
        is_near[other] = true;
        open.emplace_back(other, distance + 1);
      }
    }
    is_shown_ = std::move(is_near);
    return true;
  }

  [[nodiscard]] Drawing drawing() const {
    std::vector<std::size_t> apps_down(is_shown_.size(), 0);
    for (const auto& blast : findings_.impact.blast_radius) {
      for (const auto& hit : blast.apps) {
        if (hit.severity == graph::Severity::down) ++apps_down[blast.component.index()];
      }
    }
    Drawing drawing{.title = world_.name, .apps = world_.apps.size(), .vertices = {}, .edges = {}};
    std::vector<std::size_t> place(is_shown_.size());
    for (std::size_t i = 0; i < is_shown_.size(); ++i) {
      if (!is_shown_[i]) continue;
      place[i] = drawing.vertices.size();
      drawing.vertices.push_back({kind(i), name(i), apps_down[i], index(i)});
    }
    for (const Drawing::Edge& edge : edges_) {
      if (is_shown_[edge.from] && is_shown_[edge.to])
        drawing.edges.push_back({place[edge.from], place[edge.to], edge.kind, edge.per_request});
    }
    return drawing;
  }

 private:
  [[nodiscard]] std::size_t first_app() const { return findings_.components.size(); }
  [[nodiscard]] std::string name(std::size_t i) const {
    return i >= first_app() ? world_.apps[i - first_app()].name
                            : graph::name_of(world_, findings_.components[ComponentId{i}]);
  }
  [[nodiscard]] Drawing::Vertex::Kind kind(std::size_t i) const {
    if (i >= first_app()) return Drawing::Vertex::Kind::app;
    const bool is_session = findings_.components[ComponentId{i}].kind == Component::Kind::session;
    return is_session ? Drawing::Vertex::Kind::session : Drawing::Vertex::Kind::service;
  }

  [[nodiscard]] std::size_t index(std::size_t i) const {
    return i >= first_app() ? i - first_app() : findings_.components[ComponentId{i}].index;
  }

  // From an app to what its journeys call and are held by, once each.
  void add_app(std::size_t app) {
    std::vector<bool> is_drawn(first_app(), false);
    const auto draw = [&](ComponentId to, Relation::Kind kind) {
      if (!is_drawn[to.index()]) edges_.push_back({first_app() + app, to.index(), kind});
      is_drawn[to.index()] = true;
    };
    for (const world::JourneyId journey : world_.apps[app].journeys) {
      for (const world::ServiceId service : graph::services_called_by(world_, journey))
        draw(findings_.components.of(service), Relation::Kind::hard);
      if (const auto& session = world_[journey].session)
        draw(findings_.components.of(*session), Relation::Kind::session);
    }
  }

  const Findings& findings_;
  const world::World& world_;
  std::vector<Drawing::Edge> edges_;
  std::vector<bool> is_shown_;
};

}  // namespace

const char* text_of(Drawing::Vertex::Kind kind) {
  switch (kind) {
    case Drawing::Vertex::Kind::service:
      return "service";
    case Drawing::Vertex::Kind::session:
      return "session";
    case Drawing::Vertex::Kind::app:
      return "app";
  }
  return "";
}

std::optional<Drawing> drawing_of(const Findings& findings, const std::optional<Focus>& focus) {
  Sketch sketch{findings};
  if (focus && !sketch.look_at(*focus)) return std::nullopt;
  return sketch.drawing();
}

}  // namespace knockon::report
