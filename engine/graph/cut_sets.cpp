#include "engine/graph/cut_sets.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace knockon::graph {
namespace {

using Variable = Diagrams::Variable;

// Families of sets as zero-suppressed diagrams (S. Minato, 1993): a node holds the sets with its variable and those
// without.
class Families {
 public:
  using Family = std::uint32_t;
  static constexpr Family nothing = 0, only_empty = 1;

  explicit Families(std::size_t nodes_max) : nodes_max_{nodes_max} {
    nodes_.push_back({UINT32_MAX, nothing, nothing});
    nodes_.push_back({UINT32_MAX, nothing, nothing});
  }

  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] Variable top(Family family) const { return nodes_[family].variable; }
  [[nodiscard]] Family with(Family family) const { return nodes_[family].with; }
  [[nodiscard]] Family without(Family family) const { return nodes_[family].without; }

  Family node(Variable variable, Family without_it, Family with_it) {
    if (with_it == nothing) return without_it;
    const auto [known, is_new] =
        numbers_.try_emplace({variable, without_it, with_it}, static_cast<Family>(nodes_.size()));
    if (!is_new) return known->second;
    if (nodes_.size() >= nodes_max_) {
      numbers_.erase(known);
      is_complete_ = false;
      return nothing;
    }
    nodes_.push_back({variable, without_it, with_it});
    return known->second;
  }

  // The sets of `family` that hold no set of `smaller`.
  Family free_of(Family family, Family smaller) {
    if (family == nothing || smaller == only_empty || !is_complete_) return nothing;
    if (smaller == nothing) return family;
    if (family == only_empty) return holds_empty(smaller) ? nothing : only_empty;
    if (top(smaller) < top(family)) return free_of(family, without(smaller));
    const auto key = std::pair{family, smaller};
    if (const auto known = free_.find(key); known != free_.end()) return known->second;
    const bool is_shared = top(smaller) == top(family);
    Family inside = free_of(with(family), is_shared ? without(smaller) : smaller);
    if (is_shared) inside = free_of(inside, with(smaller));
    const Family outside = free_of(without(family), is_shared ? without(smaller) : smaller);
    const Family answer = node(top(family), outside, inside);
    free_.emplace(key, answer);
    return answer;
  }

 private:
  struct Node {
    Variable variable;
    Family without, with;
  };
  [[nodiscard]] bool holds_empty(Family family) const {
    while (family > only_empty) family = without(family);
    return family == only_empty;
  }

  std::size_t nodes_max_;
  std::vector<Node> nodes_;
  std::map<std::tuple<Variable, Family, Family>, Family> numbers_;
  std::map<std::pair<Family, Family>, Family> free_;
  bool is_complete_ = true;
};

class Search {
 public:
  Search(const Diagrams& diagrams, const CutSetLimits& limits)
      : diagrams_{diagrams}, limits_{limits}, families_{limits.nodes} {}

  CutSets of(Diagrams::Value down) {
    // One size after the other: when room runs out, the smaller sets are known to be all there.
    CutSets found;
    for (int size = 0; size <= limits_.size; ++size) {
      const Families::Family family = minimal(down, size);
      if (!families_.is_complete()) {
        found.complete = false;
        break;
      }
      CutSets listed;
      std::vector<Variable> path;
      list(family, path, listed);
      found = std::move(listed);
      if (!found.complete) break;
    }
    std::stable_sort(found.sets.begin(), found.sets.end(),
                     [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    return found;
  }

 private:
  // The minimal sets of at most `size`.
  Families::Family minimal(Diagrams::Value function, int size) {
    if (function == Diagrams::never() || !families_.is_complete()) return Families::nothing;
    if (function == Diagrams::always()) return Families::only_empty;
    const auto key = std::pair{function, size};
    if (const auto known = minimal_.find(key); known != minimal_.end()) return known->second;
    const Families::Family without = minimal(diagrams_.when_false(function), size);
    Families::Family with = Families::nothing;
    if (size > 0) with = families_.free_of(minimal(diagrams_.when_true(function), size - 1), without);
    const Families::Family answer = families_.node(diagrams_.top(function), without, with);
    minimal_.emplace(key, answer);
    return answer;
  }

  void list(Families::Family family, std::vector<Variable>& path, CutSets& found) const {
    const std::size_t depth = path.size();
    for (; family > Families::only_empty && found.complete; family = families_.without(family)) {
      path.push_back(families_.top(family));
      list(families_.with(family), path, found);
      path.resize(depth);
    }
    if (family != Families::only_empty || !found.complete) return;
    if (found.sets.size() == limits_.sets) {
      found.complete = false;
      return;
    }
    found.sets.push_back(path);
  }

  const Diagrams& diagrams_;
  CutSetLimits limits_;
  Families families_;
  std::map<std::pair<Diagrams::Value, int>, Families::Family> minimal_;
};

}  // namespace

CutSets cut_sets_of(const Diagrams& diagrams, Diagrams::Value down, const CutSetLimits& limits) {
  if (!diagrams.is_complete()) return {.sets = {}, .complete = false};
  return Search{diagrams, limits}.of(down);
}

}  // namespace knockon::graph
