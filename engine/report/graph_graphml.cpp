#include "engine/report/graph_graphml.hpp"

#include <fmt/format.h>

#include <string_view>

namespace knockon::report {
namespace {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return safe;
}

constexpr const char* head = R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="knockon" for="node" attr.name="knockon" attr.type="string"/>
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="apps_down" for="node" attr.name="apps_down" attr.type="int"/>
  <key id="kind" for="edge" attr.name="kind" attr.type="string"/>
  <key id="per_request" for="edge" attr.name="per_request" attr.type="double"/>
)";

}  // namespace

std::string graphml_of(const Drawing& drawing) {
  std::string text = head;
  text += fmt::format("  <graph id=\"{}\" edgedefault=\"directed\">\n", escaped(drawing.title));
  for (const Drawing::Vertex& vertex : drawing.vertices) {
    text += fmt::format(
        "    <node id=\"{}\"><data key=\"knockon\">{}</data><data key=\"name\">{}</data><data "
        "key=\"apps_down\">{}</data>"
        "</node>\n",
        escaped(vertex.id()), text_of(vertex.kind), escaped(vertex.name), vertex.apps_down);
  }
  for (const Drawing::Edge& edge : drawing.edges) {
    text += fmt::format(
        "    <edge source=\"{}\" target=\"{}\"><data key=\"kind\">{}</data><data "
        "key=\"per_request\">{:.6g}</data></edge>\n",
        escaped(drawing.vertices[edge.from].id()), escaped(drawing.vertices[edge.to].id()), graph::text_of(edge.kind),
        edge.per_request);
  }
  return text + "  </graph>\n</graphml>\n";
}

}  // namespace knockon::report
