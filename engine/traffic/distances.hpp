// How much of an answer's time goes by on the way between places, there and back, by the ways that calls take now.
// For what callers wait for who would notice, and nothing else.
#pragma once

#include <cstdint>
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
  // Of one attempt of a careful call from this place, with everything below it.
  [[nodiscard]] double seconds(const CarefulCall& call, std::uint32_t place) const {
    return of_call_.empty() ? 0 : of_call_[call.first + place];
  }

 private:
  [[nodiscard]] double below(std::uint32_t operation, std::uint32_t place, const Circuit& circuit,
                             const Reach& reach) const;
  [[nodiscard]] double of_call(const world::Call& call, std::uint32_t& leaf, std::uint32_t place,
                               const Circuit& circuit, const Reach& reach) const;
  [[nodiscard]] double of_leaf(std::uint32_t leaf, std::uint32_t place, const Circuit& circuit,
                               const Reach& reach) const;

  const Network::Parts* parts_;
  std::vector<std::uint32_t> operations_;  // that careful calls wait for, callees first
  std::vector<double> of_node_, of_call_;  // seconds below; place of a careful call
};

}  // namespace knockon::traffic
