// What replications have in common is worked out once. As long as nothing has been changed that was not changed on the
// same date and in the same way before, a flow goes where one before it went. The literature of parallel simulation
// calls it simulation cloning (Hybinette and Fujimoto, ACM TOMACS 11, 2001).
//
// Where a flow goes depends on how it began and on what was changed when, and on nothing else; so what is found here is
// to the last bit what would be worked out.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {

// Changes word by word: equal when, and only when, the same is changed in the same way and order.
class ChangeWords {
 public:
  void clear() { words_.clear(); }
  template <class... Args>
  void add(const Args&... args) {
    (add_one(args), ...);
  }
  friend bool operator==(const ChangeWords&, const ChangeWords&) = default;

 private:
  void add_one(double value) { words_.push_back(std::bit_cast<std::uint64_t>(value)); }
  void add_one(std::integral auto value) { words_.push_back(static_cast<std::uint64_t>(value)); }
  void add_one(quantity::Share share) { add_one(share.value()); }
  void add_one(quantity::Rate rate) { add_one(rate.per_second()); }
  void add_one(quantity::DataRate rate) { add_one(rate.bytes_per_second()); }
  void add_one(quantity::Duration duration) { add_one(duration.ticks()); }
  void add_one(const Flow::Slower& slower) { add(slower.times, slower.added, slower.variance_s2); }
  template <class Id>
  requires requires(Id id) { id.index(); }
  void add_one(Id id) { add_one(id.index()); }
  template <class First, class Second>
  void add_one(const std::pair<First, Second>& both) {
    add(both.first, both.second);
  }
  template <class Value>
  void add_one(const std::vector<Value>& all) {
    add_one(all.size());
    for (const Value& one : all) add_one(one);
  }
  template <class Value>
  void add_one(const std::optional<Value>& value) {
    add_one(value.has_value());
    if (value) add_one(*value);
  }

  std::vector<std::uint64_t> words_;
};

class Trunk {
 public:
  struct Node;
  // What was changed at the node's date or later, before its next date; and where that led to, settled.
  struct Branch {
    quantity::SimTime date;
    ChangeWords changes;
    Node* node = nullptr;  // not kept: it was gone once
  };
  struct Node {
    explicit Node(const Flow::State& there) : state{there} {}
    Flow::State state;
    Node* next = nullptr;  // at its next date, when nothing is changed before
    std::vector<Branch> branches;
  };

  explicit Trunk(const Flow::State& begun);

  [[nodiscard]] Node& root() { return *nodes_.front(); }
  // Where the node goes by itself, worked out if nobody went there before; null: there is no room to keep it.
  Node* after(Node& node);
  // Where the changes lead; null: that is not known. Then it is to be worked out and brought here, to be kept if it is
  // gone for the second time; null: it is not.
  Node* after(const Node& node, quantity::SimTime date, const ChangeWords& changes) const;
  Node* keep(Node& node, quantity::SimTime date, const ChangeWords& changes, const Flow::State& settled);

 private:
  Node& add(const Flow::State& state);

  std::size_t nodes_max_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace knockon::traffic
