#include "engine/foreign/circles.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace knockon::foreign {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
// Edges looked at before the walk decides: a tenth of a second.
constexpr std::size_t patience = 2'000'000;

class Breaker {
 public:
  Breaker(std::size_t nodes, const std::vector<CircleEdge>& edges)
      : edges_{edges},
        given_up_(edges.size(), false),
        out_(nodes),
        group_(nodes, 0),
        order_(nodes),
        low_(nodes),
        state_(nodes) {
    for (std::size_t e = 0; e < edges.size(); ++e) out_[edges[e].from].push_back(e);
  }

  std::vector<bool> answer() {
    std::vector<std::size_t> all(out_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    std::vector<std::vector<std::size_t>> open{std::move(all)};
    while (!open.empty()) {
      const std::vector<std::size_t> group = std::move(open.back());
      open.pop_back();
      // Only edges inside the group count.
      ++groups_;
      for (const std::size_t node : group) group_[node] = groups_;
      if (looked_at_ > patience) {
        give_up_what_leads_back(group);
        continue;
      }
      for (auto& circle : circles_in(group)) {
        give_up_cheapest(circle);
        open.push_back(std::move(circle));
      }
    }
    return given_up_;
  }

 private:
  struct Stop {
    std::size_t node, next = 0;
  };

  [[nodiscard]] bool counts(const CircleEdge& edge, std::size_t index) const {
    return !given_up_[index] && group_[edge.from] == group_[edge.to];
  }

  // Tarjan's strong components (1972) without recursion; those with an edge inside.
  std::vector<std::vector<std::size_t>> circles_in(const std::vector<std::size_t>& group) {
    std::vector<std::vector<std::size_t>> circles;
    for (const std::size_t node : group) order_[node] = none;
    std::size_t count = 0;
    std::vector<std::size_t> held;
    for (const std::size_t start : group) {
      if (order_[start] != none) continue;
      std::vector<Stop> way{enter(start, count, held)};
      while (!way.empty()) {
        Stop& here = way.back();
        if (here.next < out_[here.node].size()) {
          const std::size_t index = out_[here.node][here.next++];
          ++looked_at_;
          if (!counts(edges_[index], index)) continue;
          const std::size_t to = edges_[index].to;
          if (order_[to] == none) {
            way.push_back(enter(to, count, held));
          } else if (state_[to]) {
            low_[here.node] = std::min(low_[here.node], order_[to]);
          }
          continue;
        }
        const std::size_t node = here.node;
        way.pop_back();
        if (!way.empty()) low_[way.back().node] = std::min(low_[way.back().node], low_[node]);
        if (low_[node] != order_[node]) continue;
        std::vector<std::size_t> component;
        do {
          component.push_back(held.back());
          state_[held.back()] = false;
          held.pop_back();
        } while (component.back() != node);
        if (component.size() > 1 || calls_itself(node)) circles.push_back(std::move(component));
      }
    }
    return circles;
  }

  Stop enter(std::size_t node, std::size_t& count, std::vector<std::size_t>& held) {
    order_[node] = low_[node] = count++;
    state_[node] = true;
    held.push_back(node);
    return {node};
  }

  [[nodiscard]] bool calls_itself(std::size_t node) const {
    return std::any_of(out_[node].begin(), out_[node].end(),
                       [&](std::size_t index) { return edges_[index].to == node && !given_up_[index]; });
  }

  void give_up_cheapest(const std::vector<std::size_t>& circle) {
    ++groups_;
    for (const std::size_t node : circle) group_[node] = groups_;
    std::size_t cheapest = none;
    const auto price = [&](std::size_t index) { return std::tuple{edges_[index].rank, edges_[index].times, index}; };
    for (const std::size_t node : circle) {
      for (const std::size_t index : out_[node]) {
        if (counts(edges_[index], index) && (cheapest == none || price(index) < price(cheapest))) cheapest = index;
      }
    }
    given_up_[cheapest] = true;
  }

  void give_up_what_leads_back(const std::vector<std::size_t>& group) {
    for (const std::size_t node : group) {
      order_[node] = none;
      state_[node] = false;
    }
    std::size_t count = 0;
    for (const std::size_t start : group) {
      if (order_[start] != none) continue;
      order_[start] = count++;
      state_[start] = true;
      std::vector<Stop> way{{start}};
      while (!way.empty()) {
        Stop& here = way.back();
        if (here.next == out_[here.node].size()) {
          state_[here.node] = false;
          way.pop_back();
          continue;
        }
        const std::size_t index = out_[here.node][here.next++];
        if (!counts(edges_[index], index)) continue;
        const std::size_t to = edges_[index].to;
        if (state_[to]) {
          given_up_[index] = true;
        } else if (order_[to] == none) {
          order_[to] = count++;
          state_[to] = true;
          way.push_back({to});
        }
      }
    }
  }

  const std::vector<CircleEdge>& edges_;
  std::vector<bool> given_up_;
  std::vector<std::vector<std::size_t>> out_;
  std::vector<std::size_t> group_, order_, low_;
  std::vector<bool> state_;  // on the way to where we are
  std::size_t groups_ = 0, looked_at_ = 0;
};

}  // namespace

std::vector<bool> given_up(std::size_t nodes, const std::vector<CircleEdge>& edges) {
  return Breaker{nodes, edges}.answer();
}

}  // namespace knockon::foreign
