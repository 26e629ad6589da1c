#include "engine/report/graph_dot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <vector>

namespace knockon::report {
namespace {

using graph::Component;
using graph::ComponentId;
using graph::Findings;

std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe + "\"";
}

// Vertices: components, then apps.
class Drawing {
 public:
  explicit Drawing(const Findings& findings) : findings_{findings}, world_{*findings.world} {
    for (const graph::Relation& relation : findings.relations) {
      edges_.push_back({relation.from.index(), relation.to.index(), relation.kind});
    }
    for (std::size_t a = 0; a < world_.apps.size(); ++a) {
      std::vector<bool> is_drawn(first_app(), false);
      for (const world::JourneyId journey : world_.apps[a].journeys) {
        for (const world::ServiceId service : graph::services_called_by(world_, journey)) {
          draw_once(first_app() + a, findings.components.of(service), graph::Relation::Kind::hard, is_drawn);
        }
        if (const auto& session = world_[journey].session) {
          draw_once(first_app() + a, findings.components.of(*session), graph::Relation::Kind::session, is_drawn);
        }
      }
    }
    is_shown_.assign(first_app() + world_.apps.size(), true);
    for (std::size_t i = 0; i < first_app(); ++i) {
      const auto kind = findings.components[ComponentId{i}].kind;
      is_shown_[i] = kind == Component::Kind::service || kind == Component::Kind::session;
    }
  }

  // False: nothing is called that.
  bool look_at(const Focus& focus) {
    std::vector<std::vector<std::size_t>> neighbours(is_shown_.size());
    for (const Edge& edge : edges_) {
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

  [[nodiscard]] std::string text() const {
    std::vector<std::size_t> apps_down(is_shown_.size(), 0);
    for (const auto& blast : findings_.impact.blast_radius) {
      for (const auto& hit : blast.apps) {
        if (hit.severity == graph::Severity::down) ++apps_down[blast.component.index()];
      }
    }
    std::string dot = fmt::format("digraph {} {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=11];\n",
                                  quoted(world_.name));
    for (std::size_t i = 0; i < is_shown_.size(); ++i) {
      if (is_shown_[i]) dot += fmt::format("  {} [{}];\n", vertex(i), look_of(i, apps_down[i]));
    }
    for (const Edge& edge : edges_) {
      if (!is_shown_[edge.from] || !is_shown_[edge.to]) continue;
      dot += fmt::format("  {} -> {}{};\n", vertex(edge.from), vertex(edge.to), look_of(edge.kind));
    }
    return dot + "}\n";
  }

 private:
  struct Edge {
    std::size_t from, to;
    graph::Relation::Kind kind;
  };
  [[nodiscard]] std::size_t first_app() const { return findings_.components.size(); }
  [[nodiscard]] std::string name(std::size_t i) const {
    return i >= first_app() ? world_.apps[i - first_app()].name
                            : graph::name_of(world_, findings_.components[ComponentId{i}]);
  }
  [[nodiscard]] std::string vertex(std::size_t i) const { return quoted((i >= first_app() ? "app " : "") + name(i)); }
  void draw_once(std::size_t from, ComponentId to, graph::Relation::Kind kind, std::vector<bool>& is_drawn) {
    if (!is_drawn[to.index()]) edges_.push_back({from, to.index(), kind});
    is_drawn[to.index()] = true;
  }
  [[nodiscard]] std::string look_of(std::size_t i, std::size_t down) const {
    if (i >= first_app()) return "label=" + quoted(name(i)) + ", shape=house, style=filled, fillcolor=\"#dde7f3\"";
    const bool is_session = findings_.components[ComponentId{i}].kind == Component::Kind::session;
    const double share = world_.apps.empty() ? 0 : static_cast<double>(down) / static_cast<double>(world_.apps.size());
    const int fade = 255 - static_cast<int>(share * 110);
    return fmt::format("shape={}, style=filled, fillcolor=\"#ff{:02x}{:02x}\", tooltip=\"takes down {} of {} apps\"",
                       is_session ? "ellipse" : "box", fade, fade, down, world_.apps.size());
  }
  static std::string look_of(graph::Relation::Kind kind) {
    switch (kind) {
      case graph::Relation::Kind::hard:
        return "";
      case graph::Relation::Kind::soft:
        return " [style=dashed]";
      case graph::Relation::Kind::async:
        return " [style=dotted]";
      default:
        return fmt::format(" [color=gray40, fontsize=9, label=\"{}\"]", graph::text_of(kind));
    }
  }

  const Findings& findings_;
  const world::World& world_;
  std::vector<Edge> edges_;
  std::vector<bool> is_shown_;
};

}  // namespace

std::optional<std::string> dot_of(const Findings& findings, const std::optional<Focus>& focus) {
  Drawing drawing{findings};
  if (focus && !drawing.look_at(*focus)) return std::nullopt;
  return drawing.text();
}

}  // namespace knockon::report
