// How long answers take now: of operations where they run, and of journeys where their users are, as estimates from
// what flows. Worked out when somebody asks, for what the answer hangs on and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/traffic/answer_times.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/reach.hpp"
#include "engine/traffic/slow_times.hpp"
#include "engine/traffic/waits.hpp"

namespace knockon::traffic {

// How requests end, and after how long: their shares add up to one, but for what is too rare to matter.
struct Ends {
  AnswerTimes answered, failed;
};

class Latencies {
 public:
  explicit Latencies(const Network::Parts& parts) : parts_{&parts} {}

  // What Ends are worked out from. REQUIRES, of all that ask: the circuit has come to rest.
  struct Now {
    const Circuit& circuit;
    const Waits& waits;
    const Reach& reach;
    const SlowTimes& slow;
  };
  // From when a request has reached the operation at the nth place of its service.
  [[nodiscard]] const Ends& of_node(world::OperationId operation, std::uint32_t place, const Now& now);
  // From when a user of the region begins.
  [[nodiscard]] Ends of_journey(world::JourneyId journey, world::RegionId region, const Now& now);

 private:
  struct Known {
    std::size_t sweep = 0;   // when it was worked out; 0: never
    std::vector<Ends> ends;  // per place
  };
  const std::vector<std::uint32_t>& cone(std::uint32_t caller);
  void look_below(std::uint32_t caller, const Now& now);
  [[nodiscard]] Ends node(std::uint32_t operation, std::uint32_t place, const Now& now) const;
  [[nodiscard]] AnswerTimes wait(std::uint32_t operation, std::uint32_t place, const Now& now) const;
  [[nodiscard]] Ends list(std::uint32_t caller, std::uint32_t place, const Now& now) const;
  [[nodiscard]] Ends group(const world::Call& call, std::uint32_t& leaf, std::uint32_t place, const Now& now) const;
  [[nodiscard]] Ends call(std::uint32_t leaf, std::uint32_t place, const Now& now) const;
  [[nodiscard]] Ends attempt(std::uint32_t leaf, std::uint32_t place, const Now& now) const;
  [[nodiscard]] Ends after_retries(const world::Call& call, const Ends& once) const;

  const Network::Parts* parts_;
  std::map<std::uint32_t, Known> known_;                       // by operation
  std::map<std::uint32_t, std::vector<std::uint32_t>> cones_;  // by caller: operations it waits for, callees first
};

}  // namespace knockon::traffic
