// What is set side by side: entries, each a world, what goes wrong in it, and the plan that people follow.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/simulation/course.hpp"
#include "engine/simulation/engine.hpp"
#include "engine/study/replications.hpp"
#include "engine/study/results.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/network.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

struct Entry {
  std::string name;
  const world::World* world = nullptr;
  const world::World* base = nullptr;  // what capacity is sized from; the same unless there are variants
  Subject subject;                     // cause, strategy and seed among it
};

// What outcomes hold beside their measures; nothing by default, since it has to be computed and carried.
struct Kept {
  bool events = false;
  simulation::Recording recording;
  std::uint64_t courses_end = UINT64_MAX;  // from this replication on nothing is recorded
};

// Plays replications of any of several entries. A process can hold one engine only: it is built when a process first
// plays, and plays that entry's world from then on.
class EntryEngines {
 public:
  // REQUIRES: `entries` and their worlds outlive this.
  explicit EntryEngines(const std::span<const Entry> entries, Kept kept = {});

  // How workers may play them: which of them, and how many replications, in one process.
  [[nodiscard]] Request request(std::uint64_t first, std::uint64_t count, unsigned jobs) const;

  // REQUIRES: what this process played before was of the same world.
  [[nodiscard]] simulation::Outcome replicate(std::size_t entry, std::uint64_t index);

 private:
  const std::span<const Entry> entries_;
  Kept kept_;
  std::vector<traffic::Network> networks_;  // of each world once
  std::vector<traffic::Flow> flows_;        // of each network
  std::vector<std::size_t> network_of_;     // by entry
  std::unique_ptr<simulation::Engine> engine_;
  const world::World* played_ = nullptr;
};

}  // namespace knockon::study
