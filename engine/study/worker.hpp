// One worker process, seen from both sides: a child that runs replications and writes outcomes into a pipe, and the
// parent's end.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/outcome.hpp"
#include "engine/study/replications.hpp"

namespace knockon::study {

// Replications [next, end) of one entry, all of one block.
struct Chunk {
  std::size_t entry = 0;
  std::uint64_t next = 0, end = 0;
};

class Worker {
 public:
  // Starts a child on `chunk`. Throws IoError when the system has no process or pipe left.
  Worker(Chunk chunk, const ReplicateEntry& replicate, unsigned patience_s);
  // Ends the child if it still runs.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] int pipe() const { return pipe_; }
  // What is not finished yet; its first is what the child works on.
  [[nodiscard]] Chunk rest() const { return rest_; }

  // Reads what the child has written so far; REQUIRES that the pipe is readable. Outcomes are appended to `outcomes`.
  // False when the child has gone: then `cause_of_death` says why, unless everything was finished.
  [[nodiscard]] bool read(std::vector<simulation::Outcome>& outcomes);
  // REQUIRES: `read` has returned false. None when the chunk was finished.
  [[nodiscard]] std::optional<Died> cause_of_death() const { return died_; }

 private:
  void take_messages(std::vector<simulation::Outcome>& outcomes);
  void bury();

  Chunk rest_;
  pid_t process_ = -1;
  int pipe_ = -1;
  unsigned patience_s_;
  std::string unread_;
  std::optional<Died> died_;
};

}  // namespace knockon::study
