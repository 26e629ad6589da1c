// Where things are: regions of users, sites that run services, links between them, and groups of anything that shares a
// name space.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/world/ids.hpp"

namespace knockon::world {

struct Region {
  std::string name;
  double users = 0;          // people
  quantity::Duration clock;  // local time minus UTC
  friend bool operator==(const Region&, const Region&) = default;
};

// A data centre or point of presence. A region that declares no sites has one, of the region's name.
struct Site {
  std::string name;
  RegionId region;
  friend bool operator==(const Site&, const Site&) = default;
};

// One end of a link: a site, or the users of a region (written as the region's name; only regions that have sites of
// their own names can be meant so, since a region's name otherwise is its site's).
using Endpoint = std::variant<SiteId, RegionId>;

struct Link {
  std::string name;
  Endpoint from, to;  // links carry both ways
  quantity::Duration latency;
  std::optional<quantity::DataRate> bandwidth;              // none: unlimited
  quantity::Share reserved = quantity::Share::percent(10);  // of it, for bytes that are moved, whatever users want
  friend bool operator==(const Link&, const Link&) = default;
};

// What a name in the shared name space can mean.
using Entity = std::variant<RegionId, SiteId, LinkId, GroupId, ServiceId, SessionId, AppId>;

struct Group {
  std::string name;
  std::vector<Entity> members;  // as written; groups may hold groups, without circles
  friend bool operator==(const Group&, const Group&) = default;
};

// `@here`: the instance's own place (reactions with `per`).
struct Here {
  friend constexpr bool operator==(Here, Here) = default;
};
// `name@place`.
using Place = std::variant<Here, RegionId, SiteId, GroupId>;

}  // namespace knockon::world
