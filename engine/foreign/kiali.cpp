#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

constexpr const char* bytes_said =
    "edges that carry TCP have bytes and no requests in the file: one call for each request";

class Elements {
 public:
  explicit Elements(Material& material) : material_{material} {}

  void read(const View& elements) {
    const View nodes = elements.find("nodes"), edges = elements.find("edges");
    if (!has_kind(material_, nodes, View::Kind::list, "a list of 'nodes' among the elements", elements)) return;
    for (const View node : nodes) read_node(node, nodes);
    // A graph without traffic has no edges, and Kiali then writes null.
    if (!edges || edges.kind() == View::Kind::null) return;
    if (!has_kind(material_, edges, View::Kind::list, "a list of 'edges' among the elements", elements)) return;
    for (const View edge : edges) read_edge(edge, edges);
  }

 private:
  struct Node {
    bool is_service = false;  // neither a box around others nor whoever calls from outside
    std::size_t service = 0;
  };

  std::optional<View> payload_of(const View& wrapper, const View& around) {
    const char* const what = "a map with 'data'";
    if (!has_kind(material_, wrapper, View::Kind::map, what, around)) return std::nullopt;
    const View payload = wrapper.find("data");
    return has_kind(material_, payload, View::Kind::map, what, wrapper) ? std::optional{payload} : std::nullopt;
  }

  void read_node(const View& wrapper, const View& around) {
    const auto node = payload_of(wrapper, around);
    if (!node) return;
    const auto id = needed_text(material_, *node, "id", "the node's name among the elements");
    if (!id) return;
    const std::string_view type = node->find("nodeType").text();
    const bool is_box = type == "box" || !node->find("isBox").text().empty() || !node->find("isGroup").text().empty();
    if (is_box || type == "unknown") {
      nodes_.try_emplace(std::string{*id}, Node{});
      return;
    }
    const std::string name = name_of(*node, type);
    if (name.empty()) {
      material_.faults.error(node->span(), "missing-key",
                             "expected 'workload', 'app' or 'service', the node's name; found none of them");
      return;
    }
    const std::size_t service = material_.graph.service(*id, material_.origin(*node), unique(*node, name, type));
    nodes_.try_emplace(std::string{*id}, Node{true, service});
  }

  static std::string name_of(const View& node, std::string_view type) {
    std::string name{node.find(type == "aggregate" ? "aggregateValue" : type).text()};
    for (const char* key : {"workload", "app", "service"}) {
      if (name.empty()) name = node.find(key).text();
    }
    const std::string_view version = node.find("version").text();
    const bool has_version = type == "app" && !version.empty() && version != "unknown";
    return has_version && !name.empty() ? name + "-" + std::string{version} : name;
  }

  // A service and its workloads often have one name, and so have workloads of two namespaces.
  std::string unique(const View& node, const std::string& name, std::string_view type) {
    const std::string namespace_name{node.find("namespace").text()};
    const std::string with_type = name + "-" + std::string{type};
    for (const std::string& one : {name, with_type, name + "-" + namespace_name}) {
      if (names_.insert(one).second) return one;
    }
    return with_type + "-" + namespace_name;
  }

  const Node* end_of(const View& edge, std::string_view key, std::string_view what) {
    const auto id = needed_text(material_, edge, key, what);
    if (!id) return nullptr;
    const auto node = nodes_.find(*id);
    if (node != nodes_.end()) return &node->second;
    material_.faults.error(edge.find(key).span(), "unknown-name",
                           fmt::format("no node has the id {}", scenario::quoted(*id)));
    return nullptr;
  }

  // Requests a second.
  double rate_of(const View& edge) {
    const View traffic = edge.find("traffic");
    const std::string_view protocol = traffic.find("protocol").text();
    if (protocol == "tcp") {
      material_.graph.assume(bytes_said);
      return 0;
    }
    return count_if_any(material_, traffic.find("rates").find(protocol)).value_or(0);
  }

  void read_edge(const View& wrapper, const View& around) {
    const auto edge = payload_of(wrapper, around);
    if (!edge) return;
    const Node* const source = end_of(*edge, "source", "the id of the node that calls");
    const Node* const target = end_of(*edge, "target", "the id of the node that is called");
    const double rate = rate_of(*edge);
    if (!source || !target || !target->is_service) return;
    const Place to = material_.graph.operation(target->service);
    if (!source->is_service) {
      material_.graph.services()[to.service].operations[to.operation].from_outside += rate;
      return;
    }
    Call call;
    call.origin = material_.origin(*edge);
    call.from = material_.graph.operation(source->service);
    call.to = to;
    call.times = rate;
    material_.graph.add_call(call);
  }

  Material& material_;
  std::map<std::string, Node, std::less<>> nodes_;  // by id
  std::set<std::string> names_;
};

}  // namespace

void read_kiali(Material& material) {
  const Document document = json_document(material.source, material.faults);
  if (material.faults.any_errors()) return;
  const auto elements = needed_part(material, document.root(), "a graph of Kiali, a map", "elements", View::Kind::map);
  if (elements) Elements{material}.read(*elements);
}

}  // namespace knockon::foreign
