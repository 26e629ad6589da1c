#include "engine/report/graph_dot.hpp"

#include <fmt/format.h>

namespace knockon::report {
namespace {

using Kind = Drawing::Vertex::Kind;

std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe + "\"";
}

std::string look_of(const Drawing::Vertex& vertex, std::size_t apps) {
  if (vertex.kind == Kind::app)
    return fmt::format("knockon=app, label={}, shape=house, style=filled, fillcolor=\"#dde7f3\"", quoted(vertex.name));
  const double share = apps == 0 ? 0 : static_cast<double>(vertex.apps_down) / static_cast<double>(apps);
  const int fade = 255 - static_cast<int>(share * 110);
  return fmt::format(
      "knockon={}, shape={}, style=filled, fillcolor=\"#ff{:02x}{:02x}\", tooltip=\"takes down {} of {} apps\"",
      text_of(vertex.kind), vertex.kind == Kind::session ? "ellipse" : "box", fade, fade, vertex.apps_down, apps);
}

// Arrows to and from a session need no word: its oval says it.
std::string look_of(graph::Relation::Kind kind) {
  switch (kind) {
    case graph::Relation::Kind::hard:
      return "";
    case graph::Relation::Kind::soft:
      return "style=dashed";
    case graph::Relation::Kind::async:
      return "style=dotted";
    case graph::Relation::Kind::session:
      return "knockon=session, color=gray60";
    default:
      return fmt::format("knockon={0}, color=gray60, fontcolor=gray40, label={0}", graph::text_of(kind));
  }
}

std::string look_of(const Drawing::Edge& edge) {
  std::string look = look_of(edge.kind);
  if (edge.per_request != 1) {
    look += fmt::format("{0}per_request={1:.6g}, edgetooltip=\"{1:.3g} calls for each request\"",
                        look.empty() ? "" : ", ", edge.per_request);
  }
  return look.empty() ? look : " [" + look + "]";
}

constexpr const char* looks = R"(  rankdir=LR;
  graph [fontname="sans-serif", fontsize=14, labelloc=t, labeljust=l, ranksep=0.7];
  node [fontname="sans-serif", fontsize=11, height=0.35];
  edge [fontname="sans-serif", fontsize=9, color=gray25, arrowsize=0.7];
)";

}  // namespace

std::string dot_of(const Drawing& drawing) {
  std::string dot = fmt::format("digraph {} {{\n{}", quoted(drawing.title), looks);
  // Broken by hand: quotes would keep the break from Graphviz.
  const std::string title = quoted(drawing.title);
  dot += fmt::format("  label={}\\lthe redder, the more apps it takes down alone; dashed: soft; dotted: async\\l\";\n",
                     title.substr(0, title.size() - 1));
  // What people see, on the left, whatever calls what.
  std::string apps, components;
  for (const Drawing::Vertex& vertex : drawing.vertices) {
    (vertex.kind == Kind::app ? apps : components) +=
        fmt::format("  {} [{}];\n", quoted(vertex.id()), look_of(vertex, drawing.apps));
  }
  if (!apps.empty()) dot += "  subgraph { rank=source;\n" + apps + "  }\n";
  dot += components;
  for (const Drawing::Edge& edge : drawing.edges) {
    dot += fmt::format("  {} -> {}{};\n", quoted(drawing.vertices[edge.from].id()),
                       quoted(drawing.vertices[edge.to].id()), look_of(edge));
  }
  return dot + "}\n";
}

}  // namespace knockon::report
