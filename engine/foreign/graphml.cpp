#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

constexpr const char* direction_said = "edges without a direction are read from their source to their target";
constexpr const char* hyperedges_said = "hyperedges say nothing about who asks whom, and are left out";

// What stands between an element's tags, up to what anybody would call a name.
constexpr std::size_t text_max = 1000;

// GraphML as expat tells it. Elements are few and known; others are passed over, with what is in them.
class Reader {
 public:
  explicit Reader(Material& material) : material_{material}, parser_{XML_ParserCreate(nullptr), XML_ParserFree} {
    if (!parser_) throw std::bad_alloc{};
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
  }

  void read() {
    const std::string& text = material_.source.text;
    const auto status = XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
    if (status == XML_STATUS_OK) {
      if (!has_graph_) refuse("wrong-shape", "expected a <graph> in a <graphml>, found none");
      settle();
    } else if (!is_stopped_) {
      refuse("xml-syntax", "this is not XML: " + complaint());
    }
  }

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;
  struct Element {
    std::string name;
    std::string key;   // of <data>: what it is about
    std::string text;  // of <data> and labels
  };
  struct Edge {
    std::string source, target;
    std::uint32_t line;
    Texts texts;
  };

  // ---- what expat calls

  static Reader& self(void* data) { return *static_cast<Reader*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(local(name), attributes);
  }
  static void on_end(void* data, const XML_Char*) { self(data).end(); }
  static void on_text(void* data, const XML_Char* text, int size) {
    Reader& reader = self(data);
    if (reader.open_.empty()) return;
    std::string& into = reader.open_.back().text;
    into.append(text,
                std::min<std::size_t>(static_cast<std::size_t>(size), text_max - std::min(text_max, into.size())));
  }
  // Entities are what files made to hurt are made of, and no tool that draws graphs writes them.
  static void on_entity(void* data, const XML_Char* name, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
                        const XML_Char*, const XML_Char*) {
    self(data).stop("xml-entity", fmt::format("an entity {} of its own", scenario::quoted(name)),
                    "write what it stands for");
  }

  // y:NodeLabel is NodeLabel.
  static std::string local(std::string_view name) {
    const std::size_t colon = name.rfind(':');
    return std::string{colon == std::string_view::npos ? name : name.substr(colon + 1)};
  }

  // ---- faults

  [[nodiscard]] std::uint32_t line() const {
    return static_cast<std::uint32_t>(std::max<XML_Size>(1, XML_GetCurrentLineNumber(parser_.get())));
  }
  [[nodiscard]] std::string complaint() const {
    const XML_Error error = XML_GetErrorCode(parser_.get());
    if (error == XML_ERROR_TAG_MISMATCH && !open_.empty())
      return fmt::format("expected </{}> first", scenario::printable(open_.back().name.substr(0, 60)));
    return XML_ErrorString(error);
  }
  void refuse(const char* code, const std::string& message, const char* hint = "") {
    const auto last = static_cast<std::uint32_t>(material_.source.line_starts.size());
    const auto column = static_cast<std::size_t>(XML_GetCurrentColumnNumber(parser_.get()));
    const std::uint32_t here = std::min(line(), last);
    material_.faults.error(span_of(material_.source, here, column, 1), code, message, hint);
  }
  void stop(const char* code, const std::string& message, const char* hint = "") {
    if (is_stopped_) return;
    is_stopped_ = true;
    refuse(code, message, hint);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  // ---- elements

  static std::string attribute(const XML_Char** attributes, std::string_view name) {
    for (; *attributes; attributes += 2) {
      if (name == attributes[0]) return attributes[1];
    }
    return {};
  }

  std::string needed(const XML_Char** attributes, const char* name, const char* what) {
    std::string value = attribute(attributes, name);
    if (value.empty()) stop("missing-key", fmt::format("expected '{}', {}", name, what));
    return value;
  }

  void start(std::string name, const XML_Char** attributes) {
    if (is_stopped_) return;
    if (open_.size() >= DocumentLimits{}.depth)
      return stop("too-deep", fmt::format("nested more than {} levels deep", DocumentLimits{}.depth));
    if (open_.empty() && name != "graphml")
      return stop("wrong-shape",
                  fmt::format("expected <graphml>, found <{}>", scenario::printable(name.substr(0, 60))));
    Element element{std::move(name), {}, {}};
    if (element.name == "key") {
      read_key(attributes);
    } else if (element.name == "graph") {
      has_graph_ = true;
      is_directed_ = attribute(attributes, "edgedefault") != "undirected";
    } else if (element.name == "node") {
      nodes_.push_back(needed(attributes, "id", "the node's name among the others"));
      add_node(nodes_.back());
    } else if (element.name == "edge") {
      start_edge(attributes);
    } else if (element.name == "hyperedge") {
      material_.graph.assume(hyperedges_said);
    } else if (element.name == "data") {
      element.key = attribute(attributes, "key");
    }
    open_.push_back(std::move(element));
    if (material_.graph.is_too_large() || edges_.size() > material_.graph.limits().mentions)
      stop("too-large", "more services and calls than a scenario may have");
  }

  void read_key(const XML_Char** attributes) {
    std::string name = attribute(attributes, "attr.name");
    if (name.empty()) name = attribute(attributes, "yfiles.type");
    keys_.insert_or_assign(attribute(attributes, "id"), name);
  }

  void add_node(const std::string& id) {
    if (is_stopped_) return;
    (void)material_.graph.service(id, material_.origin(line()));
  }

  void start_edge(const XML_Char** attributes) {
    const std::string directed = attribute(attributes, "directed");
    if (directed == "false" || (directed.empty() && !is_directed_)) material_.graph.assume(direction_said);
    edges_.push_back({needed(attributes, "source", "the node that calls"),
                      needed(attributes, "target", "the node that is called"),
                      line(),
                      {}});
  }

  void end() {
    if (is_stopped_) return;
    Element element = std::move(open_.back());
    open_.pop_back();
    if (element.name == "node" && !nodes_.empty()) nodes_.pop_back();
    const bool is_label = element.name == "NodeLabel" || element.name == "EdgeLabel";
    if (element.name != "data" && !is_label) return;
    const auto key = keys_.find(element.key);
    const std::string name = is_label ? "label" : key == keys_.end() ? element.key : key->second;
    note(name, trimmed(element.text));
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
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  Texts keys_;  // what data is about, by the key's id
  std::vector<Element> open_;
  std::vector<std::string> nodes_;  // around what is being read: graphs may be nested
  std::vector<Edge> edges_;
  std::set<std::string> only_drawn_;  // what our own drawings have beside services
  bool is_directed_ = true, has_graph_ = false, is_stopped_ = false;
};

}  // namespace

void read_graphml(Material& material) { Reader{material}.read(); }

}  // namespace knockon::foreign
