#include "engine/traffic/distances.hpp"

#include <algorithm>
#include <utility>

namespace knockon::traffic {
namespace {

bool is_waited_for(const world::Call* call) { return call == nullptr || call->kind != world::CallKind::async; }

}  // namespace

Distances::Distances(const Network::Parts& parts) : parts_{&parts} {
  std::vector<bool> seen(parts.world->operations.size(), false);
  std::vector<std::uint32_t> open;
  const auto see = [&](std::uint32_t leaf) {
    const std::size_t callee = parts.order.leaves[leaf].callee.index();
    if (!is_waited_for(parts.order.leaves[leaf].call) || seen[callee]) return;
    seen[callee] = true;
    open.push_back(static_cast<std::uint32_t>(callee));
  };
  for (const CarefulCall& call : parts.careful) see(call.leaf);
  while (!open.empty()) {
    const std::uint32_t operation = open.back();
    open.pop_back();
    operations_.push_back(operation);
    const Caller& caller = parts.callers[operation];
    for (std::uint32_t leaf = caller.first_leaf; leaf < caller.last_leaf; ++leaf) see(leaf);
  }
  std::sort(operations_.begin(), operations_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return parts.answer_task[a] < parts.answer_task[b]; });
  position_.assign(parts.world->operations.size(), nowhere);
  for (std::uint32_t n = 0; n < operations_.size(); ++n) {
    position_[operations_[n]] = n;
    if ((*parts.world)[parts.world->operations[operations_[n]].service].cache) caches_.push_back(n);
  }
}

void Distances::find(const Circuit& circuit, const Reach& reach) {
  of_node_.resize(parts_->nodes);
  of_slot_.resize(parts_->slots);
  for (const std::uint32_t operation : operations_) {
    static_cast<void>(find_below(operation, circuit));
    for (const std::uint32_t leaf : parts_->calls_to[operation]) static_cast<void>(find_of(leaf, circuit, reach));
  }
  for (const CarefulCall& call : parts_->careful) static_cast<void>(find_of(call.leaf, circuit, reach));
}

bool Distances::find_below(std::uint32_t operation, const Circuit& circuit) {
  const Caller& caller = parts_->callers[operation];
  bool changed = false;
  for (std::uint32_t place = 0; place < caller.places; ++place) {
    const double now = below(operation, place, circuit);
    changed = std::exchange(of_node_[caller.first_node + place], now) != now || changed;
  }
  return changed;
}

bool Distances::find_of(std::uint32_t leaf, const Circuit& circuit, const Reach& reach) {
  const LeafLayout& layout = parts_->leaves[leaf];
  bool changed = false;
  for (std::uint32_t place = 0; place < layout.places; ++place) {
    const double now = of_ways(leaf, place, circuit, reach);
    changed = std::exchange(of_slot_[layout.first_slot + place], now) != now || changed;
  }
  return changed;
}

// Callees first, and on to callers as long as anything changes.
std::vector<std::uint32_t> Distances::find_to(const std::vector<world::ServiceId>& services, const Circuit& circuit,
                                              const Reach& reach) {
  std::set<std::uint32_t> open{caches_.begin(), caches_.end()}, moved;
  const auto tell_callers = [&](std::uint32_t operation) {
    for (const std::uint32_t leaf : parts_->calls_to[operation]) {
      if (!find_of(leaf, circuit, reach)) continue;
      const LeafLayout& layout = parts_->leaves[leaf];
      if (layout.careful != nowhere) moved.insert(layout.careful);
      if (layout.caller < position_.size() && position_[layout.caller] != nowhere)
        open.insert(position_[layout.caller]);
    }
  };
  for (const world::ServiceId service : services) {
    for (const world::OperationId operation : (*parts_->world)[service].operations)
      tell_callers(static_cast<std::uint32_t>(operation.index()));
  }
  while (!open.empty()) {
    const std::uint32_t operation = operations_[*open.begin()];
    open.erase(open.begin());
    if (find_below(operation, circuit)) tell_callers(operation);
  }
  return {moved.begin(), moved.end()};
}

double Distances::below(std::uint32_t operation, std::uint32_t place, const Circuit& circuit) const {
  const Caller& caller = parts_->callers[operation];
  std::uint32_t leaf = caller.first_leaf;
  double sum = 0;
  for (const world::Call& call : parts_->world->operations[operation].calls) sum += of_call(call, leaf, place);
  if (leaf < caller.last_leaf) {
    const LeafLayout& misses = parts_->leaves[leaf];
    sum += circuit.calls_per_request(misses, place) * of_slot_[misses.first_slot + place];
  }
  return sum;
}

// As answers' times are put together: one after the other, or the longest of those made at once.
double Distances::of_call(const world::Call& call, std::uint32_t& leaf, std::uint32_t place) const {
  if (call.form == world::Call::Form::single) {
    const std::uint32_t own = leaf++;
    return is_waited_for(&call) ? call.per_request * of_slot_[parts_->leaves[own].first_slot + place] : 0;
  }
  double all = 0;
  int counted = 0;
  for (const world::Call& member : call.members) {
    const double one = of_call(member, leaf, place);
    if (call.form == world::Call::Form::parallel) {
      all = std::max(all, one);
    } else if (counted++ < call.at_least) {
      all += one;
    }
  }
  return all;
}

double Distances::of_ways(std::uint32_t leaf, std::uint32_t place, const Circuit& circuit, const Reach& reach) const {
  const world::OperationId callee = parts_->order.leaves[leaf].callee;
  const auto& sites = (*parts_->world)[(*parts_->world)[callee].service].sites;
  const std::uint32_t first_node = parts_->callers[callee.index()].first_node;
  const std::size_t from = parts_->place_of_caller(parts_->leaves[leaf].caller, place);
  double sum = 0, ways = 0;
  circuit.for_each_way(leaf, place, [&](std::uint32_t node) {
    sum += 2 * reach.latency_s(from, sites[node - first_node]) + of_node_[node];
    ways += 1;
  });
  return ways > 0 ? sum / ways : 0;
}

}  // namespace knockon::traffic
