#include "engine/graph/order.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <cmath>

#include "engine/quantity/contract.hpp"

namespace knockon::graph {
namespace {

using world::Call;
using world::World;
using Influence = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = std::size_t;

void add_leaves(const Call& call, std::uint32_t item, std::vector<Leaf>& leaves) {
  if (call.form == Call::Form::single) {
    leaves.push_back({.call = &call, .callee = call.to, .item = item});
    return;
  }
  for (const Call& member : call.members) add_leaves(member, item, leaves);
}

void add_leaves(const std::vector<Call>& calls, std::vector<Leaf>& leaves) {
  for (std::uint32_t item = 0; item < calls.size(); ++item) add_leaves(calls[item], item, leaves);
}

// Who influences whom within one sweep: arrivals, loads, weights of calls, answers and outcomes as vertices.
class InfluenceGraph {
 public:
  InfluenceGraph(const World& world, const Order& order)
      : world_{world},
        order_{order},
        operations_{world.operations.size()},
        services_{world.services.size()},
        graph_{2 * operations_ + services_ + order.leaves.size() + world.journeys.size()} {
    for (std::size_t i = 0; i < operations_; ++i) add_operation(i);
    for (std::size_t i = 0; i < world.journeys.size(); ++i) add_journey(i);
  }

  // Tasks in topological order. A service that influences its own load is marked, and the edges that leave its load
  // within the loop are cut: what it admits is then a state that relaxes between sweeps.
  [[nodiscard]] std::vector<Task> sorted(std::vector<bool>& service_in_loop) const {
    std::vector<std::size_t> component(boost::num_vertices(graph_));
    boost::strong_components(
        graph_, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph_)));
    Influence acyclic(boost::num_vertices(graph_));
    for (const auto edge : boost::make_iterator_range(boost::edges(graph_))) {
      const Vertex from = boost::source(edge, graph_), to = boost::target(edge, graph_);
      if (is_load(from) && component[from] == component[to]) {
        service_in_loop[from - load(0)] = true;
      } else if (!(from == to)) {
        boost::add_edge(from, to, acyclic);
      }
    }
    std::vector<Vertex> reversed;
    try {
      boost::topological_sort(acyclic, std::back_inserter(reversed));
    } catch (const boost::not_a_dag&) {
      throw quantity::ContractError{"an operation calls itself through others"};
    }
    std::vector<Task> tasks;
    tasks.reserve(reversed.size());
    std::for_each(reversed.rbegin(), reversed.rend(), [&](Vertex v) { tasks.push_back(task_of(v)); });
    return tasks;
  }

 private:
  [[nodiscard]] Vertex arrive(std::size_t operation) const { return operation; }
  [[nodiscard]] Vertex answer(std::size_t operation) const { return operations_ + operation; }
  [[nodiscard]] Vertex load(std::size_t service) const { return 2 * operations_ + service; }
  [[nodiscard]] Vertex weigh(std::size_t leaf) const { return 2 * operations_ + services_ + leaf; }
  [[nodiscard]] Vertex outcome(std::size_t journey) const { return weigh(order_.leaves.size()) + journey; }
  [[nodiscard]] bool is_load(Vertex v) const { return v >= load(0) && v < weigh(0); }

  [[nodiscard]] Task task_of(Vertex v) const {
    const auto task = [](Task::Kind kind, Vertex subject) { return Task{kind, static_cast<std::uint32_t>(subject)}; };
    if (v < answer(0)) return task(Task::Kind::arrive, v);
    if (v < load(0)) return task(Task::Kind::answer, v - answer(0));
    if (v < weigh(0)) return task(Task::Kind::load, v - load(0));
    if (v < outcome(0)) return task(Task::Kind::weigh, v - weigh(0));
    return task(Task::Kind::outcome, v - outcome(0));
  }

