#include "engine/traffic/slow_times.hpp"

#include <algorithm>
#include <utility>

namespace knockon::traffic {
namespace {

AnswerTime sum(AnswerTime a, AnswerTime b) { return {a.mean_s + b.mean_s, a.variance_s2 + b.variance_s2}; }
AnswerTime repeated(AnswerTime one, double times) { return {times * one.mean_s, times * one.variance_s2}; }

}  // namespace

void SlowTimes::begin() {
  slow_nodes_ = 0;
  of_node_.clear();
  of_link_.clear();
}

void SlowTimes::set(std::uint32_t node, const Slowness& slowness) {
  of_node_.resize(parts_->nodes);
  slow_nodes_ += (slowness.is_any() ? 1 : 0) - (of_node_[node].is_any() ? 1 : 0);
  of_node_[node] = slowness;
}

void SlowTimes::set(world::LinkId link, const Slowness& slowness) {
  of_link_.resize(parts_->world->links.size());
  of_link_[link.index()] = slowness;
}

double SlowTimes::latency_s(world::LinkId link) const {
  const double usual_s = (*parts_->world)[link].latency.in_seconds();
  return of_link_.empty() ? usual_s : of_link_[link.index()].of({usual_s, 0}).mean_s;
}

double SlowTimes::own_time_s(world::ServiceId service, std::uint32_t place) const {
  double all_s = 0;
  const auto residents = parts_->residents_of(service.index());
  for (const Resident& resident : residents) {
    const AnswerTime usual = time_of((*parts_->world)[world::OperationId{resident.operation}].latency);
    const std::uint32_t node = resident.first_node + place;
    all_s += own_time(node, usual).mean_s;
  }
  return all_s / static_cast<double>(residents.size());
}

// Answers are worked out from the callees up, in the order in which they are evaluated.
void SlowTimes::look(const Circuit& circuit) {
  of_node_.resize(parts_->nodes);
  node_times_.resize(parts_->nodes);
  of_slot_.resize(parts_->slots);
  const auto look_at_calls = [&](const Caller& caller) {
    for (std::uint32_t leaf = caller.first_leaf; leaf < caller.last_leaf; ++leaf) look_at(leaf, circuit);
  };
  for (const graph::Task& task : parts_->order.tasks) {
    if (task.kind == graph::Task::Kind::outcome)
      look_at_calls(parts_->callers[parts_->world->operations.size() + task.subject]);
    if (task.kind != graph::Task::Kind::answer) continue;
    const Caller& caller = parts_->callers[task.subject];
    look_at_calls(caller);
    const AnswerTime own = time_of(parts_->world->operations[task.subject].latency);
    for (std::uint32_t place = 0; place < caller.places; ++place) {
      const std::uint32_t node = caller.first_node + place;
      node_times_[node] = sum(of_node_[node].of(own), calls_of(task.subject, place));
    }
  }
}

// Where the call goes now: of several ways, the mean and variance of all.
void SlowTimes::look_at(std::uint32_t leaf, const Circuit& circuit) {
  const LeafLayout& layout = parts_->leaves[leaf];
  for (std::uint32_t place = 0; place < layout.places; ++place) {
    double ways = 0, mean_s = 0, square_s2 = 0;
    circuit.for_each_way(leaf, place, [&](std::uint32_t node) {
      const AnswerTime one = node_times_[node];
      ways += 1;
      mean_s += one.mean_s;
      square_s2 += one.variance_s2 + one.mean_s * one.mean_s;
    });
    AnswerTime& known = of_slot_[layout.first_slot + place];
    known = parts_->answer_time[parts_->order.leaves[leaf].callee.index()];
    if (ways == 0) continue;
    mean_s /= ways;
    known = {mean_s, std::max(0.0, square_s2 / ways - mean_s * mean_s)};
  }
}

double SlowTimes::share_within(double limit_s, Wait wait, std::uint32_t leaf, std::uint32_t place,
                               const Circuit& circuit) const {
  double ways = 0, within = 0;
  circuit.for_each_way(leaf, place, [&](std::uint32_t node) {
    ways += 1;
    within += traffic::share_within(limit_s, after_waiting(wait, node_times_[node]));
  });
  return ways > 0 ? within / ways : traffic::share_within(limit_s, after_waiting(wait, of(leaf, place)));
}

// Calls one after the other add up, calls at once take as long as the longest of them.
AnswerTime SlowTimes::group(const world::Call& call, std::uint32_t& leaf, std::uint32_t place) const {
  if (call.form == world::Call::Form::single) {
    const std::uint32_t own = leaf++;
    return call.kind == world::CallKind::async ? AnswerTime{} : repeated(of(own, place), call.per_request);
  }
  AnswerTime time;
  int counted = 0;
  for (const world::Call& member : call.members) {
    const AnswerTime one = group(member, leaf, place);
    if (call.form == world::Call::Form::parallel) {
      if (one.mean_s > time.mean_s) time = one;
    } else if (counted++ < call.at_least) {
      time = sum(time, one);
    }
  }
  return time;
}

AnswerTime SlowTimes::calls_of(std::uint32_t operation, std::uint32_t place) const {
  const world::Operation& written = parts_->world->operations[operation];
  std::uint32_t leaf = parts_->callers[operation].first_leaf;
  AnswerTime time;
  for (const world::Call& call : written.calls) time = sum(time, group(call, leaf, place));
  const auto& cache = (*parts_->world)[written.service].cache;
  if (cache) time = sum(time, repeated(of(leaf, place), 1 - cache->hit.value()));
  return time;
}

}  // namespace knockon::traffic
