// Which faults a step or a reaction can end: its verb is among those that end the fault, and its target is, or
// contains, the fault's.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {
namespace {

using world::Target;
using world::World;

// The members of a group, through groups of groups.
void add_members(const World& world, world::GroupId group, std::set<world::GroupId>& seen,
                 std::vector<world::Subject>& members) {
  if (!seen.insert(group).second) return;
  for (const world::Entity& member : world[group].members) {
    members.push_back(std::visit([](auto id) -> world::Subject { return id; }, member));
    if (const auto* inner = std::get_if<world::GroupId>(&member)) add_members(world, *inner, seen, members);
  }
}

// The sites a thing stands at: its own, or those of the place it is meant at. None for what stands nowhere.
std::vector<world::SiteId> sites_of(const World& world, const Target& target, const std::vector<world::SiteId>& here) {
  std::vector<world::SiteId> own;
  if (const auto* service = std::get_if<world::ServiceId>(&target.subject)) own = world[*service].sites;
  if (const auto* operation = std::get_if<world::OperationId>(&target.subject))
    own = world[world[*operation].service].sites;
  if (const auto* session = std::get_if<world::SessionId>(&target.subject)) own = world[world[*session].store].sites;
  if (const auto* site = std::get_if<world::SiteId>(&target.subject)) own = {*site};
  if (const auto* region = std::get_if<world::RegionId>(&target.subject)) own = world::sites_of(world, *region);
  if (!target.place) return own;
  const bool is_here = std::holds_alternative<world::Here>(*target.place);
  const std::vector<world::SiteId> at = is_here ? here : world::sites_of(world, *target.place);
  if (own.empty()) return at;
  std::vector<world::SiteId> both;
  std::set_intersection(own.begin(), own.end(), at.begin(), at.end(), std::back_inserter(both));
  return both;
}

bool covers(const std::vector<world::SiteId>& outer, const std::vector<world::SiteId>& inner) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

bool is_part_of(const World& world, const world::Subject& part, const world::Subject& whole) {
  if (part == whole) return true;
  if (const auto* service = std::get_if<world::ServiceId>(&whole)) {
    const auto* operation = std::get_if<world::OperationId>(&part);
    const auto* session = std::get_if<world::SessionId>(&part);
    return (operation && world[*operation].service == *service) || (session && world[*session].store == *service);
  }
  const auto* app = std::get_if<world::AppId>(&whole);
  const auto* journey = std::get_if<world::JourneyId>(&part);
  return app && journey && world[*journey].app == *app;
}

bool is_place(const world::Subject& subject) {
  return std::holds_alternative<world::SiteId>(subject) || std::holds_alternative<world::RegionId>(subject);
}

bool contains(const World& world, const Target& whole, const Target& part, const std::vector<world::SiteId>& here) {
  if (const auto* group = std::get_if<world::GroupId>(&whole.subject); group && !(part.subject == whole.subject)) {
    std::set<world::GroupId> seen;
    std::vector<world::Subject> members;
    add_members(world, *group, seen, members);
    return std::any_of(members.begin(), members.end(), [&](const world::Subject& member) {
      return contains(world, {member, whole.place}, part, here);
    });
  }
  const std::vector<world::SiteId> part_sites = sites_of(world, part, here);
  if (is_place(whole.subject))
    return part.subject == whole.subject || (!part_sites.empty() && covers(sites_of(world, whole, here), part_sites));
  if (!is_part_of(world, part.subject, whole.subject)) return false;
  return !whole.place || covers(sites_of(world, whole, here), part_sites);
}

bool can_end(const World& world, const world::Effect& effect, const std::vector<world::Verb>& ended_by,
             const std::vector<Target>& targets, const std::vector<world::SiteId>& here) {
  if (std::find(ended_by.begin(), ended_by.end(), effect.verb) == ended_by.end()) return false;
  return std::all_of(targets.begin(), targets.end(), [&](const Target& target) {
    return std::any_of(effect.targets.begin(), effect.targets.end(),
                       [&](const Target& own) { return contains(world, own, target, here); });
  });
}

// What a doing of the effect can end; `here`: where a reaction that does it stands.
world::Endings endings_of(const World& world, const world::Effect& effect, std::optional<world::SiteId> here) {
  world::Endings ends;
  const std::vector<world::SiteId> own = here ? std::vector{*here} : std::vector<world::SiteId>{};
  for (std::size_t i = 0; i < world.faults.size(); ++i) {
    const world::Fault& fault = world.faults[i];
    if (!fault.effect.targets.empty() && can_end(world, effect, fault.ended_by, fault.effect.targets, own))
      ends.faults.emplace_back(i);
  }
  for (std::size_t i = 0; i < world.reactions.size(); ++i) {
    const world::Reaction& reaction = world.reactions[i];
    if (!reaction.never_ends || reaction.effect.targets.empty()) continue;
    if (can_end(world, effect, reaction.ended_by, reaction.effect.targets, here ? own : reaction.per))
      ends.reactions.emplace_back(i);
  }
  return ends;
}

}  // namespace

void match_steps_to_faults(Reading& reading) {
  World& world = reading.world;
  std::vector<bool> has_end(world.faults.size(), false);
  const auto note = [&](const world::Endings& ends) {
    for (const world::FaultId fault : ends.faults) has_end[fault.index()] = true;
  };
  for (world::Step& step : world.steps) {
    world::Endings ends = endings_of(world, step.effect, std::nullopt);
    note(ends);
    step.ends = std::move(ends.faults);
    step.ends_reactions = std::move(ends.reactions);
  }
  for (world::Reaction& reaction : world.reactions) {
    if (reaction.per.empty()) reaction.ends.push_back(endings_of(world, reaction.effect, std::nullopt));
    for (const world::SiteId site : reaction.per) reaction.ends.push_back(endings_of(world, reaction.effect, site));
    std::for_each(reaction.ends.begin(), reaction.ends.end(), note);
  }
  for (std::size_t i = 0; i < world.faults.size(); ++i) {
    const world::Fault& fault = world.faults[i];
    if (has_end[i] || fault.lasts || fault.until || world.strategies.empty()) continue;
    // Session losses and cache losses are over when they have happened; what they leave behind heals by itself.
    const bool is_momentary = (fault.effect.verb == world::Verb::log_out && !fault.effect.again_after) ||
                              fault.effect.verb == world::Verb::lose_cache;
    if (is_momentary) continue;
    const std::string& cause = world[fault.cause].name;
    const Entry& entry = reading.section("causes")[fault.cause.index()];
    const std::size_t first = world[fault.cause].faults.front().index();
    const Span where = Reading::entries_of(*entry.value, "faults")[i - first].key_span;
    reading.faults.warning(
        where, "never-ended",
        fmt::format("no step of any strategy can end {} of {}", scenario::quoted(fault.name), scenario::quoted(cause)),
        "a step ends it when its verb is in `ended_by` and its target is, or contains, the fault's");
  }
}

}  // namespace knockon::scenario
