#include "engine/traffic/link_use.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace knockon::traffic {
namespace {

// How fast callers notice what a link does not carry.
constexpr double relax_s = 1;
// A link without any bandwidth still lets one attempt in a million through, so that what is wanted of it is known.
constexpr double carried_least = 1e-6;

}  // namespace

LinkUse::LinkUse(const Network::Parts& parts) : parts_{&parts} { begin(); }

void LinkUse::begin() {
  const std::size_t links = parts_->world->links.size();
  left_.assign(links, 1);
  moved_.assign(links, 0);
  wanted_.assign(links, 0);
  ways_.assign(parts_->wired_slots, {});
  carried_.assign(parts_->wired_slots, 1);
  settled_.assign(parts_->wired_slots, 1);
}

double LinkUse::bandwidth(std::size_t link) const {
  const auto& whole = parts_->world->links[link].bandwidth;
  return whole ? whole->bytes_per_second() * left_[link] : std::numeric_limits<double>::infinity();
}

quantity::DataRate LinkUse::left_for_moving(world::LinkId link) const {
  const double whole = bandwidth(link.index());
  const double reserved = (*parts_->world)[link].reserved.value() * whole;
  return quantity::DataRate::bytes_per_second(std::max(whole - wanted_[link.index()], reserved));
}

double LinkUse::room_for_users(std::size_t link) const {
  const double whole = bandwidth(link);
  return whole - std::min(moved_[link], parts_->world->links[link].reserved.value() * whole);
}

double LinkUse::load(world::LinkId link) const {
  const double offered = wanted_[link.index()] + moved_[link.index()];
  const double whole = bandwidth(link.index());
  return whole > 0 ? offered / whole : offered > 0 ? std::numeric_limits<double>::infinity() : 0;
}

void LinkUse::find_ways(const Circuit& circuit, const Reach& reach) {
  const world::World& world = *parts_->world;
  for (const WiredCall& call : parts_->wired) {
    const LeafLayout& layout = parts_->leaves[call.leaf];
    const world::OperationId callee = parts_->order.leaves[call.leaf].callee;
    const auto& sites = world[world[callee].service].sites;
    for (std::uint32_t place = 0; place < layout.places; ++place) {
      std::vector<Way>& ways = ways_[layout.wired + place];
      ways.clear();
      const std::size_t from = parts_->place_of_caller(layout.caller, place);
      circuit.for_each_way(call.leaf, place, [&](std::uint32_t node) {
        Way& way = ways.emplace_back(Way{.node = node, .links = {}});
        const auto links = reach.way(from, sites[node - layout.first_node_of_callee]);
        if (!links) return;
        for (const world::LinkId link : *links) {
          if (world[link].bandwidth) way.links.push_back(link);
        }
      });
    }
  }
}

void LinkUse::look(const Circuit& circuit) {
  std::fill(wanted_.begin(), wanted_.end(), 0);
  for (const WiredCall& call : parts_->wired) {
    const LeafLayout& layout = parts_->leaves[call.leaf];
    for (std::uint32_t place = 0; place < layout.places; ++place) {
      const std::vector<Way>& ways = ways_[layout.wired + place];
      const double made = circuit.sent(call.leaf, place) / carried_[layout.wired + place];
      for (const Way& way : ways) {
        for (const world::LinkId link : way.links)
          wanted_[link.index()] += made * call.bytes / static_cast<double>(ways.size());
      }
    }
  }
  for (std::size_t slot = 0; slot < settled_.size(); ++slot) settled_[slot] = carried_over(ways_[slot]);
}

// What has come through the narrowest link of its way finds room on the others.
double LinkUse::carried_over(const std::vector<Way>& ways) const {
  if (ways.empty()) return 1;
  double sum = 0;
  for (const Way& way : ways) {
    double carried = 1;
    for (const world::LinkId link : way.links) {
      const double wanted = wanted_[link.index()];
      if (wanted > 0) carried = std::min(carried, room_for_users(link.index()) / wanted);
    }
    sum += std::max(carried, carried_least);
  }
  return sum / static_cast<double>(ways.size());
}

void LinkUse::relax(double step_s, Circuit& circuit) {
  const double part = -std::expm1(-step_s / relax_s);
  for (const WiredCall& call : parts_->wired) {
    const LeafLayout& layout = parts_->leaves[call.leaf];
    for (std::uint32_t place = 0; place < layout.places; ++place) {
      const std::uint32_t slot = layout.wired + place;
      const double distance = settled_[slot] - carried_[slot];
      if (distance == 0) continue;
      carried_[slot] = std::abs(distance) < 1e-9 ? settled_[slot] : carried_[slot] + part * distance;
      circuit.set_carried(call.leaf, place, carried_[slot]);
    }
  }
}

double LinkUse::lag() const {
  double farthest = 0;
  for (std::size_t slot = 0; slot < settled_.size(); ++slot)
    farthest = std::max(farthest, std::abs(settled_[slot] - carried_[slot]));
  return farthest;
}

}  // namespace knockon::traffic
