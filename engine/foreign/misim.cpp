#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "engine/foreign/readers.hpp"

namespace knockon::foreign {
namespace {

class Architecture {
 public:
  explicit Architecture(Material& material) : material_{material} {}

  void read(const View& root) {
    const auto list =
        needed_part(material_, root, "an architecture of MiSim, a map", "microservices", View::Kind::list);
    if (!list) return;
    for (const View view : *list) read_service(view, *list);
    for (const Known& known : operations_) read_dependencies(known.view.find("dependencies"), known, 1);
  }

 private:
  struct Known {
    View view;
    Place place;
    std::string_view service;
  };

  void read_service(const View& view, const View& around) {
    if (!has_kind(material_, view, View::Kind::map, "a microservice: a map", around)) return;
    const auto name = needed_text(material_, view, "name", "the microservice's name");
    if (!name) return;
    const std::size_t service = material_.graph.service(*name, material_.origin(view));
    const auto instances = count_if_any(material_, view.find("instances"));
    if (instances && *instances >= 1 && *instances <= 1e6)
      material_.graph.services()[service].replicas = static_cast<std::uint32_t>(*instances);
    const View operations = view.find("operations");
    if (!operations || operations.kind() == View::Kind::null) return;
    if (!has_kind(material_, operations, View::Kind::list, "'operations', a list", view)) return;
    for (const View operation : operations) read_operation(operation, operations, service, *name);
  }

  void read_operation(const View& view, const View& around, std::size_t service, std::string_view service_name) {
    if (!has_kind(material_, view, View::Kind::map, "an operation: a map", around)) return;
    const auto name = needed_text(material_, view, "name", "the operation's name");
    if (!name) return;
    const std::string_view bare = without_service(*name, service_name);
    const Place place = material_.graph.operation(service, bare);
    places_.try_emplace({std::string{service_name}, std::string{bare}}, place);
    operations_.push_back({view, place, service_name});
  }

  // Operations may be written with their service before them: gateway.ping.
  static std::string_view without_service(std::string_view operation, std::string_view service) {
    const bool is_whole =
        operation.size() > service.size() + 1 && operation.starts_with(service) && operation[service.size()] == '.';
    return is_whole ? operation.substr(service.size() + 1) : operation;
  }

  // `times`: how often the list is gone through for each request.
  void read_dependencies(const View& list, const Known& caller, double times) {
    if (!list || list.kind() == View::Kind::null) return;
    if (!has_kind(material_, list, View::Kind::list, "'dependencies', a list", caller.view)) return;
    for (const View dependency : list) {
      if (!has_kind(material_, dependency, View::Kind::map, "a dependency: a map", list)) continue;
      const double chance = count_if_any(material_, dependency.find("probability")).value_or(1) *
                            count_if_any(material_, dependency.find("alternativeProbability")).value_or(1);
      if (const View inner = dependency.find("dependencies")) {  // a loop or alternatives
        const double rounds = count_if_any(material_, dependency.find("iterations")).value_or(1);
        read_dependencies(inner, caller, times * chance * rounds);
      } else {
        add(dependency, caller, times * chance);
      }
    }
  }

  void add(const View& dependency, const Known& caller, double times) {
    const auto operation = needed_text(material_, dependency, "operation", "the operation that is asked");
    if (!operation) return;
    std::string_view service = dependency.find("service").text();
    std::string_view bare = without_service(*operation, service);
    if (service.empty()) {
      const std::size_t dot = operation->find('.');
      service = dot == std::string_view::npos ? caller.service : operation->substr(0, dot);
      bare = dot == std::string_view::npos ? *operation : operation->substr(dot + 1);
    }
    const auto found = places_.find({std::string{service}, std::string{bare}});
    if (found == places_.end()) {
      material_.faults.error(
          dependency.find("operation").span(), "unknown-name",
          fmt::format("no operation {} of a microservice {}", scenario::quoted(bare), scenario::quoted(service)));
      return;
    }
    if (times <= 0) return;
    Call call;
    call.origin = material_.origin(dependency);
    call.from = caller.place;
    call.to = found->second;
    call.per_request = times;
    material_.graph.add_call(call);
  }

  Material& material_;
  std::vector<Known> operations_;
  std::map<std::pair<std::string, std::string>, Place> places_;
};

}  // namespace

void read_misim(Material& material) {
  const Document document = json_document(material.source, material.faults);
  if (material.faults.any_errors()) return;
  Architecture{material}.read(document.root());
  material.graph.assume(
      "MiSim's demands and capacities, its distributions of latency and its patterns (retries, breakers, scaling) are "
      "left out: it counts in units of its own");
}

}  // namespace knockon::foreign
