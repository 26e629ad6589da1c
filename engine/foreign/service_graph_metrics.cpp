#include <fmt/format.h>

#include <string>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

// The counter that the connector writes; exporters may put a prefix of their own before it.
constexpr std::string_view counter = "service_graph_request_total";

bool is_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '.';
}
bool is_space(char c) { return c == ' ' || c == '\t'; }

struct Sample {
  std::string_view name;
  std::string client, server, connection;
  double value = 0;
};

// One line: name{label="value",…} value [timestamp].
class Line {
 public:
  Line(Material& material, std::uint32_t number)
      : material_{material}, number_{number}, text_{material.source.line(number)} {}

  // None when it is empty, a comment, about something else, or wrong (which is said).
  std::optional<Sample> sample() {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] == '#') return std::nullopt;
    Sample sample;
    sample.name = word();
    if (sample.name.empty()) return refuse("expected the name of a metric");
    if (!sample.name.ends_with(counter)) return std::nullopt;
    skip_spaces();
    if (next() == '{' && !labels(sample)) return std::nullopt;
    skip_spaces();
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_])) ++at_;
    const auto value = count_in(text_.substr(begin, at_ - begin));
    at_ = begin;
    if (!value) return refuse("expected how many requests there were, a number of zero or more");
    sample.value = *value;
    if (sample.client.empty()) return refuse_at(0, "expected a label 'client', the service that calls");
    if (sample.server.empty()) return refuse_at(0, "expected a label 'server', the service that is called");
    return sample;
  }

 private:
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_in_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::nullopt_t refuse_at(std::size_t at, const char* expectation) {
    material_.faults.error(span_of(material_.source, number_, at, 1), "metrics-syntax", expectation);
    return std::nullopt;
  }
  std::nullopt_t refuse(const char* expectation) { return refuse_at(at_, expectation); }

  bool labels(Sample& sample) {
    ++at_;
    for (;;) {
      skip_spaces();
      if (next() == '}') {
        ++at_;
        return true;
      }
      const std::string_view label = word();
      skip_spaces();
      if (label.empty() || next() != '=') return refuse("expected a label such as client=\"web\""), false;
      ++at_;
      skip_spaces();
      std::string value;
      if (!quoted(value)) return false;
      if (label == "client") sample.client = value;
      if (label == "server") sample.server = value;
      if (label == "connection_type") sample.connection = value;
      skip_spaces();
      if (next() == ',') {
        ++at_;
      } else if (next() != '}') {
        return refuse("expected , or } behind a label"), false;
      }
    }
  }

  bool quoted(std::string& value) {
    if (next() != '"') return refuse("expected a value in double quotes"), false;
    const std::size_t begin = at_++;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\' || at_ + 1 == text_.size()) {
        value += text_[at_];
        continue;
      }
      ++at_;
      value += text_[at_] == 'n' ? '\n' : text_[at_];
    }
    if (at_ == text_.size()) return refuse_at(begin, "expected a closing quote"), false;
    ++at_;
    return true;
  }

  Material& material_;
  std::uint32_t number_;
  std::string_view text_;
  std::size_t at_ = 0;
};

void add(Material& material, const Sample& sample, std::uint32_t line) {
  Graph& graph = material.graph;
  const Place to = graph.operation(graph.service(sample.server, material.origin(line)));
  // What the connector calls a caller that sends no traces: a browser, or a telephone.
  if (sample.client == "user" && sample.connection == "virtual_node") {
    graph.services()[to.service].operations[to.operation].from_outside += sample.value;
    return;
  }
  Call call;
  call.origin = material.origin(line);
  call.from = graph.operation(graph.service(sample.client, call.origin));
  call.to = to;
  call.times = sample.value;
  call.kind = sample.connection == "messaging_system" ? world::CallKind::async : world::CallKind::hard;
  graph.add_call(call);
}

}  // namespace

void read_service_graph_metrics(Material& material) {
  bool is_any = false;
  const auto lines = static_cast<std::uint32_t>(material.source.line_starts.size());
  for (std::uint32_t number = 1; number <= lines; ++number) {
    const auto sample = Line{material, number}.sample();
    if (!sample) continue;
    is_any = true;
    add(material, *sample, number);
  }
  if (is_any || material.faults.any_errors()) return;
  material.faults.error({&material.source, 1, 1, 2}, "no-services",
                        "expected samples of traces_service_graph_request_total, found none",
                        "take what the collector's Prometheus exporter serves at /metrics");
}

}  // namespace knockon::foreign
