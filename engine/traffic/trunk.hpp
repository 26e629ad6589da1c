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
  struct Station;
  // What was changed at the station's date or later, before its next date; and where that led to, settled. Nothing: how
  // it was there.
  struct Branch {
    quantity::SimTime date;
    ChangeWords changes;
    Station* station = nullptr;  // not kept: it was gone once
  };
  struct Station {
    explicit Station(const Flow::State& there) : state{there} {}
    Flow::State state;
    Station* next = nullptr;  // at its next date, when nothing is changed before
    std::vector<Branch> branches;
  };

  explicit Trunk(const Flow::State& begun);

  [[nodiscard]] Station& root() { return *stations_.front(); }
  // Where the station goes by itself, worked out if nobody went there before; null: there is no room to keep it.
  Station* after(Station& station);
  // Where the changes lead; null: that is not known. Then it is to be worked out and brought here, to be kept if it is
  // gone for the second time; null: it is not.
  Station* after(const Station& station, quantity::SimTime date, const ChangeWords& changes) const;
  Station* keep(Station& station, quantity::SimTime date, const ChangeWords& changes, const Flow::State& settled);

 private:
  Station& add(const Flow::State& state);

  std::size_t stations_max_;
  std::vector<std::unique_ptr<Station>> stations_;
};

}  // namespace knockon::traffic
