// How much of an answer's time goes by on the way between places, there and back, by the ways that calls take now.
// For what callers wait for who would notice, and nothing else.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "engine/traffic/circuit.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/reach.hpp"

namespace knockon::traffic {

class Distances {
 public:
  explicit Distances(const Network::Parts& parts);

  // After routes have changed.
  void find(const Circuit& circuit, const Reach& reach);
  // After those to some services have. Returns the careful calls that are nearer or farther now, ascending.
  // REQUIRES: find() has been called, and no user is told apart by a home.
  [[nodiscard]] std::vector<std::uint32_t> find_to(const std::vector<world::ServiceId>& services,
                                                   const Circuit& circuit, const Reach& reach);
  // Of one attempt of a careful call from this place, with everything below it.
  [[nodiscard]] double seconds(const CarefulCall& call, std::uint32_t place) const {
    return of_slot_.empty() ? 0 : of_slot_[parts_->leaves[call.leaf].first_slot + place];
  }

 private:
  // Whether any place of it has another time below; of a call: on its ways and below.
  [[nodiscard]] bool find_below(std::uint32_t operation, const Circuit& circuit);
  [[nodiscard]] bool find_of(std::uint32_t leaf, const Circuit& circuit, const Reach& reach);
  [[nodiscard]] double below(std::uint32_t operation, std::uint32_t place, const Circuit& circuit) const;
  [[nodiscard]] double of_call(const world::Call& call, std::uint32_t& leaf, std::uint32_t place) const;
  [[nodiscard]] double of_ways(std::uint32_t leaf, std::uint32_t place, const Circuit& circuit,
                               const Reach& reach) const;

  const Network::Parts* parts_;
  std::vector<std::uint32_t> operations_;  // that careful calls wait for, callees first
  std::vector<std::uint32_t> position_;    // by operation: among these, or nowhere
  std::vector<std::uint32_t> caches_;      // of these, those before which a cache stands: how full it is counts
  std::vector<double> of_node_, of_slot_;  // seconds below; and of one attempt of a call, from each place
};

}  // namespace knockon::traffic
