// In which order the flows of a world are evaluated, so that one sweep delivers a change exactly, and where that is
// impossible: the loops, in which load depends on success and success on load.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::graph {

// One call as it is made: a single call of an operation's or journey's list, groups taken apart. A cached service's
// operation has a last leaf of its own for the misses.
struct Leaf {
  const world::Call* call = nullptr;  // null: the misses of a cache
  world::OperationId callee;
  std::uint32_t item = 0;  // which entry of the caller's list it belongs to
};

// A step of a sweep. Each concerns all places of its subject at once.
struct Task {
  enum class Kind : std::uint8_t {
    arrive,   // operation: adds up what its callers send
    load,     // service: compares arrivals with capacity
    weigh,    // leaf: how many attempts a request of its caller makes
    answer,   // operation: how its attempts end
    outcome,  // journey: how tries end
  };
  Kind kind;
  std::uint32_t subject;  // operation, service, leaf (of Order::leaves), operation, journey
};

struct Order {
  std::vector<Leaf> leaves;                            // operations' leaves in their order, then journeys'
  std::vector<std::uint32_t> first_leaf_of_operation;  // size operations + 1
  std::vector<std::uint32_t> first_leaf_of_journey;    // size journeys + 1
  std::vector<Task> tasks;                             // every task once, causes before effects but for the loops' cuts
  std::vector<bool> service_in_loop;  // its admission feeds back on its own load at once, and has to be relaxed
};

// Whether work can stand or be slowed at the service for so long that who asked has gone.
[[nodiscard]] bool keeps_waiting(const world::Service& service);

// Whether the attempts of a call are made one after the other over a second or more, so that they are a pool that
// moves between dates (so are those of calls whose retries may change); else they are all made at once, and load and
// success close in a loop.
[[nodiscard]] bool retries_wait(const world::World& world, const world::Call& call);

// REQUIRES: no operation calls itself, directly or through others (the reader refuses such scenarios); else throws
// ContractError. Takes O(calls). The leaves point into `world`, which must outlive the order.
[[nodiscard]] Order evaluation_order(const world::World& world);

}  // namespace knockon::graph
