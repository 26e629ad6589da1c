// Replications in worker processes: one that dies is reported with its number and leaves the others alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/simulation/outcome.hpp"

namespace knockon::study {

// Runs one replication. It is called only in workers; it may throw, crash or hang.
using Replicate = std::function<simulation::Outcome(std::uint64_t index)>;

// The same for one of several entries, counted from 0; a worker is given entries of one world only.
using ReplicateEntry = std::function<simulation::Outcome(std::size_t entry, std::uint64_t index)>;

struct Request {
  std::uint64_t first = 0, count = 200;
  unsigned jobs = 1;                       // workers at a time
  std::uint64_t block = 16;                // a worker is given pieces of [block * k, block * (k + 1))
  std::uint64_t in_a_process = 1'000'000;  // so many, at least a block, before another process takes over
  unsigned patience_s = 60;                // wall time for one replication, after which it counts as hung
  std::vector<std::size_t> worlds;         // of entries, by number; none: each has its own
};

struct Died {
  std::uint64_t index = 0;
  std::string error;
  bool is_defect = false;  // a ContractError: knockon is wrong, not the world
};

struct Replications {
  std::vector<simulation::Outcome> outcomes;  // ascending by index
  std::vector<Died> died;                     // ascending by index
  std::uint64_t first = 0, requested = 0;
  bool interrupted = false;  // then only what had finished without a gap from `first` on
};

struct Watch {
  std::function<void(std::uint64_t done, std::uint64_t requested)> progress;  // may be empty
  std::function<bool()> stop;  // asked a few times a second; true ends the run (may be empty)
};

// REQUIRES: this process has not itself called `replicate`, since workers begin as copies of it.
// Throws IoError when no worker can be started.
[[nodiscard]] Replications replicated(const Request& request, const Replicate& replicate, const Watch& watch = {});

// The request once for each entry, all by the same workers, neighbouring indices of all entries at about the same time.
// What is reported when interrupted is a prefix without a gap that is the same for all. Progress counts them together.
[[nodiscard]] std::vector<Replications> replicated_entries(const Request& request, std::size_t entries,
                                                           const ReplicateEntry& replicate, const Watch& watch = {});

}  // namespace knockon::study
