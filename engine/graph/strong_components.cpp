#include "engine/graph/strong_components.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

namespace knockon::graph {
namespace {

using Number = boost::property<boost::edge_index_t, std::size_t>;
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Number>;

Graph graph_of(std::size_t vertices, const std::vector<Arc>& arcs) {
  Graph graph{vertices};
  for (std::size_t i = 0; i < arcs.size(); ++i) boost::add_edge(arcs[i].from, arcs[i].to, i, graph);
  return graph;
}

class Walk : public boost::dfs_visitor<> {
 public:
  explicit Walk(std::vector<bool>& leads_back) : leads_back_{leads_back} {}
  void back_edge(const Graph::edge_descriptor& edge, const Graph& graph) {
    leads_back_[boost::get(boost::edge_index, graph, edge)] = true;
  }

 private:
  std::vector<bool>& leads_back_;
};

}  // namespace

std::vector<std::size_t> strong_components(std::size_t vertices, const std::vector<Arc>& arcs) {
  const Graph graph = graph_of(vertices, arcs);
  std::vector<std::size_t> component(vertices);
  boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  return component;
}

std::vector<bool> leading_back(std::size_t vertices, const std::vector<Arc>& arcs) {
  std::vector<bool> leads_back(arcs.size(), false);
  boost::depth_first_search(graph_of(vertices, arcs), boost::visitor(Walk{leads_back}));
  return leads_back;
}

}  // namespace knockon::graph
