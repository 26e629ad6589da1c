// What admission lets past: a share at the operations it stands before, and no more than a rate at doors and operations
// together. Who is refused at an operation is told at once, and counts against nobody but those who ask.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/traffic/circuit.hpp"
#include "engine/traffic/crowd.hpp"
#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

class Gates {
 public:
  explicit Gates(const Network::Parts& parts) : parts_{&parts} {}
  void begin();

  struct Gated {
    world::OperationId operation;
    std::uint32_t node;
  };
  void set_errors(const Gated& gated, double share, Circuit& circuit);
  void set_open(const Gated& gated, double share, Circuit& circuit);

  std::size_t add_cap();
  void set_cap(std::size_t cap, std::vector<std::uint32_t> outcomes, std::vector<Gated> nodes,
               std::optional<double> per_s, const Circuit& circuit);
  // Of what is tried and asked now, how much gets past.
  void look_at_doors(Crowd& crowd) const;
  bool look_at_nodes(Circuit& circuit);  // returns whether a sweep is needed
  [[nodiscard]] bool are_used() const { return !nodes_.empty() || !caps_.empty(); }

  // Of attempts at the node, those that are refused on purpose.
  [[nodiscard]] double refused(std::uint32_t node) const { return nodes_.empty() ? 0 : nodes_[node].refused; }

 private:
  struct Cap {
    std::vector<std::uint32_t> outcomes;
    std::vector<Gated> nodes;
    std::optional<double> per_s;
  };
  struct Node {
    double errors = 0;              // of others' making
    double open = 1, let_past = 1;  // shares: of what is asked, and of that by caps
    double refused = 0;
    bool is_gated = false;
  };
  Node& gate(const Gated& gated, const Circuit& circuit);
  bool apply(const Gated& gated, Circuit& circuit);  // returns whether anything has moved

  const Network::Parts* parts_;
  std::vector<Cap> caps_;
  std::vector<Node> nodes_;   // empty until one is needed
  std::vector<Gated> gated_;  // those that have ever been
};

}  // namespace knockon::traffic
