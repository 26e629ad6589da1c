#include "engine/graph/burden.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "engine/graph/visits.hpp"

namespace knockon::graph {
namespace {

using quantity::Duration;
using world::Call;
using world::World;

template <class Visit>
void for_each_callee(const World& world, world::OperationId operation, const Visit& visit) {
  for_each_single(world[operation].calls, [&](const Call& call) { visit(call.to, call.tries); });
  if (const auto& cache = world[world[operation].service].cache) visit(cache->behind, 1);
}

// The operations, callees before callers; depth first without recursion.
std::vector<world::OperationId> callees_first(const World& world) {
  struct Frame {
    world::OperationId operation;
    std::vector<world::OperationId> callees;
    std::size_t next = 0;
  };
  const auto frame = [&](world::OperationId id) {
    Frame fresh{id, {}};
    for_each_callee(world, id, [&](world::OperationId callee, int) { fresh.callees.push_back(callee); });
    return fresh;
  };
  std::vector<world::OperationId> order;
  std::vector<bool> seen(world.operations.size(), false);
  for (std::size_t root = 0; root < world.operations.size(); ++root) {
    if (seen[root]) continue;
    seen[root] = true;
    std::vector<Frame> path{frame(world::OperationId{root})};
    while (!path.empty()) {
      Frame& top = path.back();
      if (top.next == top.callees.size()) {
        order.push_back(top.operation);
        path.pop_back();
        continue;
      }
      const world::OperationId callee = top.callees[top.next++];
      if (seen[callee.index()]) continue;
      seen[callee.index()] = true;
      path.push_back(frame(callee));
    }
  }
  return order;
}

// --- depth and width -------------------------------------------------------------------------------------------------

void measure_depth(const World& world, const std::vector<world::OperationId>& order, Burden& burden) {
  std::vector<std::size_t> depth(world.operations.size(), 1);
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> next(world.operations.size(), none);
  std::size_t deepest = none;
  for (const world::OperationId id : order) {
    for_each_callee(world, id, [&](world::OperationId callee, int) {
      if (depth[callee.index()] + 1 <= depth[id.index()]) return;
      depth[id.index()] = depth[callee.index()] + 1;
      next[id.index()] = callee.index();
    });
    if (deepest == none || depth[id.index()] > depth[deepest]) deepest = id.index();
  }
  if (deepest == none) return;
  burden.depth = depth[deepest];
  for (std::size_t at = deepest; at != none; at = next[at]) burden.deepest.push_back(world.operations[at].service);
}

void measure_fans(const World& world, Burden& burden) {
  std::vector<std::set<world::ServiceId>> callees(world.services.size());
  for (std::size_t i = 0; i < world.operations.size(); ++i) {
    const world::ServiceId caller = world.operations[i].service;
    for_each_callee(world, world::OperationId{i}, [&](world::OperationId callee, int) {
      if (world[callee].service != caller) callees[caller.index()].insert(world[callee].service);
    });
  }
  for (std::size_t s = 0; s < world.services.size(); ++s) burden.fans.push_back({world::ServiceId{s}, 0, 0});
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    burden.fans[s].out = callees[s].size();
    for (const world::ServiceId callee : callees[s]) ++burden.fans[callee.index()].in;
  }
}

// --- latency ---------------------------------------------------------------------------------------------------------

class Latencies {
 public:
  Latencies(const Dependence& dependence, const std::vector<world::OperationId>& order)
      : dependence_{dependence},
        world_{dependence.world()},
        seconds_(dependence.nodes(), 0),
        slowest_(dependence.nodes()) {
    for (const world::OperationId id : order) {
      const auto& sites = world_[world_[id].service].sites;
      for (std::size_t position = 0; position < sites.size(); ++position) {
        const std::size_t node = dependence.node(id, position);
        Part slowest;
        seconds_[node] = world_[id].latency.median.in_seconds() +
                         sequence(world_[id].calls, dependence.place_of(sites[position]), slowest);
        slowest_[node] = slowest.node;
      }
    }
  }

  [[nodiscard]] LatencyPath of(world::JourneyId journey, world::RegionId region) const {
    Part slowest;
    const double seconds = sequence(world_[journey].calls, dependence_.users_of(region), slowest);
    LatencyPath path{journey, region, Duration::of_seconds(std::min(seconds, 1e9)), {}};
    for (std::optional<Node> at = slowest.node; at; at = slowest_[dependence_.node(at->operation, at->position)]) {
      path.path.push_back(at->operation);
    }
    return path;
  }

 private:
  struct Node {
    world::OperationId operation;
    std::size_t position;
  };
  struct Part {  // of a sequence: the call that takes longest
    double seconds = -1;
    std::optional<Node> node;
  };

  double sequence(const std::vector<Call>& calls, std::size_t place, Part& slowest) const {
    double sum = 0;
    for (const Call& call : calls) sum += duration(call, place, slowest);
    return sum;
  }
  double duration(const Call& call, std::size_t place, Part& slowest) const {
    if (call.form == Call::Form::single) return call.kind == world::CallKind::async ? 0 : single(call, place, slowest);
    // Of alternatives, as many as are wanted are asked while all is well; parallel calls take as long as the longest.
    const bool is_parallel = call.form == Call::Form::parallel;
    double longest = 0, sum = 0;
    const auto asked = static_cast<std::size_t>(std::max(0, call.at_least));
    for (std::size_t i = 0; i < call.members.size() && (is_parallel || i < asked); ++i) {
      const double one = duration(call.members[i], place, slowest);
      longest = std::max(longest, one);
      sum += one;
    }
    return is_parallel ? longest : sum;
  }
  double single(const Call& call, std::size_t place, Part& slowest) const {
    const world::ServiceId service = world_[call.to].service;
    const auto& nearest = dependence_.nearest(service, place);
    if (nearest.empty()) return 0;
    const std::size_t position = nearest.front();
    const double way = 2 * dependence_.latency_s(place, world_[service].sites[position]);
    if (!std::isfinite(way)) return 0;
    const double seconds = (way + seconds_[dependence_.node(call.to, position)]) * std::max(0.0, call.per_request);
    if (seconds > slowest.seconds) slowest = {seconds, Node{call.to, position}};
    return seconds;
  }

