#include <fmt/format.h>

#include <string>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

constexpr const char* order_said =
    "depends_on and links say what has to run first; they are taken for calls, one for each request";

class Compose {
 public:
  explicit Compose(Material& material) : material_{material} {}

  void read(const View& root) {
    const auto services = needed_part(material_, root, "a compose file, a map", "services", View::Kind::map);
    if (!services) return;
    for (const View service : *services) read_service(service, *services);
  }

 private:
  void read_service(const View& view, const View& around) {
    const std::size_t service = material_.graph.service(view.key(), material_.origin(view));
    material_.graph.describe(service, material_.origin(view));
    if (!view || view.kind() == View::Kind::null) return;
    if (!has_kind(material_, view, View::Kind::map, "a service: a map", around)) return;
    read_replicas(view, service);
    read_dependencies(view, service);
    read_links(view, service);
  }

  // `deploy: {replicas: 3}` or `scale: 3`; what is filled in from the environment is left open.
  void read_replicas(const View& view, std::size_t service) {
    for (const View& written : {view.find("deploy").find("replicas"), view.find("scale")}) {
      const auto count = written.is_text() ? count_in(written.text()) : std::nullopt;
      if (count && *count >= 1 && *count <= 1e6)
        material_.graph.services()[service].replicas = static_cast<std::uint32_t>(*count);
    }
  }

  void read_dependencies(const View& view, std::size_t service) {
    const View list = view.find("depends_on");
    if (!list || list.kind() == View::Kind::null) return;
    if (!list.is_list() && !has_kind(material_, list, View::Kind::map, "'depends_on', a list or a map", view)) return;
    for (const View item : list) {
      if (list.is_map()) {
        const bool is_needed = item.find("required").text() != "false";
        add(service, item.key(), item, is_needed ? world::CallKind::hard : world::CallKind::soft);
      } else if (has_kind(material_, item, View::Kind::text, "the name of a service", list)) {
        add(service, item.text(), item, world::CallKind::hard);
      }
    }
  }

  // `db` or `db:alias`.
  void read_links(const View& view, std::size_t service) {
    const View list = view.find("links");
    if (!list || list.kind() == View::Kind::null) return;
    if (!has_kind(material_, list, View::Kind::list, "'links', a list", view)) return;
    for (const View item : list) {
      if (!has_kind(material_, item, View::Kind::text, "the name of a service", list)) continue;
      add(service, item.text().substr(0, item.text().find(':')), item, world::CallKind::hard);
    }
  }

  void add(std::size_t service, std::string_view name, const View& where, world::CallKind kind) {
    if (name.empty()) {
      material_.faults.error(where.span(), "missing-name", "expected the name of a service, found an empty text");
      return;
    }
    Call call;
    call.origin = material_.origin(where);
    call.from = material_.graph.operation(service);
    call.to = material_.graph.operation(material_.graph.service(name, call.origin));
    call.kind = kind;
    material_.graph.add_call(call);
    material_.graph.assume(order_said);
  }

  Material& material_;
};

}  // namespace

void read_docker_compose(Material& material) {
  bool is_any = false;
  read_yaml_documents(material.source, material.faults, [&](const View& root) {
    is_any = true;
    Compose{material}.read(root);
  });
  if (is_any || material.faults.any_errors()) return;
  material.faults.error({&material.source, 1, 1, 2}, "wrong-shape", "expected a compose file, a map, found nothing");
}

}  // namespace knockon::foreign
