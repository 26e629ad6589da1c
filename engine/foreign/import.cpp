#include "engine/foreign/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "engine/foreign/readers.hpp"
#include "engine/foreign/scenario_text.hpp"
#include "engine/quantity/contract.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/readable_text.hpp"

namespace knockon::foreign {
namespace {

struct Format {
  FormatName name;
  void (*read)(Material& material);
  bool (*recognises)(std::string_view text);
};

bool has(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

std::string_view without_space(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}
bool is_json(std::string_view text) {
  text = without_space(text);
  return text.starts_with('{') || text.starts_with('[');
}
bool has_line_of(std::string_view text, std::string_view begin) {
  return text.starts_with(begin) || has(text, std::string{"\n"} + std::string{begin});
}
bool is_dot(std::string_view text) {
  for (const char* word : {"digraph", "strict digraph", "strict graph", "graph {", "graph G"}) {
    if (has_line_of(text, word)) return true;
  }
  return false;
}
// A first line of at least two cells.
bool is_table(std::string_view text) {
  text = without_space(text);
  return text.substr(0, text.find('\n')).find_first_of(",;\t") != std::string_view::npos;
}

// The first that recognises a text has it.
const std::array<Format, 11>& formats() {
  static const std::array<Format, 11> all{{
      {{"jaeger-dependencies", "Jaeger's /api/dependencies: who called whom, how often"},
       read_jaeger_dependencies,
       [](std::string_view text) { return is_json(text) && has(text, "\"parent\"") && has(text, "\"child\""); }},
      {{"jaeger-traces", "Jaeger's /api/traces: spans, with operations"},
       read_jaeger_traces,
       [](std::string_view text) { return is_json(text) && has(text, "\"spans\""); }},
      {{"otel-service-graph", "OpenTelemetry's service graph metrics, as Prometheus text"},
       read_service_graph_metrics,
       [](std::string_view text) { return !is_json(text) && has(text, "service_graph_request_total"); }},
      {{"kiali", "Kiali's graph of a service mesh, JSON"},
       read_kiali,
       [](std::string_view text) { return is_json(text) && has(text, "\"elements\""); }},
      {{"backstage", "entities of a Backstage catalog, YAML"},
       read_backstage,
       [](std::string_view text) { return has_line_of(text, "apiVersion:") && has_line_of(text, "kind:"); }},
      {{"docker-compose", "services of a compose file, YAML"},
       read_docker_compose,
       [](std::string_view text) { return has_line_of(text, "services:"); }},
      {{"dot", "a graph in Graphviz's language"}, read_dot, is_dot},
      {{"graphml", "a graph in GraphML, also yEd's"},
       read_graphml,
       [](std::string_view text) { return has(text, "<graphml"); }},
      {{"simgrid", "a SimGrid platform: sites and links in place of services, XML"},
       read_simgrid,
       [](std::string_view text) { return has(text, "<platform"); }},
      {{"misim", "a MiSim architecture, JSON"},
       read_misim,
       [](std::string_view text) { return is_json(text) && has(text, "\"microservices\""); }},
      {{"csv", "a table of callers and callees: from, to[, calls[, kind]]"}, read_edge_list, is_table},
  }};
  return all;
}

std::string shown_size(const Graph& graph) {
  return fmt::format("more than a scenario may have: {} services and {} calls, in {} mentions of them",
                     graph.limits().services, graph.limits().calls, graph.limits().mentions);
}

}  // namespace

const std::vector<FormatName>& format_names() {
  static const std::vector<FormatName> names = [] {
    std::vector<FormatName> all;
    for (const Format& format : formats()) all.push_back(format.name);
    return all;
  }();
  return names;
}

std::string_view format_of(const std::vector<File>& files) {
  for (const Format& format : formats()) {
    const auto is_known = [&](const File& file) { return format.recognises(file.text); };
    if (std::all_of(files.begin(), files.end(), is_known)) return format.name.name;
  }
  return {};
}

tl::expected<Graph, scenario::Diagnostics> read(std::string_view format, const std::vector<File>& files) {
  const auto chosen =
      std::find_if(formats().begin(), formats().end(), [&](const Format& one) { return one.name.name == format; });
  quantity::require(chosen != formats().end() && !files.empty(), "a known format and a file");
  std::deque<scenario::SourceText> sources;
  scenario::Faults faults;
  Graph graph;
  const scenario::Limits limits{.bytes = DocumentLimits{}.bytes};
  for (const File& file : files) {
    const auto number = static_cast<std::uint32_t>(sources.size());
    const scenario::SourceText& source = sources.emplace_back(file.path, file.text, number);
    if (!scenario::is_foreign_text(source, faults, limits)) continue;
    scenario::Faults of_file;
    Material material{source, number, graph, of_file};
    chosen->read(material);
    faults.add_all(of_file);
  }
  graph.settle();
  const scenario::Span start{&sources.front(), 1, 1, 2};
  if (graph.is_too_large())
    faults.error(start, "too-large", shown_size(graph));
  else if (graph.services().empty() && !faults.any_errors())
    faults.error(start, "no-services", "expected at least one service, found none");
  if (faults.any_errors()) return tl::unexpected{faults.in_file_order()};
  return graph;
}

tl::expected<std::string, scenario::Diagnostics> imported(std::string_view format, const std::vector<File>& files) {
  const auto graph = read(format, files);
  if (!graph) return tl::unexpected{graph.error()};
  Provenance provenance{.format = std::string{format}, .files = {}};
  for (const File& file : files) provenance.files.push_back(file.path.substr(file.path.rfind('/') + 1));
  Written written = written_scenario(*graph, provenance);
  const scenario::Limits most;
  if (written.text.size() <= most.bytes && written.values <= most.values) return std::move(written.text);
  const scenario::SourceText source{files.front().path, files.front().text, 0};
  scenario::Faults faults;
  faults.error({&source, 1, 1, 2}, "too-large",
               fmt::format("the scenario would have {} bytes and {} values, and may have {} and {}",
                           written.text.size(), written.values, most.bytes, most.values),
               "import a part of it");
  return tl::unexpected{faults.in_file_order()};
}

std::size_t bytes_worth_reading() { return DocumentLimits{}.bytes + 1; }

}  // namespace knockon::foreign
