// The operations and calls that an imported scenario will have: nobody calls in a circle any more, and how often was
// seen has become how often for each request.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/foreign/graph.hpp"

namespace knockon::foreign {

struct DraftCall {
  std::size_t to = 0;  // which operation of the draft
  double per_request = 1;
  world::CallKind kind = world::CallKind::hard;
  bool is_softened = false;         // it closed a circle: what is called answers alone
  std::optional<std::size_t> said;  // which call of the graph it is
};

struct DraftOperation {
  // What a service does for whom: everything, everything but calling back who asks, or nothing but answer alone.
  enum class Role : std::uint8_t { whole, for_caller, alone };
  Role role = Role::whole;
  std::size_t service = 0;    // of the graph
  std::size_t operation = 0;  // of that service; for a whole one
  std::size_t caller = 0;     // a service of the graph; for one made for a caller
  std::vector<DraftCall> calls;
  double asked = 0;  // how often, by users: of what nobody in the files calls; 0: unknown
};

struct Draft {
  std::vector<DraftOperation> operations;            // of one service together, in the graph's order
  std::vector<std::vector<std::size_t>> of_service;  // which of them, by the graph's services
  std::vector<std::size_t> entries;                  // those that users ask, the most asked first
  std::size_t softened = 0;                          // calls that closed circles
  bool has_directions = false;                       // some operations are made for a caller
  bool are_rates_guessed = false;                    // nobody said how often some services are asked
};

// REQUIRES: the graph is settled.
[[nodiscard]] Draft draft_of(const Graph& graph);

}  // namespace knockon::foreign
