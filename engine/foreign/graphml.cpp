#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign/readers.hpp"
#include "engine/foreign/xml.hpp"

namespace knockon::foreign {
namespace {

constexpr const char* direction_said = "edges without a direction are read from their source to their target";
constexpr const char* hyperedges_said = "hyperedges say nothing about who asks whom, and are left out";

// GraphML, element by element. Elements are few and known; others are passed over, with what is in them.
class Reader {
 public:
  explicit Reader(Material& material)
      : material_{material},
        xml_{material,
             "graphml",
             {.start = [this](const std::string& name, const Xml::Attributes& attributes) { start(name, attributes); },
              .end = [this](const std::string&, const std::string& text) { end(text); }}} {}

  void read() {
    if (!xml_.read()) return;
    if (!has_graph_) xml_.refuse("wrong-shape", "expected a <graph> in a <graphml>, found none");
    settle();
  }

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;
  struct Element {
    std::string name;
    std::string key;  // of <data>: what it is about
  };
  struct Edge {
    std::string source, target;
    std::uint32_t line;
    Texts texts;
  };

  // ---- elements

  void start(const std::string& name, const Xml::Attributes& attributes) {
    Element element{name, {}};
    if (element.name == "key") {
      read_key(attributes);
    } else if (element.name == "graph") {
      has_graph_ = true;
      is_directed_ = attributes.find("edgedefault") != "undirected";
    } else if (element.name == "node") {
      nodes_.push_back(xml_.needed(attributes, "id", "the node's name among the others"));
      add_node(nodes_.back());
    } else if (element.name == "edge") {
      start_edge(attributes);
    } else if (element.name == "hyperedge") {
      material_.graph.assume(hyperedges_said);
    } else if (element.name == "data") {
      element.key = attributes.find("key");
    }
    open_.push_back(std::move(element));
    if (material_.graph.is_too_large() || edges_.size() > material_.graph.limits().mentions)
      xml_.stop("too-large", "more services and calls than a scenario may have");
  }

  void read_key(const Xml::Attributes& attributes) {
    std::string name = attributes.find("attr.name");
    if (name.empty()) name = attributes.find("yfiles.type");
    keys_.insert_or_assign(attributes.find("id"), name);
  }

  void add_node(const std::string& id) {
    if (xml_.is_stopped()) return;
    (void)material_.graph.service(id, material_.origin(xml_.line()));
  }

  void start_edge(const Xml::Attributes& attributes) {
    const std::string directed = attributes.find("directed");
    if (directed == "false" || (directed.empty() && !is_directed_)) material_.graph.assume(direction_said);
    edges_.push_back({xml_.needed(attributes, "source", "the node that calls"),
                      xml_.needed(attributes, "target", "the node that is called"),
                      xml_.line(),
                      {}});
  }

  void end(const std::string& text) {
    Element element = std::move(open_.back());
    open_.pop_back();
    if (element.name == "node" && !nodes_.empty()) nodes_.pop_back();
    const bool is_label = element.name == "NodeLabel" || element.name == "EdgeLabel";
    if (element.name != "data" && !is_label) return;
    const auto key = keys_.find(element.key);
    const std::string name = is_label ? "label" : key == keys_.end() ? element.key : key->second;
    note(name, trimmed(text));
  }

  static std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string{}
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
  }

  // What a piece of data says about the innermost edge or node around it.
  void note(const std::string& name, std::string text) {
    if (text.empty()) return;
    for (auto around = open_.rbegin(); around != open_.rend(); ++around) {
      if (around->name == "edge") {
        edges_.back().texts.insert_or_assign(name, std::move(text));
        return;
      }
      if (around->name == "node") return note_node(name, std::move(text));
    }
  }

  void note_node(const std::string& name, std::string text) {
    const auto service = material_.graph.service_if_any(nodes_.back());
    if (!service) return;
    if (name == "label" || name == "name")
      material_.graph.services()[*service].name = std::move(text);
    else if (name == "knockon" && text != "service")
      only_drawn_.insert(nodes_.back());
  }

  // ---- edges, once every node is known

  void settle() {
    for (const Edge& edge : edges_) {
      Call call;
      call.origin = material_.origin(edge.line);
      const auto from = node(edge.source, edge.line), to = node(edge.target, edge.line);
      if (!from || !to || only_drawn_.contains(edge.source) || only_drawn_.contains(edge.target)) continue;
      call.from = material_.graph.operation(*from);
      call.to = material_.graph.operation(*to);
      note_texts(edge.texts, call);
      material_.graph.add_call(call);
    }
    material_.graph.leave_out(only_drawn_);
  }

  std::optional<std::size_t> node(const std::string& id, std::uint32_t line) {
    if (const auto known = material_.graph.service_if_any(id)) return known;
    const std::string_view written = material_.source.line(line);
    const std::size_t begin = written.find(id);
    material_.faults.error(span_of(material_.source, line, begin == std::string_view::npos ? 0 : begin,
                                   begin == std::string_view::npos ? 1 : id.size()),
                           "unknown-name", fmt::format("no node has the id {}", scenario::quoted(id)));
    return std::nullopt;
  }

  void note_texts(const Texts& texts, Call& call) {
    for (const auto& [name, text] : texts) {
      const auto number = count_in(text);
      if (name == "kind") {
        call.kind = kind_called(text);
        if (!assumption_about(text).empty()) material_.graph.assume(assumption_about(text));
      }
      if (name == "per_request" && number && *number > 0) call.per_request = *number;
      const bool is_times = name == "calls" || name == "count" || name == "weight" || name == "label";
      if (is_times && number && call.times == 0) {
        call.times = *number;
        if (name == "weight" || name == "label")
          material_.graph.assume("an edge's " + name + " that is a number is how often the call was seen");
      }
    }
  }

  Material& material_;
  Xml xml_;
  Texts keys_;  // what data is about, by the key's id
  std::vector<Element> open_;
  std::vector<std::string> nodes_;  // around what is being read: graphs may be nested
  std::vector<Edge> edges_;
  std::set<std::string> only_drawn_;  // what our own drawings have beside services
  bool is_directed_ = true, has_graph_ = false;
};

}  // namespace

void read_graphml(Material& material) { Reader{material}.read(); }

}  // namespace knockon::foreign
