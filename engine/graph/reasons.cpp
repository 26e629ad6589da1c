#include "engine/graph/reasons.hpp"

#include <algorithm>

#include "engine/graph/visits.hpp"

namespace knockon::graph {
namespace {

bool fails(const Words::Value& value) { return !value.holds(0); }

}  // namespace

std::vector<std::string> Reasons::why_not(const world::Target& target, const std::vector<std::size_t>& from) {
  chain_.clear();
  std::optional<Asked> asked = first_asked(target.subject, from);
  if (!asked) end_at_network();
  std::set<world::OperationId> seen;
  while (asked && seen.insert(asked->operation).second) {
    asked = below(*asked);
    if (asked) chain_.push_back(name_of(asked->operation));
  }
  // A service that is asked through another of its operations is named once.
  chain_.erase(std::unique(chain_.begin(), chain_.end()), chain_.end());
  if (!chain_.empty() && chain_.front() == world::name_of(world_, target)) chain_.erase(chain_.begin());
  return std::move(chain_);
}

// The first operation that the subject means and that fails.
std::optional<Reasons::Asked> Reasons::first_asked(const world::Subject& subject,
                                                   const std::vector<std::size_t>& from) {
  std::optional<Asked> asked;
  for_each_service_in(
      world_, subject,
      [&](world::OperationId operation) {
        if (!asked) asked = Asked{operation, from};
      },
      [&](const world::Journey& journey) {
        if (asked) return;
        for (std::size_t r = 0; r < world_.regions.size() && !asked; ++r) {
          asked = below_calls(journey.calls, dependence_.users_of(world::RegionId{r}));
        }
        if (asked) chain_.push_back(name_of(asked->operation));
        if (!asked && journey.session) chain_.push_back(world_[*journey.session].name);
      });
  return asked;
}

std::optional<Reasons::Asked> Reasons::below(const Asked& asked) {
  const world::ServiceId id = world_[asked.operation].service;
  const world::Service& service = world_[id];
  bool is_any_reached = false;
  for (std::size_t position = 0; position < service.sites.size(); ++position) {
    if (!is_reached(asked, position)) continue;
    is_any_reached = true;
    const std::size_t place = dependence_.place_of(service.sites[position]);
    const std::size_t instance = dependence_.instance(id, position);
    const bool is_struck = fails(settled_.works(dependence_.components().of(id))) ||
                           fails(struck_.working().instances[instance]) ||
                           fails(struck_.working().nodes[dependence_.node(asked.operation, position)]);
    if (is_struck) return std::nullopt;
    for (const world::Need& need : service.needs) {
      if (!fails(settled_.is_met(need, {place}, service.sites[position]))) continue;
      const auto needed = first_asked(need.any_of.front().subject, {place});
      if (needed) return needed;
      chain_.push_back(need.text);
      return std::nullopt;
    }
    if (const auto next = below_calls(world_[asked.operation].calls, place)) return next;
    if (service.cache && fails(settled_.attempt(service.cache->behind, place).any)) {
      return Asked{service.cache->behind, {place}};
    }
  }
  if (!is_any_reached) end_at_network();
  return std::nullopt;
}

std::optional<Reasons::Asked> Reasons::below_calls(const std::vector<world::Call>& calls, std::size_t place) {
  for (const world::Call& call : calls) {
    if (!fails(settled_.call(call, place).any)) continue;
    if (call.form != world::Call::Form::single) {
      // Of a group that fails, a member that does.
      if (const auto member = below_calls(call.members, place)) return member;
      continue;
    }
    if (const auto name = failing_name(call.to, place)) return name;
    return Asked{call.to, {place}};
  }
  return std::nullopt;
}

std::optional<Reasons::Asked> Reasons::failing_name(world::OperationId operation, std::size_t place) const {
  const auto& name = world_[world_[operation].service].resolve;
  if (!name) return std::nullopt;
  const world::Target through{name->through, {}};
  return fails(settled_.usable(through, {place})) ? std::optional{Asked{name->through, {place}}} : std::nullopt;
}

void Reasons::end_at_network() {
  for (const std::string& name : struck_.network_targets()) {
    if (std::find(chain_.begin(), chain_.end(), name) == chain_.end()) chain_.push_back(name);
  }
}

bool Reasons::is_reached(const Asked& asked, std::size_t position) const {
  const world::SiteId site = world_[world_[asked.operation].service].sites[position];
  return std::any_of(asked.from.begin(), asked.from.end(),
                     [&](std::size_t place) { return !fails(settled_.reach(place, site)); });
}

std::string Reasons::name_of(world::OperationId operation) const { return world_[operation].name; }

}  // namespace knockon::graph
