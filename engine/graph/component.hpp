// What can fail as a whole: services, sites, links, groups and kinds of session, numbered through.
//
// What failing means here. A component that fails is gone and stays so; everything else is healthy, load plays no part,
// and everything that takes time has settled:
//   service  none of its instances is up
//   site     nothing at it can be reached, and nothing goes through it
//   link     carries nothing
//   group    all its members have failed at once (a region in it: all its sites); apps in it do not fail
//   session  nobody holds one, and nobody gets one
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::graph {

struct Component {
  enum class Kind : std::uint8_t { service, site, link, group, session };
  Kind kind = Kind::service;
  std::uint32_t index = 0;  // in the world's list of that kind
  friend auto operator<=>(const Component&, const Component&) = default;
};
using ComponentId = quantity::Id<Component>;

[[nodiscard]] const char* text_of(Component::Kind kind);  // "service"
[[nodiscard]] std::string name_of(const world::World& world, Component component);

// The components of a world: its services, then sites, links, groups and sessions, each in the world's order.
class Components {
 public:
  explicit Components(const world::World& world);

  [[nodiscard]] std::size_t size() const { return sessions_ + session_count_; }
  [[nodiscard]] Component operator[](ComponentId id) const;
  [[nodiscard]] ComponentId of(world::ServiceId id) const { return ComponentId{id.index()}; }
  [[nodiscard]] ComponentId of(world::SiteId id) const { return ComponentId{sites_ + id.index()}; }
  [[nodiscard]] ComponentId of(world::LinkId id) const { return ComponentId{links_ + id.index()}; }
  [[nodiscard]] ComponentId of(world::GroupId id) const { return ComponentId{groups_ + id.index()}; }
  [[nodiscard]] ComponentId of(world::SessionId id) const { return ComponentId{sessions_ + id.index()}; }
  // The groups, groups of groups and so on that take the component down with them, ascending.
  [[nodiscard]] const std::vector<ComponentId>& groups_of(ComponentId id) const { return groups_above_[id.index()]; }

 private:
  std::size_t sites_, links_, groups_, sessions_, session_count_;
  std::vector<std::vector<ComponentId>> groups_above_;
};

}  // namespace knockon::graph
