#include "engine/graph/relations.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/graph/strong_components.hpp"
#include "engine/graph/visits.hpp"

namespace knockon::graph {
namespace {

using Kind = Relation::Kind;

class Collection {
 public:
  Collection(const world::World& world, const Components& components) : world_{world}, components_{components} {}

  void add_calls(ComponentId from, const std::vector<world::Call>& calls, bool is_hard_here = true) {
    for_each_single(calls, [&](const world::Call& call) {
      Kind kind = call.kind == world::CallKind::hard   ? Kind::hard
                  : call.kind == world::CallKind::soft ? Kind::soft
                                                       : Kind::async;
      if (kind == Kind::hard && (call.fallback || !is_hard_here)) kind = Kind::soft;
      add(from, components_.of(world_[call.to].service), kind, call.per_request);
    });
  }
  void add_need(ComponentId from, const world::Need& need) {
    for (const world::Target& target : need.any_of) {
      for_each_service_in(
          world_, target.subject,
          [&](world::OperationId operation) { add(from, components_.of(world_[operation].service), Kind::need); },
          [&](const world::Journey& journey) {
            for_each_single(journey.calls, [&](const world::Call& call) {
              add(from, components_.of(world_[call.to].service), Kind::need);
            });
          });
    }
  }
  void add(ComponentId from, ComponentId to, Kind kind, double per_request = 1) {
    if (from == to) return;
    const auto [known, is_new] = relations_.try_emplace({from, to}, Relation{from, to, kind, per_request});
    if (is_new) return;
    known->second.kind = std::max(known->second.kind, kind);
    known->second.per_request = std::max(known->second.per_request, per_request);
  }

  [[nodiscard]] std::vector<Relation> all() const {
    std::vector<Relation> relations;
    for (const auto& [ends, relation] : relations_) relations.push_back(relation);
    return relations;
  }

 private:
  const world::World& world_;
  const Components& components_;
  std::map<std::pair<ComponentId, ComponentId>, Relation> relations_;
};

std::vector<Arc> arcs_of(const std::vector<Relation>& relations, const Relation* left_out = nullptr) {
  std::vector<Arc> arcs;
  for (const Relation& relation : relations) {
    if (&relation != left_out) arcs.push_back({relation.from.index(), relation.to.index()});
  }
  return arcs;
}

// The relations within the circle alone, their ends numbered from 0.
std::vector<Relation> within(const std::vector<ComponentId>& members, const std::vector<Relation>& relations) {
  std::vector<Relation> inside;
  const auto number = [&](ComponentId id) -> std::optional<std::size_t> {
    const auto found = std::lower_bound(members.begin(), members.end(), id);
    if (found == members.end() || *found != id) return std::nullopt;
    return static_cast<std::size_t>(found - members.begin());
  };
  for (const Relation& relation : relations) {
    const auto from = number(relation.from), to = number(relation.to);
    if (!from || !to) continue;
    inside.push_back({ComponentId{*from}, ComponentId{*to}, relation.kind, relation.per_request});
  }
  return inside;
}

bool leaves_no_circle(const std::vector<Relation>& inside, std::size_t count, const Relation& left_out) {
  std::vector<std::size_t> component = strong_components(count, arcs_of(inside, &left_out));
  std::sort(component.begin(), component.end());
  return std::adjacent_find(component.begin(), component.end()) == component.end();
}

Circle circle_of(std::vector<ComponentId> members, const std::vector<Relation>& relations) {
  std::vector<Relation> inside = within(members, relations);
  std::stable_sort(inside.begin(), inside.end(), [](const Relation& a, const Relation& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.per_request < b.per_request;
  });
  // Beyond some size trying each relation would take longer than the answer is worth; the cheapest is then named as it
  // is.
  constexpr std::size_t tried_max = 512;
  const Relation* chosen = nullptr;
  for (std::size_t i = 0; i < std::min(inside.size(), tried_max) && chosen == nullptr; ++i) {
    if (leaves_no_circle(inside, members.size(), inside[i])) chosen = &inside[i];
  }
  const Relation& given_up = chosen != nullptr ? *chosen : inside.front();
  Circle circle{
      .members = {},
      .cheapest = {members[given_up.from.index()], members[given_up.to.index()], given_up.kind, given_up.per_request},
      .is_enough = chosen != nullptr};
  circle.members = std::move(members);
  return circle;
}

}  // namespace

const char* text_of(Kind kind) {
  switch (kind) {
    case Kind::async:
      return "async";
    case Kind::soft:
      return "soft";
    case Kind::cache:
      return "cache";
    case Kind::name:
      return "name";
    case Kind::session:
      return "session";
    case Kind::need:
      return "need";
    case Kind::hard:
      return "hard";
  }
  return "";
}

namespace {

std::vector<world::ServiceId> openers_of(const world::World& world, const world::SessionKind& session) {
  if (const auto* journey = std::get_if<world::JourneyId>(&session.opened_by))
    return services_called_by(world, *journey);
  return {world[std::get<world::OperationId>(session.opened_by)].service};
}

}  // namespace

std::vector<Relation> relations_of(const world::World& world, const Components& components) {
  Collection collection{world, components};
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    const world::Service& service = world.services[s];
    const ComponentId from = components.of(world::ServiceId{s});
    for (const world::Need& need : service.needs) collection.add_need(from, need);
    if (service.resolve) {
      collection.add(from, components.of(world[service.resolve->through].service), Kind::name);
    }
    if (service.cache) collection.add(from, components.of(world[service.cache->behind].service), Kind::cache);
    for (const world::OperationId operation : service.operations) {
      collection.add_calls(from, world[operation].calls, !world[operation].fallback);
    }
  }
  for (std::size_t i = 0; i < world.sessions.size(); ++i) {
    const ComponentId session = components.of(world::SessionId{i});
    collection.add(session, components.of(world.sessions[i].store), Kind::session);
    for (const world::ServiceId opener : openers_of(world, world.sessions[i])) {
      collection.add(session, components.of(opener), Kind::session);
    }
    const auto* opened_by = std::get_if<world::JourneyId>(&world.sessions[i].opened_by);
    if (opened_by != nullptr && world[*opened_by].session)
      collection.add(session, components.of(*world[*opened_by].session), Kind::session);
  }
  return collection.all();
}

std::vector<world::ServiceId> services_called_by(const world::World& world, world::JourneyId journey) {
  std::set<world::ServiceId> services;
  for_each_single(world[journey].calls, [&](const world::Call& call) { services.insert(world[call.to].service); });
  return {services.begin(), services.end()};
}

std::vector<Circle> circles_among(const std::vector<Relation>& relations, std::size_t components) {
  const std::vector<std::size_t> component = strong_components(components, arcs_of(relations));
  std::map<std::size_t, std::vector<ComponentId>> members;
  for (std::size_t i = 0; i < components; ++i) members[component[i]].emplace_back(i);
  std::vector<Circle> circles;
  for (auto& [number, together] : members) {
    if (together.size() > 1) circles.push_back(circle_of(std::move(together), relations));
  }
  std::sort(circles.begin(), circles.end(), [](const Circle& a, const Circle& b) {
    return a.members.size() != b.members.size() ? a.members.size() > b.members.size() : a.members < b.members;
  });
  return circles;
}

}  // namespace knockon::graph
