#include "engine/graph/dominators.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dominator_tree.hpp>

#include "engine/graph/visits.hpp"

namespace knockon::graph {
namespace {

using Calls = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<Calls>::vertex_descriptor;

}  // namespace

std::vector<std::vector<world::OperationId>> dominators_of(const world::World& world, world::JourneyId journey) {
  const Vertex root = world.operations.size(), nobody = boost::graph_traits<Calls>::null_vertex();
  Calls calls{world.operations.size() + 1};
  // Only what the journey comes to: the algorithm stumbles over callers that it never meets.
  std::vector<bool> is_met(root, false);
  std::vector<Vertex> open{root};
  while (!open.empty()) {
    const Vertex caller = open.back();
    open.pop_back();
    for_each_single(caller == root ? world[journey].calls : world.operations[caller].calls,
                    [&](const world::Call& call) {
                      boost::add_edge(caller, call.to.index(), calls);
                      if (!is_met[call.to.index()]) open.push_back(call.to.index());
                      is_met[call.to.index()] = true;
                    });
  }
  std::vector<Vertex> above(root + 1, nobody);
  boost::lengauer_tarjan_dominator_tree(
      calls, root, boost::make_iterator_property_map(above.begin(), boost::get(boost::vertex_index, calls)));
  std::vector<std::vector<world::OperationId>> dominators(world.operations.size());
  for (std::size_t i = 0; i < world.operations.size(); ++i) {
    if (above[i] == nobody) continue;
    for (Vertex v = i; v != root; v = above[v]) dominators[i].emplace_back(v);
    std::sort(dominators[i].begin(), dominators[i].end());
  }
  return dominators;
}

}  // namespace knockon::graph
