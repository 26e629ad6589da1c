#include "engine/foreign/circles.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "engine/graph/strong_components.hpp"

namespace knockon::foreign {
namespace {

// Edges looked at before a walk decides: some tenths of a second.
constexpr std::size_t patience = 1'000'000;

// A piece of the graph: nodes, and the edges among them that are not given up.
struct Part {
  std::vector<std::size_t> nodes, edges;
};

class Breaker {
 public:
  Breaker(std::size_t nodes, const std::vector<CircleEdge>& edges)
      : edges_{edges}, given_up_(edges.size(), false), number_(nodes) {}

  std::vector<bool> answer() {
    std::vector<Part> open(1);
    open.front().nodes.resize(number_.size());
    open.front().edges.resize(edges_.size());
    std::iota(open.front().nodes.begin(), open.front().nodes.end(), 0);
    std::iota(open.front().edges.begin(), open.front().edges.end(), 0);
    while (!open.empty()) {
      const Part part = std::move(open.back());
      open.pop_back();
      if (looked_at_ > patience) {
        give_up_what_leads_back(part);
        continue;
      }
      for (Part& circle : circles_in(part)) {
        give_up_cheapest(circle);
        open.push_back(std::move(circle));
      }
    }
    return std::move(given_up_);
  }

 private:
  std::vector<graph::Arc> numbered(const Part& part) {
    for (std::size_t i = 0; i < part.nodes.size(); ++i) number_[part.nodes[i]] = i;
    std::vector<graph::Arc> arcs;
    for (const std::size_t edge : part.edges) arcs.push_back({number_[edges_[edge].from], number_[edges_[edge].to]});
    looked_at_ += arcs.size();
    return arcs;
  }

  // The strong components that have an edge inside.
  std::vector<Part> circles_in(const Part& part) {
    const std::vector<graph::Arc> arcs = numbered(part);
    const std::vector<std::size_t> component = graph::strong_components(part.nodes.size(), arcs);
    std::map<std::size_t, Part> circles;
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      if (component[arcs[i].from] == component[arcs[i].to])
        circles[component[arcs[i].from]].edges.push_back(part.edges[i]);
    }
    for (std::size_t i = 0; i < part.nodes.size(); ++i) {
      const auto circle = circles.find(component[i]);
      if (circle != circles.end()) circle->second.nodes.push_back(part.nodes[i]);
    }
    std::vector<Part> answer;
    for (auto& [number, circle] : circles) answer.push_back(std::move(circle));
    return answer;
  }

  void give_up_cheapest(Part& circle) {
    const auto price = [&](std::size_t edge) { return std::tuple{edges_[edge].rank, edges_[edge].times, edge}; };
    const auto cheapest = std::min_element(circle.edges.begin(), circle.edges.end(),
                                           [&](std::size_t a, std::size_t b) { return price(a) < price(b); });
    given_up_[*cheapest] = true;
    circle.edges.erase(cheapest);
  }

  void give_up_what_leads_back(const Part& part) {
    const std::vector<bool> leads_back = graph::leading_back(part.nodes.size(), numbered(part));
    for (std::size_t i = 0; i < part.edges.size(); ++i) {
      if (leads_back[i]) given_up_[part.edges[i]] = true;
    }
  }

  const std::vector<CircleEdge>& edges_;
  std::vector<bool> given_up_;
  std::vector<std::size_t> number_;  // of a node, within the part that is looked at
  std::size_t looked_at_ = 0;
};

}  // namespace

std::vector<bool> given_up(std::size_t nodes, const std::vector<CircleEdge>& edges) {
  return Breaker{nodes, edges}.answer();
}

}  // namespace knockon::foreign
