// Regions, sites, links and groups.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/quantity/text.hpp"
#include "engine/scenario/reading.hpp"

namespace knockon::scenario {
namespace {

using quantity::Duration;

void read_regions(Reading& reading) {
  for (const Entry& entry : reading.section("regions")) {
    const Fields fields = reading.fields(region_record(), *entry.value);
    reading.world.regions.push_back({.name = std::string{entry.key},
                                     .users = fields.count("users"),
                                     .clock = quantity::parse_clock(fields.text("clock")).value_or(Duration{})});
  }
  if (reading.world.regions.empty()) {
    reading.faults.error(reading.root.span, "missing-key", "a scenario needs at least one region",
                         "add regions: {NAME: {users: 1M}}");
  }
}

void read_sites(Reading& reading) {
  std::vector<bool> has_site(reading.world.regions.size(), false);
  for (const Entry& entry : reading.section("sites")) {
    const Fields fields = reading.fields(site_record(), *entry.value);
    const auto region = reading.reference<world::Region>(Kinds::region, fields.at("in"));
    if (region) has_site[region->index()] = true;
    reading.world.sites.push_back({.name = std::string{entry.key}, .region = region.value_or(world::RegionId{})});
  }
  for (std::size_t i = 0; i < has_site.size(); ++i) {
    if (!has_site[i])
      reading.world.sites.push_back({.name = reading.world.regions[i].name, .region = world::RegionId{i}});
  }
}

std::optional<world::Endpoint> endpoint_of(Reading& reading, const Node& node) {
  if (!node.is_scalar()) return std::nullopt;
  // A region's name is its site where it declares none, else its users.
  if (const auto* site = reading.names.find(Kinds::site, node.text)) return world::SiteId{site->index};
  if (const auto* region = reading.names.find(Kinds::region, node.text)) return world::RegionId{region->index};
  reading.names.report_unknown(Kinds::site | Kinds::region, node.text, node.span, reading.faults);
  return std::nullopt;
}

world::RegionId region_of(const world::World& world, const world::Endpoint& end) {
  if (const auto* region = std::get_if<world::RegionId>(&end)) return *region;
  return world[std::get<world::SiteId>(end)].region;
}

void read_link(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(link_record(), *entry.value);
  world::Link link{
      .name = std::string{entry.key}, .from = world::SiteId{}, .to = world::SiteId{}, .latency = {}, .bandwidth = {}};
  const auto ends = Reading::items_of(fields.written("between"));
  if (fields.has("between") && ends.size() != 2) {
    reading.faults.error(fields.span_of("between"), "wrong-shape",
                         fmt::format("a link has two ends, not {}", ends.size()), "write between: [a, b]");
  }
  if (ends.size() == 2) {
    const auto from = endpoint_of(reading, *ends[0]);
    const auto to = endpoint_of(reading, *ends[1]);
    if (from && to && *from == *to) {
      reading.faults.error(ends[1]->span, "impossible-value",
                           fmt::format("a link from {} to itself", scenario::quoted(ends[1]->text)));
    }
    if (from) link.from = *from;
    if (to) link.to = *to;
    const bool is_local = from && to && region_of(reading.world, *from) == region_of(reading.world, *to);
    link.latency = is_local ? Duration::of_seconds(0.001) : Duration::of_seconds(0.08);
  }
  if (fields.has("latency")) link.latency = fields.duration("latency");
  if (fields.has("bandwidth")) link.bandwidth = fields.data_rate("bandwidth");
  link.reserved = fields.share("reserved");
  reading.world.links.push_back(std::move(link));
}

std::optional<world::Entity> entity_of(Reading& reading, const Node& node) {
  constexpr Kinds entities =
      Kinds::region | Kinds::site | Kinds::link | Kinds::group | Kinds::service | Kinds::session | Kinds::app;
  if (!node.is_scalar()) return std::nullopt;
  const auto* meaning = reading.names.find(entities, node.text);
  if (!meaning) {
    reading.names.report_unknown(entities, node.text, node.span, reading.faults);
    return std::nullopt;
  }
  switch (meaning->kind) {
    case Kinds::region:
      return world::RegionId{meaning->index};
    case Kinds::site:
      return world::SiteId{meaning->index};
    case Kinds::link:
      return world::LinkId{meaning->index};
    case Kinds::group:
      return world::GroupId{meaning->index};
    case Kinds::service:
      return world::ServiceId{meaning->index};
    case Kinds::session:
      return world::SessionId{meaning->index};
    default:
      return world::AppId{meaning->index};
  }
}

void read_group(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(group_record(), *entry.value);
  world::Group group{.name = std::string{entry.key}, .members = {}};
  const auto members = Reading::items_of(fields.written("has"));
  if (fields.has("has") && members.empty()) {
    reading.faults.error(fields.span_of("has"), "impossible-value",
                         fmt::format("the group {} has no members", scenario::quoted(entry.key)));
  }
  for (const Node* member : members) {
    if (const auto entity = entity_of(reading, *member)) group.members.push_back(*entity);
  }
  reading.world.groups.push_back(std::move(group));
}

constexpr std::size_t deepest_groups = 50;

// Groups that hold each other would have no members that are things. A group that is refused loses its members, so that
// nobody follows them.
class GroupCircles {
 public:
  explicit GroupCircles(Reading& reading) : reading_{reading}, state_(reading.world.groups.size(), State::new_here) {}

  void refuse() {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == State::new_here) visit(i);
    }
  }

 private:
  enum class State : std::uint8_t { new_here, on_the_way, done };

  void visit(std::size_t index) {
    std::vector<world::Group>& groups = reading_.world.groups;
    state_[index] = State::on_the_way;
    way_.push_back(index);
    for (const world::Entity& member : groups[index].members) {
      const auto* inner = std::get_if<world::GroupId>(&member);
      if (!inner || state_[inner->index()] == State::done) continue;
      const bool is_circle = state_[inner->index()] == State::on_the_way;
      if (is_circle || way_.size() > deepest_groups) {
        report(inner->index(), is_circle);
        groups[index].members.clear();
        break;
      }
      visit(inner->index());
    }
    way_.pop_back();
    state_[index] = State::done;
  }

  void report(std::size_t inner, bool is_circle) {
    const std::vector<world::Group>& groups = reading_.world.groups;
    const Span& span = reading_.section("groups")[inner].key_span;
    if (!is_circle) {
      reading_.faults.error(span, "too-deep", fmt::format("groups in groups, more than {} deep", deepest_groups));
      return;
    }
    std::string circle;
    for (auto at = std::find(way_.begin(), way_.end(), inner); at != way_.end(); ++at)
      circle += groups[*at].name + " -> ";
    reading_.faults.error(span, "circle", fmt::format("groups go in a circle: {}{}", circle, groups[inner].name));
  }

  Reading& reading_;
  std::vector<State> state_;
  std::vector<std::size_t> way_;
};

}  // namespace

void read_places(Reading& reading) {
  read_regions(reading);
  read_sites(reading);
  for (const Entry& entry : reading.section("links")) read_link(reading, entry);
  for (const Entry& entry : reading.section("groups")) read_group(reading, entry);
  GroupCircles{reading}.refuse();
}

}  // namespace knockon::scenario
