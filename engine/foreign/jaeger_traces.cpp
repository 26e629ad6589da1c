#include <fmt/format.h>

#include <map>
#include <vector>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

constexpr const char* no_parent_said =
    "spans whose parent is not in the file are taken for requests from outside: parts of their traces are missing";

struct Span {
  View view;
  std::string_view service, operation;
  std::size_t parent = none;
  bool is_orphan = false;       // its parent is not in the trace
  bool is_handed_over = false;  // nobody waits for it
  std::size_t entry = unknown;  // the span with which its service was entered
  static constexpr std::size_t none = SIZE_MAX, unknown = SIZE_MAX;
};

struct ParentReference {
  std::string_view id;
  bool is_handed_over = false;
};

std::optional<ParentReference> parent_of(const View& span) {
  for (const View reference : span.find("references")) {
    const std::string_view id = reference.find("spanID").text();
    if (!id.empty()) return ParentReference{id, reference.find("refType").text() == "FOLLOWS_FROM"};
  }
  const std::string_view id = span.find("parentSpanID").text();  // of older versions
  return id.empty() ? std::nullopt : std::optional{ParentReference{id}};
}

bool is_consumer(const View& span) {
  for (const View tag : span.find("tags")) {
    if (tag.find("key").text() == "span.kind") return tag.find("value").text() == "consumer";
  }
  return false;
}

class Trace {
 public:
  Trace(Material& material, const View& trace) : material_{material}, trace_{trace} {}

  void read() {
    if (!has_kind(material_, trace_, View::Kind::map, "a trace: a map of spans and processes", trace_)) return;
    const View spans = trace_.find("spans"), processes = trace_.find("processes");
    if (!has_kind(material_, spans, View::Kind::list, "a list of 'spans' in the trace", trace_)) return;
    if (!has_kind(material_, processes, View::Kind::map, "a map of 'processes' in the trace", trace_)) return;
    read_processes(processes);
    for (const View span : spans) read_span(span, spans);
    find_parents();
    for (std::size_t i = 0; i < spans_.size(); ++i) find_entry(i);
    for (std::size_t i = 0; i < spans_.size(); ++i) add(i);
  }

 private:
  void read_processes(const View& processes) {
    for (const View process : processes) {
      if (!has_kind(material_, process, View::Kind::map, "a process: a map with its serviceName", processes)) continue;
      if (const auto name = needed_text(material_, process, "serviceName", "the service that the process belongs to"))
        services_.try_emplace(process.key(), *name);
    }
  }

  void read_span(const View& view, const View& around) {
    if (!has_kind(material_, view, View::Kind::map, "a span: a map with spanID and processID", around)) return;
    const auto id = needed_text(material_, view, "spanID", "the span's name in its trace");
    const auto process = needed_text(material_, view, "processID", "one of the trace's processes");
    if (!id || !process) return;
    const auto service = services_.find(*process);
    if (service == services_.end()) {
      material_.faults.error(view.find("processID").span(), "unknown-name",
                             fmt::format("the trace has no process {}", scenario::quoted(*process)));
      return;
    }
    Span span;
    span.view = view;
    span.service = service->second;
    span.operation = view.find("operationName").text();
    by_id_.try_emplace(*id, spans_.size());
    spans_.push_back(span);
  }

  void find_parents() {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      Span& span = spans_[i];
      span.is_handed_over = is_consumer(span.view);
      const auto reference = parent_of(span.view);
      if (!reference) continue;
      span.is_handed_over = span.is_handed_over || reference->is_handed_over;
      const auto parent = by_id_.find(reference->id);
      span.is_orphan = parent == by_id_.end();
      if (!span.is_orphan && parent->second != i) span.parent = parent->second;
    }
  }

  // Up the chain of spans of the same service, without recursion. A chain that bites its tail begins where it was met.
  void find_entry(std::size_t start) {
    std::vector<std::size_t> chain;
    std::size_t at = start;
    while (spans_[at].entry == Span::unknown) {
      spans_[at].entry = at;
      chain.push_back(at);
      const std::size_t parent = spans_[at].parent;
      if (parent == Span::none || spans_[parent].service != spans_[at].service) break;
      at = parent;
    }
    for (const std::size_t span : chain) spans_[span].entry = spans_[at].entry;
  }

  // What the first span of a visit to a service says: a request from outside, or a call.
  void add(std::size_t index) {
    const Span& span = spans_[index];
    if (span.entry != index) return;
    Graph& graph = material_.graph;
    const Place to = place_of(span);
    if (span.parent == Span::none || spans_[span.parent].service == span.service) {
      if (span.is_orphan) graph.assume(no_parent_said);
      graph.services()[to.service].operations[to.operation].from_outside += 1;
      return;
    }
    Call call;
    call.origin = material_.origin(span.view);
    call.from = place_of(spans_[spans_[span.parent].entry]);
    call.to = to;
    call.times = 1;
    call.kind = span.is_handed_over ? world::CallKind::async : world::CallKind::hard;
    graph.add_call(call);
  }

  Place place_of(const Span& span) {
    const std::size_t service = material_.graph.service(span.service, material_.origin(span.view));
    return material_.graph.operation(service, span.operation);
  }

  Material& material_;
  View trace_;
  std::map<std::string_view, std::string_view> services_;  // by process
  std::map<std::string_view, std::size_t> by_id_;
  std::vector<Span> spans_;
};

}  // namespace

void read_jaeger_traces(Material& material) {
  const Document document = json_document(material.source, material.faults);
  if (material.faults.any_errors()) return;
  const View root = document.root();
  const View traces = root.is_map() ? root.find("data") : root;
  if (!has_kind(material, traces, View::Kind::list, "a list of traces, alone or as 'data'", root)) return;
  for (const View trace : traces) Trace{material, trace}.read();
}

}  // namespace knockon::foreign
