// One worker process, seen from both sides: a child that is told which replications to run and sends back outcomes, and
// the parent's end.
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
  // Starts a child that has nothing to do. Throws IoError when the system has no process or socket left.
  Worker(const ReplicateEntry& replicate, unsigned patience_s);
  // Ends the child if it still runs.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] int socket() const { return socket_; }
  // REQUIRES: it is idle.
  void give(Chunk chunk);
  [[nodiscard]] bool is_idle() const { return rest_.next == rest_.end; }
  // What is not finished yet; its first is what the child works on.
  [[nodiscard]] Chunk rest() const { return rest_; }
  // So many it was given so far.
  [[nodiscard]] std::uint64_t given() const { return given_; }

  // Reads what the child has sent so far; REQUIRES that the socket is readable. Outcomes are appended to `outcomes`.
  // False when the child has gone: then `cause_of_death` says why, unless everything was finished, or it went before it
  // had begun what it was given last, which is still to be done.
  [[nodiscard]] bool read(std::vector<simulation::Outcome>& outcomes);
  // REQUIRES: `read` has returned false. None when nothing was being done.
  [[nodiscard]] std::optional<Died> cause_of_death() const { return died_; }

 private:
  void take_messages(std::vector<simulation::Outcome>& outcomes);
  void bury();

  Chunk rest_;
  pid_t process_ = -1;
  int socket_ = -1;
  std::uint64_t given_ = 0;
  bool has_begun_ = false;  // what it was given last
  unsigned patience_s_;
  std::string unread_;
  std::optional<Died> died_;
};

}  // namespace knockon::study
