// How long answers take while something is slow: nodes' own times come together along the calls as they go at this
// moment. Only worked out while anything is slow. What slow links add is a matter of the ways that calls take.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/traffic/answer_time.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

// So many times as long, and so much longer.
struct Slowness {
  double times = 1;
  AnswerTime added = {};
  [[nodiscard]] bool is_any() const { return times != 1 || added.mean_s != 0 || added.variance_s2 != 0; }
  [[nodiscard]] AnswerTime of(AnswerTime time) const {
    return {times * time.mean_s + added.mean_s, times * times * time.variance_s2 + added.variance_s2};
  }
  friend bool operator==(const Slowness& a, const Slowness& b) {
    return a.times == b.times && a.added.mean_s == b.added.mean_s && a.added.variance_s2 == b.added.variance_s2;
  }
};

class SlowTimes {
 public:
  explicit SlowTimes(const Network::Parts& parts) : parts_{&parts} {}
  void begin();

  void set(std::uint32_t node, const Slowness& slowness);
  void set(world::LinkId link, const Slowness& slowness);
  [[nodiscard]] bool is(std::uint32_t node, const Slowness& slowness) const {
    return slowness == (of_node_.empty() ? Slowness{} : of_node_[node]);
  }
  [[nodiscard]] bool is(world::LinkId link, const Slowness& slowness) const {
    return slowness == (of_link_.empty() ? Slowness{} : of_link_[link.index()]);
  }
  // As long as the link takes while that goes on.
  [[nodiscard]] double latency_s(world::LinkId link) const;

  [[nodiscard]] bool is_any() const { return slow_nodes_ > 0; }  // nodes
  // Of the node's own work, which usually takes so long.
  [[nodiscard]] AnswerTime own_time(std::uint32_t node, AnswerTime usual) const {
    return of_node_.empty() ? usual : of_node_[node].of(usual);
  }
  // Of the instance's own work, all its operations alike.
  [[nodiscard]] double own_time_s(world::ServiceId service, std::uint32_t place) const;
  // After routes, or what is slow, have changed.
  void look(const Circuit& circuit);
  // Of an answer to a call from one place, and the share of answers that come within a limit, behind a wait: of each
  // way for itself, for one may be slow and another not. REQUIRES: is_any(), and it has looked.
  [[nodiscard]] AnswerTime of(std::uint32_t leaf, std::uint32_t place) const { return of_slot_[slot(leaf) + place]; }
  [[nodiscard]] double share_within(double limit_s, Wait wait, std::uint32_t leaf, std::uint32_t place,
                                    const Circuit& circuit) const;

 private:
  [[nodiscard]] std::uint32_t slot(std::uint32_t leaf) const { return parts_->leaves[leaf].first_slot; }
  void look_at(std::uint32_t leaf, const Circuit& circuit);
  [[nodiscard]] AnswerTime group(const world::Call& call, std::uint32_t& leaf, std::uint32_t place) const;
  [[nodiscard]] AnswerTime calls_of(std::uint32_t operation, std::uint32_t place) const;

  const Network::Parts* parts_;
  std::vector<Slowness> of_node_, of_link_;
  int slow_nodes_ = 0;
  std::vector<AnswerTime> node_times_, of_slot_;
};

}  // namespace knockon::traffic
