// Why something is not usable: the first thing on each level that fails it, down to what was struck.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/graph/struck.hpp"

namespace knockon::graph {

class Reasons {
 public:
  Reasons(const Dependence& dependence, const Struck& struck, const Settled<Words>& settled)
      : dependence_{dependence}, world_{dependence.world()}, struck_{struck}, settled_{settled} {}

  // Names from what the target hangs on to what was struck; without the target's own. REQUIRES: it is not usable from
  // there.
  [[nodiscard]] std::vector<std::string> why_not(const world::Target& target, const std::vector<std::size_t>& from);

 private:
  // Where to look next: an operation asked for from these places.
  struct Asked {
    world::OperationId operation;
    std::vector<std::size_t> from;
  };
  std::optional<Asked> first_asked(const world::Subject& subject, const std::vector<std::size_t>& from);
  std::optional<Asked> below(const Asked& asked);
  std::optional<Asked> below_calls(const std::vector<world::Call>& calls, std::size_t place);
  std::optional<Asked> failing_name(world::OperationId operation, std::size_t place) const;
  void end_at_network();
  [[nodiscard]] bool is_reached(const Asked& asked, std::size_t position) const;
  [[nodiscard]] std::string name_of(world::OperationId operation) const;

  const Dependence& dependence_;
  const world::World& world_;
  const Struck& struck_;
  const Settled<Words>& settled_;
  std::vector<std::string> chain_;
};

}  // namespace knockon::graph
