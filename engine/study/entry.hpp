// What is set side by side: entries, each a world, what goes wrong in it, and the plan that people follow.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/simulation/engine.hpp"
#include "engine/study/results.hpp"
#include "engine/traffic/network.hpp"
#include "engine/world/world.hpp"

namespace knockon::study {

struct Entry {
  std::string name;
  const world::World* world = nullptr;
  const world::World* base = nullptr;  // what capacity is sized from; the same unless there are variants
  Subject subject;                     // cause, strategy and seed among it
};

// Plays replications of any of several entries. Entries of one world share an engine that is built at once; else each
// process builds its own when it first plays, and can then play no other world.
class EntryEngines {
 public:
  // REQUIRES: `entries` and their worlds outlive this.
  explicit EntryEngines(const std::vector<Entry>& entries, bool keep_events = false);

  [[nodiscard]] simulation::Outcome replicate(std::size_t entry, std::uint64_t index);

 private:
  const std::vector<Entry>& entries_;
  bool keep_events_;
  std::vector<traffic::Network> networks_;  // by entry; a world that comes again has the first one's
  std::vector<std::size_t> network_of_;
  std::unique_ptr<simulation::Engine> engine_;
};

}  // namespace knockon::study
