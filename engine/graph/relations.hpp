// Who hangs on whom, one edge for each pair of things: what is counted, drawn, and searched for circles.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/graph/component.hpp"

namespace knockon::graph {

// From the one that hangs to what it hangs on. Hard beats need, name, cache, soft and async where there are several.
struct Relation {
  enum class Kind : std::uint8_t { async, soft, cache, name, session, need, hard };
  ComponentId from, to;  // services and sessions
  Kind kind = Kind::hard;
  double per_request = 1;  // the most that any of the calls asks
};
[[nodiscard]] const char* text_of(Relation::Kind kind);

// Between services, and to and from sessions: calls, caches, names, needs, what stores a session and what opens one.
// Ascending by (from, to); nothing hangs on itself.
[[nodiscard]] std::vector<Relation> relations_of(const world::World& world, const Components& components);

// What a journey calls itself, ascending.
[[nodiscard]] std::vector<world::ServiceId> services_called_by(const world::World& world, world::JourneyId journey);

// Components that hang on each other in a circle, and the relation that is the cheapest to give up.
struct Circle {
  std::vector<ComponentId> members;  // ascending
  Relation cheapest;
  bool is_enough = true;  // without it there is no circle left among them
};
// The largest first, ties by their first member.
[[nodiscard]] std::vector<Circle> circles_among(const std::vector<Relation>& relations, std::size_t components);

}  // namespace knockon::graph
