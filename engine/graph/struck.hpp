// What faults make unusable, as they stand: what of the world works under them. Log-outs make nothing unusable: people
// log in again, unless something else hinders them.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/settled.hpp"
#include "engine/graph/words.hpp"

namespace knockon::graph {

class Struck {
 public:
  Struck(const Dependence& dependence, const std::vector<world::FaultId>& faults);

  [[nodiscard]] const Working<Words::Value>& working() const { return working_; }
  // The targets, as written, of faults on sites, links and groups of them.
  [[nodiscard]] const std::vector<std::string>& network_targets() const { return network_targets_; }

 private:
  void strike(const world::Fault& fault);
  void strike_all(const world::Fault& fault, const world::Target& target);
  void strike(const world::Effect& effect, const world::Subject& subject, const std::optional<world::Place>& place);
  void strike_service(const world::Effect& effect, world::ServiceId service, const std::optional<world::Place>& place);
  void strike_operation(world::OperationId operation, const std::optional<world::Place>& place);
  [[nodiscard]] bool is_at(world::SiteId site, const std::optional<world::Place>& place) const;
  void lose(ComponentId id) { working_.components[id.index()] = Words::never(); }

  const Dependence& dependence_;
  const world::World& world_;
  Working<Words::Value> working_;
  std::vector<std::string> network_targets_;
  int depth_ = 0;
};

}  // namespace knockon::graph
