#include <fmt/format.h>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

void read_link(Material& material, const View& link, const View& around) {
  if (!has_kind(material, link, View::Kind::map, "a map of parent, child and callCount", around)) return;
  const auto parent = needed_text(material, link, "parent", "the name of the service that calls");
  const auto child = needed_text(material, link, "child", "the name of the service that is called");
  const auto count = count_if_any(material, link.find("callCount"));
  if (!parent || !child) return;
  Call call;
  call.origin = material.origin(link);
  call.from = material.graph.operation(material.graph.service(*parent, call.origin));
  call.to = material.graph.operation(material.graph.service(*child, call.origin));
  call.times = count.value_or(0);
  material.graph.add_call(call);
}

}  // namespace

void read_jaeger_dependencies(Material& material) {
  const Document document = json_document(material.source, material.faults);
  if (material.faults.any_errors()) return;
  const View root = document.root();
  const View links = root.is_map() ? root.find("data") : root;
  if (!has_kind(material, links, View::Kind::list, "a list of dependencies, alone or as 'data'", root)) return;
  for (const View link : links) read_link(material, link, links);
}

}  // namespace knockon::foreign
