// What users' calls want of links, what of it they carry, and what is left for bytes that are moved: one link has one
// bandwidth, and everybody on it is counted.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/reach.hpp"

namespace knockon::traffic {

class LinkUse {
 public:
  explicit LinkUse(const Network::Parts& parts);

  // No call says how many bytes it has: links carry whatever calls are made.
  [[nodiscard]] bool is_empty() const { return parts_->wired.empty(); }
  void begin();

  // A share of its bandwidth that is there, and what moved bytes take of it.
  void set_bandwidth(world::LinkId link, quantity::Share of_normal) { left_[link.index()] = of_normal.value(); }
  void set_moved(world::LinkId link, quantity::DataRate moved) { moved_[link.index()] = moved.bytes_per_second(); }
  [[nodiscard]] quantity::DataRate moved(world::LinkId link) const {
    return quantity::DataRate::bytes_per_second(moved_[link.index()]);
  }
  // REQUIRES of these: the link has a bandwidth. What users do not take, at least the share that is reserved.
  [[nodiscard]] quantity::DataRate left_for_moving(world::LinkId link) const;
  // All that is wanted of it and moved over it, to its bandwidth; may pass 1.
  [[nodiscard]] double load(world::LinkId link) const;

  // After routes have changed.
  void find_ways(const Circuit& circuit, const Reach& reach);
  // What calls want of links after a sweep.
  void look(const Circuit& circuit);
  // Shares that are carried move towards what links have room for: callers notice within a second or so, and those who
  // try again want more of the link.
  void relax(double step_s, Circuit& circuit);
  // The largest distance between a share and where it tends.
  [[nodiscard]] double lag() const;

 private:
  // A call from one place to one that answers it.
  struct Way {
    std::uint32_t node;
    std::vector<world::LinkId> links;  // that have a bandwidth
  };

  [[nodiscard]] double bandwidth(std::size_t link) const;
  [[nodiscard]] double room_for_users(std::size_t link) const;
  [[nodiscard]] double carried_over(const std::vector<Way>& ways) const;

  const Network::Parts* parts_;
  std::vector<double> left_, moved_, wanted_;  // by link: a share; bytes a second
  std::vector<std::vector<Way>> ways_;         // by place of a wired call
  std::vector<double> carried_, settled_;      // the same: shares of attempts, now and where they tend
};

}  // namespace knockon::traffic
