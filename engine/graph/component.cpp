#include "engine/graph/component.hpp"

#include <algorithm>
#include <set>

namespace knockon::graph {
namespace {

using Kind = Component::Kind;

// Notes for each member of a group, through groups of groups, that the group takes it down.
class Membership {
 public:
  Membership(const world::World& world, const Components& components, std::vector<std::vector<ComponentId>>& above)
      : world_{world}, components_{components}, above_{above} {}

  void add_members_of(world::GroupId group) {
    group_ = components_.of(group);
    seen_.clear();
    open(group);
  }

 private:
  void open(world::GroupId group) {
    if (!seen_.insert(group).second) return;
    for (const world::Entity& member : world_[group].members) {
      std::visit([this](auto id) { add(id); }, member);
    }
  }
  template <class Id>
  void add(Id id) {
    above_[components_.of(id).index()].push_back(group_);
  }
  void add(world::GroupId id) { open(id); }
  void add(world::RegionId id) {
    for (const world::SiteId site : world::sites_of(world_, id)) add(site);
  }
  void add(world::AppId) {}

  const world::World& world_;
  const Components& components_;
  std::vector<std::vector<ComponentId>>& above_;
  ComponentId group_;
  std::set<world::GroupId> seen_;
};

}  // namespace

const char* text_of(Kind kind) {
  switch (kind) {
    case Kind::service:
      return "service";
    case Kind::site:
      return "site";
    case Kind::link:
      return "link";
    case Kind::group:
      return "group";
    case Kind::session:
      return "session";
  }
  return "";
}

std::string name_of(const world::World& world, Component component) {
  switch (component.kind) {
    case Kind::service:
      return world.services[component.index].name;
    case Kind::site:
      return world.sites[component.index].name;
    case Kind::link:
      return world.links[component.index].name;
    case Kind::group:
      return world.groups[component.index].name;
    case Kind::session:
      return world.sessions[component.index].name;
  }
  return {};
}

Components::Components(const world::World& world)
    : sites_{world.services.size()},
      links_{sites_ + world.sites.size()},
      groups_{links_ + world.links.size()},
      sessions_{groups_ + world.groups.size()},
      session_count_{world.sessions.size()},
      groups_above_(sessions_ + session_count_) {
  Membership membership{world, *this, groups_above_};
  for (std::size_t i = 0; i < world.groups.size(); ++i) membership.add_members_of(world::GroupId{i});
  for (auto& groups : groups_above_) {
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  }
}

Component Components::operator[](ComponentId id) const {
  const auto within = [&](Kind kind, std::size_t first) {
    return Component{kind, static_cast<std::uint32_t>(id.index() - first)};
  };
  if (id.index() < sites_) return within(Kind::service, 0);
  if (id.index() < links_) return within(Kind::site, sites_);
  if (id.index() < groups_) return within(Kind::link, links_);
  if (id.index() < sessions_) return within(Kind::group, groups_);
  return within(Kind::session, sessions_);
}

}  // namespace knockon::graph
