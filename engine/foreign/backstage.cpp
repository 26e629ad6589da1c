#include <fmt/format.h>

#include <string>

#include "engine/foreign/readers.hpp"
#include "engine/quantity/respelling.hpp"

namespace knockon::foreign {
namespace {

using quantity::lower_case;

constexpr const char* direction_said =
    "a catalog says who depends on whom, not how often one asks the other: one call for each request";

// [kind:][namespace/]name, in any case.
struct Reference {
  std::string kind, space, name;
  [[nodiscard]] std::string identity() const { return kind + ":" + space + "/" + name; }
};

Reference reference_of(std::string_view text, std::string_view kind, std::string_view space) {
  Reference reference{std::string{kind}, lower_case(space), {}};
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    reference.kind = lower_case(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    reference.space = lower_case(text.substr(0, slash));
    text.remove_prefix(slash + 1);
  }
  reference.name = lower_case(text);
  return reference;
}

class Entity {
 public:
  Entity(Material& material, const View& root) : material_{material}, root_{root} {}

  void read() {
    if (!has_kind(material_, root_, View::Kind::map, "an entity: a map of kind, metadata and spec", root_)) return;
    const auto kind = needed_text(material_, root_, "kind", "what the entity is, such as Component");
    if (!kind) return;
    const std::string lower = lower_case(*kind);
    // Interfaces are there by who provides them; people, groupings and templates answer no requests.
    if (lower != "component" && lower != "resource") return;
    const View metadata = root_.find("metadata");
    if (!has_kind(material_, metadata, View::Kind::map, "'metadata', a map with the entity's name", root_)) return;
    const auto name = needed_text(material_, metadata, "name", "the entity's name");
    if (!name) return;
    const View written_space = metadata.find("namespace");
    space_ = written_space.is_text() ? lower_case(written_space.text()) : "default";
    const Reference self{lower, space_, lower_case(*name)};
    const Origin origin = material_.origin(metadata.find("name"));
    service_ = material_.graph.service(self.identity(), origin, *name);
    material_.graph.describe(service_, origin);
    read_relations(self);
  }

 private:
  void read_relations(const Reference& self) {
    const View spec = root_.find("spec");
    if (!spec || spec.kind() == View::Kind::null) return;
    if (!has_kind(material_, spec, View::Kind::map, "'spec', a map", root_)) return;
    for (const View reference : references(spec, "dependsOn")) add(reference, "component", false);
    for (const View reference : references(spec, "dependencyOf")) add(reference, "component", true);
    for (const View reference : references(spec, "consumesApis")) add(reference, "api", false);
    for (const View reference : references(spec, "providesApis")) {
      material_.graph.let_stand_for(reference_of(reference.text(), "api", space_).identity(), self.identity());
    }
  }

  // The texts of a list, when there is one.
  std::vector<View> references(const View& spec, std::string_view key) {
    std::vector<View> found;
    const View list = spec.find(key);
    if (!list || list.kind() == View::Kind::null) return found;
    if (!has_kind(material_, list, View::Kind::list, fmt::format("'{}', a list of references", key), spec))
      return found;
    for (const View reference : list) {
      if (has_kind(material_, reference, View::Kind::text, "a reference such as component:default/cart", list))
        found.push_back(reference);
    }
    return found;
  }

  void add(const View& reference, std::string_view kind, bool is_reversed) {
    const Reference other = reference_of(reference.text(), kind, space_);
    if (other.name.empty()) {
      material_.faults.error(reference.span(), "bad-reference", "expected a reference such as component:default/cart");
      return;
    }
    if (other.kind != "component" && other.kind != "resource" && other.kind != "api") return;
    Call call;
    call.origin = material_.origin(reference);
    const std::size_t there = material_.graph.service(other.identity(), call.origin, other.name);
    call.from = material_.graph.operation(is_reversed ? there : service_);
    call.to = material_.graph.operation(is_reversed ? service_ : there);
    material_.graph.add_call(call);
    material_.graph.assume(direction_said);
  }

  Material& material_;
  View root_;
  std::string space_;
  std::size_t service_ = 0;
};

}  // namespace

void read_backstage(Material& material) {
  read_yaml_documents(material.source, material.faults, [&](const View& root) { Entity{material, root}.read(); });
}

}  // namespace knockon::foreign