  void add_operation(std::size_t operation) {
    const std::size_t service = world_.operations[operation].service.index();
    boost::add_edge(arrive(operation), load(service), graph_);
    boost::add_edge(load(service), answer(operation), graph_);
    const std::size_t first = order_.first_leaf_of_operation[operation],
                      last = order_.first_leaf_of_operation[operation + 1];
    for (std::size_t leaf = first; leaf < last; ++leaf) {
      boost::add_edge(arrive(operation), weigh(leaf), graph_);
      boost::add_edge(load(service), weigh(leaf), graph_);
      boost::add_edge(answer(order_.leaves[leaf].callee.index()), answer(operation), graph_);
    }
    add_sequence(first, last);
  }

  void add_journey(std::size_t journey) {
    const std::size_t first = order_.first_leaf_of_journey[journey], last = order_.first_leaf_of_journey[journey + 1];
    for (std::size_t leaf = first; leaf < last; ++leaf) {
      boost::add_edge(answer(order_.leaves[leaf].callee.index()), outcome(journey), graph_);
    }
    add_sequence(first, last);
  }

  // A leaf is reached when what stands before it has answered: the item before, and within a group the members before.
  void add_sequence(std::size_t first, std::size_t last) {
    for (std::size_t leaf = first; leaf < last; ++leaf) {
      const Leaf& now = order_.leaves[leaf];
      boost::add_edge(weigh(leaf), arrive(now.callee.index()), graph_);
      const bool tries_at_once = now.call != nullptr && now.call->tries > 1 && !retries_wait(world_, *now.call);
      if (tries_at_once) boost::add_edge(answer(now.callee.index()), weigh(leaf), graph_);
      for (std::size_t before = leaf; before-- > first;) {
        const Leaf& earlier = order_.leaves[before];
        if (earlier.item + 1 < now.item) break;
        boost::add_edge(weigh(before), weigh(leaf), graph_);
        const bool gates = earlier.call == nullptr || earlier.call->kind == world::CallKind::hard;
        if (gates) boost::add_edge(answer(earlier.callee.index()), weigh(leaf), graph_);
      }
    }
  }

  const World& world_;
  const Order& order_;
  std::size_t operations_, services_;
  Influence graph_;
};

}  // namespace

bool keeps_waiting(const world::Service& service) {
  const auto waits = [](const world::Overload& overload) {
    if (const auto* queue = std::get_if<world::Queue>(&overload))
      return queue->serves_abandoned || queue->order == world::QueueOrder::lifo;
    return std::holds_alternative<world::Collapse>(overload) || std::holds_alternative<world::Slowdown>(overload) ||
           std::holds_alternative<world::Adaptive>(overload);
  };
  return waits(service.overload) ||
         std::any_of(service.overload_besides.begin(), service.overload_besides.end(), waits);
}

bool retries_wait(const World& world, const Call& call) {
  if (call.retries_change) return true;
  if (call.form != Call::Form::single || call.tries <= 1) return false;
  if (keeps_waiting(world[world[call.to].service])) return true;
  const double longest_s = std::min(call.backoff.first.in_seconds() * std::pow(call.backoff.factor, call.tries - 2),
                                    call.backoff.up_to.in_seconds());
  return longest_s >= 1;
}

Order evaluation_order(const World& world) {
  Order order;
  for (const world::Operation& operation : world.operations) {
    order.first_leaf_of_operation.push_back(static_cast<std::uint32_t>(order.leaves.size()));
    add_leaves(operation.calls, order.leaves);
    if (const auto& cache = world[operation.service].cache) {
      order.leaves.push_back(
          {.call = nullptr, .callee = cache->behind, .item = static_cast<std::uint32_t>(operation.calls.size())});
    }
  }
  order.first_leaf_of_operation.push_back(static_cast<std::uint32_t>(order.leaves.size()));
  for (const world::Journey& journey : world.journeys) {
    order.first_leaf_of_journey.push_back(static_cast<std::uint32_t>(order.leaves.size()));
    add_leaves(journey.calls, order.leaves);
  }
  order.first_leaf_of_journey.push_back(static_cast<std::uint32_t>(order.leaves.size()));
  order.service_in_loop.assign(world.services.size(), false);
  order.tasks = InfluenceGraph{world, order}.sorted(order.service_in_loop);
  return order;
}

}  // namespace knockon::graph