  const Dependence& dependence_;
  const World& world_;
  std::vector<double> seconds_;               // per node
  std::vector<std::optional<Node>> slowest_;  // per node: its slowest call
};

void measure_latency(const Dependence& dependence, const std::vector<world::OperationId>& order, Burden& burden) {
  const Latencies latencies{dependence, order};
  for (std::size_t j = 0; j < dependence.world().journeys.size(); ++j) {
    const world::JourneyId journey{j};
    std::optional<LatencyPath> longest;
    for (const world::RegionId region : dependence.regions_of(dependence.world()[journey].app)) {
      LatencyPath path = latencies.of(journey, region);
      if (!longest || path.total > longest->total) longest = std::move(path);
    }
    if (longest) burden.latency_paths.push_back(std::move(*longest));
  }
  std::stable_sort(burden.latency_paths.begin(), burden.latency_paths.end(),
                   [](const LatencyPath& a, const LatencyPath& b) { return a.total > b.total; });
}

// --- retries ---------------------------------------------------------------------------------------------------------

void measure_amplification(const World& world, const std::vector<world::OperationId>& order, Burden& burden) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<double> times(world.operations.size(), 0);
  std::vector<std::size_t> from(world.operations.size(), none);
  const auto reach = [&](world::OperationId callee, double now, std::size_t caller) {
    if (now <= times[callee.index()]) return;
    times[callee.index()] = now;
    from[callee.index()] = caller;
  };
  for (const world::Journey& journey : world.journeys) {
    for_each_single(journey.calls, [&](const Call& call) { reach(call.to, std::max(1, call.tries), none); });
  }
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const double before = times[id->index()];
    if (before <= 0) continue;
    for_each_callee(world, *id, [&](world::OperationId callee, int tries) {
      reach(callee, before * std::max(1, tries), id->index());
    });
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] > 1) found.push_back(i);
  }
  std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) { return times[a] > times[b]; });
  // Paths of the worst are enough: all of them together could be longer than the graph.
  constexpr std::size_t paths_max = 100;
  for (std::size_t n = 0; n < found.size(); ++n) {
    Amplification& one = burden.amplifications.emplace_back(
        Amplification{.operation = world::OperationId{found[n]}, .times = times[found[n]], .path = {}});
    for (std::size_t at = found[n]; n < paths_max && at != none; at = from[at]) one.path.emplace_back(at);
    std::reverse(one.path.begin(), one.path.end());
  }
}

// --- patience --------------------------------------------------------------------------------------------------------

// How long a caller may be kept by a call before it gives up: every attempt and every pause.
double longest_wait_s(const Call& call) {
  if (call.form == Call::Form::single) {
    if (call.kind == world::CallKind::async) return 0;
    const double tries = std::max(1, call.tries);
    double pauses = 0, pause = call.backoff.first.in_seconds();
    for (int i = 1; i < call.tries && i < 1000; ++i) {
      pauses += std::min(pause, call.backoff.up_to.in_seconds());
      pause *= call.backoff.factor;
    }
    return tries * call.timeout.in_seconds() + pauses;
  }
  double sum = 0, longest = 0;
  for (const Call& member : call.members) {
    const double one = longest_wait_s(member);
    sum += one;
    longest = std::max(longest, one);
  }
  return call.form == Call::Form::parallel ? longest : sum;
}

double longest_wait_s(const std::vector<Call>& calls) {
  double sum = 0;
  for (const Call& call : calls) sum += longest_wait_s(call);
  return sum;
}

void measure_patience(const World& world, Burden& burden) {
  std::vector<double> may_take(world.operations.size());
  for (std::size_t i = 0; i < may_take.size(); ++i) may_take[i] = longest_wait_s(world.operations[i].calls);
  const auto look = [&](const std::vector<Call>& calls, std::size_t journey, std::size_t operation) {
    for_each_single(calls, [&](const Call& call) {
      const double takes = may_take[call.to.index()];
      if (call.kind == world::CallKind::async || takes <= call.timeout.in_seconds()) return;
      burden.impatience.push_back({.caller_journey = journey,
                                   .caller_operation = operation,
                                   .callee = call.to,
                                   .waits = call.timeout,
                                   .may_take = Duration::of_seconds(std::min(takes, 1e9))});
    });
  };
  for (std::size_t j = 0; j < world.journeys.size(); ++j) look(world.journeys[j].calls, j, Impatience::none);
  for (std::size_t i = 0; i < world.operations.size(); ++i) look(world.operations[i].calls, Impatience::none, i);
  const auto ratio = [](const Impatience& one) { return one.may_take / one.waits; };
  std::stable_sort(burden.impatience.begin(), burden.impatience.end(),
                   [&](const Impatience& a, const Impatience& b) { return ratio(a) > ratio(b); });
}

}  // namespace

Burden burden_of(const Dependence& dependence) {
  Burden burden;
  const std::vector<world::OperationId> order = callees_first(dependence.world());
  measure_depth(dependence.world(), order, burden);
  measure_fans(dependence.world(), burden);
  measure_latency(dependence, order, burden);
  measure_amplification(dependence.world(), order, burden);
  measure_patience(dependence.world(), burden);
  return burden;
}

}  // namespace knockon::graph
